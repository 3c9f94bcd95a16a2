#include "readers/text_fields.h"

#include <limits>

#include "base/text.h"

namespace culprit {

std::optional<CountField> parse_count(std::string_view text) {
  CountField field;
  if (text.starts_with('-')) {
    field.negative = true;
    text.remove_prefix(1);
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  if (!field.negative) {
    field.value = parse_u64(text).value_or(std::numeric_limits<std::uint64_t>::max());
  }
  return field;
}

std::optional<std::uint32_t> parse_line_number(std::string_view text) {
  const std::optional<std::uint64_t> number = parse_u64(text);
  if (!number || *number == 0 || *number > kMaxLine) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::string_view take_field(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view field = text.substr(0, end);
  text = end == std::string_view::npos ? text.substr(text.size()) : text.substr(end + 1);
  return field;
}

}  // namespace culprit
