// Whether an endpoint fails more than it did: Fisher's exact test, one-sided.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace culprit {

struct FailRate {
  std::size_t fails = 0;
  std::size_t runs = 0;  // fails included
};

// P(`now` has so many fails or more) when all fails of both are dealt at random to all runs of
// both: the upper tail of the hypergeometric distribution. In (0, 1]; 1 where `now` has no fails.
// Cost: one step per fail of `now` and `before`, whichever are fewer beyond.
[[nodiscard]] double fisher_tail(FailRate now, FailRate before);

// Which hypotheses are rejected at false discovery rate `alpha` (Benjamini and Hochberg 1995), as
// `p_values`.
[[nodiscard]] std::vector<bool> benjamini_hochberg(std::span<const double> p_values, double alpha);

}  // namespace culprit
