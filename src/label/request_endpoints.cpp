#include "label/request_endpoints.h"

#include <algorithm>
#include <cmath>

#include "label/endpoint.h"

namespace culprit {

EndpointKey key_of(const Request& request) {
  return {request.endpoint.empty() ? endpoint_template(request.url) : request.endpoint,
          request.method};
}

EndpointKey key_of(const Request& request, const Routes& routes) {
  if (!request.endpoint.empty() || request.url.empty()) return key_of(request);
  std::string name = routes.endpoint(request.method, request.url);
  const std::size_t prefix = request.method.empty() ? 0 : request.method.size() + 1;
  return {name.substr(std::min(prefix, name.size())), request.method};
}

std::string shown(const EndpointKey& key) {
  if (key.first.empty() || key.second.empty()) return key.first + key.second;
  return key.second + ' ' + key.first;
}

std::optional<LatencyBaseline> baseline_of(const Endpoint& endpoint,
                                           std::span<const Request> requests,
                                           std::span<const Decision> hard,
                                           const LabelPolicy& policy, bool ask_passed,
                                           bool latency_alone) {
  std::vector<double> called_good;
  std::vector<double> not_failed;
  for (const std::size_t i : endpoint.requests) {
    const auto latency = requests[i].latency_ms;
    const bool counts = hard[i].kind != RuleKind::kWarmUp && !hard[i].hard_failure();
    if (!latency || !std::isfinite(*latency) || !counts) continue;
    not_failed.push_back(*latency);
    const bool by_word =
        hard[i].kind == RuleKind::kOutcomes || (hard[i].kind == RuleKind::kVerdict && !ask_passed);
    if (by_word && hard[i].outcome.verdict == Verdict::kPassed) called_good.push_back(*latency);
  }
  auto measured = latency_baseline(called_good, policy.baseline_samples);
  if (!measured) {
    measured =
        latency_baseline(not_failed, policy.baseline_samples,
                         latency_alone ? LatencySamples::kJudged : LatencySamples::kKnownGood);
  }
  if (!policy.slo_ms) return measured;
  // The median only scales the weight; at or above the objective it cannot.
  const bool usable = measured && measured->median_ms < *policy.slo_ms;
  return LatencyBaseline{usable ? measured->median_ms : *policy.slo_ms / 2, *policy.slo_ms};
}

}  // namespace culprit
