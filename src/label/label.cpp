#include "label/label.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "label/attempts.h"
#include "label/endpoint.h"
#include "label/latency.h"
#include "label/request_endpoints.h"
#include "label/request_rules.h"
#include "label/window_shares.h"

namespace culprit {

namespace {

std::string percent(double share) {
  const double tenths = std::round(share * 1000);
  std::string text = std::to_string(static_cast<int>(tenths) / 10);
  if (tenths < 100 && static_cast<int>(tenths) % 10 != 0) {
    text += '.' + std::to_string(static_cast<int>(tenths) % 10);
  }
  return text + '%';
}

// Requests whose count is asked for: `12 requests`.
std::string counted(double requests) {
  return std::to_string(static_cast<std::uint64_t>(requests)) + " requests";
}

Decision left_out_as_warm_up() {
  const std::string rule = "warm-up, does not count";
  return {{Verdict::kUnknown, 0, rule}, RuleKind::kWarmUp, rule};
}

class Labelling {
 public:
  Labelling(std::span<const RunFacts> runs, std::span<const Request> requests,
            const LabelPolicy& policy, const Routes& routes)
      : requests_(requests), policy_(policy) {
    find_endpoints([](const Request& request) { return key_of(request); });
    find_warm_up();
    decide();
    decide_latencies(runs, routes);
  }

  // Of runs whose requests are these, in any order.
  [[nodiscard]] std::vector<Outcome> run_outcomes(
      std::span<const RunFacts> runs, std::vector<std::vector<std::size_t>> requests_of) const {
    std::vector<Outcome> outcomes(runs.size());
    std::vector<RequestWindow> windows;
    std::vector<std::size_t> window_runs;
    for (std::size_t run = 0; run < runs.size(); ++run) {
      std::vector<std::size_t>& order = requests_of[run];
      sort_by_time(order, requests_);
      const auto stated = stated_outcome(runs[run], order);
      const bool many = is_window(order);
      if (policy_.use_retries) order = last_attempts(order, many, requests_, decisions_);
      if (stated) outcomes[run] = *stated;
      const bool calm = stated && stated->verdict == Verdict::kPassed;
      if (many && (calm || !stated)) {
        windows.push_back(window_of(order, calm));
        window_runs.push_back(run);
      } else if (!stated) {
        outcomes[run] = combined(order);
      }
    }
    const std::vector<FailingShare> shares = failing_shares(windows, endpoints_.size());
    for (std::size_t i = 0; i < windows.size(); ++i) {
      if (windows[i].calm) continue;
      outcomes[window_runs[i]] = window_outcome(requests_of[window_runs[i]], shares[i]);
    }
    return outcomes;
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
      std::map<std::string, std::size_t> rules;
      for (const std::size_t i : endpoint.requests) {
        const Decision& decision = decisions_[i];
        const std::size_t times = requests_[i].count;
        summary.requests += times;
        rules[decision.rule] += times;
        if (warm_up_[i]) summary.warm_up += times;
        if (decision.hard_failure()) summary.failed += times;
        if (decision.kind == RuleKind::kLatency && decision.outcome.weight > 0) {
          summary.slow += times;
        }
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
  template <class KeyOf>
  void find_endpoints(KeyOf&& key_of_request) {
    endpoints_.clear();
    places_.clear();
    places_.reserve(requests_.size());
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const auto found = endpoints_.try_emplace(key_of_request(requests_[i])).first;
      places_.push_back(found);
      found->second.requests.push_back(i);
    }
    std::size_t index = 0;
    for (auto& [key, endpoint] : endpoints_) endpoint.index = index++;
  }

  void find_warm_up() {
    warm_up_.resize(requests_.size());
    if (policy_.warm_up_requests != 0) {
      for (const auto& [key, endpoint] : endpoints_) {
        std::vector<std::size_t> order = endpoint.requests;
        sort_by_time(order, requests_);
        order.resize(std::min(order.size(), policy_.warm_up_requests));
        for (const std::size_t i : order) warm_up_[i] = true;
      }
    }
    if (policy_.warm_up_seconds <= 0) return;
    std::optional<std::int64_t> first;
    for (const Request& request : requests_) {
      if (request.time_ns && (!first || *request.time_ns < *first)) first = request.time_ns;
    }
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const auto time = requests_[i].time_ns;
      warm_up_[i] = time && static_cast<double>(*time - *first) < policy_.warm_up_seconds * 1e9;
    }
  }

