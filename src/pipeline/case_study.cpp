#include "pipeline/case_study.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "culprit/formula.h"
#include "pipeline/build_pass.h"
#include "pipeline/case_comparison.h"
#include "pipeline/error_places.h"
#include "pipeline/run_symptoms.h"
#include "pipeline/trace_join.h"
#include "readers/openapi.h"
#include "readers/registry.h"
#include "score/executions.h"
#include "score/fuse.h"
#include "score/service_graph.h"
#include "score/service_suspicion.h"

namespace culprit {

namespace {

constexpr std::size_t kShownErrors = 3;

std::string counted(std::size_t n, std::string_view noun) {
  return std::to_string(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

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
  const std::set<std::string_view> kept(found->runs.begin(), found->runs.end());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].verdict == Verdict::kFailed && !kept.contains(set.runs[i].name)) {
      outcomes[i].verdict = Verdict::kUnknown;
    }
  }
  return found->fingerprint;
}

// The labels without those of runs that --case sets aside, and of their requests.
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

void describe_runs(const RunSet& set, std::span<const Outcome> labels,
                   std::span<const Outcome> compared, Report& report) {
  const Spectrum& spectrum = set.spectrum;
  std::vector<bool> reports_anywhere(spectrum.services().size());
  for (std::uint32_t service = 0; service < reports_anywhere.size(); ++service) {
    for (std::uint32_t run = 0; run < labels.size(); ++run) {
      if (spectrum.reported({run}, {service})) reports_anywhere[service] = true;
    }
  }
  for (std::uint32_t run = 0; run < labels.size(); ++run) {
    RunRecord record;
    record.name = set.runs[run].name;
    record.outcome = labels[run];
    for (std::uint32_t service = 0; service < reports_anywhere.size(); ++service) {
      if (spectrum.reported({run}, {service})) {
        ++record.reports;
      } else if (reports_anywhere[service]) {
        record.missing.push_back(spectrum.services()[service]);
      }
    }
    record.compared = compared[run].verdict != Verdict::kUnknown && record.reports > 0;
    const Verdict verdict = labels[run].verdict;
    ++(verdict == Verdict::kFailed   ? report.failed
       : verdict == Verdict::kPassed ? report.passed
                                     : report.unknown);
    report.runs.push_back(std::move(record));
  }
  report.lines = spectrum.lines().size();
  report.functions = spectrum.functions().size();
  report.files = spectrum.files().size();
  report.services = spectrum.services().size();
  report.excluded_files = set.excluded_files;
}

// A report that failing runs lack and passing runs have is evidence of its own.
void note_missing_reports(Report& report, const Spectrum& spectrum) {
  for (const std::string& service : spectrum.services()) {
    std::size_t failing = 0, failing_missing = 0, passing = 0, passing_missing = 0;
    std::string example;
    for (const RunRecord& run : report.runs) {
      if (!run.compared) continue;
      const bool missing =
          std::find(run.missing.begin(), run.missing.end(), service) != run.missing.end();
      if (run.outcome.verdict == Verdict::kFailed) {
        ++failing;
        failing_missing += missing ? 1 : 0;
        if (missing && example.empty()) example = run.name;
      } else {
        ++passing;
        passing_missing += missing ? 1 : 0;
      }
    }
    if (failing_missing * passing <= passing_missing * failing) continue;
    report.notes.push_back("no report of " + (service.empty() ? "the service" : service) + " in " +
                           std::to_string(failing_missing) + " of " +
                           counted(failing, "failing run") + " (such as " + example + "), in " +
                           std::to_string(passing_missing) + " of " +
                           counted(passing, "passing run"));
  }
}

// Runs that cannot take part, because they have a result only, or coverage only.
void note_halves(Report& report) {
  struct Half {
    std::size_t runs = 0;
    std::string example = {};
    void add(const RunRecord& run) {
      if (runs++ == 0) example = run.name;
    }
  };
  Half failed, passed, unknown;
  for (const RunRecord& run : report.runs) {
    if (run.outcome.verdict == Verdict::kUnknown) {
      if (run.reports != 0) unknown.add(run);
    } else if (run.reports == 0) {
      (run.outcome.verdict == Verdict::kFailed ? failed : passed).add(run);
    }
  }
  const auto note = [&](const Half& half, std::string_view kind, std::string_view lacks) {
    if (half.runs == 0) return;
    report.notes.push_back(counted(half.runs, kind) + " " + std::string(lacks) + ", such as " +
                           half.example);
  };
  note(failed, "failing run", "without coverage");
  note(passed, "passing run", "without coverage");
  if (report.failed + report.passed != 0) note(unknown, "run", "with coverage but no outcome");
}

// A rule that names no run is most likely misspelt.
void note_idle_rules(const RunSet& set, std::span<const OutcomeRule> rules, Report& report) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto named = [&](const RunFacts& run) { return matches_glob(run.name, rules[i].run); };
    if (std::any_of(set.runs.begin(), set.runs.end(), named)) continue;
    report.notes.push_back("[[outcomes]] " + std::to_string(i + 1) + ", run = \"" + rules[i].run +
                           "\", names no run");
  }
}

