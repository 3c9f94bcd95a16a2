#pragma once
#include <cmath>
namespace culprit {
inline double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}
inline double log_beta(double a, double b) {
  return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}
inline double beta_marginal(double k, double n, double a, double b) {
  return log_beta(k + a, n + b) - log_beta(a, b);
}
}  // namespace culprit
