#include "score/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

namespace culprit {

namespace {

constexpr std::array kEdges = {0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.99, 1.0};
constexpr std::size_t kEnough = 10;  // elements, to say that a bin does not fit

std::size_t bin_of(double share) {
  const auto above = std::upper_bound(kEdges.begin(), kEdges.end(), share);
  const auto bin = static_cast<std::size_t>(above - kEdges.begin());
  return std::clamp<std::size_t>(bin, 1, kEdges.size() - 1) - 1;
}

// Wilson's interval of a share of k in n.
std::pair<double, double> wilson(double k, double n) {
  constexpr double kZ = 1.959963984540054;
  const double p = k / n, z2 = kZ * kZ / n;
  const double middle = (p + z2 / 2) / (1 + z2);
  const double half = kZ * std::sqrt(p * (1 - p) / n + z2 / (4 * n)) / (1 + z2);
  return {middle - half, middle + half};
}

}  // namespace

Calibration calibration(std::string formula, std::span<const std::vector<Forecast>> versions) {
  Calibration result;
  result.formula = std::move(formula);
  result.versions = versions.size();
  if (versions.empty()) return result;
  std::array<ReliabilityBin, kEdges.size() - 1> bins{};
  for (const std::vector<Forecast>& forecasts : versions) {
    const auto faulty = static_cast<double>(std::count_if(
        forecasts.begin(), forecasts.end(), [](const Forecast& f) { return f.at_fault; }));
    const double equal = 1 / std::max<double>(1, static_cast<double>(forecasts.size()));
    for (const Forecast& forecast : forecasts) {
      ReliabilityBin& bin = bins[bin_of(forecast.share)];
      ++bin.n;
      bin.mean_share += forecast.share;
      bin.at_fault += forecast.at_fault ? 1 : 0;
      const double truth = forecast.at_fault ? 1 / faulty : 0;
      result.brier += (forecast.share - truth) * (forecast.share - truth);
      result.brier_of_equal_shares += (equal - truth) * (equal - truth);
    }
  }
  result.brier /= static_cast<double>(versions.size());
  result.brier_of_equal_shares /= static_cast<double>(versions.size());
  result.calibrated = true;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    ReliabilityBin& bin = bins[i];
    if (bin.n == 0) continue;
    const auto n = static_cast<double>(bin.n);
    bin.low = kEdges[i];
    bin.high = kEdges[i + 1];
    std::tie(bin.least, bin.most) = wilson(bin.at_fault, n);
    bin.mean_share /= n;
    bin.at_fault /= n;
    if (bin.n >= kEnough && !bin.fits()) result.calibrated = false;
    result.bins.push_back(bin);
  }
  return result;
}

}  // namespace culprit