// Requests that came to no run; they count for what is usual of their endpoints only.
void note_lost_requests(const RunSet& set, Report& report) {
  const RequestJoin& join = set.join;
  if (join.lost() == 0 || set.runs.empty()) return;
  std::string why;
  const auto add = [&](std::size_t requests, std::string_view reason) {
    if (requests == 0) return;
    why += (why.empty() ? "" : ", ") + std::to_string(requests) + " " + std::string(reason);
  };
  add(join.in_no_window, "in no run's window");
  add(join.in_several_windows, "in several");
  add(join.without_time, "without a time");
  report.notes.push_back(
      std::to_string(join.lost()) + " of " + counted(join.requests, "request") +
      " name no run and could not be joined to one (" + why + ")" +
      (join.by_time != 0 ? "; " + std::to_string(join.by_time) + " were joined by time" : ""));
}

// Where requests fail in no run more than in others: how much they do.
std::string failing_alike(const Report& report) {
  std::size_t requests = 0;
  std::size_t failed = 0;
  const EndpointRecord* most = nullptr;
  for (const EndpointRecord& endpoint : report.endpoints) {
    requests += endpoint.requests;
    failed += endpoint.failed;
    if (most == nullptr || endpoint.failed > most->failed) most = &endpoint;
  }
  if (failed == 0) return {};
  return " (" + std::to_string(failed) + " of " + counted(requests, "request") +
         " failed, most of them " + (most->method.empty() ? "" : most->method + " ") +
         most->endpoint + ", in no run more than usual)";
}

// Why no ranking would mean anything, or empty.
std::string undecided(const Report& report, const Evidence& evidence) {
  std::size_t failing = 0, passing = 0;
  for (const RunRecord& run : report.runs) {
    if (!run.compared) continue;
    ++(run.outcome.verdict == Verdict::kFailed ? failing : passing);
  }
  const std::string nothing = "nothing discriminates these runs: ";
  if (report.lines == 0 && report.excluded_files != 0) {
    return "nothing to rank: `exclude` leaves no line (" +
           counted(report.excluded_files, "source file") + " excluded)";
  }
  if (report.lines == 0) return "nothing to rank: no coverage could be read";
  if (failing == 0 && report.failed != 0) {
    return nothing + "no failing run has coverage";
  }
  if (failing == 0 && passing == 0) {
    return nothing + "no run has both an outcome and coverage";
  }
  if (failing == 0) return nothing + "no run failed" + failing_alike(report);
  if (passing == 0 && report.passed != 0) return nothing + "no passing run has coverage";
  if (passing == 0) return nothing + "no run passed, so there is nothing to compare with";
  const auto differs = [](const Counts& c) { return c.ef * c.passing() != c.ep * c.failing(); };
  if (std::any_of(evidence.counts.begin(), evidence.counts.end(), differs)) return {};
  if (evidence.spectrum.has_counts()) {
    const std::vector<double> contrast = count_contrast(evidence.spectrum, evidence.jury);
    if (std::any_of(contrast.begin(), contrast.end(), [](double z) { return z > 0; })) return {};
  }
  return nothing + "all " + counted(report.lines, "line") +
         " were executed by the same share of the " + counted(failing, "failing run") +
         " and of the " + counted(passing, "passing run");
}

std::string in_words(const ServiceEvent& event) {
  return std::string(name_of(event.event)) + " in " + event.operation;
}

void describe_services(const std::vector<ServiceSuspicion>& suspicions, const Spectrum& spectrum,
                       Report& report) {
  std::set<std::string> covered;
  for (const std::string& service : spectrum.services()) covered.insert(service_key(service));
  std::map<std::string, double> suspicion_of;
  for (const ServiceSuspicion& row : suspicions) {
    ServiceRecord record;
    record.service = row.service;
    record.suspicion = row.suspicion;
    record.covered = covered.contains(service_key(row.service));
    if (!row.events.empty()) {
      record.strongest = in_words(row.events.front());
      record.counts = row.events.front().counts;
    }
    suspicion_of[service_key(row.service)] = row.suspicion;
    report.suspects.push_back(std::move(record));
  }
  for (Ranked& row : report.ranking.rows) {
    const auto at = suspicion_of.find(service_key(row.code.service));
    if (at != suspicion_of.end()) row.service_suspicion = at->second;
  }
  if (!report.suspects.empty()) {
    const ServiceRecord& first = report.suspects.front();
    if (!first.covered && first.suspicion > 0) {
      report.notes.push_back("the traces blame " + first.service + " most (" + first.strongest +
                             "), and no run has coverage of it");
    }
  }
}

