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
        const TextWindow& window = intake_.window();
        return fail(window.error_at(window.offset_of(row.deep), too_deep_message()));
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
    const TextWindow& window = intake_.window();
    // The parser reads a little beyond the end of what it parses.
    const std::size_t end = window.offset_of(text) + text.size();
    if (end + simdjson::SIMDJSON_PADDING > window.text().size()) return parse_copy(text);
    return parser_.parse(text.data(), text.size(), false);
  }
  simdjson::simdjson_result<dom::element> parse_copy(std::string_view text) {
    copy_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    copy_.assign(text);
    return parser_.parse(copy_.data(), copy_.size(), false);
  }

  Error damage(std::string_view json) {
    const TextWindow& window = intake_.window();
    const std::size_t at = window.offset_of(json);
    const auto checked = check_json({{}, json});
    if (checked) {
      return window.error_at(at, "not JSON that can be read: a number is out of range");
    }
    return window.error_at(at + offset_of(json, checked.error().place),
                           "not valid JSON: " + checked.error().what);
  }

  SpanIntake& intake_;
  dom::parser parser_;
  std::string copy_;
};

// One document after the other, each walked to its end.
class Documents {
 public:
  Documents(SpanIntake& intake, std::span<const std::string_view> lists, std::string_view nothing,
            const TraceRowVisitor& visit)
      : intake_(intake),
        window_(intake.window()),
        parser_(intake),
        lists_(lists),
        nothing_(nothing),
        visit_(visit) {}

  Result<void> read() {
    if (window_.text().starts_with("\xef\xbb\xbf")) at_ = 3;
    bool first = true;
    while (skip_blank()) {
      const std::uint64_t start = window_.position_of(at_);
      std::optional<Error> damage = read_document();
      // The file's damage is not a record's.
      if (window_.damage()) return fail(*window_.damage());
      if (damage) {
        if (first) return fail(std::move(*damage));
        damage->what += "; this record is skipped";
        intake_.skipped("unreadable records", std::move(*damage));
        if (!is_lines_) to_next_line(start);
      } else if (first) {
        is_lines_ =
            window_.position_of(at_) - start <= kMaxLineBytes && window_.on_one_line(start, at_);
      }
      first = false;
    }
    if (window_.damage()) return fail(*window_.damage());
    if (first) return fail(error_in(window_.path(), "the file is empty"));
    return {};
  }

 private:
  // To the next document; false: there is none.
  bool skip_blank() {
    for (;;) {
      const std::string_view text = window_.text();
      at_ = std::min(text.find_first_not_of(kBlank, at_), text.size());
      if (at_ < text.size()) return true;
      if (!read_more(at_)) return false;
    }
  }

  // Reads the document at the position and goes behind it.
  std::optional<Error> read_document() {
    // The lines of a file of lines are kept apart, however damaged one is.
    std::size_t end = std::string_view::npos;
    if (is_lines_) {
      while ((end = window_.text().find('\n', at_)) == std::string_view::npos && read_more(at_)) {
      }
      end = std::min(end, window_.text().size());
    }
    const std::size_t start = at_;
    const std::uint64_t document = window_.position_of(start);
    if (is_lines_) at_ = end;
    if (window_.text()[start] != '{' && window_.text()[start] != '[') {
      return window_.error_at(start, "a JSON object or array should start here");
    }
    std::size_t rows = 0;
    bool known = false;
    std::size_t walked_from = start;
    JsonWalk walk(window_.text().substr(start, end - start), lists_);
    for (;;) {
      const auto row = walk.next();
      if (row) {
        ++rows;
        auto value = parser_.parse(*row);
        if (!value) return std::move(value.error());
        known = visit_({*value, row->list, row->json}) || known;
        continue;
      }
      const bool goes_on = walk.problem() && walk.ran_out() && !is_lines_;
      if (!goes_on || !read_more(walked_from + walk.resume_at())) break;
      walked_from = 0;
      walk.resume(window_.text());
    }
    if (const auto& problem = walk.problem()) {
      return window_.error_at(walked_from + problem->offset, problem->what);
    }
    if (rows != 0 && !known) {
      const std::uint64_t from = std::max(document, window_.position_of(0));
      return window_.error_at(static_cast<std::size_t>(from - window_.position_of(0)),
                              std::string(nothing_));
    }
    at_ = walked_from + walk.position();
    return std::nullopt;
  }

  // Behind the line in which a document began that turned out damaged, or, where it was let go
  // meanwhile, behind the one that was come to.
  void to_next_line(std::uint64_t document) {
    const std::uint64_t from = window_.position_of(0);
    at_ = document >= from ? static_cast<std::size_t>(document - from) : at_;
    for (;;) {
      const std::size_t end = window_.text().find('\n', at_);
      if (end != std::string_view::npos || !read_more(window_.text().size())) {
        at_ = std::min(end, window_.text().size());
        return;
      }
    }
  }

  // Lets go of what lies before `keep`, which the position does not.
  bool read_more(std::size_t keep) {
    const std::uint64_t at = window_.position_of(std::max(at_, keep));
    if (!window_.read_more(keep)) return false;
    at_ = static_cast<std::size_t>(at - window_.position_of(0));
    return true;
  }

  SpanIntake& intake_;
  TextWindow& window_;
  RowParser parser_;
  std::span<const std::string_view> lists_;
  std::string_view nothing_;
  const TraceRowVisitor& visit_;
  std::size_t at_ = 0;  // in the window
  bool is_lines_ = false;
};

}  // namespace

Result<void> for_each_trace_row(SpanIntake& intake, std::span<const std::string_view> lists,
                                std::string_view nothing, const TraceRowVisitor& visit) {
  return Documents(intake, lists, nothing, visit).read();
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
