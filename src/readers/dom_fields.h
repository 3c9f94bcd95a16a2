// Numbers in JSON that simdjson parsed, as tools write them: as a number, as a string that is one,
// or with a fraction of zero.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "readers/sink.h"
#include "readers/text_fields.h"

namespace culprit {

// What is no plain whole number. Out of line: hardly any is met.
[[nodiscard]] std::optional<CountField> unusual_count(simdjson::dom::element value);

// A count; saturated at 64 bits. nullopt: not a whole number.
[[nodiscard]] inline std::optional<CountField> count_of(simdjson::dom::element value) {
  std::uint64_t count = 0;
  if (!value.get_uint64().get(count)) return CountField{count, false};
  return unusual_count(value);
}

// A line number, 1 to kMaxLine.
[[nodiscard]] inline std::optional<std::uint32_t> line_number_of(simdjson::dom::element value) {
  const auto number = count_of(value);
  if (!number || number->value == 0 || number->value > kMaxLine) return std::nullopt;
  return static_cast<std::uint32_t>(number->value);
}

// A value by the path that led to it, `row["response"]["status"]`: its text (empty for anything but
// a string), or its number (also one written as a string).
[[nodiscard]] std::string_view text_of(simdjson::simdjson_result<simdjson::dom::element> value);
[[nodiscard]] std::optional<double> number_of(
    simdjson::simdjson_result<simdjson::dom::element> value);
// An HTTP status, 0 to 999.
[[nodiscard]] std::optional<int> status_of(simdjson::simdjson_result<simdjson::dom::element> value);

}  // namespace culprit
