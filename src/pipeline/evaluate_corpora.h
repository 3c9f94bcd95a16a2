// `culprit eval`: rankings of faulty versions with known faults, measured.
#pragma once

#include <string>
#include <vector>

#include "culprit/error.h"
#include "pipeline/run_set.h"
#include "score/evaluate.h"

namespace culprit {

struct CorpusFigures {
  Evaluation evaluation;
  std::size_t versions = 0;  // that were measured
  // Versions without a failing run, a passing run, or an instrumented faulty line.
  std::size_t skipped = 0;
  std::vector<Error> problems;
};

// Measures every folder with a ground_truth.json below each of `corpora` (folders or archives).
// `formulas` by name; each formula is measured under all three roll-ups, "ochiai" being its max of
// lines, "ochiai vote" and "ochiai max+vote" the others. The program of a version is the folder its
// own folder lies in.
[[nodiscard]] Result<CorpusFigures> evaluate_corpora(const std::vector<std::string>& corpora,
                                                     const std::vector<std::string>& formulas,
                                                     unsigned jobs, const Progress& progress = {});

// What is measured when no formula is named.
[[nodiscard]] std::vector<std::string> default_formulas();

}  // namespace culprit
