// Which endpoint a request is of, and how long an endpoint's requests take.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "culprit/request.h"
#include "label/latency.h"
#include "label/request_rules.h"
#include "label/routes.h"
#include "model/policy.h"

namespace culprit {

using EndpointKey = std::pair<std::string, std::string>;  // endpoint, method

struct Endpoint {
  EndpointHistory history;
  std::vector<std::size_t> requests;  // positions
  std::size_t index = 0;
};

[[nodiscard]] EndpointKey key_of(const Request& request);
// By the route that traces show.
[[nodiscard]] EndpointKey key_of(const Request& request, const Routes& routes);
// "GET /orders/{}"
[[nodiscard]] std::string shown(const EndpointKey& key);

// A latency baseline should not contain the fault. Where a rule calls enough requests good, or the
// tool those that are not asked for their latency, these alone make it; else all that did not fail
// outright. `hard`: of each request, by rules other than latency.
[[nodiscard]] std::optional<LatencyBaseline> baseline_of(const Endpoint& endpoint,
                                                         std::span<const Request> requests,
                                                         std::span<const Decision> hard,
                                                         const LabelPolicy& policy, bool ask_passed,
                                                         bool latency_alone);

}  // namespace culprit
