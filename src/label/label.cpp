#include "label/label.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "label/endpoint.h"
#include "label/latency.h"
#include "label/request_rules.h"

namespace culprit {

namespace {

using EndpointKey = std::pair<std::string, std::string>;  // endpoint, method

struct Endpoint {
  EndpointHistory history;
  std::vector<std::size_t> requests;
};

EndpointKey key_of(const Request& request) {
  return {request.endpoint.empty() ? endpoint_template(request.url) : request.endpoint,
          request.method};
}

std::string shown(const EndpointKey& key) {
  if (key.first.empty() || key.second.empty()) return key.first + key.second;
  return key.second + ' ' + key.first;
}

// A latency baseline should not contain the fault. Where a rule or the tool calls enough requests
// good, those alone make it; else all that did not fail outright.
std::optional<LatencyBaseline> baseline_of(const Endpoint& endpoint,
                                           std::span<const Request> requests,
                                           std::span<const Decision> hard,
                                           const LabelPolicy& policy) {
  std::vector<double> called_good;
  std::vector<double> not_failed;
  for (const std::size_t i : endpoint.requests) {
    const auto latency = requests[i].latency_ms;
    if (!latency || !std::isfinite(*latency) || hard[i].hard_failure()) continue;
    not_failed.push_back(*latency);
    const bool by_word = hard[i].kind == RuleKind::kOutcomes || hard[i].kind == RuleKind::kVerdict;
    if (by_word && hard[i].outcome.verdict == Verdict::kPassed) called_good.push_back(*latency);
  }
  auto measured = latency_baseline(called_good, policy.baseline_samples);
  if (!measured) measured = latency_baseline(not_failed, policy.baseline_samples);
  if (!policy.slo_ms) return measured;
  // The median only scales the weight; at or above the objective it cannot.
  const bool usable = measured && measured->median_ms < *policy.slo_ms;
  return LatencyBaseline{usable ? measured->median_ms : *policy.slo_ms / 2, *policy.slo_ms};
}

// The requests of a run in the order they were sent, where all tell their time; else as given.
void sort_by_time(std::vector<std::size_t>& order, std::span<const Request> requests) {
  const bool timed = std::all_of(order.begin(), order.end(),
                                 [&](std::size_t i) { return requests[i].time_ns.has_value(); });
  if (!timed) return;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return *requests[a].time_ns < *requests[b].time_ns;
  });
}

// A request that failed and is followed at once by the same request was retried: the next attempt
// speaks for it. Nothing in the formats marks a retry, so equal neighbours are all there is to go
// by. What the user's own rules call failed stays so.
std::vector<std::size_t> last_attempts(const std::vector<std::size_t>& order,
                                       std::span<const Request> requests,
                                       std::span<const Decision> decisions) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Request& request = requests[order[i]];
    const Decision& decision = decisions[order[i]];
    const bool retried = i + 1 < order.size() && !request.url.empty() && decision.hard_failure() &&
                         decision.kind != RuleKind::kOutcomes &&
                         requests[order[i + 1]].url == request.url &&
                         requests[order[i + 1]].method == request.method;
    if (!retried) kept.push_back(order[i]);
  }
  return kept;
}

class Labelling {
 public:
  Labelling(std::span<const Request> requests, const LabelPolicy& policy)
      : requests_(requests), policy_(policy) {
    find_endpoints();
    decide();
  }

  [[nodiscard]] Outcome run_outcome(const RunFacts& run, std::vector<std::size_t> order) const {
    // A window speaks of requests, a rule without one of the run, unless a window came before it.
    const bool by_window = std::any_of(order.begin(), order.end(), [&](std::size_t i) {
      const auto rule = matching_rule(run.name, requests_[i].time_ns, policy_);
      return rule && (policy_.outcomes[*rule].from_ns || policy_.outcomes[*rule].to_ns);
    });
    if (!by_window) {
      if (const auto rule = matching_rule(run.name, std::nullopt, policy_)) {
        return outcome_of_rule(*rule, policy_);
      }
      if (run.stated.verdict != Verdict::kUnknown) return run.stated;
    }
    sort_by_time(order, requests_);
    return combined(last_attempts(order, requests_, decisions_));
  }

  [[nodiscard]] std::vector<Outcome> request_outcomes() const {
    std::vector<Outcome> outcomes;
    outcomes.reserve(decisions_.size());
    for (const Decision& decision : decisions_) outcomes.push_back(decision.outcome);
    return outcomes;
  }

