#include "readers/field_value.h"

#include <cmath>

#include "base/text.h"
#include "readers/record_values.h"

namespace culprit {

std::optional<std::string> text_of(const FieldValue& value) {
  using Kind = FieldValue::Kind;
  switch (value.kind) {
    case Kind::kText:
      return std::string(value.text);
    case Kind::kInteger:
      return std::to_string(value.integer);
    case Kind::kFlag:
      return value.flag ? "true" : "false";
    case Kind::kNumber:
      return shortest(value.number);
    case Kind::kStructure:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<double> number_of(const FieldValue& value) {
  using Kind = FieldValue::Kind;
  if (value.kind == Kind::kInteger) return static_cast<double>(value.integer);
  if (value.kind == Kind::kNumber) return value.number;
  if (value.kind == Kind::kText) return parse_double(trim(value.text));
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const FieldValue& value) {
  if (value.kind == FieldValue::Kind::kInteger) return value.integer;
  if (value.kind == FieldValue::Kind::kText) {
    if (const auto whole = parse_i64(trim(value.text))) return whole;
  }
  const auto number = number_of(value);
  if (number && std::floor(*number) == *number && std::abs(*number) < 0x1p62) {
    return static_cast<std::int64_t>(*number);
  }
  return std::nullopt;
}

bool is_nothing(std::string_view text) {
  return text.empty() || text == "-" || equal_ignoring_case(text, "n/a") ||
         equal_ignoring_case(text, "nan") || equal_ignoring_case(text, "inf") ||
         equal_ignoring_case(text, "null") || equal_ignoring_case(text, "none");
}

}  // namespace culprit
