// Text in UTF-16: as Windows tools write it when their output is redirected, and as JavaScript and
// editors count it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace culprit {

// UTF-16 that begins with a byte order mark becomes UTF-8 without one; anything else comes back as
// it is. What is no character (a lone surrogate, half a unit at the end) becomes U+FFFD.
[[nodiscard]] std::string utf8_of_utf16(std::string bytes);

// The code point at `at`, and `at` moved behind it. Bytes that are not UTF-8 are U+FFFD, one for
// each longest part of a sequence, as the WHATWG's decoder has it.
[[nodiscard]] std::uint32_t next_code_point(std::string_view text, std::size_t& at);

// Calls `tell(std::uint16_t)` for each unit of UTF-8 text in UTF-16.
template <class Tell>
void for_each_utf16_unit(std::string_view text, Tell tell) {
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t c = next_code_point(text, at);
    if (c >= 0x10000) tell(static_cast<std::uint16_t>(0xd800 + ((c - 0x10000) >> 10)));
    tell(static_cast<std::uint16_t>(c < 0x10000 ? c : 0xdc00 + (c & 0x3ff)));
  }
}

}  // namespace culprit
