// Bytes as base64 text.
#pragma once

#include <string>
#include <string_view>

namespace culprit {

// With + and /, padded.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace culprit
