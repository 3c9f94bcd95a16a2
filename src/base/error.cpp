#include "culprit/error.h"

#include <algorithm>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::size_t kExcerptBytes = 100;
constexpr std::size_t kExcerptBefore = 60;  // of a long line, in front of the caret

}  // namespace

std::string to_string(const Error& error) {
  std::string text = printable(error.place.path, 4096);  // names in a folder may hold anything
  if (error.place.line > 0) {
    text += ':' + std::to_string(error.place.line);
    if (error.place.column > 0) text += ':' + std::to_string(error.place.column);
  }
  if (!text.empty()) text += ": ";
  text += error.what;
  if (!error.excerpt.empty()) {
    text += "\n    " + error.excerpt + "\n    " + std::string(error.caret, ' ') + '^';
  }
  if (!error.hint.empty()) text += "\n  " + error.hint;
  return text;
}

Error error_at(std::string_view path, std::string_view bytes, std::size_t offset, std::string what,
               std::string hint) {
  offset = std::min(offset, bytes.size());
  const std::string_view before = bytes.substr(0, offset);
  const std::size_t line_start =
      before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  std::size_t line_end = std::min(bytes.find('\n', offset), bytes.size());
  while (line_end > line_start && bytes[line_end - 1] == '\r') --line_end;
  const auto line = static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t in_line = offset - line_start;

  const std::size_t from = in_line > kExcerptBefore ? offset - kExcerptBefore : line_start;
  const std::size_t to = std::max(from, std::min(line_end, from + kExcerptBytes));
  Error error{{std::string(path), line, in_line + 1}, std::move(what), {}, 0, std::move(hint)};
  // Every byte becomes one column, so that the caret stands under the byte it means.
  for (const char c : bytes.substr(from, to - from)) {
    error.excerpt += c == '\t' ? ' ' : (c >= ' ' && c <= '~') ? c : '?';
  }
  error.caret = std::min(offset - from, error.excerpt.size());
  if (error.excerpt.find_first_not_of(' ') == std::string::npos) error.excerpt.clear();
  return error;
}

Error error_in(std::string_view path, std::string what, std::string hint) {
  return {{std::string(path), 0, 0}, std::move(what), {}, 0, std::move(hint)};
}

}  // namespace culprit
