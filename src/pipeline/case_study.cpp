#include "pipeline/case_study.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/text.h"
#include "pipeline/age_prior.h"
#include "pipeline/ambiguity.h"
#include "pipeline/answer.h"
#include "pipeline/build_pass.h"
#include "pipeline/case_choice.h"
#include "pipeline/case_comparison.h"
#include "pipeline/change_prior.h"
#include "pipeline/error_places.h"
#include "pipeline/explaining_away.h"
#include "pipeline/fault_level.h"
#include "pipeline/line_heat.h"
#include "pipeline/query_policy.h"
#include "pipeline/run_context.h"
#include "pipeline/run_report.h"
#include "pipeline/run_symptoms.h"
#include "pipeline/trace_join.h"
#include "readers/openapi.h"
#include "readers/registry.h"
#include "score/diagnose.h"
#include "score/fuse.h"
#include "score/service_graph.h"
#include "score/service_suspicion.h"

namespace culprit {

namespace {

constexpr std::size_t kShownErrors = 3;
// Clusters that get a ranking of their own, the largest ones.
constexpr std::size_t kRankedClusters = 50;
// Rows that an answer works with, whatever is shown, and rows of a round.
constexpr std::size_t kLeastRows = 20;
constexpr std::size_t kRoundRows = 5;
// Rows of a cluster's ranking that a view of the whole report gets.
constexpr std::size_t kDetailedRows = 100;

std::size_t cluster_rows(std::size_t top, bool details) {
  return details && top != 0 ? std::max(top, kDetailedRows) : top;
}

std::string in_words(const ServiceEvent& event) {
  return std::string(name_of(event.event)) + " in " + event.operation;
}

void describe_services(const std::vector<ServiceSuspicion>& suspicions, const Spectrum& spectrum,
                       Report& report) {
  std::set<std::string> covered;
  for (const std::string& service : spectrum.services()) covered.insert(service_key(service));
  for (const ServiceSuspicion& row : suspicions) {
    ServiceRecord record;
    record.service = row.service;
    record.suspicion = row.suspicion;
    record.covered = covered.contains(service_key(row.service));
    if (!row.events.empty()) {
      record.strongest = in_words(row.events.front());
      record.counts = row.events.front().counts;
    }
    report.suspects.push_back(std::move(record));
  }
  if (!report.suspects.empty()) {
    const ServiceRecord& first = report.suspects.front();
    if (!first.covered && first.suspicion > 0) {
      report.notes.push_back("the traces blame " + first.service + " most" +
                             (first.strongest.empty() ? "" : " (" + first.strongest + ")") +
                             ", and no run has coverage of it");
    }
  }
}

// Of archives inside a folder only their members are known, and when they were written is not.
std::optional<std::filesystem::file_time_type> last_written(const FileTree& tree) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_regular_file(tree.root(), error)) {
    const fs::file_time_type written = fs::last_write_time(tree.root(), error);
    return error ? std::nullopt : std::optional(written);
  }
  std::optional<fs::file_time_type> newest;
  for (const FileTree::Entry& entry : tree.entries()) {
    if (entry.on_disk.empty()) return std::nullopt;
    const fs::file_time_type written = fs::last_write_time(entry.on_disk, error);
    if (error) return std::nullopt;
    newest = newest ? std::max(*newest, written) : written;
  }
  return newest;
}

// Whether the first suspect is no better than none. A service that nothing speaks against has no
// line, and is not asked.
bool by_chance(const Answer& answer) {
  const std::vector<Ranked>& rows = answer.ranking.rows;
  if (rows.empty() || rows.front().line.file.empty()) return false;
  const Ranked& first = rows.front();
  return !beats_chance(first.raised.value_or(first.counts), answer.method.posterior);
}

