// How alike are the set of failing runs and the set of runs that execute the element?
// Measures of taxonomy and ecology, brought to spectra by Abreu et al. 2006 and Naish et al. 2011.
#pragma once

#include <algorithm>
#include <cmath>

#include "spectra/notation.h"

namespace culprit::equations {

inline double ochiai(double ef, double ep, double nf, double) {
  return div(ef, std::sqrt((ef + nf) * (ef + ep)));
}

inline double ochiai2(double ef, double ep, double nf, double np) {
  return div(ef * np, std::sqrt((ef + ep) * (nf + np) * (ef + nf) * (ep + np)));
}

// Without passing runs ep/(ep+np) is 0: whatever a failing run executes scores 1.
inline double tarantula(double ef, double ep, double nf, double np) {
  const double failing = div(ef, ef + nf);
  return div(failing, failing + div(ep, ep + np));
}

inline double jaccard(double ef, double ep, double nf, double) { return div(ef, ef + nf + ep); }

inline double sorensen_dice(double ef, double ep, double nf, double) {
  return div(2 * ef, 2 * ef + nf + ep);
}

inline double dice(double ef, double ep, double nf, double) { return div(2 * ef, ef + nf + ep); }

inline double anderberg(double ef, double ep, double nf, double) {
  return div(ef, ef + 2 * (nf + ep));
}

inline double simple_matching(double ef, double ep, double nf, double np) {
  return div(ef + np, ef + nf + ep + np);
}

inline double sokal(double ef, double ep, double nf, double np) {
  return div(2 * (ef + np), 2 * (ef + np) + nf + ep);
}

inline double rogers_tanimoto(double ef, double ep, double nf, double np) {
  return div(ef + np, ef + np + 2 * (nf + ep));
}

inline double hamming(double ef, double, double, double np) { return ef + np; }

inline double hamann(double ef, double ep, double nf, double np) {
  return div(ef + np - nf - ep, ef + nf + ep + np);
}

inline double euclid(double ef, double, double, double np) { return std::sqrt(ef + np); }

inline double russell_rao(double ef, double ep, double nf, double np) {
  return div(ef, ef + nf + ep + np);
}

inline double kulczynski1(double ef, double ep, double nf, double) { return div(ef, nf + ep); }

inline double kulczynski2(double ef, double ep, double nf, double) {
  return (div(ef, ef + nf) + div(ef, ef + ep)) / 2;
}

inline double mcconnaughey(double ef, double ep, double nf, double) {
  return div(ef * ef - nf * ep, (ef + nf) * (ef + ep));
}

inline double m1(double ef, double ep, double nf, double np) { return div(ef + np, nf + ep); }

inline double m2(double ef, double ep, double nf, double np) {
  return div(ef, ef + np + 2 * (nf + ep));
}

inline double goodman(double ef, double ep, double nf, double) {
  return div(2 * ef - nf - ep, 2 * ef + nf + ep);
}

// +inf as soon as nf or ep is 0: of use only for comparing with other tools.
inline double overlap(double ef, double ep, double nf, double) {
  return div(ef, std::min({ef, nf, ep}));
}

// The absolute value makes what only passing runs execute as suspicious as its opposite.
inline double ample(double ef, double ep, double nf, double np) {
  return std::abs(div(ef, ef + nf) - div(ep, ep + np));
}

inline double ample2(double ef, double ep, double nf, double np) {
  return div(ef, ef + nf) - div(ep, ep + np);
}

inline double zoltar(double ef, double ep, double nf, double) {
  return div(ef, ef + nf + ep + div(10000 * nf * ep, ef));
}

inline double recall(double ef, double, double nf, double) { return div(ef, ef + nf); }

// The smaller and the greater of precision and recall.
inline double braun_banquet(double ef, double ep, double nf, double) {
  return div(ef, ef + std::max(nf, ep));
}

inline double confidence(double ef, double ep, double nf, double) {
  return div(ef, ef + std::min(nf, ep));
}

inline double mountford(double ef, double ep, double nf, double) {
  return div(ef, 0.5 * ef * (ep + nf) + ep * nf);
}

// Of little use without the mask: where either margin is empty it is +inf, ef = 0 or not.
inline double fossum(double ef, double ep, double nf, double np) {
  return div((ef + nf + ep + np) * (ef - 0.5) * (ef - 0.5), (ef + ep) * (ef + nf));
}

inline double gower(double ef, double ep, double nf, double np) {
  return div(ef + np, std::sqrt((ef + nf) * (ef + ep) * (nf + np) * (ep + np)));
}

inline double baroni_urbani_buser(double ef, double ep, double nf, double np) {
  const double alike = std::sqrt(ef * np) + ef;
  return div(alike, alike + ep + nf);
}

}  // namespace culprit::equations
