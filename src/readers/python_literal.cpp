#include "readers/python_literal.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "base/text.h"

namespace culprit {

namespace {

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  [[nodiscard]] char peek() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  [[nodiscard]] bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  // The text between quotes, its escapes undone.
  [[nodiscard]] std::optional<std::string> string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') return std::nullopt;
    std::string result;
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == quote) {
        ++at_;
        return result;
      }
      if (c == '\\' && at_ + 1 < text_.size()) {
        c = text_[++at_];
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
      }
      result += c;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string_view word() {
    const char first = peek();
    const std::size_t start = at_;
    if (first == ',' || first == '}' || first == ']' || first == ')') return {};
    at_ = std::min(text_.find_first_of(",}])", at_), text_.size());
    return trim(text_.substr(start, at_ - start));
  }

  // Past a list, tuple or dictionary; what is in it is not looked at.
  [[nodiscard]] bool skip_container() {
    std::size_t depth = 0;
    do {
      const char c = peek();
      if (at_ >= text_.size()) return false;
      if (c == '\'' || c == '"') {
        if (!string()) return false;
        continue;
      }
      if (c == '{' || c == '[' || c == '(') ++depth;
      if (c == '}' || c == ']' || c == ')') --depth;
      ++at_;
    } while (depth > 0);
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool for_each_literal(std::string_view dictionary, const LiteralVisitor& visit) {
  Scan scan(dictionary);
  if (!scan.take('{')) return false;
  while (!scan.take('}')) {
    const auto key = scan.string();
    if (!key || !scan.take(':')) return false;
    const char c = scan.peek();
    if (c == '\'' || c == '"') {
      const auto value = scan.string();
      if (!value) return false;
      visit(*key, *value);
    } else if (c == '{' || c == '[' || c == '(') {
      if (!scan.skip_container()) return false;
    } else {
      const std::string_view word = scan.word();
      if (word.empty()) return false;
      visit(*key, word == "True"    ? "true"
                  : word == "False" ? "false"
                  : word == "None"  ? std::string_view()
                                    : word);
    }
    if (!scan.take(',') && scan.peek() != '}') return false;
  }
  return true;
}

}  // namespace culprit
