// What execution counts add to hits: how often a line was executed in failing and passing runs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "culprit/counts.h"
#include "culprit/spectrum.h"
#include "score/counts.h"

namespace culprit {

// What the counting runs' executions of each line come to. Empty where counts are not known.
struct ExecutionSums {
  std::vector<double> failing_logs;  // of log2(1 + count), times the weight of the run
  struct Passing {
    double logs = 0;  // the same, times 1 - weight
    double count = 0;
  };
  std::vector<Passing> passing;
};
[[nodiscard]] ExecutionSums execution_sums(const Spectrum& spectrum, const Jury& jury);

// By line: weighted mean over failing runs of log2(1 + count), minus that over passing runs, then
// scaled to [0, 1] over the lines. Runs without a report of the line's service are left out. All 0
// where counts are not known.
[[nodiscard]] std::vector<double> count_contrast(const Spectrum& spectrum, const Jury& jury,
                                                 const ExecutionSums& sums);

// By line: log of the probability of what the runs that executed it came to, if each execution
// fails its run with one unknown chance: the integral over theta in [0, 1] of
//   product over failing runs of 1 - (1-theta)^count  x  product over passing ones of
//   (1-theta)^count.
// A run that failed with probability w counts w in the first product, 1-w in the second. Only for
// lines that `wanted` says, 0 for others. The spectrum must have counts.
[[nodiscard]] std::vector<double> execution_marginals(const Spectrum& spectrum, const Jury& jury,
                                                      const ExecutionSums& sums,
                                                      const std::vector<bool>& wanted);

// As column_groups, which it is given, but lines of one group also have equal counts in each
// counting run.
[[nodiscard]] std::vector<std::uint32_t> count_column_groups(const Spectrum& spectrum,
                                                             const Jury& jury,
                                                             std::span<const std::uint32_t> groups);

}  // namespace culprit
