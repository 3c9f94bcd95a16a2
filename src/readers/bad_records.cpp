#include "readers/bad_records.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::uint64_t kShownPerKind = 3;
constexpr std::uint64_t kDoubtfulShare = 20;  // one record in twenty

}  // namespace

void BadRecords::skipped(std::string_view kind, Error error) {
  ++skipped_;
  repaired(kind, std::move(error));
}

void BadRecords::repaired(std::string_view kind, Error error) {
  auto known = std::find_if(kinds_.begin(), kinds_.end(),
                            [&](const Kind& candidate) { return candidate.name == kind; });
  if (known == kinds_.end()) known = kinds_.insert(kinds_.end(), Kind{kind});
  if (++known->count <= kShownPerKind) sink_.warn(std::move(error));
}

void BadRecords::finish(std::uint64_t records) {
  for (const Kind& kind : kinds_) {
    if (kind.count <= kShownPerKind) continue;
    sink_.warn(error_in(path_, std::to_string(kind.count - kShownPerKind) +
                                   " more like these: " + std::string(kind.name)));
  }
  if (skipped_ > records / kDoubtfulShare) {
    sink_.warn(error_in(path_, std::to_string(skipped_) + " of " + std::to_string(records) +
                                   " records were skipped: results from this file are doubtful"));
  }
}

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
