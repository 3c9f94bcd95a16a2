#include "base/utf16.h"

#include <cstddef>
#include <cstdint>

namespace culprit {

namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

void append_utf8(std::uint32_t c, std::string& text) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      add(0xe0 | c >> 12);
    } else {
      add(0xf0 | c >> 18);
      add(0x80 | (c >> 12 & 0x3f));
    }
    add(0x80 | (c >> 6 & 0x3f));
  }
  add(0x80 | (c & 0x3f));
}

}  // namespace

std::string utf8_of_utf16(std::string bytes) {
  const bool little = bytes.starts_with("\xff\xfe");
  if (!little && !bytes.starts_with("\xfe\xff")) return bytes;
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return little ? first | static_cast<std::uint32_t>(second) << 8
                  : second | static_cast<std::uint32_t>(first) << 8;
  };
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t at = 2; at < bytes.size(); at += 2) {
    if (at + 1 == bytes.size()) {
      append_utf8(kReplacement, text);
      break;
    }
    std::uint32_t c = unit(at);
    if (c >= 0xd800 && c < 0xe000) {
      const bool pair = c < 0xdc00 && at + 3 < bytes.size() && (unit(at + 2) & 0xfc00) == 0xdc00;
      if (pair) {
        c = 0x10000 + ((c & 0x3ff) << 10) + (unit(at + 2) & 0x3ff);
        at += 2;
      } else {
        c = kReplacement;
      }
    }
    append_utf8(c, text);
  }
  return text;
}

std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const std::uint32_t first = byte(at++);
  if (first < 0x80) return first;
  if (first < 0xc2 || first > 0xf4) return kReplacement;
  const int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  // The second byte is bounded further: no overlong forms, no surrogates, nothing above U+10FFFF.
  std::uint32_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  std::uint32_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  std::uint32_t c = first & (0x3fU >> more);
  for (int i = 0; i < more; ++i) {
    if (byte(at) < low || byte(at) > high) return kReplacement;
    c = c << 6 | (byte(at++) & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return c;
}

}  // namespace culprit