// What goes beyond the ranking of `answer`, which is then cut to `top` rows.
void look_beyond(const Facts& facts, const Method& method, std::span<const Outcome> compared,
                 std::span<const RunSymptom> symptoms, bool diagnosing, Answer& answer,
                 Report& report) {
  if (!answer.undecided.empty()) return;
  const Spectrum& spectrum = facts.set.spectrum;
  report.diagnosability = diagnosability_of(answer.evidence, answer.ranking, symptoms);
  const auto rank_again = [&](std::span<const Outcome> rest) {
    Answer again = answer_for(facts, report, rest, method, kRoundRows);
    if (by_chance(again)) again.ranking.rows.clear();
    add_suspicions(again.suspicions, again.ranking);
    return std::move(again.ranking);
  };
  ExplainedAway away = explain_away(spectrum, answer.ranking, {compared.begin(), compared.end()},
                                    facts.policy.rounds, rank_again);
  report.rounds = std::move(away.rounds);
  if (!away.end.empty()) report.notes.push_back(std::move(away.end));
  if (diagnosing) report.diagnosis = diagnose(answer.evidence);
  std::vector<Ranked>& rows = answer.ranking.rows;
  if (facts.policy.top != 0 && rows.size() > facts.policy.top) rows.resize(facts.policy.top);
}

// From the root to the span where a failing run of each cluster first failed, of the first run that
// has one.
void trace_clusters(const Facts& facts, std::vector<FailureCluster>& clusters) {
  std::map<std::string_view, std::size_t> run_at;
  for (std::size_t i = 0; i < facts.set.runs.size(); ++i) run_at[facts.set.runs[i].name] = i;
  for (FailureCluster& cluster : clusters) {
    for (const std::string& run : cluster.runs) {
      const auto at = run_at.find(run);
      if (at == run_at.end()) continue;
      for (const std::size_t trace : facts.traces_of_run[at->second]) {
        const TraceTree& tree = facts.trees[trace];
        const auto first = first_failing_span(tree, cluster.signature.kind);
        if (first) cluster.trace = way_to(tree, *first);
        if (!cluster.trace.empty()) break;
      }
      if (!cluster.trace.empty()) break;
    }
  }
}

// A ranking for each cluster: where failing runs differ, one of all may mix several faults. With
// `heat`, how hot lines are for each is added to it.
void rank_clusters(const Facts& facts, const Method& method, const Answer& of_all, Report& report,
                   ClusterHeats* heat) {
  const std::size_t ranked = std::min(kRankedClusters, report.clusters.size());
  for (std::size_t i = 0; i < report.clusters.size(); ++i) {
    FailureCluster& cluster = report.clusters[i];
    if (report.clusters.size() == 1 && report.case_name.empty()) {
      cluster.ranking = of_all.ranking;
      cluster.undecided = of_all.undecided;
    } else if (i < ranked) {
      std::vector<Outcome> compared = facts.labels.runs;
      keep_cluster(cluster, facts.set, compared);
      Answer answer = answer_for(facts, report, compared, method, facts.cluster_rows);
      cluster.ranking = std::move(answer.ranking);
      add_suspicions(answer.suspicions, cluster.ranking);
      cluster.undecided = std::move(answer.undecided);
      if (heat != nullptr && cluster.undecided.empty()) {
        heat->add(i, line_heat(answer.evidence, answer.method));
      }
    } else {
      cluster.undecided = "only the " + std::to_string(ranked) + " largest clusters are ranked";
    }
  }
}

}  // namespace

void add_suspicions(const std::vector<ServiceSuspicion>& suspicions, Ranking& ranking) {
  std::map<std::string, double> suspicion_of;
  for (const ServiceSuspicion& row : suspicions) {
    suspicion_of[service_key(row.service)] = row.suspicion;
  }
  for (Ranked& row : ranking.rows) {
    const auto at = suspicion_of.find(service_key(row.code.service));
    if (at != suspicion_of.end()) row.service_suspicion = at->second;
  }
}

