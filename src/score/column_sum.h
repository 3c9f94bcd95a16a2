// Columns told apart by two sums of 64 bits each, instead of by comparing them: that two of a
// million different columns agree in both has a chance of 1e-27, and comparing would read all hits
// once more, out of order.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace culprit {

struct ColumnSum {
  std::uint64_t a = 0;
  std::uint64_t b = 0;

  // The column's next word; else than of(), the order counts.
  void add(std::uint64_t word) {
    a = std::rotl((a ^ word) * 0xff51afd7ed558ccdULL, 31);
    b = std::rotl((b ^ word) * 0x9fb21c651e98df25ULL, 27);
  }
  // Of a cell, to be added to those of others in any order.
  [[nodiscard]] static ColumnSum of(std::uint64_t cell) {
    const std::uint64_t a = mixed(cell);
    return {a, mixed(a + 0x632be59bd9b4e019ULL)};
  }
  bool operator==(const ColumnSum&) const = default;

 private:
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }
};

// The sums' numbers, from 0 in order of appearance; equal sums have equal numbers.
[[nodiscard]] std::vector<std::uint32_t> numbered(std::span<const ColumnSum> sums);

}  // namespace culprit
