#include "label/request_rules.h"

#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace culprit {

namespace {

Decision decided(Outcome outcome, RuleKind kind) {
  std::string rule = outcome.reason;
  return {std::move(outcome), kind, std::move(rule)};
}

// With the tool's own words where it has some; they are not part of the rule's name.
Decision failed(std::string rule, const std::string& error, RuleKind kind) {
  std::string reason = rule;
  if (!error.empty() && error != rule) reason += ": " + one_line(error);
  return {Outcome::failed(std::move(reason)), kind, std::move(rule)};
}

std::string grpc_name(int status) {
  constexpr std::array<std::string_view, 17> kNames = {"OK",
                                                       "CANCELLED",
                                                       "UNKNOWN",
                                                       "INVALID_ARGUMENT",
                                                       "DEADLINE_EXCEEDED",
                                                       "NOT_FOUND",
                                                       "ALREADY_EXISTS",
                                                       "PERMISSION_DENIED",
                                                       "RESOURCE_EXHAUSTED",
                                                       "FAILED_PRECONDITION",
                                                       "ABORTED",
                                                       "OUT_OF_RANGE",
                                                       "UNIMPLEMENTED",
                                                       "INTERNAL",
                                                       "UNAVAILABLE",
                                                       "DATA_LOSS",
                                                       "UNAUTHENTICATED"};
  const auto index = static_cast<std::size_t>(status);
  return "gRPC status " +
         (index < kNames.size() ? std::string(kNames[index]) : std::to_string(status));
}

Decision decide_client_error(const Request& request, const EndpointHistory& history,
                             const LabelPolicy& policy) {
  const std::string name = "status " + std::to_string(*request.status);
  if (!policy.use_client_errors) return decided(Outcome::passed(name), RuleKind::kStatus);
  if (history.undeclared.contains(*request.status)) {
    return failed(name + ", which the OpenAPI file does not declare", request.error,
                  RuleKind::kStatus);
  }
  const auto seldom = history.seldom_client_error(policy);
  if (!seldom) {
    return decided(Outcome::passed(name + ", too few requests to call it unusual"),
                   RuleKind::kStatus);
  }
  if (!*seldom) {
    return decided(Outcome::passed(name + ", usual for this endpoint"), RuleKind::kStatus);
  }
  return failed(name + ", which this endpoint seldom gives", request.error, RuleKind::kStatus);
}

Decision decide_status(const Request& request, const EndpointHistory& history,
                       const LabelPolicy& policy) {
  // Before the status: some clients write a timeout as 408, which a 4xx rule would let pass.
  if (says_timeout(request.error)) return failed("timeout", "", RuleKind::kStatus);
  if (request.grpc_status && *request.grpc_status != 0) {
    return failed(grpc_name(*request.grpc_status), request.error, RuleKind::kStatus);
  }
  if (!request.status) {
    if (request.grpc_status) return decided(Outcome::passed("gRPC status OK"), RuleKind::kStatus);
    if (request.error.empty()) return {};
    return failed("error without a response", request.error, RuleKind::kStatus);
  }
  const int status = *request.status;
  if (status == 0) return failed("no response", request.error, RuleKind::kStatus);
  const std::string name = "status " + std::to_string(status);
  if (status >= 500) return failed(name, request.error, RuleKind::kStatus);
  if (status >= 400) return decide_client_error(request, history, policy);
  return decided(Outcome::passed(name), RuleKind::kStatus);
}

std::string milliseconds(double value) {
  // Whole numbers from 10 on: a tenth of a millisecond says nothing there.
  const double shown = value >= 10 ? std::round(value) : std::round(value * 100) / 100;
  std::string text = std::to_string(shown);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + " ms";
}

}  // namespace

bool says_timeout(const std::string& error) {
  const std::string text = lower(error);
  for (const char* word : {"timeout", "timed out", "timed_out", "deadline exceeded"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

std::optional<bool> EndpointHistory::seldom_client_error(const LabelPolicy& policy) const {
  if (with_status == 0 || with_status < policy.baseline_samples) return std::nullopt;
  const double share = static_cast<double>(client_errors) / static_cast<double>(with_status);
  return share <= policy.rare_client_error_share;
}

std::optional<std::size_t> matching_rule(std::string_view run, std::optional<std::int64_t> time_ns,
                                         const LabelPolicy& policy) {
  for (std::size_t i = 0; i < policy.outcomes.size(); ++i) {
    const OutcomeRule& rule = policy.outcomes[i];
    if (!matches_glob(run, rule.run)) continue;
    if ((rule.from_ns || rule.to_ns) && !time_ns) continue;
    if (rule.from_ns && *time_ns < *rule.from_ns) continue;
    if (rule.to_ns && *time_ns > *rule.to_ns) continue;
    return i;
  }
  return std::nullopt;
}

Outcome outcome_of_rule(std::size_t index, const LabelPolicy& policy) {
  const Verdict verdict = policy.outcomes[index].verdict;
  return {verdict, verdict == Verdict::kFailed ? 1.0 : 0.0,
          "culprit.toml [[outcomes]] " + std::to_string(index + 1)};
}

Decision decide_hard(const Request& request, const EndpointHistory& history,
                     const LabelPolicy& policy) {
  if (const auto rule = matching_rule(request.run, request.time_ns, policy)) {
    return decided(outcome_of_rule(*rule, policy), RuleKind::kOutcomes);
  }
  return decide_by_itself(request, history, policy);
}

Decision decide_by_itself(const Request& request, const EndpointHistory& history,
                          const LabelPolicy& policy) {
  if (request.failing_body && *request.failing_body < policy.fail_when.size()) {
    return failed(policy.fail_when[*request.failing_body].text, request.error, RuleKind::kBody);
  }
  if (policy.use_verdict && request.verdict != Verdict::kUnknown) {
    if (request.verdict == Verdict::kFailed) {
      return failed("verdict failed", request.error, RuleKind::kVerdict);
    }
    return decided(Outcome::passed("verdict passed"), RuleKind::kVerdict);
  }
  return policy.use_status ? decide_status(request, history, policy) : Decision{};
}

Decision decide_latency(const Request& request, Decision hard, const EndpointHistory& history,
                        const LabelPolicy& policy, bool ask_passed) {
  const bool passed = hard.outcome.verdict == Verdict::kPassed;
  const bool open = hard.kind == RuleKind::kNone || (hard.kind == RuleKind::kStatus && passed) ||
                    (ask_passed && hard.kind == RuleKind::kVerdict && passed);
  if (!policy.use_latency || !open || !request.latency_ms || !history.baseline) return hard;

  const double weight = latency_weight(*request.latency_ms, *history.baseline);
  const std::string numbers = "latency " + milliseconds(*request.latency_ms) + ", threshold " +
                              milliseconds(history.baseline->threshold_ms);
  if (weight > 0) {
    return {{Verdict::kFailed, weight, numbers}, RuleKind::kLatency, "latency above threshold"};
  }
  if (hard.kind != RuleKind::kNone) return hard;
  return {Outcome::passed(numbers), RuleKind::kLatency, "latency within threshold"};
}

}  // namespace culprit
