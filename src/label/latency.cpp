#include "label/latency.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace culprit {

namespace {

constexpr double kMadToSigma = 1.4826;  // MAD of a normal distribution x this = its sigma
constexpr std::size_t kTailPercent = 99;

double median_of_sorted(const std::vector<double>& values) {
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

struct Spread {
  double median = 0;
  double outlier = 0;  // three robust standard deviations above it
};

// Sorts `values`.
Spread spread_of(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  const double median = median_of_sorted(values);
  std::vector<double> distances;
  for (const double value : values) distances.push_back(std::abs(value - median));
  std::sort(distances.begin(), distances.end());
  return {median, median + 3 * kMadToSigma * median_of_sorted(distances)};
}

// Healthy times are spread like their logs: some are a multiple of most.
double log_outlier(std::span<const double> latencies_ms) {
  constexpr double kOffsetMs = 0.05;  // keeps the log of very short times calm
  std::vector<double> logs;
  for (const double latency : latencies_ms)
    logs.push_back(std::log(std::max(latency, 0.0) + kOffsetMs));
  return std::exp(spread_of(logs).outlier) - kOffsetMs;
}

}  // namespace

std::optional<LatencyBaseline> latency_baseline(std::span<const double> latencies_ms,
                                                std::size_t min_samples, LatencySamples samples) {
  if (latencies_ms.empty() || latencies_ms.size() < min_samples) return std::nullopt;
  std::vector<double> values(latencies_ms.begin(), latencies_ms.end());
  const Spread spread = spread_of(values);
  const std::size_t rank = (values.size() * kTailPercent + 99) / 100;
  const double tail =
      samples == LatencySamples::kKnownGood ? values[rank - 1] : log_outlier(latencies_ms);
  return LatencyBaseline{spread.median, std::max({spread.outlier, tail, 1.5 * spread.median + 50})};
}

double latency_weight(double latency_ms, const LatencyBaseline& baseline) {
  if (!(latency_ms > baseline.threshold_ms)) return 0;
  const double scale = baseline.threshold_ms - baseline.median_ms;
  // A median at or above the threshold (a strict SLO) leaves no scale: anything above is as
  // suspicious as can be without being certain.
  const double z = scale > 0 ? (latency_ms - baseline.median_ms) / scale : HUGE_VAL;
  constexpr double kBelowOne = 1 - 0x1p-53;
  return std::isfinite(z) ? std::min(z / (1 + z), kBelowOne) : kBelowOne;
}

}  // namespace culprit
