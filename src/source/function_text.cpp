#include "source/function_text.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"

namespace culprit {

namespace {

constexpr std::size_t kHashDigits = 32;

bool word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Reads text with comments and literals apart. Raw strings of C++ and text blocks of Java count as
// ordinary text, which keeps what they hold.
class Reducer {
 public:
  explicit Reducer(std::string_view name) : name_(name) {}

  void take(std::string_view line) {
    for (std::size_t at = 0; at < line.size();) {
      if (in_comment_) {
        const std::size_t end = line.find("*/", at);
        if (end == std::string_view::npos) return;
        in_comment_ = false;
        at = end + 2;
      } else if (line.substr(at, 2) == "//") {
        return;
      } else if (line.substr(at, 2) == "/*") {
        in_comment_ = true;
        at += 2;
      } else if (line[at] == '"' || line[at] == '\'') {
        const std::size_t end = literal_end(line, at);
        text_ += line.substr(at, end - at);
        at = end;
      } else if (word(line[at])) {
        std::size_t end = at;
        while (end < line.size() && word(line[end])) ++end;
        const std::string_view found = line.substr(at, end - at);
        // Two words stay two: `return x` is not `returnx`.
        if (!text_.empty() && word(text_.back())) text_ += ' ';
        text_ += found == name_ ? std::string_view("$") : found;
        at = end;
      } else {
        if (line[at] != ' ' && line[at] != '\t' && line[at] != '\r') text_ += line[at];
        ++at;
      }
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  static std::size_t literal_end(std::string_view line, std::size_t at) {
    const char quote = line[at];
    std::size_t end = at + 1;
    while (end < line.size() && line[end] != quote) end += line[end] == '\\' ? 2 : 1;
    return std::min(end + 1, line.size());
  }

  std::string_view name_;
  bool in_comment_ = false;
  std::string text_;
};

}  // namespace

std::string body_hash(std::span<const std::string> lines, std::uint32_t first, std::uint32_t last,
                      std::string_view name) {
  if (first == 0 || last < first || last > lines.size()) return {};
  Reducer reducer(name);
  for (std::uint32_t number = first; number <= last; ++number) reducer.take(lines[number - 1]);
  return sha256_hex(reducer.text()).substr(0, kHashDigits);
}

std::string ignore_reason(std::span<const std::string> lines, std::uint32_t first,
                          std::uint32_t last) {
  constexpr std::string_view kMark = "culprit:ignore(";
  if (first == 0) return {};
  const auto end = std::min<std::size_t>(last, lines.size());
  for (std::size_t number = std::max<std::size_t>(first, 2) - 1; number <= end; ++number) {
    const std::string_view line = lines[number - 1];
    const std::size_t comment = std::min(line.find("//"), line.find("/*"));
    const std::size_t mark = line.find(kMark, std::min(comment, line.size()));
    if (comment == std::string_view::npos || mark == std::string_view::npos) continue;
    const std::size_t from = mark + kMark.size();
    const std::size_t close = line.rfind(')');
    if (close == std::string_view::npos || close <= from) continue;
    const std::string_view reason = trim(line.substr(from, close - from));
    if (!reason.empty()) return std::string(reason);
  }
  return {};
}

}  // namespace culprit
