// The container that gcov's notes (.gcno) and counters (.gcda) share: words of 32 bits in the byte
// order of the machine that wrote them; a header, then records of a tag, a length and a payload.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace culprit {

struct GcovHeader {
  bool swapped = false;       // the other byte order than ours
  bool clang = false;         // written by LLVM, in the layout of an old GCC
  std::uint32_t version = 0;  // GCC's major version times 10 and its minor: 122
  std::uint32_t stamp = 0;    // the same in the notes and the counters of one compilation

  // Strings and records tell their length in bytes, not in words.
  [[nodiscard]] bool lengths_in_bytes() const { return version >= 120; }
};

// Whether the bytes start like notes ("gcno") or counters ("gcda"), in either byte order.
[[nodiscard]] bool has_gcov_magic(std::string_view bytes, std::string_view magic);

// nullopt: not such a file, or cut short within its header.
[[nodiscard]] std::optional<GcovHeader> gcov_header(std::string_view bytes, std::string_view magic);
inline constexpr std::size_t kGcovHeaderBytes = 12;  // that all versions have

// "GCC 12.2", "clang".
[[nodiscard]] std::string compiler_of(const GcovHeader& header);

// Reads words one after the other. Past the end all words are 0 and failed() says so.
class GcovWords {
 public:
  GcovWords(std::string_view bytes, const GcovHeader& header)
      : bytes_(bytes), swapped_(header.swapped), byte_lengths_(header.lengths_in_bytes()) {}

  [[nodiscard]] std::size_t remaining() const { return bytes_.size(); }
  [[nodiscard]] bool failed() const { return failed_; }

  std::uint32_t word() {
    if (bytes_.size() < 4) return fail();
    std::uint32_t value = 0;
    std::memcpy(&value, bytes_.data(), 4);
    bytes_.remove_prefix(4);
    return swapped_ ? __builtin_bswap32(value) : value;
  }
  // Without the NULs at its end.
  std::string_view string() {
    const std::uint64_t size = std::uint64_t{word()} * (byte_lengths_ ? 1 : 4);
    std::string_view text = take(size);
    return text.substr(0, text.find('\0'));
  }
  std::string_view take(std::uint64_t bytes) {
    if (bytes > bytes_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = bytes_.substr(0, bytes);
    bytes_.remove_prefix(bytes);
    return taken;
  }

 private:
  std::uint32_t fail() {
    failed_ = true;
    bytes_ = {};
    return 0;
  }

  std::string_view bytes_;
  bool swapped_;
  bool byte_lengths_;
  bool failed_ = false;
};

}  // namespace culprit
