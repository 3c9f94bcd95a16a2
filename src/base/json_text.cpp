#include "base/json_text.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace culprit {

namespace {

// Valid JSON only, but never out of bounds on any text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] char peek() {
    position_ = std::min(text_.find_first_not_of(" \t\r\n,:", position_), text_.size());
    return position_ < text_.size() ? text_[position_] : '\0';
  }
  void step() { position_ = std::min(position_ + 1, text_.size()); }

  // Whether every value scanned so far came to its end.
  [[nodiscard]] bool complete() const { return complete_; }

  // The next value, scanned past.
  std::string_view value() {
    const char first = peek();
    const std::size_t start = position_;
    if (first == '"') {
      skip_string();
    } else if (first == '{' || first == '[') {
      std::size_t depth = 0;
      do {
        const char c = peek();
        if (c == '\0') {
          complete_ = false;
          break;
        }
        if (c == '"') {
          skip_string();
          continue;
        }
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        step();
      } while (depth > 0);
    } else {
      position_ = std::min(text_.find_first_of(" \t\r\n,:]}", position_), text_.size());
    }
    return text_.substr(start, position_ - start);
  }

 private:
  void skip_string() {
    step();
    while (position_ < text_.size() && text_[position_] != '"') {
      if (text_[position_] == '\\') step();
      step();
    }
    if (position_ == text_.size()) complete_ = false;
    step();
  }

  std::string_view text_;
  std::size_t position_ = 0;
  bool complete_ = true;
};

std::optional<std::string_view> member(std::string_view container, std::string_view step) {
  Scanner scan(container);
  const char kind = scan.peek();
  if (kind != '{' && kind != '[') return std::nullopt;
  scan.step();
  for (std::uint64_t index = 0;; ++index) {
    const char next = scan.peek();
    if (next == '\0' || next == '}' || next == ']') return std::nullopt;
    if (kind == '[') {
      const std::string_view value = scan.value();
      if (parse_u64(step) == index) return value;
    } else {
      const std::string_view key = scan.value();
      const std::string_view value = scan.value();
      if (key.size() >= 2 && key.substr(1, key.size() - 2) == step) return value;
    }
  }
}

}  // namespace

std::optional<std::string_view> first_json_value(std::string_view text) {
  Scanner scan(text);
  const std::string_view value = scan.value();
  if (value.empty() || !scan.complete()) return std::nullopt;
  return value;
}

std::optional<std::string_view> json_at(std::string_view text, std::string_view pointer) {
  std::optional<std::string_view> value = text;
  while (value && pointer.starts_with('/')) {
    const auto end = std::min(pointer.find('/', 1), pointer.size());
    value = member(*value, pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
  }
  return value;
}

std::string_view locate(std::string_view text, std::string_view pointer) {
  return json_at(text, pointer).value_or(text);
}

}  // namespace culprit
