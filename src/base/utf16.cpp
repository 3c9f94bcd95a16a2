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

}  // namespace culprit
