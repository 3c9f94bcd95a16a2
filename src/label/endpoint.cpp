#include "label/endpoint.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::size_t kLongHex = 16;

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
  return consists_of(segment, kDigits) || is_uuid(segment) ||
         (segment.size() >= kLongHex && consists_of(segment, kHexDigits));
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

}  // namespace culprit
