#include "readers/gcov_words.h"

#include <algorithm>
#include <array>

namespace culprit {

namespace {

using Mark = std::array<char, 4>;

Mark mark_at(std::string_view bytes, std::size_t at) {
  Mark mark = {};
  std::copy_n(bytes.data() + at, mark.size(), mark.begin());
  return mark;
}

Mark reversed(Mark mark) {
  std::reverse(mark.begin(), mark.end());
  return mark;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool has_gcov_magic(std::string_view bytes, std::string_view magic) {
  if (bytes.size() < 4) return false;
  const Mark wanted = mark_at(magic, 0);
  return mark_at(bytes, 0) == wanted || mark_at(bytes, 0) == reversed(wanted);
}

// "B22*" is GCC 12.2, "A93*" 9.3, "408*" the 4.8 that LLVM takes for a model.
std::optional<GcovHeader> gcov_header(std::string_view bytes, std::string_view magic) {
  if (bytes.size() < kGcovHeaderBytes || !has_gcov_magic(bytes, magic)) return std::nullopt;
  // Magic and version are words that read as text from the highest byte on.
  const bool big_endian = mark_at(bytes, 0) == mark_at(magic, 0);
  const Mark text = big_endian ? mark_at(bytes, 4) : reversed(mark_at(bytes, 4));
  GcovHeader header;
  header.swapped = big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
  if (!is_digit(text[2])) return std::nullopt;
  const auto minor = static_cast<std::uint32_t>(text[2] - '0');
  if (is_digit(text[0])) {
    header.clang = true;
    header.version = static_cast<std::uint32_t>(text[0] - '0') * 10 + minor;
  } else if (text[0] >= 'A' && text[0] <= 'Z' && is_digit(text[1])) {
    header.version = static_cast<std::uint32_t>(text[0] - 'A') * 100 +
                     static_cast<std::uint32_t>(text[1] - '0') * 10 + minor;
  } else {
    return std::nullopt;
  }
  GcovWords words(bytes.substr(8), header);
  header.stamp = words.word();
  return header;
}

std::string compiler_of(const GcovHeader& header) {
  const std::string version =
      std::to_string(header.version / 10) + '.' + std::to_string(header.version % 10);
  return header.clang ? "clang (in the layout of GCC " + version + ")" : "GCC " + version;
}

}  // namespace culprit
