// The default ranking: how probable the outcomes are if a line is at fault, for several ways in
// which a fault can show. Derived in spectra/README.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "culprit/counts.h"
#include "culprit/spectrum.h"
#include "model/policy.h"
#include "score/counts.h"

namespace culprit {

// The terms of one line's mass, natural logs; -inf where a hypothesis is ruled out. Under the
// averaged model
//   line_mass     = log of [(1-omission) e^(commission + count_weight contrast)
//                           + omission e^omission] + structure, with e^raised added
//   function_mass = the same with average(commission, per_execution) and averaged_count_weight,
//                   without structure
// and under the model of runs both are the former without structure and raised.
struct PosteriorTerms {
  double commission = 0;     // failing runs execute it; without the count term
  double per_execution = 0;  // each execution fails its run with one chance; averaged model only
  double contrast = 0;       // scaled to [0, 1]: how much more often failing runs execute it
  double omission = 0;       // failing runs no longer execute it
  double structure = 0;      // log prior of its place in its function
  double raised = 0;     // the error that failing runs raise here is the fault's, prior included
  double line_mass = 0;  // that ranks it among lines
  double function_mass = 0;  // that its function gets from it
};

// Logs of the prior shares of the two hypotheses: {executing it, no longer executing it}. The
// latter is -inf where no omission is possible.
struct HypothesisPriors {
  double commission = 0;
  double omission = 0;
};
[[nodiscard]] HypothesisPriors hypothesis_priors(const Jury& jury, std::span<const Counts> counts,
                                                 const PosteriorPolicy& policy);

// A line where errors arise: the runs that raise one there are more telling than those that
// execute it.
struct ErrorLine {
  LineId line;
  Counts counts;  // ef, ep: failing and passing runs that raise an error there; over the runs that
                  // count for the line
  double weight = 1;  // its share of the prior of all errors, against others; above 0
};

// One row a line; `groups` as column_groups gives them; `errors` by line, each line once.
[[nodiscard]] std::vector<PosteriorTerms> posterior_terms(const Spectrum& spectrum,
                                                          const Jury& jury,
                                                          std::span<const Counts> counts,
                                                          std::span<const std::uint32_t> groups,
                                                          const PosteriorPolicy& policy,
                                                          std::span<const ErrorLine> errors = {});

// Masses of the elements of `level` from those of their lines: each ambiguity group counts once, as
// its best line times its size to the power of `exponent`. Natural logs.
[[nodiscard]] std::vector<double> roll_up_mass(const Spectrum& spectrum, Level level,
                                               std::span<const double> line_mass,
                                               std::span<const std::uint32_t> column_groups,
                                               double exponent);

// exp(mass) / sum of exp(mass): probabilities that sum to 1, or all 0 when no mass is finite.
[[nodiscard]] std::vector<double> normalized(std::span<const double> log_mass);

}  // namespace culprit
