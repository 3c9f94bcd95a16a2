#include "lsp/uri.h"

#include "base/percent.h"
#include "base/text.h"

namespace culprit::lsp {

namespace {

int digit(char c) {
  const std::size_t at = kHexDigits.find(c);
  if (at == std::string_view::npos) return -1;
  return static_cast<int>(at < 16 ? at : at - 6);
}

}  // namespace

std::optional<std::string> path_of_uri(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!equal_ignoring_case(uri.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  constexpr std::string_view kHere = "localhost/";
  if (equal_ignoring_case(uri.substr(0, kHere.size()), kHere)) uri.remove_prefix(kHere.size() - 1);
  if (!uri.starts_with('/')) return std::nullopt;
  std::string path;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] == '?' || uri[i] == '#') break;
    if (uri[i] != '%') {
      path += uri[i];
      continue;
    }
    if (i + 2 >= uri.size()) return std::nullopt;
    const int high = digit(uri[i + 1]);
    const int low = digit(uri[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    path += static_cast<char>(16 * high + low);
    i += 2;
  }
  return path.find('\0') == std::string::npos ? std::optional(path) : std::nullopt;
}

std::string uri_of_path(std::string_view path) { return "file://" + percent_encoded(path); }

}  // namespace culprit::lsp