// The policy of a query: defaults, the run set's culprit.toml or the one given, then the settings.
Result<Policy> policy_of(const Query& query, const FileTree& tree) {
  Policy policy;
  std::string path = query.manifest;
  std::string bytes;
  if (!path.empty()) {
    Result<std::string> read = read_file(path);
    if (!read) return fail(read.error());
    bytes = std::move(*read);
  } else if (const FileTree::Entry* const entry = tree.find("culprit.toml")) {
    path = entry->path;
    Result<std::string> read = tree.read(*entry);
    if (!read) return fail(read.error());
    bytes = std::move(*read);
  }
  if (!path.empty()) {
    if (auto done = apply_manifest(policy, {path, bytes}); !done) return fail(done.error());
  }
  for (const auto& [name, value] : query.settings) {
    if (auto done = apply_setting(policy, name, value, "--" + name); !done) {
      return fail(done.error());
    }
  }
  return policy;
}

Result<Method> method_of(const Policy& policy) {
  Method method;
  method.posterior = policy.posterior;
  if (const auto model = posterior_model(policy.formula)) {
    method.posterior.model = *model;
    if (!policy.roll_up) return method;
    return fail(error_in("--roll-up", "the posterior has a roll-up of its own",
                         "name a formula too, such as --formula ochiai"));
  }
  const Result<const Formula*> formula = find_formula(policy.formula);
  if (!formula) return fail(formula.error());
  method.formula = *formula;
  method.roll_up = policy.roll_up.value_or(RollUp::kMaxVote);
  return method;
}

}  // namespace

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

  CaseStudy study;
  Result<Method> method = method_of(*policy);
  if (!method) return fail(method.error());
  study.method = std::move(*method);

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
  if (set.spectrum.lines().empty() && set.requests.empty()) {
    Error error = error_in(query.runs, "no usable run: no file holds coverage or results",
                           "`culprit list formats` shows what is read, and where it is expected");
    for (const InputRecord& input : report.inputs) {
      error.what += "\n  " + counted(input.files, "file") + ": " +
                    (input.format.empty() ? input.title : input.format + " was read");
    }
    for (const Error& problem : report.problems) error.what += "\n  " + to_string(problem);
    return fail(error);
  }

  const Labels labels = label(set.runs, set.requests, policy->label);
  for (const EndpointSummary& e : labels.endpoints) {
    report.endpoints.push_back({e.method, e.endpoint, e.requests, e.failed, e.slow, e.warm_up,
                                e.median_ms, e.threshold_ms, e.rules});
  }
  const TraceJoin join =
      join_traces(set.spans, set.requests, set.run_of_trace, policy->trace.skew_ms);
  const std::vector<TraceTree> trees = trace_trees(set.spans);
  const std::vector<RunSymptom> symptoms = run_symptoms(set, labels, join, trees);
  report.clusters = cluster_failures(symptoms);
  std::vector<Outcome> compared = labels.runs;
  if (!query.case_name.empty()) {
    const auto cluster = point_at_cluster(query.case_name, report.clusters, set, compared);
    Result<std::string> chosen = cluster ? *cluster : point_at(query.case_name, set, compared);
    if (!chosen) return fail(chosen.error());
    report.case_name = *chosen;
  }
  describe_runs(set, labels.runs, compared, report);

  study.evidence.emplace(weigh(set.spectrum, compared));
  report.traces = join.traces;
  for (ServiceCall& call : service_calls(set.spans)) {
    report.calls.push_back(
        {std::move(call.caller), std::move(call.callee), call.calls, call.errors});
  }
  if (!query.case_name.empty()) report.comparison = compare_case(set, compared, symptoms);
  const TraceWeights failed =
      trace_weights(join, set.requests, set.runs, of_compared_runs(labels, set, compared));
  const std::vector<ServiceSuspicion> suspicions = suspect_services(set.spans, failed);
  report.undecided = undecided(report, *study.evidence);
  if (report.undecided.empty()) {
    study.method.service_shifts = service_shifts(set.spectrum, suspicions, policy->trace);
    study.method.errors =
        error_lines(set.spectrum, compared, trees, traces_of_runs(set, join, trees));
    report.ranking = rank(*study.evidence, study.method, policy->level, policy->top);
  }
  if (report.failed + report.passed == 0) {
    report.notes.emplace_back(
        "no run has an outcome: put a results file beside the runs ({\"run\": ..., \"verdict\": "
        "\"failed\"} a line, or JUnit XML), or [[outcomes]] into a culprit.toml");
  }
  note_lost_requests(set, report);
  if (auto note = in_words(join, policy->trace.skew_ms); !note.empty()) {
    report.notes.push_back(std::move(note));
  }
  const std::vector<ErrorPlace> errors = error_places(set.spans, failed);
  for (std::size_t i = 0; i < std::min(kShownErrors, errors.size()); ++i) {
    report.notes.push_back(in_words(errors[i]));
  }
  if (!set.spectrum.lines().empty()) note_halves(report);
  note_idle_rules(set, policy->label.outcomes, report);
  note_missing_reports(report, set.spectrum);
  describe_services(suspicions, set.spectrum, report);
  return study;
}

}  // namespace culprit
