#include "readers/text_records.h"

namespace culprit {

std::optional<std::uint32_t> TextRecords::line_number(std::string_view field) {
  const auto number = parse_line_number(field);
  if (!number) skipped("no line number from 1 to 10000000, skipped", field);
  return number;
}

std::optional<std::uint64_t> TextRecords::count(std::string_view field) {
  const auto parsed = parse_count(field);
  if (parsed) return count(*parsed, field);
  skipped("not an execution count, skipped", field);
  return std::nullopt;
}

std::uint64_t TextRecords::count(const CountField& count, std::string_view field) {
  if (count.negative) repaired("a negative count, taken as 0", field);
  return count.value;
}

void TextRecords::skipped(std::string_view kind, std::string_view at) {
  warnings_.skipped(kind, [&] { return lines_.error(at, std::string(kind)); });
}

void TextRecords::repaired(std::string_view kind, std::string_view at) {
  warnings_.repaired(kind, [&] { return lines_.error(at, std::string(kind)); });
}

void TextRecords::cut_short(std::string_view at) {
  skipped("the file ends within a record, which was skipped", at);
}

}  // namespace culprit
