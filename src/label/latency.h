// The latency an endpoint is expected to keep, from its own history.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace culprit {

struct LatencyBaseline {
  double median_ms = 0;
  double threshold_ms = 0;  // max(median + 3 * 1.4826 * MAD, 99th percentile, 1.5 * median + 50 ms)
};

// nullopt below `min_samples`. The 99th percentile is by nearest rank.
[[nodiscard]] std::optional<LatencyBaseline> latency_baseline(std::span<const double> latencies_ms,
                                                              std::size_t min_samples);

// Weight of a latency: 0 up to the threshold, then z / (1 + z) with z = (latency - median) /
// (threshold - median), so 0.5 just above the threshold and 1 in the limit.
[[nodiscard]] double latency_weight(double latency_ms, const LatencyBaseline& baseline);

}  // namespace culprit