  void decide() {
    decisions_.resize(requests_.size());
    for (auto& [key, endpoint] : endpoints_) {
      read_statuses(key, endpoint);
      for (const std::size_t i : endpoint.requests) {
        decisions_[i] = warm_up_[i] ? left_out_as_warm_up()
                                    : decide_hard(requests_[i], endpoint.history, policy_);
      }
    }
  }

  // Where nothing fails, being slow is all that can be wrong: then those that the tool called
  // passed, which speaks of the answer, are asked how long they took, as where an objective is
  // given.
  void decide_latencies(std::span<const RunFacts> runs, const Routes& routes) {
    const auto failed = [&](const RunFacts& run) {
      const auto time = run.time ? std::optional(run.time->from_ns) : std::nullopt;
      const auto rule = matching_rule(run.name, time, policy_);
      return (rule ? policy_.outcomes[*rule].verdict : run.stated.verdict) == Verdict::kFailed;
    };
    const bool alone = std::none_of(decisions_.begin(), decisions_.end(),
                                    [](const Decision& d) { return d.hard_failure(); }) &&
                       std::none_of(runs.begin(), runs.end(), failed);
    asks_passed_ = alone || policy_.slo_ms;
    if (alone && !routes.empty()) {
      find_endpoints([&](const Request& request) { return key_of(request, routes); });
      for (auto& [key, endpoint] : endpoints_) read_statuses(key, endpoint);
    }
    for (auto& [key, endpoint] : endpoints_) {
      endpoint.history.baseline =
          baseline_of(endpoint, requests_, decisions_, policy_, asks_passed_, alone);
      for (const std::size_t i : endpoint.requests) {
        decisions_[i] = decide_latency(requests_[i], std::move(decisions_[i]), endpoint.history,
                                       policy_, asks_passed_);
      }
    }
  }

  // What the endpoint usually answers, and what it may.
  void read_statuses(const EndpointKey& key, Endpoint& endpoint) const {
    EndpointHistory& history = endpoint.history;
    EndpointHistory good;
    for (const std::size_t i : endpoint.requests) {
      const Request& request = requests_[i];
      if (!request.status || warm_up_[i]) continue;
      const bool client_error = *request.status >= 400 && *request.status < 500;
      const auto note = [&](EndpointHistory& of) {
        of.with_status += request.count;
        of.client_errors += client_error ? request.count : 0;
      };
      note(history);
      const auto rule = matching_rule(request.run, request.time_ns, policy_);
      if (rule && policy_.outcomes[*rule].verdict == Verdict::kPassed) note(good);
      if (!client_error || policy_.contract.operations() == 0) continue;
      const auto declared = policy_.contract.declares(
          key.second, request.url.empty() ? key.first : endpoint_template(request.url),
          *request.status);
      if (declared == false) history.undeclared.insert(*request.status);
    }
    if (good.with_status < std::max<std::size_t>(policy_.baseline_samples, 1)) return;
    history.with_status = good.with_status;
    history.client_errors = good.client_errors;
  }

  // A test that ran often is no window of requests.
  [[nodiscard]] bool is_window(const std::vector<std::size_t>& order) const {
    std::size_t requests = 0;
    for (const std::size_t i : order) {
      const Request& r = requests_[i];
      if (!r.url.empty() || !r.method.empty() || r.status) requests += r.count;
    }
    return policy_.window_requests != 0 && requests >= policy_.window_requests;
  }

  // What a rule or the coverage input says of the run as a whole.
  [[nodiscard]] std::optional<Outcome> stated_outcome(const RunFacts& run,
                                                      const std::vector<std::size_t>& order) const {
    // A window speaks of requests, a rule without one of the run, unless a window came before it.
    const bool by_window = std::any_of(order.begin(), order.end(), [&](std::size_t i) {
      const auto rule = matching_rule(run.name, requests_[i].time_ns, policy_);
      return rule && (policy_.outcomes[*rule].from_ns || policy_.outcomes[*rule].to_ns);
    });
    if (by_window) return std::nullopt;
    // Nor is there a request to ask for the time of a run that only its log tells of.
    const auto time = order.empty() && run.time ? std::optional(run.time->from_ns) : std::nullopt;
    if (const auto rule = matching_rule(run.name, time, policy_)) {
      return outcome_of_rule(*rule, policy_);
    }
    if (run.stated.verdict != Verdict::kUnknown) return run.stated;
    return std::nullopt;
  }

