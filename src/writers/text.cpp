#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "writers/beyond.h"
#include "writers/phrases.h"
#include "writers/table.h"
#include "writers/writers.h"

namespace culprit {

namespace {

// 1 -> A, 27 -> AA.
std::string letters(std::uint32_t number) {
  std::string text;
  for (; number > 0; number = (number - 1) / 26) {
    text.insert(text.begin(), static_cast<char>('A' + (number - 1) % 26));
  }
  return text;
}

// "cart (120 calls, 3 errors), web (7 calls)", the busiest callers first.
std::string callers_of(std::string_view service, const Report& report) {
  std::vector<const CallRecord*> callers;
  for (const CallRecord& call : report.calls) {
    if (call.callee == service) callers.push_back(&call);
  }
  std::stable_sort(callers.begin(), callers.end(),
                   [](const auto* a, const auto* b) { return a->calls > b->calls; });
  std::string text;
  for (std::size_t i = 0; i < callers.size() && i < 3; ++i) {
    text += fmt::format("{}{} ({}", i == 0 ? "" : ", ", printable(callers[i]->caller),
                        plural(callers[i]->calls, "call"));
    if (callers[i]->errors != 0) text += ", " + plural(callers[i]->errors, "error");
    text += ")";
  }
  if (callers.size() > 3) text += fmt::format(" and {} more", callers.size() - 3);
  return text;
}

void add_services(const Report& report, const Style& style, std::string& text) {
  if (report.suspects.empty()) return;
  Table table(
      {"service", ">S", "strongest event", ">failing", ">passing", "coverage", "called by"});
  std::size_t rows = 0;
  for (const ServiceRecord& row : report.suspects) {
    if (++rows > 5) break;
    table.add({printable(row.service), fmt::format("{:.1f}", row.suspicion),
               printable(row.strongest, 200),
               row.strongest.empty() ? "" : share(row.counts.ef, row.counts.failing()),
               row.strongest.empty() ? "" : share(row.counts.ep, row.counts.passing()),
               row.covered ? "yes" : "no", callers_of(row.service, report)});
  }
  text += "\nwhat the traces say of services (S: log Bayes factor)\n" +
          table.text(style.color, style.width, 2);
}

constexpr std::size_t kShownClusters = 5;
constexpr std::size_t kShownDigits = 15;  // of a fingerprint, its version included

// Where failing runs look different from one another, one ranking of all may mix several faults.
void add_clusters(const Report& report, const Style& style, std::string& text) {
  if (report.clusters.size() < 2) return;
  // Tests that fail by themselves: a table would group nothing.
  const auto alone = [](const FailureCluster& cluster) { return cluster.endpoint_runs == 1; };
  if (std::all_of(report.clusters.begin(), report.clusters.end(), alone)) return;
  const bool origins = std::any_of(
      report.clusters.begin(), report.clusters.end(),
      [](const FailureCluster& cluster) { return !origin_of(cluster.signature).empty(); });
  std::vector<std::string> headings = {"cluster", ">failing", "endpoint", "kind"};
  if (origins) headings.emplace_back("first to fail");
  headings.emplace_back("such as");
  Table table(std::move(headings));
  for (std::size_t i = 0; i < std::min(kShownClusters, report.clusters.size()); ++i) {
    const FailureCluster& cluster = report.clusters[i];
    std::vector<std::string> cells = {
        cluster.fingerprint.substr(0, kShownDigits),
        fmt::format("{}/{}", cluster.runs.size(), cluster.endpoint_runs),
        printable(cluster.signature.endpoint, 200), cluster.signature.kind};
    if (origins) cells.push_back(printable(origin_of(cluster.signature), 200));
    cells.push_back(printable(cluster.runs.front(), 200));
    table.add(std::move(cells));
  }
  text += "\nfailing runs by what they look like, of all that ask the endpoint\n" +
          table.text(style.color, style.width, 2);
  const std::size_t more =
      report.clusters.size() - std::min(kShownClusters, report.clusters.size());
  text += inked((more == 0 ? "" : fmt::format("{} more; ", more)) +
                    "--case CLUSTER ranks for one of them",
                Ink::kDim, style.color) +
          "\n";
}

// What only one of two runs executed, a row a function.
void add_difference(const std::vector<CodeElement>& lines, const std::string& run, bool services,
                    Table& table) {
  constexpr std::size_t kShown = 8;
  const auto add = [&](std::string who, std::string function, const std::string& service,
                       std::string where) {
    std::vector<std::string> cells = {std::move(who), std::move(function)};
    if (services) cells.push_back(printable(service));
    cells.push_back(std::move(where));
    table.add(std::move(cells));
  };
  const std::string who = printable(run, 100);
  std::size_t functions = 0;
  for (std::size_t i = 0; i < lines.size();) {
    const CodeElement& first = lines[i];
    std::vector<std::uint32_t> numbers;
    for (; i < lines.size() && lines[i].service == first.service && lines[i].file == first.file &&
           lines[i].name == first.name;
         ++i) {
      numbers.push_back(lines[i].first_line);
    }
    if (++functions > kShown) continue;
    add(functions == 1 ? who : "", printable(title(first), 200), first.service,
        printable(first.file, 200) + ":" + printable(listed(numbers), 60));
  }
  if (functions == 0) add(who, "(nothing)", "", "");
  if (functions > kShown) {
    add("", fmt::format("and {}", plural(functions - kShown, "more function")), "", "");
  }
}

void add_comparison(const Report& report, const Style& style, std::string& text) {
  if (!report.comparison) return;
  const CaseComparison& comparison = *report.comparison;
  const bool services = report.services > 1;
  std::vector<std::string> headings = {"executed only by", "function"};
  if (services) headings.emplace_back("service");
  headings.emplace_back("lines");
  Table table(std::move(headings));
  add_difference(comparison.only_failing, comparison.run, services, table);
  add_difference(comparison.only_passing, comparison.passing, services, table);
  const std::string reason =
      comparison.reason.empty() ? "" : " (" + printable(comparison.reason, 200) + ")";
  const std::string endpoint =
      comparison.endpoint.empty() ? "" : " of " + printable(comparison.endpoint, 200);
  text += fmt::format("\n{} failed{}; the nearest passing run{} is {}, {} executed by both\n",
                      printable(comparison.run, 200), reason, endpoint,
                      printable(comparison.passing, 200), plural(comparison.both, "line")) +
          table.text(style.color, style.width, 1);
}

std::string rank_table(const Report& report, const Style& style) {
  const Ranking& ranking = report.ranking;
  const auto any = [&](auto has) {
    return std::any_of(ranking.rows.begin(), ranking.rows.end(), has);
  };
  const bool services = report.services > 1 && ranking.level != Level::kService;
  const bool suspicion = any([](const Ranked& row) { return row.service_suspicion.has_value(); });
  const bool groups = any([](const Ranked& row) { return row.group != 0; });
  const bool change = any([](const Ranked& row) { return row.in_change; });

  std::vector<std::string> headings = {">rank", ">score"};
  const std::size_t name_column = headings.size();
  headings.push_back(ranking.level == Level::kLine      ? "in function"
                     : ranking.level == Level::kFile    ? "file"
                     : ranking.level == Level::kService ? "service"
                                                        : "function");
  if (services) headings.push_back("service");
  if (suspicion) headings.push_back(">S");
  headings.push_back(ranking.level == Level::kLine ? "line" : "most suspicious line");
  headings.push_back("executed by");
  if (groups) headings.push_back("group");
  if (change) headings.push_back("changed");
  Table table(std::move(headings));
  for (const Ranked& row : ranking.rows) {
    std::vector<std::string> cells = {
        ranks(row.best_rank, row.worst_rank),
        row.probability ? percent(*row.probability) : fmt::format("{:.4g}", row.score),
        printable(title(row.code), 400)};
    if (services) cells.push_back(printable(row.code.service));
    if (suspicion) {
      cells.push_back(row.service_suspicion ? fmt::format("{:.1f}", *row.service_suspicion) : "-");
    }
    cells.push_back(printable(place(row.line), 400));
    cells.push_back(evidence(row, report));
    if (groups) cells.push_back(letters(row.group));
    if (change) cells.push_back(row.in_change ? "yes" : "");
    table.add(std::move(cells), row.best_rank == 1 ? Ink::kBold : Ink::kPlain);
    if (!row.source.empty()) {
      table.add_note(fmt::format("      {:>6} | {}", row.line.first_line, printable(row.source)));
    }
    if (row.last_change) {
      table.add_note(fmt::format("             | {}", in_words(*row.last_change)));
    }
  }
  std::string text = table.text(style.color, style.width, name_column);
  if (ranking.rows.size() < ranking.elements) {
    text += inked(fmt::format("{} of {} shown, --top 0 shows all", ranking.rows.size(),
                              ranking.elements),
                  Ink::kDim, style.color) +
            "\n";
  }
  if (groups) {
    text +=
        inked("rows of one group have identical columns: no formula over hits can tell them apart",
              Ink::kDim, style.color) +
        "\n";
  }
  return text;
}

std::string described(const Outcome& outcome) {
  return outcome.verdict == Verdict::kFailed   ? "failed"
         : outcome.verdict == Verdict::kPassed ? "passed"
                                               : "unknown";
}

}  // namespace

std::string ranking_as_text(const Report& report, const Style& style) {
  if (report.gate) return verdict_as_text(report, style);
  std::string text = opening(report, style);
  if (!report.undecided.empty()) {
    text += "\n" + inked(report.undecided, Ink::kBold, style.color) + "\n";
    add_services(report, style, text);
    return text + "\n" + closing(report, style);
  }
  text += "\n" + rank_table(report, style);
  text += split_as_text(report, style);
  text += rounds_as_text(report, style);
  text += diagnosis_as_text(report, style);
  add_comparison(report, style, text);
  add_clusters(report, style, text);
  add_services(report, style, text);
  text += "\n" + closing(report, style);
  const Ranked& first = report.ranking.rows.front();
  const bool by_name = report.ranking.level == Level::kFunction && !first.code.name.empty() &&
                       width_of(first.code.name) <= 60;
  if (first.line.file.empty()) return text;
  std::string element = by_name ? first.code.name : place(first.line);
  if (report.services > 1) element = first.code.service + ":" + element;
  text += "next: " + style.program + " explain " + shell_quoted(report.runs_path) + " " +
          shell_quoted(element);
  return text + style.options + "\n";
}

std::string labels_as_text(const Report& report, const Style& style) {
  std::string text = opening(report, style);
  Table runs({"run", "outcome", ">weight", "reason", ">reports"});
  std::vector<RunRecord> ordered = report.runs;  // failures first, they are what one looks for
  std::stable_sort(ordered.begin(), ordered.end(), [](const RunRecord& a, const RunRecord& b) {
    return a.outcome.verdict > b.outcome.verdict;
  });
  for (const RunRecord& run : ordered) {
    const bool soft = run.outcome.weight > 0 && run.outcome.weight < 1;
    runs.add({printable(run.name, 200), described(run.outcome),
              soft ? fmt::format("{:.2f}", run.outcome.weight) : "",
              one_line(run.outcome.reason, 160), std::to_string(run.reports)},
             run.outcome.verdict == Verdict::kFailed ? Ink::kRed : Ink::kPlain);
  }
  if (!ordered.empty()) text += "\n" + runs.text(style.color, style.width, 3);
  if (!report.endpoints.empty()) {
    Table endpoints({"method", "endpoint", ">requests", ">failed", ">slow", ">median ms",
                     ">slow above ms", "decided by"});
    const auto number = [](const std::optional<double>& value) {
      return value ? fmt::format("{:.1f}", *value) : std::string("-");
    };
    std::vector<EndpointRecord> rows = report.endpoints;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.failed > b.failed; });
    for (const EndpointRecord& row : rows) {
      std::string rules;
      for (std::size_t i = 0; i < row.rules.size() && i < 3; ++i) {
        rules +=
            fmt::format("{}{} ({})", i == 0 ? "" : ", ", row.rules[i].first, row.rules[i].second);
      }
      endpoints.add({row.method, printable(row.endpoint, 200), std::to_string(row.requests),
                     std::to_string(row.failed), std::to_string(row.slow), number(row.median_ms),
                     number(row.threshold_ms), printable(rules, 200)},
                    row.failed != 0 ? Ink::kRed : Ink::kPlain);
    }
    text += "\n" + endpoints.text(style.color, style.width, 7);
  }
  return text + "\n" + closing(report, style);
}

}  // namespace culprit
