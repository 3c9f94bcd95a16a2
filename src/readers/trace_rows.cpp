#include "readers/trace_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/text.h"
#include "readers/json_fields.h"
#include "readers/json_walk.h"
#include "readers/record_values.h"

namespace culprit {

namespace dom = simdjson::dom;

namespace {

constexpr std::string_view kBlank = " \t\r\n";
// A first document longer than this is not asked whether it was a line.
constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;

std::size_t offset_in(const Input& input, std::string_view part) {
  return static_cast<std::size_t>(part.data() - input.bytes.data());
}

bool nests_deeper(std::string_view json, std::size_t levels) {
  JsonWalk walk(json, {});
  const auto row = walk.next();
  if (!row || row->json.starts_with('[')) return true;
  return row->deep.data() != nullptr || levels >= kMaxJsonDepth;
}

// The offset of a line and column, both from 1 on.
std::size_t offset_of(std::string_view text, const Place& place) {
  std::size_t at = 0;
  for (std::uint64_t line = 1; line < place.line; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return std::min(at + static_cast<std::size_t>(std::max<std::uint64_t>(place.column, 1)) - 1,
                  text.size());
}

// Parses rows, repairing what parsers stumble over.
class RowParser {
 public:
  explicit RowParser(SpanIntake& intake) : intake_(intake) {}

  Result<dom::element> parse(const JsonWalk::Row& row) {
    dom::element value;
    const bool deep = row.deep.data() != nullptr;
    if (!deep && !parse_where_it_is(row.json).get(value)) return value;
    std::string text(row.json);
    if (deep) {
      text = without_reference_spans(row.json);
      if (nests_deeper(text, row.levels)) {
        const Input& input = intake_.input();
        return fail(
            error_at(input.path, input.bytes, offset_in(input, row.deep), too_deep_message()));
      }
    }
    if (std::size_t bad = find_bad_utf8(text); bad != std::string_view::npos) {
      intake_.repaired("not UTF-8", row.json.substr(std::min(bad, row.json.size())),
                       "bytes that are not UTF-8 are read as `?`");
      for (; bad != std::string_view::npos; bad = find_bad_utf8(text, bad + 1)) text[bad] = '?';
    }
    if (!parse_copy(text).get(value)) return value;
    if (const auto repaired = without_nan(text); repaired && !parse_copy(*repaired).get(value)) {
      return value;
    }
    return fail(damage(row.json));
  }

 private:
  simdjson::simdjson_result<dom::element> parse_where_it_is(std::string_view text) {
    const std::string_view all = intake_.input().bytes;
    // The parser reads a little beyond the end of what it parses.
    const std::size_t end = offset_in(intake_.input(), text) + text.size();
    if (end + simdjson::SIMDJSON_PADDING > all.size()) return parse_copy(text);
    return parser_.parse(text.data(), text.size(), false);
  }
  simdjson::simdjson_result<dom::element> parse_copy(std::string_view text) {
    copy_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    copy_.assign(text);
    return parser_.parse(copy_.data(), copy_.size(), false);
  }

  Error damage(std::string_view json) const {
    const Input& input = intake_.input();
    const auto checked = check_json({input.path, json});
    if (checked) {
      return error_at(input.path, input.bytes, offset_in(input, json),
                      "not JSON that can be read: a number is out of range");
    }
    return error_at(input.path, input.bytes,
                    offset_in(input, json) + offset_of(json, checked.error().place),
                    "not valid JSON: " + checked.error().what);
  }

  SpanIntake& intake_;
  dom::parser parser_;
  std::string copy_;
};

}  // namespace

Result<void> for_each_trace_row(SpanIntake& intake, std::span<const std::string_view> lists,
                                std::string_view nothing, const TraceRowVisitor& visit) {
  const Input& input = intake.input();
  const std::string_view bytes = input.bytes;
  RowParser parser(intake);
  std::size_t position = bytes.starts_with("\xef\xbb\xbf") ? 3 : 0;
  bool first = true;
  bool is_lines = false;
  while ((position = bytes.find_first_not_of(kBlank, position)) != std::string_view::npos) {
    const std::size_t start = position;
    // The lines of a file of lines are kept apart, however damaged one is.
    const std::size_t line_end =
        first ? bytes.size() : std::min(bytes.find('\n', start), bytes.size());
    const std::string_view text =
        bytes.substr(start, is_lines ? line_end - start : std::string_view::npos);
    std::optional<Error> damage;
    std::size_t rows = 0;
    bool known = false;
    if (text.front() != '{' && text.front() != '[') {
      damage = error_at(input.path, bytes, start, "a JSON object or array should start here");
    } else {
      JsonWalk walk(text, lists);
      while (!damage) {
        const auto row = walk.next();
        if (!row) break;
        ++rows;
        auto value = parser.parse(*row);
        if (!value) {
          damage = std::move(value.error());
        } else {
          known = visit({*value, row->list, row->json}) || known;
        }
      }
      position = start + walk.position();
      if (const auto& problem = walk.problem(); problem && !damage) {
        damage = error_at(input.path, bytes, start + problem->offset, problem->what);
      } else if (!damage && rows != 0 && !known) {
        damage = error_at(input.path, bytes, start, std::string(nothing));
      }
    }
    if (damage) {
      if (first) return fail(std::move(*damage));
      damage->what += "; this record is skipped";
      intake.skipped("unreadable records", std::move(*damage));
      if (!is_lines && line_end == bytes.size()) break;
      position = line_end;
    } else if (first) {
      const std::size_t length = position - start;
      is_lines = length <= kMaxLineBytes &&
                 bytes.substr(start, length).find('\n') == std::string_view::npos;
    }
    first = false;
  }
  if (first) return fail(error_in(input.path, "the file is empty"));
  return {};
}

std::optional<dom::element> member(dom::element object, std::string_view key) {
  dom::element value;
  if (object[key].get(value) || value.is_null()) return std::nullopt;
  return value;
}

std::optional<dom::element> member(dom::element object, std::string_view key,
                                   std::string_view other_key) {
  const auto value = member(object, key);
  return value ? value : member(object, other_key);
}

std::string_view text_of(dom::element value, std::string& scratch) {
  switch (value.type()) {
    case dom::element_type::STRING: {
      std::string_view text;
      return value.get_string().get(text) ? std::string_view() : text;
    }
    case dom::element_type::INT64:
      scratch = std::to_string(std::int64_t(value));
      return scratch;
    case dom::element_type::UINT64:
      scratch = std::to_string(std::uint64_t(value));
      return scratch;
    case dom::element_type::DOUBLE:
      scratch = shortest(double(value));
      return scratch;
    case dom::element_type::BOOL:
      return bool(value) ? "true" : "false";
    default:
      return {};
  }
}

std::string text_of(std::optional<dom::element> value) {
  if (!value) return {};
  std::string scratch;
  return std::string(text_of(*value, scratch));
}

void add_attribute(SpanAttributes& attributes, std::string_view key,
                   std::optional<dom::element> value) {
  if (!value || !SpanAttributes::knows(key)) return;
  std::string scratch;
  attributes.add(key, text_of(*value, scratch));
}

std::optional<std::int64_t> integer_of(dom::element value) {
  std::int64_t whole = 0;
  if (!value.get_int64().get(whole)) return whole;
  std::string_view text;
  if (!value.get_string().get(text)) {
    if (const auto parsed = parse_i64(trim(text))) return parsed;
  }
  double number = 0;
  if (value.get_double().get(number)) {
    const auto parsed = parse_double(trim(text));
    if (!parsed) return std::nullopt;
    number = *parsed;
  }
  // 2^62 keeps the conversion defined; no field needs more from a number written with a fraction.
  if (std::floor(number) != number || !(std::abs(number) < 0x1p62)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> scaled(std::int64_t value, std::int64_t factor) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (value > kMax / factor || value < -kMax / factor) return std::nullopt;
  return value * factor;
}

std::optional<std::int64_t> time_ns(std::optional<dom::element> value, std::int64_t unit_ns) {
  if (!value) return 0;
  if (value->type() == dom::element_type::DOUBLE) {
    const double number = double(*value) * static_cast<double>(unit_ns);
    if (!(std::abs(number) < 9.2e18)) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(number));
  }
  const auto whole = integer_of(*value);
  return whole ? scaled(*whole, unit_ns) : std::nullopt;
}

}  // namespace culprit