  [[nodiscard]] std::vector<EndpointSummary> summaries() const {
    std::vector<EndpointSummary> result;
    for (const auto& [key, endpoint] : endpoints_) {
      EndpointSummary summary;
      summary.method = key.second;
      summary.endpoint = key.first;
      summary.requests = endpoint.requests.size();
      std::map<std::string, std::size_t> rules;
      for (const std::size_t i : endpoint.requests) {
        const Decision& decision = decisions_[i];
        ++rules[decision.rule];
        if (decision.hard_failure()) ++summary.failed;
        if (decision.kind == RuleKind::kLatency && decision.outcome.weight > 0) ++summary.slow;
      }
      if (const auto& baseline = endpoint.history.baseline) {
        summary.median_ms = baseline->median_ms;
        summary.threshold_ms = baseline->threshold_ms;
      }
      summary.rules.assign(rules.begin(), rules.end());
      std::stable_sort(summary.rules.begin(), summary.rules.end(),
                       [](const auto& a, const auto& b) { return a.second > b.second; });
      result.push_back(std::move(summary));
    }
    return result;
  }

 private:
  void find_endpoints() {
    keys_.reserve(requests_.size());
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const auto found = endpoints_.try_emplace(key_of(requests_[i])).first;
      keys_.push_back(&found->first);
      Endpoint& endpoint = found->second;
      endpoint.requests.push_back(i);
      const auto status = requests_[i].status;
      if (!status) continue;
      ++endpoint.history.with_status;
      if (*status >= 400 && *status < 500) ++endpoint.history.client_errors;
    }
  }

  void decide() {
    decisions_.resize(requests_.size());
    for (auto& [key, endpoint] : endpoints_) {
      for (const std::size_t i : endpoint.requests) {
        decisions_[i] = decide_hard(requests_[i], endpoint.history, policy_);
      }
      endpoint.history.baseline = baseline_of(endpoint, requests_, decisions_, policy_);
      for (const std::size_t i : endpoint.requests) {
        decisions_[i] =
            decide_latency(requests_[i], std::move(decisions_[i]), endpoint.history, policy_);
      }
    }
  }

  // A run fails with the probability that at least one of its requests did.
  [[nodiscard]] Outcome combined(const std::vector<std::size_t>& attempts) const {
    double all_good = 1;
    std::size_t known = 0;
    std::size_t failing = 0;
    std::optional<std::size_t> strongest;
    for (const std::size_t i : attempts) {
      const Outcome& outcome = decisions_[i].outcome;
      if (outcome.verdict == Verdict::kUnknown) continue;
      ++known;
      all_good *= 1 - outcome.weight;
      if (outcome.verdict == Verdict::kFailed) ++failing;
      if (!strongest || outcome.weight > decisions_[*strongest].outcome.weight) strongest = i;
    }
    if (known == 0) {
      return {Verdict::kUnknown, 0,
              attempts.empty() ? "no request and no rule tells its outcome"
                               : "no rule speaks of its requests"};
    }
    if (failing == 0 && known > 1) {
      return Outcome::passed("all " + std::to_string(known) + " requests passed");
    }
    const std::string where = shown(*keys_[*strongest]);
    std::string reason = decisions_[*strongest].outcome.reason;
    if (!where.empty()) reason = where + ": " + reason;
    if (failing == 0) return Outcome::passed(std::move(reason));
    if (failing > 1) reason += " (and " + std::to_string(failing - 1) + " more that failed)";
    return {Verdict::kFailed, 1 - all_good, std::move(reason)};
  }

  std::span<const Request> requests_;
  const LabelPolicy& policy_;
  std::map<EndpointKey, Endpoint> endpoints_;
  std::vector<const EndpointKey*> keys_;  // of each request
  std::vector<Decision> decisions_;       // of each request
};

}  // namespace

Labels label(std::span<const RunFacts> runs, std::span<const Request> requests,
             const LabelPolicy& policy) {
  const Labelling labelling(requests, policy);
  std::unordered_map<std::string_view, std::vector<std::size_t>> requests_of;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!requests[i].run.empty()) requests_of[requests[i].run].push_back(i);
  }
  Labels labels;
  for (const RunFacts& run : runs) {
    const auto found = requests_of.find(run.name);
    labels.runs.push_back(labelling.run_outcome(
        run, found == requests_of.end() ? std::vector<std::size_t>() : found->second));
  }
  labels.requests = labelling.request_outcomes();
  labels.endpoints = labelling.summaries();
  return labels;
}

}  // namespace culprit
