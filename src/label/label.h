// Requests -> outcomes of runs.
//
// Rules, in order; the first that speaks decides: [[outcomes]] of the policy, its rules about
// bodies, the explicit verdict of the tool, the status (no response, timeout, 5xx, gRPC other than
// OK; 4xx only where the endpoint seldom gives it or its contract does not declare it), latency
// against the endpoint's own baseline. Latency never decides alone: it gives a weight in [0.5, 1).
//
// Of several attempts of one request the last counts. A request that failed was tried again when a
// later one of its run has the same method and URL, and either the same trace or the place right
// behind it.
//
// A run fails with the probability that at least one of its requests did. A run of many requests,
// a window of time, weighs the share of them that failed less the share that usually does.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "culprit/outcome.h"
#include "culprit/request.h"
#include "label/routes.h"
#include "model/policy.h"
#include "model/window.h"

namespace culprit {

// A run as far as labelling is concerned. `stated` is what the coverage input itself said (test
// matrices do).
struct RunFacts {
  std::string name;
  Outcome stated;
  std::optional<TimeSpan> time = {};  // when its coverage was taken, where that was noted
};

// What one (method, endpoint) did over all runs; a row of `culprit label`.
struct EndpointSummary {
  std::string method;
  std::string endpoint;
  std::size_t requests = 0;
  std::size_t failed = 0;   // by any hard rule
  std::size_t slow = 0;     // by the latency rule
  std::size_t warm_up = 0;  // that do not count because the system was warming up
  std::optional<double> median_ms;
  // Latency above it is suspicious; nullopt: too few samples, no SLO.
  std::optional<double> threshold_ms;
  // Reason -> how often it decided, most frequent first.
  std::vector<std::pair<std::string, std::size_t>> rules;
};

struct Labels {
  std::vector<Outcome> runs;               // as `runs` was ordered
  std::vector<Outcome> requests;           // as `requests` was ordered
  std::vector<EndpointSummary> endpoints;  // by endpoint, then method
};

// `requests[i].run` names a run of `runs`; requests of other runs count for the baselines only.
// Where latency is all that can be wrong, requests are compared with others of their route.
[[nodiscard]] Labels label(std::span<const RunFacts> runs, std::span<const Request> requests,
                           const LabelPolicy& policy, const Routes& routes = {});

}  // namespace culprit
