#include "readers/gcov_object.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace culprit {

GcovLayout::GcovLayout(const GcovNotes& notes, const GcovMode& mode,
                       std::vector<std::uint32_t> functions, std::string_view heads)
    : notes_(notes),
      mode_(mode),
      functions_(std::move(functions)),
      lines_(find_gcov_lines(notes, functions_, mode)),
      slots_(functions_.size()) {
  const GcovHeader& header = notes.header;
  for (std::size_t i = 0; i < functions_.size(); ++i) {
    Record& record = records_.emplace_back();
    const GcovFunction& function = notes.functions[functions_[i]];
    const auto places = notes.locations_of(function);
    const bool wanted = places.empty() || std::ranges::any_of(places, [&](const GcovLocation& at) {
                          return lines_.line_of[at.first] != GcovLines::kNoLine;
                        });
    record.told = !function.artificial && wanted;
    slots_[i].made = !record.told;
    const std::uint32_t counters = function.counters;
    const std::uint32_t length = counters * (header.lengths_in_bytes() ? 8 : 2);
    record.full_length = header.swapped ? __builtin_bswap32(length) : length;
    record.zero_length = header.swapped ? __builtin_bswap32(-length) : -length;
    record.counter_bytes = std::uint64_t{counters} * 8;
    idle_.append(heads.substr(i * kHeadBytes, kHeadBytes));
    idle_.append(reinterpret_cast<const char*>(&record.zero_length), sizeof record.zero_length);
  }
}

GcovLayout::~GcovLayout() = default;

bool GcovLayout::is_of(const std::vector<std::uint32_t>& functions, std::string_view heads) const {
  if (functions != functions_) return false;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    if (idle(i).substr(0, kHeadBytes) != heads.substr(i * kHeadBytes, kHeadBytes)) return false;
  }
  return true;
}

const GcovProgram* GcovLayout::program(std::size_t position) const {
  Slot& slot = slots_[position];
  if (slot.made.load(std::memory_order_acquire)) return slot.program.get();
  const std::lock_guard lock(making_);
  if (!slot.made.load(std::memory_order_relaxed) && code_ <= GcovProgram::kMaxObjectCode) {
    const std::uint32_t index = functions_[position];
    const auto [first, last] = std::equal_range(
        lines_.branches.begin(), lines_.branches.end(), GcovLines::Branch{0, 0, index, 0},
        [](const auto& a, const auto& b) { return a.function < b.function; });
    std::optional<GcovProgram> made =
        GcovProgram::make(notes_, notes_.functions[index], lines_, std::span(first, last), mode_);
    if (made) code_ += made->size();
    if (made) slot.program = std::make_unique<const GcovProgram>(std::move(*made));
    slot.made.store(true, std::memory_order_release);
  }
  return slot.program.get();
}

GcovObject::GcovObject(GcovNotes notes, const GcovMode& mode)
    : notes_(std::move(notes)), mode_(mode) {
  by_ident_.reserve(notes_.functions.size());
  for (std::uint32_t i = 0; i < notes_.functions.size(); ++i) {
    by_ident_.try_emplace(notes_.functions[i].ident, i);
  }
}

std::optional<std::uint32_t> GcovObject::function(std::uint32_t ident) const {
  const auto found = by_ident_.find(ident);
  return found == by_ident_.end() ? std::nullopt : std::optional(found->second);
}

const GcovLayout* GcovObject::layout(std::vector<std::uint32_t> functions,
                                     std::string_view heads) const {
  const std::lock_guard lock(mutex_);
  for (const auto& known : layouts_) {
    if (!known->is_of(functions, heads)) continue;
    last_.store(known.get());
    return known.get();
  }
  if (layouts_.size() == kMaxLayouts) return nullptr;
  layouts_.push_back(
      std::make_unique<const GcovLayout>(notes_, mode_, std::move(functions), heads));
  last_.store(layouts_.back().get());
  return layouts_.back().get();
}

}  // namespace culprit
