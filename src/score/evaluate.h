// Measuring rankings against known faults.
//
// Ties count as the expectation over random order: Top-N is the probability that a faulty element
// is among the first N, the rank that of the first faulty element.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace culprit {

struct Measure {
  std::array<double, 3> top{};  // Top-1, Top-3, Top-5; probabilities
  double rank = 0;              // expected, 1-based
  std::size_t of = 0;           // elements ranked
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
};

// Means over the trials of one suite and formula; percentages and ranks.
struct Score {
  std::string suite;  // a suite, "all" (every version counts the same), "programs" (every program)
  std::string formula;
  std::size_t n = 0;  // versions; programs for "programs"
  std::array<double, 3> line_top{};
  double line_mfr = 0;  // mean first rank
  std::array<double, 3> function_top{};
  double function_mfr = 0;
  double exam = 0;  // % of lines to read before the faulty one, the faulty one included
};

// Sorted by suite, then formula; the rows of "programs" last.
[[nodiscard]] std::vector<Score> tabulate(std::span<const Trial> trials);

}  // namespace culprit