Result<CaseStudy> investigate(const Query& query, bool branches) {
  const Result<FileTree> tree = FileTree::open(query.runs);
  if (!tree) return fail(tree.error());
  std::error_code ignored;
  if (!query.source.empty() && !std::filesystem::is_directory(query.source, ignored)) {
    return fail(error_in(query.source, "is no folder with source code"));
  }
  Result<Policy> policy = policy_of(query, *tree);
  if (!policy) return fail(policy.error());
  policy->branches = branches;
  if (query.diagnose && policy->level == Level::kService) {
    return fail(error_in("--diagnose", "finds functions, and `level` service ranks services",
                         "leave one of them out"));
  }
  if (!query.openapi.empty()) {
    const Result<std::string> bytes = read_file(query.openapi);
    if (!bytes) return fail(bytes.error());
    Result<ApiContract> contract = read_openapi({query.openapi, *bytes});
    if (!contract) return fail(contract.error());
    policy->label.contract = std::move(*contract);
  }

  std::vector<FileTree> build;
  for (const std::string& path : query.build) {
    Result<FileTree> folder = open_build(path);
    if (!folder) return fail(folder.error());
    build.push_back(std::move(*folder));
  }

  const Result<std::optional<Changes>> changes =
      changes_of(query.source, query.base, query.diff, policy->commit);
  if (!changes) return fail(changes.error());

  CaseStudy study;
  Result<Method> method = method_of(*policy);
  if (!method) return fail(method.error());

  study.run_set =
      std::make_unique<RunSet>(read_run_set(*tree, "", *policy, query.jobs, build, query.progress));
  RunSet& set = *study.run_set;
  Report& report = study.report;
  report.runs_path = query.runs;
  report.inputs = set.inputs;
  report.problems = folded(set.problems);
  std::size_t matrices = 0;
  for (const InputRecord& input : set.inputs) {
    const Reader* const reader = find_reader(input.format);
    if (reader != nullptr && reader->kind == InputKind::kMatrix) matrices += input.files;
  }
  if (matrices > 1) {
    return fail(error_in(query.runs, "holds " + std::to_string(matrices) + " matrices",
                         "rank one of them, or measure all of them with `culprit eval`"));
  }
  if (set.spectrum.lines().empty() && set.requests.empty() &&
      (set.runs.empty() || set.spans.empty())) {
    Error error = error_in(query.runs, "no usable run: no file holds coverage or results",
                           "`culprit list formats` shows what is read, and where it is expected");
    for (const InputRecord& input : report.inputs) {
      error.what += "\n  " + plural(input.files, "file") + ": " +
                    (input.format.empty() ? input.title : input.format + " was read");
    }
    for (const Error& problem : report.problems) error.what += "\n  " + to_string(problem);
    return fail(error);
  }

  std::vector<bool> changed;
  if (*changes) {
    changed = changed_lines(set.spectrum, **changes);
    std::vector<double> shifts = change_shifts(changed, policy->change_share);
    const bool says_something = !shifts.empty();
    if (says_something) method->priors.push_back({"change", std::move(shifts)});
    if (!says_something && policy->change_share != 0) {
      const bool all = std::find(changed.begin(), changed.end(), true) != changed.end();
      report.notes.push_back("the change since " + (*changes)->name +
                             (all ? " touches every line of this coverage: it tells none apart"
                                  : " touches no line of this coverage: it says nothing"));
    }
  }

  study.labels = labels_of(set, policy->label);
  const Labels& labels = study.labels;
  for (const EndpointSummary& e : labels.endpoints) {
    report.endpoints.push_back({e.method, e.endpoint, e.requests, e.failed, e.slow, e.warm_up,
                                e.median_ms, e.threshold_ms, e.rules});
  }
  study.trees = trace_trees(set.spans);
  study.join = join_traces(study.trees, set.requests, set.run_of_trace, policy->trace.skew_ms);
  const TraceJoin& join = study.join;
  const std::vector<TraceTree>& trees = study.trees;
  const std::vector<RunSymptom> symptoms = run_symptoms(set, labels, join, trees);
  report.clusters = cluster_failures(symptoms);
  report.endpoint_runs = runs_by_endpoint(symptoms);
  std::vector<Outcome> compared = labels.runs;
  if (!query.case_name.empty()) {
    Result<std::string> chosen = choose_case(query.case_name, report.clusters, set, compared);
    if (!chosen) return fail(chosen.error());
    report.case_name = *chosen;
  } else if (!policy->label.use_consequences) {
    std::string note = leave_out_consequences(set, labels, compared);
    if (!note.empty()) report.notes.push_back(std::move(note));
  }
  describe_runs(set, labels.runs, compared, report);
  report.traces = join.traces;
  if (policy->suspicion != SuspicionMethod::kBayesFactor && policy->level != Level::kService) {
    report.notes.push_back(
        "`suspicion` says how services are ranked: nothing changes without "
        "`level` service");
  }
  for (ServiceCall& call : service_calls(trees)) {
    report.calls.push_back(
        {std::move(call.caller), std::move(call.callee), call.calls, call.errors});
  }
  if (!query.case_name.empty()) report.comparison = compare_case(set, compared, symptoms);

  const Facts facts{set,
                    *policy,
                    labels,
                    join,
                    trees,
                    EventTable(trees, failed_traces(set, labels, join, labels.runs)),
                    traces_of_runs(set, join, trees),
                    cluster_rows(policy->top, query.details)};
  constexpr std::size_t kRowsToBlame = 100;
  if (policy->age_weight > 0) {
    const Answer first = answer_for(facts, report, compared, *method, kRowsToBlame);
    std::vector<double> ages =
        age_shifts(query, *policy, set.spectrum, first.ranking, report.notes);
    if (!ages.empty()) method->priors.push_back({"age", std::move(ages)});
  }
  Answer answer = answer_for(facts, report, compared, *method,
                             policy->top == 0 ? 0 : std::max(policy->top, kLeastRows));
  look_beyond(facts, *method, compared, symptoms, query.diagnose, answer, report);
  report.undecided = answer.undecided;
  report.ranking = answer.ranking;
  std::optional<ClusterHeats> heat;
  const bool differ = report.clusters.size() > 1 || !report.case_name.empty();
  if (query.details && differ && answer.undecided.empty()) {
    heat.emplace(line_heat(answer.evidence, answer.method));
  }
  rank_clusters(facts, *method, answer, report, heat ? &*heat : nullptr);
  if (heat) {
    study.cluster_heat_left_out = heat->left_out();
    study.cluster_heat = heat->take();
  }
  if (*changes) {
    mark_changed(set.spectrum, changed, report.ranking);
    for (FailureCluster& cluster : report.clusters) {
      mark_changed(set.spectrum, changed, cluster.ranking);
    }
    study.changed = std::move(changed);
  }
  trace_clusters(facts, report.clusters);
  find_levels({set, symptoms, trees, facts.traces_of_run}, report);
  if (report.failed + report.passed == 0) {
    report.notes.emplace_back(
        "no run has an outcome: put a results file beside the runs ({\"run\": ..., \"verdict\": "
        "\"failed\"} a line, or JUnit XML), or [[outcomes]] into a culprit.toml");
  }
  note_lost_requests(set, report);
  if (auto note = in_words(join, policy->trace.skew_ms); !note.empty()) {
    report.notes.push_back(std::move(note));
  }
  const std::vector<ErrorPlace> errors = error_places(trees, answer.failed);
  for (std::size_t i = 0; i < std::min(kShownErrors, errors.size()); ++i) {
    report.notes.push_back(in_words(errors[i]));
  }
  note_gaps(set, policy->label.outcomes, report);
  describe_services(answer.suspicions, set.spectrum, report);
  add_suspicions(answer.suspicions, report.ranking);
  study.evidence.emplace(std::move(answer.evidence));
  study.method = std::move(answer.method);
  study.path_map = policy->path_map;
  study.gate = policy->gate;
  study.top = policy->top;
  study.parse_source = policy->parse_source;
  study.blame = policy->blame;
  study.commit = policy->commit;
  if (!query.source.empty()) study.recorded = last_written(*tree);
  study.suspicions = std::move(answer.suspicions);
  return study;
}

}  // namespace culprit
