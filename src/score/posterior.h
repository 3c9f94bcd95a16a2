// The default ranking: a Bayes factor per line over two hypotheses, "executing it makes runs fail"
// and "no longer executing it does". Derived in spectra/README.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "culprit/counts.h"
#include "culprit/spectrum.h"
#include "model/policy.h"
#include "score/counts.h"

namespace culprit {

// The terms of one line's mass, natural logs; -inf where a hypothesis is ruled out.
struct PosteriorTerms {
  double commission = 0;  // failing runs execute it; without the count term
  double contrast = 0;    // scaled to [0, 1]: how much more often failing runs execute it
  double omission = 0;    // failing runs no longer execute it
  double mass = 0;        // both hypotheses, weighted by their prior
};

// One row a line.
[[nodiscard]] std::vector<PosteriorTerms> posterior_terms(const Spectrum& spectrum,
                                                          const Jury& jury,
                                                          std::span<const Counts> counts,
                                                          const PosteriorPolicy& policy);

// Masses of the elements of `level` from those of their lines: each ambiguity group counts once, as
// its best line times its size to the power of policy.group_exponent. Natural logs.
[[nodiscard]] std::vector<double> roll_up_mass(const Spectrum& spectrum, Level level,
                                               std::span<const double> line_mass,
                                               std::span<const std::uint32_t> column_groups,
                                               const PosteriorPolicy& policy);

// exp(mass) / sum of exp(mass): probabilities that sum to 1, or all 0 when no mass is finite.
[[nodiscard]] std::vector<double> normalized(std::span<const double> log_mass);

}  // namespace culprit
