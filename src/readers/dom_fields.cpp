#include "readers/dom_fields.h"

#include <cmath>
#include <limits>
#include <string_view>

#include "base/text.h"

namespace culprit {

std::optional<CountField> unusual_count(simdjson::dom::element value) {
  double number = 0;
  std::string_view text;
  if (!value.get_string().get(text)) {
    if (const auto whole = parse_u64(trim(text))) return CountField{*whole, false};
    const auto parsed = parse_double(trim(text));
    if (!parsed) return std::nullopt;
    number = *parsed;
  } else if (value.get_double().get(number)) {
    return std::nullopt;
  }
  if (number < 0) return CountField{0, true};
  // GCC 9 writes counts from a million on as 1.37297e+06.
  if (!(number >= 0) || std::floor(number) != number) return std::nullopt;
  if (number >= 0x1p64) return CountField{std::numeric_limits<std::uint64_t>::max(), false};
  return CountField{static_cast<std::uint64_t>(number), false};
}

std::string_view text_of(simdjson::simdjson_result<simdjson::dom::element> value) {
  std::string_view text;
  return value.get_string().get(text) ? std::string_view() : text;
}

std::optional<double> number_of(simdjson::simdjson_result<simdjson::dom::element> value) {
  double number = 0;
  if (!value.get_double().get(number)) return number;
  return parse_double(trim(text_of(value)));
}

std::optional<int> status_of(simdjson::simdjson_result<simdjson::dom::element> value) {
  const auto number = number_of(value);
  if (!number || *number < 0 || *number > 999 || std::floor(*number) != *number) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

}  // namespace culprit
