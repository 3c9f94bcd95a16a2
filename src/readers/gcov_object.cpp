#include "readers/gcov_object.h"

#include <algorithm>
#include <span>
#include <utility>

namespace culprit {

GcovLayout::GcovLayout(const GcovNotes& notes, const GcovMode& mode,
                       std::vector<std::uint32_t> functions, std::string heads)
    : notes_(notes),
      mode_(mode),
      functions_(std::move(functions)),
      heads_(std::move(heads)),
      lines_(find_gcov_lines(notes, functions_, mode)),
      slots_(functions_.size()) {}

GcovLayout::~GcovLayout() = default;

const GcovProgram* GcovLayout::program(std::size_t position) const {
  const GcovFunction& function = notes_.functions[functions_[position]];
  if (function.artificial) return nullptr;
  Slot& slot = slots_[position];
  if (slot.made.load(std::memory_order_acquire)) return slot.program.get();
  const std::lock_guard lock(making_);
  if (!slot.made.load(std::memory_order_relaxed) && code_ <= GcovProgram::kMaxObjectCode) {
    const std::uint32_t index = functions_[position];
    const auto [first, last] = std::equal_range(
        lines_.branches.begin(), lines_.branches.end(), GcovLines::Branch{0, 0, index, 0},
        [](const auto& a, const auto& b) { return a.function < b.function; });
    std::optional<GcovProgram> made =
        GcovProgram::make(notes_, function, lines_, std::span(first, last), mode_);
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
                                     std::string heads) const {
  const std::lock_guard lock(mutex_);
  for (const auto& known : layouts_) {
    if (known->functions() != functions || known->heads() != heads) continue;
    last_.store(known.get());
    return known.get();
  }
  if (layouts_.size() == kMaxLayouts) return nullptr;
  layouts_.push_back(
      std::make_unique<const GcovLayout>(notes_, mode_, std::move(functions), std::move(heads)));
  last_.store(layouts_.back().get());
  return layouts_.back().get();
}

}  // namespace culprit
