#include "pipeline/run_report.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "score/executions.h"

namespace culprit {

namespace {

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
                           plural(failing, "failing run") + " (such as " + example + "), in " +
                           std::to_string(passing_missing) + " of " +
                           plural(passing, "passing run"));
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
    report.notes.push_back(plural(half.runs, kind) + " " + std::string(lacks) + ", such as " +
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
  return " (" + std::to_string(failed) + " of " + plural(requests, "request") +
         " failed, most of them " + (most->method.empty() ? "" : most->method + " ") +
         most->endpoint + ", in no run more than usual)";
}

}  // namespace

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
  // Files without a line are known too: some formats name them.
  std::set<std::uint32_t> files;
  for (const Line& line : spectrum.lines()) files.insert(line.file.value);
  report.files = files.size();
  report.services = spectrum.services().size();
  report.excluded_files = set.excluded_files;
}

std::string undecided(const Report& report, std::span<const Outcome> compared,
                      const Evidence& evidence) {
  std::size_t failing = 0, passing = 0;
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    if (compared[i].verdict == Verdict::kUnknown || report.runs[i].reports == 0) continue;
    ++(compared[i].verdict == Verdict::kFailed ? failing : passing);
  }
  const std::string nothing = "nothing discriminates these runs: ";
  if (report.lines == 0 && report.excluded_files != 0) {
    return "nothing to rank: `exclude` leaves no line (" +
           plural(report.excluded_files, "source file") + " excluded)";
  }
  if (report.lines == 0) {
    return std::string("nothing to rank: no coverage could be read") +
           (report.traces == 0 ? "" : "; --level service ranks by the traces");
  }
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
    const std::vector<double> contrast = count_contrast(
        evidence.spectrum, evidence.jury, execution_sums(evidence.spectrum, evidence.jury));
    if (std::any_of(contrast.begin(), contrast.end(), [](double z) { return z > 0; })) return {};
  }
  return nothing + "all " + plural(report.lines, "line") +
         " were executed by the same share of the " + plural(failing, "failing run") +
         " and of the " + plural(passing, "passing run");
}

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
      std::to_string(join.lost()) + " of " + plural(join.requests, "request") +
      " name no run and could not be joined to one (" + why + ")" +
      (join.by_time != 0 ? "; " + std::to_string(join.by_time) + " were joined by time" : ""));
}

void note_unmapped_services(const RunSet& set, Report& report) {
  constexpr std::size_t kShown = 8;
  const std::vector<std::string>& names = set.unmapped_services;
  if (names.empty() || set.spectrum.lines().empty()) return;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, names.size()); ++i) {
    text += (i == 0 ? "" : ", ") + printable(names[i], 60);
  }
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  report.notes.push_back("traced, and no run has coverage of a service of that name: " + text +
                         "; where coverage calls it otherwise, [service_map] in culprit.toml "
                         "says so");
}

void note_gaps(const RunSet& set, std::span<const OutcomeRule> rules, Report& report) {
  note_unmapped_services(set, report);
  if (!set.spectrum.lines().empty()) note_halves(report);
  note_idle_rules(set, rules, report);
  note_missing_reports(report, set.spectrum);
}

}  // namespace culprit
