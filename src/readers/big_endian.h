// Big-endian numbers taken off the front of bytes that may be cut short anywhere. What lies beyond
// the end reads as 0 and is remembered: check failed() in loops and at the end, not at every step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace culprit {

class BigEndian {
 public:
  explicit BigEndian(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t u1() { return static_cast<std::uint8_t>(number<1>()); }
  std::uint16_t u2() { return static_cast<std::uint16_t>(number<2>()); }
  std::uint32_t u4() { return static_cast<std::uint32_t>(number<4>()); }
  std::uint64_t u8() { return number<8>(); }
  std::int32_t i4() { return static_cast<std::int32_t>(u4()); }

  // The next `count` bytes; none when there are fewer.
  std::string_view take(std::size_t count) {
    if (count > left()) {
      fail();
      return {};
    }
    const std::string_view taken = bytes_.substr(offset_, count);
    offset_ += count;
    return taken;
  }

  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - offset_; }
  [[nodiscard]] bool failed() const { return failed_; }
  // For content that makes no sense: the rest reads as cut short.
  void fail() {
    failed_ = true;
    offset_ = bytes_.size();
  }

 private:
  template <std::size_t kBytes>
  std::uint64_t number() {
    if (left() < kBytes) {
      fail();
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < kBytes; ++i) {
      value = value << 8 | static_cast<unsigned char>(bytes_[offset_ + i]);
    }
    offset_ += kBytes;
    return value;
  }

  std::string_view bytes_;
  std::size_t offset_ = 0;
  bool failed_ = false;
};

}  // namespace culprit
