// How probable a set of faults makes what the runs came to: Abreu, Zoeteweij, van Gemund,
// "Spectrum-based multiple fault localization", ASE 2009.
//
// A fault has a health g: the chance that a run which executes it passes all the same. A run passes
// with the product of the healths of the faults that it executes. What the healths are is not
// known: those that make the outcomes likeliest are taken.
#pragma once

#include <span>
#include <vector>

namespace culprit {

// Runs by which of n faults they executed: bit j of an index says that it was fault j. 2^n numbers
// each; those at 0 do not count.
struct FaultRuns {
  std::vector<double> failed, passed;
};

struct Health {
  std::vector<double> of;     // by fault, in [0, 1]
  double log_likelihood = 0;  // of the outcomes; natural logarithm
};

// With x = -log g the log likelihood is concave in x (a sum of -x and log(1 - e^-x) of sums of
// them), so going up one fault at a time leads to its maximum; it is exact to about 1e-9.
[[nodiscard]] Health likeliest_health(const FaultRuns& runs);

}  // namespace culprit
