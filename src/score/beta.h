// Beta and Beta-Binomial terms in logs: the building stones of the posterior and of the Bayes
// factors of traces. Counts may be fractional. spectra/README.md derives them.
#pragma once

#include <math.h>  // ::lgamma_r, which <cmath> does not promise

namespace culprit {

// log B(a, b) for a, b > 0. std::lgamma writes a global (signgam); this is safe in any thread.
[[nodiscard]] inline double log_beta(double a, double b) {
  int sign = 0;
  return ::lgamma_r(a, &sign) + ::lgamma_r(b, &sign) - ::lgamma_r(a + b, &sign);
}

// log m(k, n; a, b): how probable k events and n non-events are, in one given order, when their
// rate is drawn from Beta(a, b).
[[nodiscard]] inline double beta_marginal(double k, double n, double a, double b) {
  return log_beta(k + a, n + b) - log_beta(a, b);
}

}  // namespace culprit
