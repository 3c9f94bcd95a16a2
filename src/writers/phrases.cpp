#include "writers/phrases.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/text.h"
#include "writers/readable_name.h"
#include "writers/table.h"

namespace culprit {

// 12, or 11.7 where outcomes are not certain.
std::string amount(double value) {
  return std::abs(value - std::round(value)) < 1e-9 ? fmt::format("{:.0f}", value)
                                                    : fmt::format("{:.1f}", value);
}

std::string share(double executed, double all) { return amount(executed) + "/" + amount(all); }

std::string evidence(const Ranked& row) {
  if (!row.raised) return evidence(row.counts);
  return "an error arises there in failing " + share(row.raised->ef, row.raised->failing()) +
         ", passing " + share(row.raised->ep, row.raised->passing());
}

bool has_counts(const Ranked& row) { return !row.line.file.empty() || row.probability; }

std::string evidence(const Ranked& row, const Report& report) {
  if (row.code.level != Level::kService || !row.line.file.empty()) return evidence(row);
  if (!has_counts(row)) return "-";
  const auto suspect =
      std::find_if(report.suspects.begin(), report.suspects.end(),
                   [&](const ServiceRecord& one) { return one.service == row.code.service; });
  if (suspect == report.suspects.end() || suspect->strongest.empty()) return "-";
  return printable(suspect->strongest, 200) + (suspect->covered ? "" : "; no coverage there") +
         ": failing " + share(suspect->counts.ef, suspect->counts.failing()) + ", passing " +
         share(suspect->counts.ep, suspect->counts.passing()) + " traces";
}

std::string evidence(const Counts& counts) {
  const bool skipped = counts.ef * counts.passing() < counts.ep * counts.failing();
  return "failing " + share(counts.ef, counts.failing()) + ", passing " +
         share(counts.ep, counts.passing()) + (skipped ? " (failing runs skip it)" : "");
}

std::string ranks(std::size_t best, std::size_t worst) {
  return best == worst ? std::to_string(best) : fmt::format("{}-{}", best, worst);
}

std::string listed(const std::vector<std::uint32_t>& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i + 1;
    while (end < lines.size() && lines[end] == lines[end - 1] + 1) ++end;
    text += (i == 0 ? "" : ", ") + ranks(lines[i], lines[end - 1]);
    i = end;
  }
  return text;
}

std::string percent(double probability) {
  if (probability >= 0.9995) return "100%";
  return probability >= 0.0005 ? fmt::format("{:.1f}%", 100 * probability) : "<0.1%";
}

std::string place(const CodeElement& line) {
  if (line.file.empty()) return "-";
  return fmt::format("{}:{}", line.file, line.first_line);
}

// "since 2026-11-03, a1b2c3d4e5f6: Tax Austria"
std::string in_words(const LastChange& change) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(
      std::chrono::sys_seconds(std::chrono::seconds(change.time_s))));
  return fmt::format("since {:04}-{:02}-{:02}, {}: {}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     change.commit, printable(change.summary, 200));
}

GateHeadline headline_of(const GateVerdict& verdict) {
  const auto count = [&](auto holds) {
    return static_cast<std::size_t>(
        std::count_if(verdict.clusters.begin(), verdict.clusters.end(), holds));
  };
  if (verdict.updated) {
    const std::size_t fresh =
        count([](const ClusterVerdict& one) { return one.novelty != Novelty::kKnown; });
    return {"baseline updated", printable(verdict.baseline) + " knows these runs now, " +
                                    plural(fresh, "failure cluster") + " of them new or changed"};
  }
  switch (verdict.answer) {
    case GateVerdict::Answer::kPass:
      return {"gate: green", "no new confirmed fault"};
    case GateVerdict::Answer::kNewFaults:
      return {"gate: RED",
              plural(count([](const ClusterVerdict& one) { return one.fails_gate; }), "new fault")};
    case GateVerdict::Answer::kInconclusive:
      return {"gate: inconclusive", "a new failure is confirmed and its code cannot be named"};
  }
  return {};
}

std::string in_words(const FixedCluster& fixed) {
  return fixed.endpoint + "  " + fixed.kind + ": no failure in " + plural(fixed.runs, "run");
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::kLine:
      return "line";
    case Level::kFunction:
      return "function";
    case Level::kFile:
      return "file";
    case Level::kService:
      return "service";
  }
  return "";
}

// What a row is called: its function, file, service, or for a line the function around it.
std::string origin_of(const FailureSignature& signature) {
  if (signature.service.empty()) return signature.operation;
  if (signature.operation.empty()) return signature.service;
  return signature.operation + " in " + signature.service;
}

std::string title(const CodeElement& code) {
  if (code.level == Level::kService) return code.service.empty() ? "(one service)" : code.service;
  if (code.level == Level::kFile) return code.file;
  return code.name.empty() ? "(outside functions)" : readable_name(code.name);
}

std::string opening(const Report& report, const Style& style) {
  // A case says itself whom it compares.
  std::size_t compared = 0;
  std::size_t left_out = 0;
  for (const RunRecord& run : report.runs) {
    if (run.outcome.verdict != Verdict::kFailed || run.reports == 0) continue;
    ++(run.compared ? compared : left_out);
  }
  const bool told = left_out != 0 && report.case_name.empty();
  std::string text = plural(report.runs.size(), "run") + ": " +
                     inked(fmt::format("{} failed{}", report.failed,
                                       told ? fmt::format(" ({} compared)", compared) : ""),
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
  // Many files that are counted above are not listed once more.
  constexpr std::size_t kNamed = 3;
  const auto listed = [&](const Error& problem) {
    return std::any_of(report.inputs.begin(), report.inputs.end(), [&](const InputRecord& input) {
      return input.format.empty() && input.files > kNamed && problem.what.ends_with(input.title);
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

}  // namespace culprit
