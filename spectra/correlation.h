// How strongly do "executes the element" and "fails" go together in the 2x2 table?
#pragma once

#include <algorithm>
#include <cmath>

#include "spectra/notation.h"

namespace culprit::equations {

// The sign of every signed measure: positive where failing runs execute the element more often.
inline double determinant(double ef, double ep, double nf, double np) { return ef * np - nf * ep; }

inline double geometric_mean(double ef, double ep, double nf, double np) {
  return div(determinant(ef, ep, nf, np), std::sqrt((ef + ep) * (nf + np) * (ef + nf) * (ep + np)));
}

inline double arithmetic_mean(double ef, double ep, double nf, double np) {
  return div(2 * determinant(ef, ep, nf, np), (ef + ep) * (nf + np) + (ef + nf) * (ep + np));
}

inline double harmonic_mean(double ef, double ep, double nf, double np) {
  const double executed = (ef + ep) * (nf + np);
  const double failing = (ef + nf) * (ep + np);
  return div(determinant(ef, ep, nf, np) * (executed + failing), executed * failing);
}

inline double cohen(double ef, double ep, double nf, double np) {
  return div(2 * determinant(ef, ep, nf, np), (ef + ep) * (ep + np) + (ef + nf) * (nf + np));
}

inline double scott(double ef, double ep, double nf, double np) {
  return div(4 * determinant(ef, ep, nf, np) - (nf - ep) * (nf - ep),
             (2 * ef + nf + ep) * (2 * np + nf + ep));
}

inline double fleiss(double ef, double ep, double nf, double np) {
  return div(4 * determinant(ef, ep, nf, np) - (nf - ep) * (nf - ep),
             (2 * ef + nf + ep) + (2 * np + nf + ep));
}

inline double rogot1(double ef, double ep, double nf, double np) {
  return (div(ef, 2 * ef + nf + ep) + div(np, 2 * np + nf + ep)) / 2;
}

inline double rogot2(double ef, double ep, double nf, double np) {
  return (div(ef, ef + ep) + div(ef, ef + nf) + div(np, np + ep) + div(np, np + nf)) / 4;
}

// The sum of (observed - expected)^2 / expected over the four cells, in closed form.
inline double chi_square(double ef, double ep, double nf, double np) {
  const double d = determinant(ef, ep, nf, np);
  return div((ef + ep + nf + np) * d * d, (ef + ep) * (nf + np) * (ef + nf) * (ep + np));
}

inline double crosstab(double ef, double ep, double nf, double np) {
  const double d = determinant(ef, ep, nf, np);
  return div(d * std::abs(d), (ef + ep) * (nf + np) * (ef + nf) * (ep + np));
}

inline double yule_q(double ef, double ep, double nf, double np) {
  return div(determinant(ef, ep, nf, np), ef * np + nf * ep);
}

inline double yule_y(double ef, double ep, double nf, double np) {
  const double together = std::sqrt(ef * np);
  const double apart = std::sqrt(nf * ep);
  return div(together - apart, together + apart);
}

inline double odds_ratio(double ef, double ep, double nf, double np) {
  return div(ef * np, nf * ep);
}

inline double interest(double ef, double ep, double nf, double np) {
  return div((ef + nf + ep + np) * ef, (ef + ep) * (ef + nf));
}

inline double conviction(double ef, double ep, double nf, double np) {
  return div((ef + ep) * (ep + np), (ef + nf + ep + np) * ep);
}

inline double piatetsky_shapiro(double ef, double ep, double nf, double np) {
  const double n = ef + nf + ep + np;
  return div(ef, n) - div((ef + ep) * (ef + nf), n * n);
}

inline double tarwid(double ef, double ep, double nf, double np) {
  const double observed = (ef + nf + ep + np) * ef;
  const double expected = (ef + ep) * (ef + nf);
  return div(observed - expected, observed + expected);
}

inline double dennis(double ef, double ep, double nf, double np) {
  return div(determinant(ef, ep, nf, np), std::sqrt((ef + nf + ep + np) * (ef + ep) * (ef + nf)));
}

inline double michael(double ef, double ep, double nf, double np) {
  return div(4 * determinant(ef, ep, nf, np), (ef + np) * (ef + np) + (ep + nf) * (ep + nf));
}

// The rule of succession: unlike precision it prefers 10 of 10 to 1 of 1.
inline double laplace(double ef, double ep, double, double) { return (ef + 1) / (ef + ep + 2); }

// Mutual information in bits. Its four terms cancel where failing is independent of executing.
inline double information_gain(double ef, double ep, double nf, double np) {
  const double n = ef + nf + ep + np;
  const auto term = [n](double cell, double row, double column) {
    return cell == 0 ? 0 : cell / n * std::log2(n * cell / (row * column));
  };
  const double sum = term(ef, ef + ep, ef + nf) + term(ep, ef + ep, ep + np) +
                     term(nf, nf + np, ef + nf) + term(np, nf + np, ep + np);
  return std::max(sum, 0.0);
}

}  // namespace culprit::equations
