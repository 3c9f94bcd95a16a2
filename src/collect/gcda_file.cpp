#include "collect/gcda_file.h"

#include <cstdint>
#include <cstring>

namespace culprit {

namespace {

constexpr std::uint32_t kEnd = 0;
constexpr std::uint32_t kArcCounts = 0x01a10000;
constexpr int kLengthsInBytes = 12;  // GCC's version from which lengths are no longer words

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

}  // namespace

bool counts_anything(std::string_view gcda) {
  if (gcda.size() < 12 || !gcda.starts_with("adcg")) return true;
  const int major = (gcda[7] - 'A') * 10 + (gcda[6] - '0');  // "B22*", stored backwards: GCC 12
  const std::size_t unit = major >= kLengthsInBytes ? 1 : 4;
  std::size_t at = major >= kLengthsInBytes ? 16 : 12;
  while (at + 8 <= gcda.size()) {
    const std::uint32_t tag = word_at(gcda, at);
    const auto length = static_cast<std::int32_t>(word_at(gcda, at + 4));
    at += 8;
    if (tag == kEnd) break;
    if (length < 0) continue;  // so many zeros, not written
    const std::size_t payload = static_cast<std::size_t>(length) * unit;
    if (payload > gcda.size() - at) return true;
    const std::string_view counts = gcda.substr(at, payload);
    if (tag == kArcCounts && counts.find_first_not_of('\0') != std::string_view::npos) return true;
    at += payload;
  }
  return false;
}

}  // namespace culprit
