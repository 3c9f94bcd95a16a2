#include "score/counts.h"

#include <algorithm>
#include <array>
#include <bit>

namespace culprit {

namespace {

struct Sums {
  std::uint32_t failed = 0;
  std::uint32_t passed = 0;
};

void add_block_portable(std::span<const std::uint64_t> words, const Jury::Block& mask, Sums* sums) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    sums[i].failed += static_cast<std::uint32_t>(std::popcount(words[i] & mask.failed));
    sums[i].passed += static_cast<std::uint32_t>(std::popcount(words[i] & mask.passed));
  }
}

#if defined(__x86_64__)
// Plain x86-64 has no POPCNT instruction, so the compiler may only use it where we have asked.
__attribute__((target("popcnt"))) void add_block_popcnt(std::span<const std::uint64_t> words,
                                                        const Jury::Block& mask, Sums* sums) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    sums[i].failed += static_cast<std::uint32_t>(__builtin_popcountll(words[i] & mask.failed));
    sums[i].passed += static_cast<std::uint32_t>(__builtin_popcountll(words[i] & mask.passed));
  }
}
#endif

using AddBlock = void (*)(std::span<const std::uint64_t>, const Jury::Block&, Sums*);

AddBlock best_add_block() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt")) return add_block_popcnt;
#endif
  return add_block_portable;
}

// Weight sums of the 8 runs of one byte, for each of its 256 values.
using WeightTable = std::array<std::array<double, 256>, 8>;

WeightTable weight_table(std::span<const double> weights, std::uint64_t soft, std::size_t block) {
  WeightTable table{};
  for (std::size_t byte = 0; byte < 8; ++byte) {
    for (std::size_t bit = 0; bit < 8; ++bit) {
      const std::size_t position = 8 * byte + bit;
      if ((soft >> position & 1) == 0) continue;
      const double weight = weights[block * Spectrum::kRunsPerBlock + position];
      for (std::size_t value = 0; value < 256; ++value) {
        if ((value >> bit & 1) != 0) table[byte][value] += weight;
      }
    }
  }
  return table;
}

double weight_of(std::uint64_t word, const WeightTable& table) {
  double sum = 0;
  for (std::size_t byte = 0; byte < 8; ++byte) sum += table[byte][word >> (8 * byte) & 0xff];
  return sum;
}

}  // namespace

Jury::Jury(const Spectrum& spectrum, std::span<const Outcome> outcomes)
    : blocks_(spectrum.blocks()), weights_(outcomes.size()) {
  for (std::size_t run = 0; run < outcomes.size(); ++run) {
    const Outcome& outcome = outcomes[run];
    if (outcome.verdict == Verdict::kUnknown) continue;
    const double weight = std::clamp(outcome.weight, 0.0, 1.0);
    weights_[run] = weight;
    Block& block = blocks_[run / Spectrum::kRunsPerBlock];
    std::uint64_t& mask = weight == 1 ? block.failed : weight == 0 ? block.passed : block.soft;
    mask |= std::uint64_t{1} << (run % Spectrum::kRunsPerBlock);
  }
  parts_.resize(spectrum.parts());
  for (std::uint32_t part = 0; part < parts_.size(); ++part) {
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
      const std::uint64_t here = spectrum.present(part, block);
      const std::uint64_t soft = here & blocks_[block].soft;
      const double weight = weight_of(soft, weight_table(weights_, soft, block));
      parts_[part].ef += std::popcount(here & blocks_[block].failed) + weight;
      parts_[part].ep +=
          std::popcount(here & blocks_[block].passed) + (std::popcount(soft) - weight);
    }
  }
}

std::vector<Counts> count_lines(const Spectrum& spectrum, const Jury& jury) {
  const AddBlock add = best_add_block();
  std::vector<Sums> sums(spectrum.lines().size());
  std::vector<Counts> result(sums.size());
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const Jury::Block& mask = jury.blocks()[block];
    const std::span<const std::uint64_t> words = spectrum.words(block);
    if ((mask.failed | mask.passed) != 0) add(words, mask, sums.data());
    if (mask.soft == 0) continue;
    const WeightTable table = weight_table(jury.weights(), mask.soft, block);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::uint64_t soft = words[i] & mask.soft;
      const double weight = weight_of(soft, table);
      result[i].ef += weight;
      result[i].ep += std::popcount(soft) - weight;
    }
  }
  for (std::uint32_t i = 0; i < result.size(); ++i) {
    const Counts& all = jury.of_part(spectrum.part_of({i}));
    Counts& counts = result[i];
    counts.ef += sums[i].failed;
    counts.ep += sums[i].passed;
    // Sums of fractions may overshoot by a rounding error.
    counts.nf = std::max(0.0, all.ef - counts.ef);
    counts.np = std::max(0.0, all.ep - counts.ep);
  }
  return result;
}

}  // namespace culprit
