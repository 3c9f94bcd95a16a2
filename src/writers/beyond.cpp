#include "writers/beyond.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "writers/phrases.h"
#include "writers/table.h"

namespace culprit {

namespace {

constexpr std::size_t kShownDiagnoses = 5;
constexpr std::size_t kShownSuspects = 3;  // of a round
constexpr std::size_t kSentence = 1500;    // bytes

std::size_t compared_failing(const Report& report) {
  return static_cast<std::size_t>(
      std::count_if(report.runs.begin(), report.runs.end(), [](const RunRecord& run) {
        return run.compared && run.outcome.verdict == Verdict::kFailed;
      }));
}

std::string more_functions(const DiagnosedFault& fault) {
  if (fault.functions < 2) return "";
  return " and " + plural(fault.functions - 1, "more function");
}

}  // namespace

std::string in_words(const Report& report, const Round& round) {
  const bool first = &round == &report.rounds.front();
  return fmt::format("{} of {} {} not explained by the {}", round.failing,
                     plural(compared_failing(report), "failing run"),
                     round.failing == 1 ? "is" : "are",
                     first ? "first suspect" : "suspects before");
}

std::string split_as_text(const Report& report, const Style& style) {
  if (!report.diagnosability || report.diagnosability->to_split.empty()) return "";
  const Diagnosability& runs = *report.diagnosability;
  return "\nto split the first: " + printable(runs.to_split, kSentence) + "\n" +
         inked(
             fmt::format("what these runs tell apart: density {:.2f}, diversity {:.2f}, uniqueness "
                         "{:.2f}; DDU {:.3f}",
                         runs.density, runs.diversity, runs.uniqueness, runs.ddu()),
             Ink::kDim, style.color) +
         "\n";
}

std::string rounds_as_text(const Report& report, const Style& style) {
  if (report.rounds.empty()) return "";
  const bool services = report.services > 1;
  Table table(services ? std::vector<std::string>{">left", "such as", "suspect", "service",
                                                  ">score", "most suspicious line", "executed by"}
                       : std::vector<std::string>{">left", "such as", "suspect", ">score",
                                                  "most suspicious line", "executed by"});
  for (const Round& round : report.rounds) {
    const std::vector<Ranked>& rows = round.ranking.rows;
    for (std::size_t i = 0; i < std::min(kShownSuspects, rows.size()); ++i) {
      std::vector<std::string> cells = {"", ""};
      if (i == 0) {
        cells = {fmt::format("{}/{}", round.failing, compared_failing(report)),
                 printable(round.runs.front(), 100)};
      }
      cells.push_back(printable(title(rows[i].code), 400));
      if (services) cells.push_back(printable(rows[i].code.service));
      cells.push_back(rows[i].probability ? percent(*rows[i].probability)
                                          : fmt::format("{:.4g}", rows[i].score));
      cells.push_back(printable(place(rows[i].line), 400));
      cells.push_back(evidence(rows[i]));
      table.add(std::move(cells));
    }
  }
  return "\nfailing runs not explained by the suspects before, ranked again\n" +
         table.text(style.color, style.width, 2);
}

std::string diagnosis_as_text(const Report& report, const Style& style) {
  if (!report.diagnosis) return "";
  const Diagnosis& diagnosis = *report.diagnosis;
  const std::string explained = diagnosis.failing == 1
                                    ? "the failing run"
                                    : "all " + plural(diagnosis.failing, "failing run");
  std::string text =
      diagnosis.candidates.empty()
          ? fmt::format("\nno set of up to {} was found that explains {}\n",
                        plural(diagnosis.largest, "fault"), explained)
          : fmt::format("\nfaults that together explain {} (Barinel; {} found, of up to {})\n",
                        explained, plural(diagnosis.found, "minimal set"),
                        plural(diagnosis.largest, "fault"));
  if (!diagnosis.candidates.empty()) {
    const bool services = report.services > 1;
    Table table(
        services ? std::vector<std::string>{">share", "fault", "service", ">health", "line",
                                            "executed by"}
                 : std::vector<std::string>{">share", "fault", ">health", "line", "executed by"});
    for (std::size_t i = 0; i < std::min(kShownDiagnoses, diagnosis.candidates.size()); ++i) {
      const DiagnosisCandidate& candidate = diagnosis.candidates[i];
      for (const DiagnosedFault& fault : candidate.faults) {
        const bool first = &fault == &candidate.faults.front();
        std::vector<std::string> cells = {
            first ? percent(candidate.share) : "and",
            printable(title(fault.code), 400) + more_functions(fault)};
        if (services) cells.push_back(printable(fault.code.service));
        cells.push_back(fmt::format("{:.2f}", fault.health));
        cells.push_back(printable(place(fault.line), 400));
        cells.push_back("failing " + share(fault.counts.ef, fault.counts.failing()) + ", passing " +
                        share(fault.counts.ep, fault.counts.passing()));
        table.add(std::move(cells), first && i == 0 ? Ink::kBold : Ink::kPlain);
      }
    }
    text += table.text(style.color, style.width, 1);
  }
  if (diagnosis.candidates.size() > kShownDiagnoses) {
    text += inked(fmt::format("{} of {} shown, --format json has all", kShownDiagnoses,
                              diagnosis.candidates.size()),
                  Ink::kDim, style.color) +
            "\n";
  }
  if (diagnosis.unexplained != 0) {
    text += plural(diagnosis.unexplained, "failing run") + " executed no line: not explained\n";
  }
  std::string bounds;
  for (const std::string& bound : diagnosis.bounds) bounds += (bounds.empty() ? "" : "; ") + bound;
  if (!bounds.empty()) text += "bounded: " + bounds + "\n";
  return text;
}

}  // namespace culprit
