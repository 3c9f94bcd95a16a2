// What the equations are written in: the division of the edge policy, and the step from an equation
// to a row of the catalogue. Counts are not negative, so no denominator is.
#pragma once

#include <cstddef>
#include <span>

#include "culprit/counts.h"
#include "culprit/formula.h"

namespace culprit::equations {

// 0/x = 0 for all x, 0/0 included; a/0 = inf with the sign of a. Dividing first lets the compiler
// choose between two values it has instead of branching on every element.
[[nodiscard]] inline double div(double a, double b) {
  const double quotient = a / b;
  return a == 0 ? 0 : quotient;
}

using Equation = double (*)(double ef, double ep, double nf, double np);

template <Equation kEquation>
double value_of(const Counts& c) {
  return kEquation(c.ef, c.ep, c.nf, c.np);
}

template <Equation kEquation>
void values_of(std::span<const Counts> counts, std::span<double> values) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Counts& c = counts[i];
    values[i] = kEquation(c.ef, c.ep, c.nf, c.np);
  }
}

}  // namespace culprit::equations
