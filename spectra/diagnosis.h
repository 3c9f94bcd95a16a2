// Measures made for debugging: statistical debugging, reasoning over a single fault, and formulas
// that are provably or by genetic search the best for one.
#pragma once

#include <cmath>

#include "spectra/notation.h"

namespace culprit::equations {

inline double sbi(double ef, double ep, double, double) { return div(ef, ef + ep); }

inline double cbi_increase(double ef, double ep, double nf, double np) {
  return div(ef, ef + ep) - div(ef + nf, ef + nf + ep + np);
}

// The harmonic mean of Increase and log ef / log F; with one failing run the latter is 1.
inline double cbi_importance(double ef, double ep, double nf, double np) {
  const double increase = cbi_increase(ef, ep, nf, np);
  if (ef <= 0 || increase <= 0) return 0;
  const double failing = ef + nf;
  const double share = failing > 1 ? std::log(ef) / std::log(failing) : 1;
  return share > 0 ? 2 / (1 / increase + 1 / share) : 0;
}

inline double minus(double ef, double ep, double nf, double np) {
  const double failing = div(ef, ef + nf);
  const double passing = div(ep, ep + np);
  return div(failing, failing + passing) - div(1 - failing, (1 - failing) + (1 - passing));
}

// The greatest likelihood of a single fault here: a passing run executed it unharmed with chance h,
// a failing one did not; h = ep/(ef+ep) is best. 0^0 = 1, so ef = 0 needs its own answer.
inline double barinel(double ef, double ep, double, double) {
  const double unharmed = div(ep, ef + ep);
  return ef > 0 ? std::pow(unharmed, ep) * std::pow(1 - unharmed, ef) : 0;
}

inline double wong1(double ef, double, double, double) { return ef; }

inline double wong2(double ef, double ep, double, double) { return ef - ep; }

// Each passing run beyond the second counts a tenth, each beyond the tenth a thousandth.
inline double wong3(double ef, double ep, double, double) {
  const double few = 2 + 0.1 * (ep - 2);
  const double many = 2.8 + 0.001 * (ep - 10);
  return ef - (ep <= 2 ? ep : ep <= 10 ? few : many);
}

inline double dstar2(double ef, double ep, double nf, double) { return div(ef * ef, nf + ep); }

inline double dstar3(double ef, double ep, double nf, double) { return div(ef * ef * ef, nf + ep); }

inline double drt(double ef, double ep, double nf, double np) {
  return div(ef, 1 + div(ep, ef + nf + ep + np));
}

inline double pair_scoring(double ef, double ep, double, double np) { return ef * (2 * np + ep); }

// Without failing runs every element fulfils "all failing runs execute it": 0 there, not 1.
inline double binary(double ef, double, double nf, double) { return nf > 0 || ef == 0 ? 0 : 1; }

inline double op1(double, double, double nf, double np) { return nf > 0 ? -1 : np; }

inline double op2(double ef, double ep, double, double np) { return ef - div(ep, ep + np + 1); }

inline double ideal(double ef, double ep, double nf, double) {
  return nf > 0 ? 0 : div(ef, ef + ep);
}

inline double hyperbolic(double ef, double ep, double nf, double) {
  const double value = 1 / (0.375 + div(nf, ef + nf)) + 0.711 / (0.768 + div(ep, ef + ep));
  return ef + ep > 0 && ef + nf > 0 ? value : 0;
}

inline double gp02(double ef, double ep, double, double np) {
  return 2 * (ef + std::sqrt(np)) + std::sqrt(ep);
}

inline double gp03(double ef, double ep, double, double) {
  return std::sqrt(std::abs(ef * ef - std::sqrt(ep)));
}

inline double gp13(double ef, double ep, double, double) {
  return ef > 0 ? ef * (1 + div(1, 2 * ep + ef)) : 0;
}

inline double gp19(double ef, double ep, double nf, double np) {
  return ef * std::sqrt(std::abs(ep - ef + nf - np));
}

}  // namespace culprit::equations
