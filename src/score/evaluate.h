// Measuring rankings against known faults.
//
// Ties count as the expectation over random order: Top-N is the probability that a faulty element
// is among the first N, the rank that of the first faulty element.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "score/calibration.h"

namespace culprit {

struct Measure {
  std::array<double, 4> top{};  // Top-1, Top-3, Top-5, Top-10; probabilities
  double rank = 0;              // of the first faulty element: expected, 1-based
  double best_rank = 0;         // and where ties fall best and worst
  double worst_rank = 0;
  double mean_rank = 0;        // over all faulty elements, expected
  double reciprocal_rank = 0;  // expected 1 / rank of the first
  // Expected average precision: McSherry and Najork, Computing information retrieval performance
  // measures efficiently in the presence of tied scores, ECIR 2008.
  double average_precision = 0;
  std::size_t of = 0;  // elements ranked
};

// `faulty` are indices into `scores`; at least one.
[[nodiscard]] Measure measure(std::span<const double> scores,
                              std::span<const std::uint32_t> faulty);

// What one formula made of one faulty version.
struct Trial {
  std::string suite;
  std::string program;
  std::string formula;
  Measure line;
  Measure function;
  std::vector<Forecast> forecasts = {};  // of its functions, where the formula states shares
};

// What is told of a trial, and of the mean of many: one row each, read by the writers.
struct Figure {
  std::string_view name;  // "function_top1"
  int decimals;
  bool high_is_good;
  double (*of)(const Trial& trial);  // a share as a percentage
};
[[nodiscard]] std::span<const Figure> figures();
// Its place in figures(). The name must be one.
[[nodiscard]] std::size_t figure_index(std::string_view name);

// A mean with its 95 % interval, from kResamples bootstrap samples of the versions; where programs
// count the same, versions are drawn within each program.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};
inline constexpr std::size_t kResamples = 2000;

struct Score {
  std::string suite;  // a suite, "all" (every version counts the same), "programs" (every program)
  std::string formula;
  std::string against;  // empty: its own figures; else how much higher they are than this formula's
  std::size_t n = 0;    // versions; programs for "programs"
  std::vector<Estimate> figures;  // as figures() is ordered

  [[nodiscard]] const Estimate& figure(std::string_view name) const {
    return figures[figure_index(name)];
  }
};

// What `culprit eval` prints.
struct Evaluation {
  std::vector<Score> scores;  // and how much every formula differs from the first one named
  std::vector<Calibration> calibrations;  // of formulas that state shares
};

// Every formula must have been tried on the same versions, in the same order. Sorted by suite, then
// formula; the rows of "programs" last. Equal trials give equal intervals.
[[nodiscard]] std::vector<Score> tabulate(std::span<const Trial> trials);

// The paired difference of every formula to `reference`, in the same order.
[[nodiscard]] std::vector<Score> differences(std::span<const Trial> trials,
                                             std::string_view reference);

// Of every formula whose trials hold forecasts, in the order of the trials.
[[nodiscard]] std::vector<Calibration> calibrations(std::span<const Trial> trials);

}  // namespace culprit
