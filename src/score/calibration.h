// Whether shares of a posterior can be read as probabilities: of the functions given p, are about p
// at fault? (Reliability diagram, DeGroot and Fienberg 1983; Brier score, Brier 1950.)
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace culprit {

// What was said of one element of one faulty version, and what is true.
struct Forecast {
  double share = 0;
  bool at_fault = false;
};

struct ReliabilityBin {
  double low = 0, high = 0;  // shares in [low, high), the last bin with its end
  std::size_t n = 0;
  double mean_share = 0;
  double at_fault = 0;  // share of the n that are
  // 95 % interval of at_fault (Wilson 1927).
  double least = 0, most = 0;
  [[nodiscard]] bool fits() const { return mean_share >= least && mean_share <= most; }
};

struct Calibration {
  std::string formula;
  std::size_t versions = 0;
  std::vector<ReliabilityBin> bins;  // that are not empty
  // Mean over versions of the sum over elements of (share - truth)^2, where faulty elements share
  // the truth; and what equal shares for all elements would score.
  double brier = 0;
  double brier_of_equal_shares = 0;
  // Every bin with at least kEnough elements fits.
  bool calibrated = false;
};

// Each version's forecasts of all its elements.
[[nodiscard]] Calibration calibration(std::string formula,
                                      std::span<const std::vector<Forecast>> versions);

}  // namespace culprit
