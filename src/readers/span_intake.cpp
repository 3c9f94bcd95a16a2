#include "readers/span_intake.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/json_text.h"
#include "base/text.h"

namespace culprit {

namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15U + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccdU;
}

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>()(text); }

}  // namespace

SeenSpans::Before SeenSpans::add(std::uint64_t key, std::uint64_t content) {
  // 52 bits of the key, 12 of the content.
  constexpr std::uint64_t kContent = 0xfff;
  const std::uint64_t entry = std::max<std::uint64_t>((key & ~kContent) | (content >> 52), 1);
  for (std::size_t slot = first_slot(entry);; slot = (slot + 1) % slots_.size()) {
    if (slots_[slot] == 0) break;
    if (((slots_[slot] ^ entry) & ~kContent) != 0) continue;
    return slots_[slot] == entry ? Before::kTheSame : Before::kAnother;
  }
  if (++count_ * 2 > slots_.size()) {
    std::vector<std::uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    for (const std::uint64_t each : old) {
      if (each != 0) place(each);
    }
  }
  place(entry);
  return Before::kNever;
}

void SeenSpans::place(std::uint64_t entry) {
  std::size_t slot = first_slot(entry);
  while (slots_[slot] != 0) slot = (slot + 1) % slots_.size();
  slots_[slot] = entry;
}

SpanPlace SpanPlace::in(const char* name, std::size_t index) const {
  SpanPlace place = *this;
  if (depth_ < steps_.size()) place.steps_[place.depth_++] = {name, index};
  return place;
}

std::string_view SpanPlace::find() const {
  std::string pointer;
  for (std::size_t i = 0; i < depth_; ++i) {
    pointer += '/';
    pointer.append(steps_[i].name).append("/").append(std::to_string(steps_[i].index));
  }
  return locate(part_, pointer);
}

void SpanIntake::take(Span&& span, std::int64_t duration_ns, const SpanPlace& place) {
  ++records_;
  if (duration_ns < 0) {
    repaired("negative durations", place,
             "the span ends before it starts; its duration is read as 0");
    duration_ns = 0;
  }
  span.duration_ns = duration_ns;
  const std::uint64_t key =
      mixed(mixed(hash_of(span.trace), hash_of(span.id)), static_cast<std::uint64_t>(span.kind));
  std::uint64_t content = mixed(hash_of(span.service), hash_of(span.operation));
  content = mixed(content, hash_of(span.parent));
  content = mixed(content, static_cast<std::uint64_t>(span.start_ns));
  content = mixed(content, static_cast<std::uint64_t>(duration_ns));
  const SeenSpans::Before before = seen_.add(key, content);
  if (before == SeenSpans::Before::kNever) {
    sink_.span(std::move(span));
  } else if (before == SeenSpans::Before::kAnother) {
    warnings_.skipped("span ids used twice", [&] {
      return error(place, "another span of trace " + printable(span.trace) + " has the id " +
                              printable(span.id) + "; this one is skipped");
    });
  }
}

void SpanIntake::skipped(std::string_view kind, const SpanPlace& place, std::string_view what) {
  ++records_;
  warnings_.skipped(kind, [&] { return error(place, std::string(what)); });
}

void SpanIntake::skipped(std::string_view kind, Error error) {
  ++records_;
  warnings_.skipped(kind, [&] { return std::move(error); });
}

void SpanIntake::repaired(std::string_view kind, const SpanPlace& place, std::string_view what) {
  warnings_.repaired(kind, [&] { return error(place, std::string(what)); });
}

Error SpanIntake::error(const SpanPlace& place, std::string what) const {
  return window_.error_at(window_.offset_of(place.find()), std::move(what));
}

}  // namespace culprit
