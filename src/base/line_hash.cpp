#include "base/line_hash.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "base/utf16.h"

namespace culprit {

namespace {

constexpr std::size_t kBlock = 100;  // characters that a hash covers
constexpr std::uint64_t kFactor = 37;
constexpr std::uint16_t kEnd = 0xffff;

constexpr std::uint64_t power(std::uint64_t base, std::size_t exponent) {
  std::uint64_t product = 1;
  for (; exponent > 0; --exponent) product *= base;
  return product;
}

class LineHashes {
 public:
  void add(std::uint16_t c) {
    const bool after_return = after_return_;
    after_return_ = c == '\r';
    if (c == ' ' || c == '\t' || (c == '\n' && after_return)) return;
    if (c == '\r') c = '\n';
    if (pending_[at_]) tell();
    pending_[at_] = line_start_;
    line_start_ = c == '\n';
    update(c);
  }

  std::vector<std::string> finish() {
    add(kEnd);
    for (std::size_t i = 0; i < kBlock; ++i) {
      if (pending_[at_]) tell();
      pending_[at_] = false;
      update(0);
    }
    return std::move(hashes_);
  }

 private:
  void update(std::uint16_t c) {
    constexpr std::uint64_t kLeaves = power(kFactor, kBlock);
    hash_ = kFactor * hash_ + c - kLeaves * block_[at_];
    block_[at_] = c;
    at_ = (at_ + 1) % kBlock;
  }

  void tell() {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash_, 16).ptr;
    hashes_.push_back(std::string(digits.data(), end) + ":" + std::to_string(++seen_[hash_]));
  }

  std::array<std::uint16_t, kBlock> block_{};
  std::array<bool, kBlock> pending_{};  // a line begins there whose hash is not yet told
  std::size_t at_ = 0;
  std::uint64_t hash_ = 0;
  bool line_start_ = true;
  bool after_return_ = false;
  std::unordered_map<std::uint64_t, std::size_t> seen_;
  std::vector<std::string> hashes_;
};

}  // namespace

std::vector<std::string> github_line_hashes(std::string_view source) {
  LineHashes hashes;
  for_each_utf16_unit(source, [&](std::uint16_t unit) { hashes.add(unit); });
  return hashes.finish();
}

}  // namespace culprit
