// Paths as parts of URIs.
#pragma once

#include <string>
#include <string_view>

namespace culprit {

// `path` with all but unreserved characters and `/` as %XX (RFC 3986), byte by byte; `:` too, as
// VS Code has it.
[[nodiscard]] std::string percent_encoded(std::string_view path);

}  // namespace culprit
