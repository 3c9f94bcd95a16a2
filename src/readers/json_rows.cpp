#include "readers/json_rows.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "readers/json_fields.h"

namespace culprit {

namespace dom = simdjson::dom;

namespace {

constexpr std::size_t kBatchBytes = std::size_t{256} << 10;

}  // namespace

JsonRows::JsonRows(const Input& input, Sink& sink, std::string_view elements)
    : input_(input), sink_(sink), warnings_(input.path, sink), elements_(elements) {
  const std::string_view bytes = input.bytes;
  if (bytes.starts_with("\xef\xbb\xbf")) position_ = 3;
  // What is not over with its first line is written over several.
  const std::string_view text = trim(bytes.substr(position_));
  const std::size_t first_end = text.find('\n');
  is_document_ = !elements.empty() || text.starts_with('[') ||
                 (first_end != std::string_view::npos && text.starts_with('{') &&
                  !first_json_value(text.substr(0, first_end)));

  parser_.threaded = false;
  // Where memory is short, parsing says so.
  [[maybe_unused]] const auto unused = parser_.allocate(kBatchBytes, kMaxJsonDepth);
  // The parser reads a little beyond the end of what it parses, so the last lines are left out.
  const std::size_t end = bytes.size() - std::min(bytes.size(), simdjson::SIMDJSON_PADDING);
  const std::size_t line_end = bytes.substr(0, end).rfind('\n');
  if (is_document_ || line_end == std::string_view::npos || line_end <= position_) return;
  if (!parser_.parse_many(bytes.data() + position_, line_end - position_, kBatchBytes)
           .get(stream_)) {
    in_stream_ = stream_.begin();
  }
}

Result<std::optional<dom::element>> JsonRows::next() {
  if (is_document_) return next_element();
  if (in_stream_) {
    if (const auto row = next_in_stream()) return row;
  }
  return next_line();
}

std::optional<dom::element> JsonRows::next_in_stream() {
  if (records_ != 0) ++*in_stream_;
  dom::element row;
  if (*in_stream_ != stream_.end() && !(**in_stream_).get(row)) {
    row_ = in_stream_->source();
    position_ = offset_of(row_) + row_.size();
    ++records_;
    return row;
  }
  in_stream_.reset();
  return std::nullopt;
}

std::optional<dom::element> JsonRows::next_line() {
  const std::string_view bytes = input_.bytes;
  while (position_ < bytes.size()) {
    const std::size_t end = bytes.find('\n', position_);
    row_ = trim(bytes.substr(position_, end - position_));
    position_ = std::min(end, bytes.size() - 1) + 1;
    if (row_.empty()) continue;
    ++records_;
    dom::element row;
    if (!parse(row_).get(row)) return row;
    if (const auto repaired = without_nan(row_); repaired && !parse(*repaired).get(row)) return row;
    if (end == std::string_view::npos && ends_early(row_)) {
      sink_.warn(error("",
                       "the last record is cut short; the " + std::to_string(--records_) +
                           " before it were kept",
                       {}));
      break;
    }
    warnings_.skipped("line is not JSON", [&] {
      const auto parsed = parse_json({input_.path, row_});
      if (parsed) return error("", "a number is out of range", {});
      return error_at(input_.path, bytes, offset_of(row_) + parsed.error().place.column - 1,
                      parsed.error().what);
    });
  }
  return std::nullopt;
}

Result<void> JsonRows::open_document() {
  const std::string_view text = trim(input_.bytes.substr(position_));
  const auto whole = first_json_value(text);
  if (!whole || whole->size() != text.size()) return fail(damage());
  if (text.starts_with('{') && elements_.empty()) {
    rest_ = *whole;
    return {};
  }
  const auto list = json_at(text, elements_);
  if (!list || !list->starts_with('[')) {
    return fail(error_in(input_.path, "has no list at " + elements_));
  }
  rest_ = list->substr(1, list->size() - 2);
  return {};
}

Result<std::optional<dom::element>> JsonRows::next_element() {
  if (row_.data() == nullptr) {
    if (auto opened = open_document(); !opened) return fail(opened.error());
  }
  rest_ = trim(rest_);
  if (records_ != 0 && !rest_.empty()) {
    if (!rest_.starts_with(',')) return fail(damage());
    rest_ = trim(rest_.substr(1));
    if (rest_.empty()) return fail(damage());
  }
  if (rest_.empty()) return std::nullopt;
  row_ = first_json_value(rest_).value_or(std::string_view());
  if (row_.empty()) return fail(damage());
  rest_.remove_prefix(static_cast<std::size_t>(row_.data() - rest_.data()) + row_.size());
  ++records_;
  dom::element row;
  if (!parse(row_).get(row)) return row;
  const auto repaired = without_nan(row_);
  if (repaired && !parse(*repaired).get(row)) return row;
  return fail(damage());
}

Error JsonRows::damage() const {
  const auto checked = check_json(input_);
  if (!checked) return checked.error();
  return error_at(input_.path, input_.bytes, row_.data() == nullptr ? 0 : offset_of(row_),
                  "not JSON as it should be");
}

simdjson::simdjson_result<dom::element> JsonRows::parse(std::string_view text) {
  const std::string_view all = input_.bytes;
  const bool inside = text.data() >= all.data() && text.data() < all.data() + all.size();
  if (inside && offset_of(text) + text.size() + simdjson::SIMDJSON_PADDING <= all.size()) {
    return parser_.parse(text.data(), text.size(), false);
  }
  copy_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  copy_.assign(text);
  return parser_.parse(copy_.data(), copy_.size(), false);
}

std::string_view JsonRows::json(std::string_view pointer) const { return locate(row_, pointer); }

void JsonRows::skipped(std::string_view kind, std::string_view pointer, std::string what,
                       std::string hint) {
  warnings_.skipped(kind, [&] { return error(pointer, std::move(what), std::move(hint)); });
}

void JsonRows::repaired(std::string_view kind, std::string_view pointer, std::string what,
                        std::string hint) {
  warnings_.repaired(kind, [&] { return error(pointer, std::move(what), std::move(hint)); });
}

Error JsonRows::error(std::string_view pointer, std::string what, std::string hint) const {
  return error_at(input_.path, input_.bytes, offset_of(json(pointer)), std::move(what),
                  std::move(hint));
}

}  // namespace culprit
