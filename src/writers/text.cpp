#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "writers/readable_name.h"
#include "writers/table.h"
#include "writers/writers.h"

namespace culprit {

namespace {

std::string plural(std::size_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

// 12, or 11.7 where outcomes are not certain.
std::string amount(double value) {
  return std::abs(value - std::round(value)) < 1e-9 ? fmt::format("{:.0f}", value)
                                                    : fmt::format("{:.1f}", value);
}

std::string share(double executed, double all) { return amount(executed) + "/" + amount(all); }

std::string evidence(const Counts& counts) {
  const bool skipped = counts.ef * counts.passing() < counts.ep * counts.failing();
  return "failing " + share(counts.ef, counts.failing()) + ", passing " +
         share(counts.ep, counts.passing()) + (skipped ? " (failing runs skip it)" : "");
}

std::string ranks(std::size_t best, std::size_t worst) {
  return best == worst ? std::to_string(best) : fmt::format("{}-{}", best, worst);
}

std::string percent(double probability) {
  if (probability >= 0.9995) return "100%";
  return probability >= 0.0005 ? fmt::format("{:.1f}%", 100 * probability) : "<0.1%";
}

std::string place(const CodeElement& line) {
  return fmt::format("{}:{}", line.file, line.first_line);
}

// What a row is called: its function, file, service, or for a line the function around it.
std::string title(const CodeElement& code) {
  if (code.level == Level::kService) return code.service.empty() ? "(one service)" : code.service;
  if (code.level == Level::kFile) return code.file;
  return code.name.empty() ? "(outside functions)" : readable_name(code.name);
}

// 1 -> A, 27 -> AA.
std::string letters(std::uint32_t number) {
  std::string text;
  for (; number > 0; number = (number - 1) / 26) {
    text.insert(text.begin(), static_cast<char>('A' + (number - 1) % 26));
  }
  return text;
}

std::string opening(const Report& report, const Style& style) {
  std::string text = plural(report.runs.size(), "run") + ": " +
                     inked(fmt::format("{} failed", report.failed),
                           report.failed != 0 ? Ink::kRed : Ink::kPlain, style.color) +
                     fmt::format(", {} passed, {} unknown", report.passed, report.unknown);
  text += fmt::format("; {}, {}, {}", plural(report.lines, "line"),
                      plural(report.functions, "function"), plural(report.files, "file"));
  if (report.excluded_files != 0) text += fmt::format(" ({} excluded)", report.excluded_files);
  if (report.services > 1) text += ", " + plural(report.services, "service");
  if (report.traces != 0) text += ", " + plural(report.traces, "trace");
  text += "\n";
  if (!report.case_name.empty()) {
    text += "case " + printable(report.case_name, 400) + " against the passing runs\n";
  }
  return text;
}

// What was read, what was not, and what the reader of the answer should know.
std::string closing(const Report& report, const Style& style) {
  std::string text;
  std::string read;
  for (const InputRecord& input : report.inputs) {
    if (input.format.empty()) continue;
    read += fmt::format("{}{} {}", read.empty() ? "" : ", ", input.files, input.format);
  }
  if (!read.empty()) text += inked("read: " + read, Ink::kDim, style.color) + "\n";
  for (const InputRecord& input : report.inputs) {
    if (!input.format.empty()) continue;
    text += inked("not read: " + plural(input.files, "file") + ", " + input.title, Ink::kDim,
                  style.color) +
            "\n";
  }
  for (const std::string& note : report.notes) {
    text += inked("note: ", Ink::kYellow, style.color) + printable(note, 1000) + "\n";
  }
  std::size_t shown = 0;
  // Files that are counted above are not listed once more.
  const auto listed = [&](const Error& problem) {
    return std::any_of(report.inputs.begin(), report.inputs.end(), [&](const InputRecord& input) {
      return input.format.empty() && problem.what.ends_with(input.title);
    });
  };
  for (const Error& problem : report.problems) {
    if (!style.all_problems && listed(problem)) continue;
    if (++shown > 10 && !style.all_problems) continue;
    text += inked("warning: ", Ink::kYellow, style.color) + to_string(problem) + "\n";
  }
  if (shown > 10 && !style.all_problems) {
    text += plural(shown - 10, "more warning") + "; --all-problems lists them\n";
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

std::string rank_table(const Report& report, const Style& style) {
  const Ranking& ranking = report.ranking;
  const auto any = [&](auto has) {
    return std::any_of(ranking.rows.begin(), ranking.rows.end(), has);
  };
  const bool services = report.services > 1 && ranking.level != Level::kService;
  const bool suspicion = any([](const Ranked& row) { return row.service_suspicion.has_value(); });
  const bool groups = any([](const Ranked& row) { return row.group != 0; });
  const bool posterior = !ranking.roll_up.has_value();

  std::vector<std::string> headings = {">rank", posterior ? ">probability" : ">score"};
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
    cells.push_back(evidence(row.counts));
    if (groups) cells.push_back(letters(row.group));
    table.add(std::move(cells), row.best_rank == 1 ? Ink::kBold : Ink::kPlain);
    if (!row.source.empty()) {
      table.add_note(fmt::format("      {:>6} | {}", row.line.first_line, printable(row.source)));
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
  std::string text = opening(report, style);
  if (!report.undecided.empty()) {
    text += "\n" + inked(report.undecided, Ink::kBold, style.color) + "\n";
    add_services(report, style, text);
    return text + "\n" + closing(report, style);
  }
  text += "\n" + rank_table(report, style);
  add_services(report, style, text);
  text += "\n" + closing(report, style);
  const Ranked& first = report.ranking.rows.front();
  const bool by_name = report.ranking.level == Level::kFunction && !first.code.name.empty() &&
                       width_of(first.code.name) <= 60;
  std::string element = by_name ? first.code.name : place(first.line);
  if (report.services > 1) element = first.code.service + ":" + element;
  text += "next: " + style.program + " explain " + shell_quoted(report.runs_path) + " " +
          shell_quoted(element);
  return text + style.options + "\n";
}

namespace {

// Ways out of a line that tell more than the line itself does.
void add_branches(const LineDetail& line, Table& table) {
  std::size_t ways = 0;
  for (const BranchDetail& branch : line.branches) ways += branch.counting ? 0 : 1;
  if (ways == 0) ways = line.branches.size();
  for (const BranchDetail& branch : line.branches) {
    if (branch.counts == line.counts || branch.counts.executed() == 0) continue;
    const std::string which = branch.counting
                                  ? fmt::format("{} or more of {} branches", branch.number, ways)
                                  : fmt::format("branch {} of {}", branch.number + 1, ways);
    table.add_note(fmt::format("        > {}: {}", which, evidence(branch.counts)));
  }
}

}  // namespace

std::string explanation_as_text(const Report& report, const Explanation& explanation,
                                const Style& style) {
  std::string text = opening(report, style);
  if (!report.undecided.empty()) {
    return text + "\n" + inked(report.undecided, Ink::kBold, style.color) + "\n\n" +
           closing(report, style);
  }
  const Ranked& element = explanation.element;
  text += "\n" + inked(printable(title(element.code), 400), Ink::kBold, style.color);
  if (!element.code.service.empty()) text += " of " + printable(element.code.service);
  text += fmt::format("\n{}\nrank {} of {}", printable(place(element.line), 400),
                      ranks(element.best_rank, element.worst_rank), report.ranking.elements);
  if (element.probability) text += ", probability " + percent(*element.probability);
  text += fmt::format(" under {}\n", report.ranking.formula);
  if (element.service_suspicion) {
    text += fmt::format("service suspicion {:.1f}\n", *element.service_suspicion);
  }

  const bool posterior = !report.ranking.roll_up.has_value();
  std::vector<std::string> headings = {"", ">line", ">failing", ">passing", ">rank", ">alike"};
  if (posterior) {
    for (const char* term : {">executing it", ">counts", ">not executing it"}) {
      headings.emplace_back(term);
    }
  }
  headings.emplace_back(posterior ? ">log mass" : ">score");
  Table table(std::move(headings));
  const auto log_term = [](double value) {
    return std::isfinite(value) ? fmt::format("{:.2f}", value) : std::string("-");
  };
  for (const LineDetail& line : explanation.lines) {
    const bool here = line.line.first_line == element.line.first_line;
    std::vector<std::string> cells = {here ? ">" : "",
                                      std::to_string(line.line.first_line),
                                      share(line.counts.ef, line.counts.failing()),
                                      share(line.counts.ep, line.counts.passing()),
                                      ranks(line.best_rank, line.worst_rank),
                                      std::to_string(line.group_size)};
    if (posterior) {
      cells.push_back(log_term(line.commission));
      cells.push_back(std::isfinite(line.commission)
                          ? fmt::format("{:+.2f}", explanation.count_weight * line.contrast)
                          : "-");
      cells.push_back(log_term(line.omission));
    }
    cells.push_back(posterior ? log_term(line.score) : fmt::format("{:.4g}", line.score));
    table.add(std::move(cells), here ? Ink::kBold : Ink::kPlain);
    if (!line.source.empty()) {
      table.add_note(fmt::format("        | {}", printable(line.source)));
    }
    add_branches(line, table);
  }
  text += "\n" + table.text(style.color, style.width, 0);
  text +=
      inked("alike: lines with the same column. rank: among all lines.", Ink::kDim, style.color) +
      "\n";
  if (posterior) {
    text += inked(
                "evidence, as natural logs: \"executing it\" makes runs fail; \"counts\": failing "
                "runs execute it more often;\n\"not executing it\" makes runs fail. log mass: the "
                "evidence and the prior of its hypothesis.",
                Ink::kDim, style.color) +
            "\n";
  }

  const auto list = [&](std::string_view what, const std::vector<RunRecord>& runs) {
    text += fmt::format("\n{} {} {}\n", plural(runs.size(), "failing run"), what,
                        printable(place(element.line), 400));
    std::size_t shown = 0;
    for (const RunRecord& run : runs) {
      if (++shown > 10) break;
      text += "  " + printable(run.name, 200);
      if (!run.outcome.reason.empty()) text += ": " + one_line(run.outcome.reason, 160);
      text += "\n";
    }
    if (runs.size() > 10) text += fmt::format("  and {} more\n", runs.size() - 10);
  };
  list("executed", explanation.failing_executed);
  if (!explanation.failing_not_executed.empty()) {
    list("did not execute", explanation.failing_not_executed);
  }
  text += fmt::format("\n{} executed it, {} did not",
                      plural(explanation.passing_executed, "passing run"),
                      explanation.passing_not_executed);
  if (explanation.missing != 0) {
    text += fmt::format(
        "; {} no report of its service",
        explanation.missing == 1 ? "1 run has" : plural(explanation.missing, "run") + " have");
  }
  text += "\n";
  return text;
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
