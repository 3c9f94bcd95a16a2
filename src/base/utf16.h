// Text as Windows tools write it when their output is redirected.
#pragma once

#include <string>

namespace culprit {

// UTF-16 that begins with a byte order mark becomes UTF-8 without one; anything else comes back as
// it is. What is no character (a lone surrogate, half a unit at the end) becomes U+FFFD.
[[nodiscard]] std::string utf8_of_utf16(std::string bytes);

}  // namespace culprit
