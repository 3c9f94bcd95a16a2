#include "pipeline/case_choice.h"

#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "label/consequences.h"
#include "score/clusters.h"

namespace culprit {

namespace {

// Sets every failing run but `name` aside. A run is meant by its name, or by a trace of its
// requests.
Result<std::string> point_at(const std::string& name, const RunSet& set,
                             std::vector<Outcome>& outcomes) {
  std::string run = name;
  for (const Request& request : set.requests) {
    if (!request.trace.empty() && equal_ignoring_case(request.trace, name)) run = request.run;
  }
  std::optional<std::size_t> found;
  std::vector<std::string_view> failing;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (set.runs[i].name == run) found = i;
    if (outcomes[i].verdict == Verdict::kFailed) failing.push_back(set.runs[i].name);
  }
  const auto one_of_these = [&]() -> std::string {
    if (failing.empty()) return "no run failed; `culprit label` shows why each one passed";
    const auto near = nearest(name, failing);
    return "a failing run is `" + std::string(near ? *near : failing.front()) +
           "`; `culprit label` lists them all";
  };
  if (!found) {
    return fail(error_in("--case", "there is no run `" + printable(name) + "`", one_of_these()));
  }
  const Outcome& outcome = outcomes[*found];
  if (outcome.verdict != Verdict::kFailed) {
    const std::string state = outcome.verdict == Verdict::kPassed ? "passed" : "has no outcome";
    const std::string reason = outcome.reason.empty() ? "" : " (" + outcome.reason + ")";
    return fail(
        error_in("--case", "run `" + printable(run) + "` " + state + reason, one_of_these()));
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (i != *found && outcomes[i].verdict == Verdict::kFailed) {
      outcomes[i].verdict = Verdict::kUnknown;
    }
  }
  return run;
}

// Keeps the failing runs of the cluster that `name` means, by its fingerprint or the beginning of
// one; nullopt: it is no fingerprint. The error tells of none or several that begin so.
std::optional<Result<std::string>> point_at_cluster(const std::string& name,
                                                    std::span<const FailureCluster> clusters,
                                                    const RunSet& set,
                                                    std::vector<Outcome>& outcomes) {
  if (!name.starts_with(kClusterVersion)) return std::nullopt;
  const FailureCluster* found = nullptr;
  for (const FailureCluster& cluster : clusters) {
    if (!cluster.fingerprint.starts_with(name)) continue;
    if (found != nullptr) {
      return fail(error_in("--case", "several clusters begin with `" + printable(name) + "`",
                           "give more of the fingerprint, such as " + found->fingerprint));
    }
    found = &cluster;
  }
  if (found == nullptr) {
    return fail(error_in(
        "--case", "no failing run is of the cluster `" + printable(name) + "`",
        clusters.empty() ? "no run failed" : "the largest is " + clusters.front().fingerprint));
  }
  keep_cluster(*found, set, outcomes);
  return found->fingerprint;
}

}  // namespace

Result<std::string> choose_case(const std::string& name, std::span<const FailureCluster> clusters,
                                const RunSet& set, std::vector<Outcome>& outcomes) {
  const auto cluster = point_at_cluster(name, clusters, set, outcomes);
  return cluster ? *cluster : point_at(name, set, outcomes);
}

void keep_cluster(const FailureCluster& cluster, const RunSet& set,
                  std::vector<Outcome>& outcomes) {
  const std::set<std::string_view> kept(cluster.runs.begin(), cluster.runs.end());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].verdict == Verdict::kFailed && !kept.contains(set.runs[i].name)) {
      outcomes[i].verdict = Verdict::kUnknown;
    }
  }
}

std::string leave_out_consequences(const RunSet& set, const Labels& labels,
                                   std::vector<Outcome>& outcomes) {
  std::map<std::string_view, std::size_t> compared;  // failing runs, by name
  for (std::uint32_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].verdict != Verdict::kFailed || !has_coverage(set.spectrum, {i})) continue;
    compared.emplace(set.runs[i].name, i);
  }
  // Where a run that is not compared failed, its consequences are all there is of it.
  std::vector<Outcome> requests = labels.requests;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const bool failed = requests[i].verdict == Verdict::kFailed;
    if (failed && !compared.contains(set.requests[i].run)) requests[i] = {};
  }
  const auto causes = causes_of_failures(set.requests, requests, set.routes);
  // By run, the cause of a failing request; nothing where one follows from none.
  std::map<std::string_view, std::optional<std::size_t>> causes_of_runs;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (requests[i].verdict != Verdict::kFailed) continue;
    const auto [at, added] = causes_of_runs.try_emplace(set.requests[i].run, causes[i]);
    if (!causes[i]) at->second.reset();
  }
  std::erase_if(causes_of_runs, [](const auto& run) { return !run.second; });
  // Where most failures seem to follow from a few, what they share is hardly one order or the like.
  if (causes_of_runs.empty() || 2 * causes_of_runs.size() > compared.size()) return "";
  for (const auto& [run, cause] : causes_of_runs) {
    outcomes[compared.at(run)].verdict = Verdict::kUnknown;
  }
  const auto& [run, cause] = *causes_of_runs.begin();
  return "not compared: " + plural(causes_of_runs.size(), "failing run") +
         " that may follow from another at the same resource (" +
         printable(std::string(run) + " after " + set.requests[*cause].run) +
         "); --use-consequences yes compares them";
}

Labels of_compared_runs(Labels labels, const RunSet& set, std::span<const Outcome> compared) {
  std::set<std::string_view> set_aside;
  for (std::size_t i = 0; i < compared.size(); ++i) {
    if (compared[i].verdict != labels.runs[i].verdict) set_aside.insert(set.runs[i].name);
    labels.runs[i] = compared[i];
  }
  for (std::size_t i = 0; i < set.requests.size(); ++i) {
    if (set_aside.contains(set.requests[i].run)) labels.requests[i].verdict = Verdict::kUnknown;
  }
  return labels;
}

}  // namespace culprit
