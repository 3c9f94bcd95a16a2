// Fields of line-oriented text formats, execution counts as damaged or racing programs write them
// among them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "readers/sink.h"

namespace culprit {

struct CountField {
  std::uint64_t value = 0;
  bool negative = false;  // counters of threads that race can end below zero; `value` is then 0
};

// A decimal integer; saturates at 2^64-1. Anything else is nullopt.
[[nodiscard]] std::optional<CountField> parse_count(std::string_view text);

// A line number, 1 to kMaxLine.
[[nodiscard]] std::optional<std::uint32_t> parse_line_number(std::string_view text);

// Cuts `text` at the first `separator`, which is dropped; all of it when there is none.
[[nodiscard]] std::string_view take_field(std::string_view& text, char separator);

}  // namespace culprit
