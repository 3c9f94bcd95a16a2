// What the rules say of single requests: the part of labelling that knows nothing of runs.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "culprit/outcome.h"
#include "culprit/request.h"
#include "label/latency.h"
#include "model/policy.h"

namespace culprit {

enum class RuleKind { kNone, kWarmUp, kOutcomes, kBody, kVerdict, kStatus, kLatency };

// The outcome of one request, which kind of rule gave it, and the rule's name for counting: the
// reason without the numbers that differ from request to request.
struct Decision {
  Outcome outcome;
  RuleKind kind = RuleKind::kNone;
  std::string rule = "no rule applies";

  [[nodiscard]] bool hard_failure() const {
    return outcome.verdict == Verdict::kFailed && kind != RuleKind::kLatency;
  }
};

// The requests of one (method, endpoint), over all runs, or over those that [[outcomes]] call good
// where these are enough.
struct EndpointHistory {
  std::size_t with_status = 0;
  std::size_t client_errors = 0;  // 4xx
  std::set<int> undeclared;       // 4xx that the contract does not declare for this endpoint
  std::optional<LatencyBaseline> baseline;

  // Whether a 4xx of this endpoint is out of the ordinary; nullopt: too few requests to tell.
  [[nodiscard]] std::optional<bool> seldom_client_error(const LabelPolicy& policy) const;
};

// Whether a recorder's text of an error speaks of a timeout.
[[nodiscard]] bool says_timeout(const std::string& error);

// The first row of [[outcomes]] that is about this run and time, as an index; windows match only
// requests whose time is known.
[[nodiscard]] std::optional<std::size_t> matching_rule(std::string_view run,
                                                       std::optional<std::int64_t> time_ns,
                                                       const LabelPolicy& policy);
[[nodiscard]] Outcome outcome_of_rule(std::size_t index, const LabelPolicy& policy);

// [[outcomes]], the body, the tool's verdict, then the status.
[[nodiscard]] Decision decide_hard(const Request& request, const EndpointHistory& history,
                                   const LabelPolicy& policy);
// The same but for [[outcomes]]: what the request says for itself.
[[nodiscard]] Decision decide_by_itself(const Request& request, const EndpointHistory& history,
                                        const LabelPolicy& policy);

// The latency rule's word on a request that `hard` did not settle by an explicit word or a failure;
// else `hard` unchanged. With `ask_passed` that the tool called it passed settles nothing.
[[nodiscard]] Decision decide_latency(const Request& request, Decision hard,
                                      const EndpointHistory& history, const LabelPolicy& policy,
                                      bool ask_passed = false);

}  // namespace culprit
