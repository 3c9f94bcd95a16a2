#include "score/diagnosability.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

namespace culprit {

namespace {

constexpr std::size_t kBits = Spectrum::kRunsPerBlock;

// What adds up to a row's two sums: that unlike rows agree in both has a chance of 2^-128 a pair.
struct Shares {
  std::uint64_t a = 0;
  std::uint64_t b = 0;

  explicit Shares(std::uint64_t element)
      : a(scattered(2 * element + 1)), b(scattered(2 * element + 2)) {}

 private:
  // The finalizer of splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
  static std::uint64_t scattered(std::uint64_t x) {
    x *= 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }
};

using Row = std::pair<std::uint64_t, std::uint64_t>;

void add(std::array<Row, kBits>& rows, std::uint64_t runs, const Shares& shares) {
  for (; runs != 0; runs &= runs - 1) {
    Row& row = rows[static_cast<std::size_t>(std::countr_zero(runs))];
    row.first += shares.a;
    row.second += shares.b;
  }
}

// Lines of a group have one column: its first line stands for it.
std::vector<std::uint32_t> first_lines(std::span<const std::uint32_t> groups) {
  std::vector<std::uint32_t> lines;
  for (std::uint32_t i = 0; i < groups.size(); ++i) {
    if (groups[i] == lines.size()) lines.push_back(i);
  }
  return lines;
}

double diversity_of(const Evidence& evidence, std::span<const std::uint32_t> lines) {
  const Spectrum& spectrum = evidence.spectrum;
  std::vector<Shares> shares;
  for (std::uint32_t i = 0; i < lines.size() + spectrum.parts(); ++i) shares.emplace_back(i);
  std::map<Row, double> runs_of;
  double runs = 0;
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const std::uint64_t judged = evidence.jury.blocks()[block].all();
    std::array<Row, kBits> rows{};
    std::uint64_t reporting = 0;
    for (std::uint32_t part = 0; part < spectrum.parts(); ++part) {
      const std::uint64_t present = spectrum.present(part, block) & judged;
      reporting |= present;
      add(rows, present, shares[lines.size() + part]);
    }
    const std::span<const std::uint64_t> words = spectrum.words(block);
    for (std::size_t i = 0; i < lines.size(); ++i) add(rows, words[lines[i]] & judged, shares[i]);
    for (; reporting != 0; reporting &= reporting - 1) {
      ++runs_of[rows[static_cast<std::size_t>(std::countr_zero(reporting))]];
      ++runs;
    }
  }
  double alike = 0;  // ordered pairs
  for (const auto& [row, n] : runs_of) alike += n * (n - 1);
  return runs < 2 ? 0 : 1 - alike / (runs * (runs - 1));
}

}  // namespace

Diagnosability diagnosability(const Evidence& evidence) {
  Diagnosability result;
  if (evidence.counts.empty()) return result;
  double executed = 0;
  double told = 0;
  for (const Counts& counts : evidence.counts) {
    executed += counts.executed();
    told += counts.total();
  }
  const std::vector<std::uint32_t> lines = first_lines(evidence.groups);
  result.density = told == 0 ? 0 : 1 - std::abs(1 - 2 * executed / told);
  result.diversity = diversity_of(evidence, lines);
  result.uniqueness =
      static_cast<double>(lines.size()) / static_cast<double>(evidence.groups.size());
  return result;
}

}  // namespace culprit
