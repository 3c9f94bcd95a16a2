// Counting: how many failing and passing runs executed each line.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "culprit/counts.h"
#include "culprit/outcome.h"
#include "culprit/spectrum.h"

namespace culprit {

// The runs that count, as masks over a Spectrum's blocks. Runs without an outcome count for
// nothing.
class Jury {
 public:
  // `outcomes[i]` is of run i; weights outside [0, 1] are clipped.
  Jury(const Spectrum& spectrum, std::span<const Outcome> outcomes);

  struct Block {
    std::uint64_t failed = 0;  // runs with weight 1
    std::uint64_t passed = 0;  // runs with weight 0
    std::uint64_t soft = 0;    // runs in between
    [[nodiscard]] std::uint64_t all() const { return failed | passed | soft; }
  };
  [[nodiscard]] std::span<const Block> blocks() const { return blocks_; }
  [[nodiscard]] bool counts(std::size_t run) const {
    const std::size_t bit = run % Spectrum::kRunsPerBlock;
    return (blocks_[run / Spectrum::kRunsPerBlock].all() >> bit & 1) != 0;
  }
  // By run; 0 for runs that do not count.
  [[nodiscard]] std::span<const double> weights() const { return weights_; }

  // ef = F and ep = P: the sums over all runs that have a report of the part (see Spectrum).
  [[nodiscard]] const Counts& of_part(std::uint32_t part) const { return parts_[part]; }

 private:
  std::vector<Block> blocks_;
  std::vector<double> weights_;
  std::vector<Counts> parts_;
};

// One row a line. A run that does not tell of a line is left out of that line's numbers. Cost: one
// popcount per block, line and mask.
[[nodiscard]] std::vector<Counts> count_lines(const Spectrum& spectrum, const Jury& jury);

}  // namespace culprit
