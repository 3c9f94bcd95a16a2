// The catalogue of suspiciousness formulas: pure functions of (ef, ep, nf, np).
//
// Edge policy, applied to every division of every formula: 0/x = 0 for all x, a/0 = +inf for a > 0
// and -inf for a < 0. No formula yields NaN. Where published tools disagree, and where the
// equations come from: spectra/README.md.
#pragma once

#include <span>
#include <string_view>

#include "culprit/counts.h"
#include "culprit/error.h"

namespace culprit {

struct Formula {
  std::string_view name;        // lower case, as --formula takes it: "ochiai"
  std::string_view title;       // as the literature writes it: "Ochiai"
  std::string_view aliases;     // blank-separated further names --formula takes
  std::string_view expression;  // for people: "ef / sqrt((ef+nf) (ef+ep))"
  std::string_view source;      // who defined it, where
  // A high value means "failing runs execute it": elements with ef = 0 are then ranked last,
  // whatever their value. `value` itself is not masked.
  bool one_sided;
  double (*value)(const Counts& counts);
  // values[i] = value(counts[i]); both spans have the same length.
  void (*values)(std::span<const Counts> counts, std::span<double> values);
};

// All formulas, sorted by name.
[[nodiscard]] std::span<const Formula> formulas();

// By name or alias, ignoring case. The error suggests the nearest name.
[[nodiscard]] Result<const Formula*> find_formula(std::string_view name);

}  // namespace culprit
