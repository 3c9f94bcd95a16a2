#include "label/endpoint.h"

#include <algorithm>
#include <cstddef>

namespace culprit {

namespace {

constexpr std::size_t kLongHex = 16;
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

bool consists_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

// 8-4-4-4-12 hex digits.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : kHexDigits.find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

bool is_id(std::string_view segment) {
  return !segment.empty() && (consists_of(segment, kDigits) || is_uuid(segment) ||
                              (segment.size() >= kLongHex && consists_of(segment, kHexDigits)));
}

}  // namespace

std::string endpoint_template(std::string_view url) {
  if (const auto scheme = url.find("://");
      scheme != std::string_view::npos &&
      url.substr(0, scheme).find_first_of("/?#") == std::string_view::npos) {
    url.remove_prefix(scheme + 3);
    url.remove_prefix(std::min(url.find_first_of("/?#"), url.size()));
    if (!url.starts_with('/')) return "/";
  }
  url = url.substr(0, url.find_first_of("?#"));

  std::string result;
  while (true) {
    const auto slash = std::min(url.find('/'), url.size());
    const std::string_view segment = url.substr(0, slash);
    if (is_id(segment)) {
      result += "{}";
    } else {
      result += segment;
    }
    if (slash == url.size()) return result;
    result += '/';
    url.remove_prefix(slash + 1);
  }
}

bool matches_glob(std::string_view text, std::string_view pattern) {
  // On a mismatch only the last `*` needs to take one character more.
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      star_text = at;
    } else if (in_pattern < pattern.size() &&
               (pattern[in_pattern] == '?' || pattern[in_pattern] == text[at])) {
      ++at;
      ++in_pattern;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.substr(in_pattern).find_first_not_of('*') == std::string_view::npos;
}

}  // namespace culprit
