#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>

#include "base/disk.h"
#include "base/file_tree.h"
#include "culprit/gate.h"
#include "gate/baseline.h"
#include "gate/judge.h"
#include "pipeline/case_study.h"
#include "pipeline/change_prior.h"
#include "pipeline/report_views.h"

namespace culprit {

namespace {

// The baseline's text; nullopt: there is none yet, and one is to be made.
Result<std::optional<std::string>> baseline_text(const GateQuery& gate) {
  std::error_code ignored;
  if (gate.baseline.empty()) return std::nullopt;
  if (std::filesystem::exists(gate.baseline, ignored)) {
    Result<std::string> text = read_file(gate.baseline);
    if (!text) return fail(text.error());
    return std::move(*text);
  }
  if (gate.update_baseline) return std::nullopt;
  return fail(error_in(gate.baseline, "there is no baseline",
                       "make one of runs whose failures are known: --update-baseline; or take "
                       "every failure for new: --ignore-baseline"));
}

// How often the clusters of `report` fail in the run set of reruns.
Result<void> count_confirmations(const GateQuery& gate, GateFacts& facts, const Report& report) {
  Query query = gate.query;
  query.runs = gate.confirm_dir;
  query.case_name.clear();
  const Result<CaseStudy> study = investigate(query);
  if (!study) return fail(study.error());
  std::map<std::string_view, std::size_t> runs;
  for (const EndpointRuns& row : study->report.endpoint_runs) runs[row.endpoint] = row.runs;
  for (const FailureCluster& cluster : report.clusters) {
    const auto asked = runs.find(cluster.signature.endpoint);
    if (asked == runs.end()) continue;
    FailRate& rate = facts.reruns[cluster.fingerprint];
    rate.runs = asked->second;
    for (const FailureCluster& again : study->report.clusters) {
      if (again.fingerprint == cluster.fingerprint) rate.fails = again.runs.size();
    }
  }
  return {};
}

// Rows of clusters' rankings that only views of the whole report show. They are out of the way
// while it is judged: a verdict must not depend on the format that it is written in.
class FurtherRows {
 public:
  FurtherRows(std::vector<FailureCluster>& clusters, std::size_t top) : clusters_(clusters) {
    for (FailureCluster& cluster : clusters) {
      std::vector<Ranked>& rows = cluster.ranking.rows;
      const std::size_t kept = top == 0 ? rows.size() : std::min(top, rows.size());
      const auto from = rows.begin() + static_cast<std::ptrdiff_t>(kept);
      rows_.emplace_back(std::make_move_iterator(from), std::make_move_iterator(rows.end()));
      rows.erase(from, rows.end());
    }
  }

  void put_back() {
    for (std::size_t i = 0; i < clusters_.size(); ++i) {
      std::vector<Ranked>& rows = clusters_[i].ranking.rows;
      rows.insert(rows.end(), std::make_move_iterator(rows_[i].begin()),
                  std::make_move_iterator(rows_[i].end()));
    }
  }

 private:
  std::vector<FailureCluster>& clusters_;
  std::vector<std::vector<Ranked>> rows_;
};

}  // namespace

Result<Report> check(const GateQuery& gate) {
  // What is quick to refuse comes before the runs are read.
  const Result<std::optional<std::string>> known = baseline_text(gate);
  if (!known) return fail(known.error());
  Baseline baseline;
  if (*known) {
    Result<Baseline> read = read_baseline({gate.baseline, **known});
    if (!read) return fail(read.error());
    baseline = std::move(*read);
  }
  const Result<std::optional<Changes>> changes =
      changes_of(gate.query.source, gate.base, gate.diff);
  if (!changes) return fail(changes.error());

  Result<CaseStudy> study = investigate(gate.query);
  if (!study) return fail(study.error());
  if (const auto viewed = add_views(gate.query, *study, Bodies::kRead); !viewed)
    return fail(viewed.error());
  Report& report = study->report;
  const GatePolicy& policy = study->gate;
  FurtherRows further(report.clusters, study->top);
  GateFacts facts{.changes = *changes ? &**changes : nullptr, .reruns = {}, .today = gate.today};
  if (*changes) blame_changed_code(**changes, report);
  if (!gate.confirm_dir.empty()) {
    if (auto counted = count_confirmations(gate, facts, report); !counted) {
      return fail(counted.error());
    }
  }
  if (gate.rerun && !gate.update_baseline) {
    for (const std::size_t at : rerun_candidates(report, baseline, policy, facts)) {
      const FailureCluster& cluster = report.clusters[at];
      const Result<Reruns> again = gate.rerun(cluster, policy.reruns, policy.rerun_fails);
      if (!again) return fail(again.error());
      FailRate& rate = facts.reruns[cluster.fingerprint];
      rate.fails += again->fails;
      rate.runs += again->runs;
    }
  }
  report.gate = judge(report, baseline, policy, facts);
  report.gate->baseline = gate.baseline;
  if (gate.update_baseline) {
    add_to_baseline(baseline, report, policy);
    if (auto written = update_file(gate.baseline, *known, to_text(baseline)); !written) {
      return fail(written.error());
    }
    report.gate->updated = true;
    report.gate->answer = GateVerdict::Answer::kPass;
  }
  further.put_back();
  return std::move(report);
}

}  // namespace culprit
