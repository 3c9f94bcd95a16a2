// The latency an endpoint is expected to keep, from its own history.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace culprit {

struct LatencyBaseline {
  double median_ms = 0;
  double threshold_ms = 0;
};

// What a baseline is made of.
enum class LatencySamples {
  kKnownGood,  // others than those that it judges
  kJudged,     // those themselves, slow ones included
};

// The threshold is the greatest of median + 3 * 1.4826 * MAD, 1.5 * median + 50 ms, and
//   of known good samples   the 99th percentile, by nearest rank;
//   of judged ones          e^(m + 3 * 1.4826 * MAD) with the median m and the MAD of the logs.
//                           One in a hundred is above their 99th percentile whether or not they
//                           are slow, and of fewer none is.
// nullopt below `min_samples`.
[[nodiscard]] std::optional<LatencyBaseline> latency_baseline(
    std::span<const double> latencies_ms, std::size_t min_samples,
    LatencySamples samples = LatencySamples::kKnownGood);

// Weight of a latency: 0 up to the threshold, then z / (1 + z) with z = (latency - median) /
// (threshold - median), so 0.5 just above the threshold and 1 in the limit.
[[nodiscard]] double latency_weight(double latency_ms, const LatencyBaseline& baseline);

}  // namespace culprit
