// SHA-256, for names that stay the same from build to build.
#pragma once

#include <string>
#include <string_view>

namespace culprit {

// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace culprit