  // In a calm window, which [[outcomes]] may call passed as a whole, each request speaks for
  // itself.
  [[nodiscard]] RequestWindow window_of(const std::vector<std::size_t>& attempts, bool calm) const {
    RequestWindow window{{}, calm};
    for (const std::size_t i : attempts) {
      const Endpoint& endpoint = places_[i]->second;
      const bool anew = calm && decisions_[i].kind == RuleKind::kOutcomes;
      const Outcome outcome =
          anew ? decide_latency(requests_[i],
                                decide_by_itself(requests_[i], endpoint.history, policy_),
                                endpoint.history, policy_, asks_passed_)
                     .outcome
               : decisions_[i].outcome;
      if (outcome.verdict == Verdict::kUnknown) continue;
      window.requests.push_back(
          {endpoint.index, outcome.weight, static_cast<double>(requests_[i].count)});
    }
    return window;
  }

  [[nodiscard]] Outcome window_outcome(const std::vector<std::size_t>& attempts,
                                       const FailingShare& share) const {
    if (share.requests == 0) return without_word(attempts);
    if (share.failing == 0) return Outcome::passed("all " + counted(share.requests) + " passed");
    std::string reason = percent(share.failing) + " of " + counted(share.requests) + " failed, ";
    const double weight = share.excess();
    if (weight == 0) return Outcome::passed(reason + "no more than usual");
    reason += percent(share.usual) + " is usual";
    std::map<std::string, double> causes;
    for (const std::size_t i : attempts) {
      if (decisions_[i].outcome.verdict != Verdict::kFailed) continue;
      causes[shown(places_[i]->first) + ": " + decisions_[i].rule] +=
          static_cast<double>(requests_[i].count);
    }
    const auto most =
        std::max_element(causes.begin(), causes.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != causes.end()) reason += "; most: " + most->first;
    return {Verdict::kFailed, weight, std::move(reason)};
  }

  [[nodiscard]] static Outcome without_word(const std::vector<std::size_t>& attempts) {
    return {Verdict::kUnknown, 0,
            attempts.empty() ? "no request and no rule tells its outcome"
                             : "no rule speaks of its requests"};
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
      known += requests_[i].count;
      all_good *= 1 - outcome.weight;
      if (outcome.verdict == Verdict::kFailed) failing += requests_[i].count;
      if (!strongest || outcome.weight > decisions_[*strongest].outcome.weight) strongest = i;
    }
    if (known == 0) return without_word(attempts);
    if (failing == 0 && known > 1) {
      return Outcome::passed("all " + std::to_string(known) + " requests passed");
    }
    const std::string where = shown(places_[*strongest]->first);
    std::string reason = decisions_[*strongest].outcome.reason;
    if (!where.empty()) reason = where + ": " + reason;
    if (failing == 0) return Outcome::passed(std::move(reason));
    if (failing > 1) reason += " (and " + std::to_string(failing - 1) + " more that failed)";
    return {Verdict::kFailed, 1 - all_good, std::move(reason)};
  }

  std::span<const Request> requests_;
  const LabelPolicy& policy_;
  using Endpoints = std::map<EndpointKey, Endpoint>;
  Endpoints endpoints_;
  // Of each request:
  std::vector<Endpoints::const_iterator> places_;
  std::vector<bool> warm_up_;
  std::vector<Decision> decisions_;
  bool asks_passed_ = false;  // for their latency
};

}  // namespace

Labels label(std::span<const RunFacts> runs, std::span<const Request> requests,
             const LabelPolicy& policy, const Routes& routes) {
  const Labelling labelling(runs, requests, policy, routes);
  std::unordered_map<std::string_view, std::size_t> index_of;
  for (std::size_t i = 0; i < runs.size(); ++i) index_of.emplace(runs[i].name, i);
  std::vector<std::vector<std::size_t>> requests_of(runs.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto run = index_of.find(requests[i].run);
    if (run != index_of.end() && !requests[i].run.empty()) requests_of[run->second].push_back(i);
  }
  Labels labels;
  labels.runs = labelling.run_outcomes(runs, std::move(requests_of));
  labels.requests = labelling.request_outcomes();
  labels.endpoints = labelling.summaries();
  return labels;
}

}  // namespace culprit
