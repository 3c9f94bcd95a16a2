#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "writers/phrases.h"
#include "writers/readable_name.h"
#include "writers/table.h"
#include "writers/writers.h"

namespace culprit {

namespace {

constexpr std::size_t kShownSuspects = 5;
constexpr std::size_t kShownDigits = 15;

std::string_view name_of(Relation relation) {
  switch (relation) {
    case Relation::kNoChange:
      return "";
    case Relation::kChanged:
      return "changed";
    case Relation::kReached:
      return "reached from changed";
    case Relation::kUnrelated:
      return "unrelated";
  }
  return "";
}

std::string headline(const GateVerdict& verdict, const Style& style) {
  const GateHeadline told = headline_of(verdict);
  const bool red = verdict.answer == GateVerdict::Answer::kNewFaults && !verdict.updated;
  const bool unsure = verdict.answer == GateVerdict::Answer::kInconclusive && !verdict.updated;
  const Ink ink = red ? Ink::kRed : unsure ? Ink::kYellow : Ink::kBold;
  return inked(told.answer, ink, style.color) + (verdict.updated ? ": " : ", ") + told.rest + "\n";
}

void add_suspects(const ClusterVerdict& verdict, const Style& style, std::string& text) {
  if (verdict.suspects.empty()) return;
  const bool change = verdict.suspects.front().relation != Relation::kNoChange;
  std::vector<std::string> headings = {"  ", ">rank", ">score", "function", "line", "executed by"};
  if (change) headings.emplace_back("change");
  Table table(std::move(headings));
  for (std::size_t i = 0; i < std::min(kShownSuspects, verdict.suspects.size()); ++i) {
    const Ranked& row = verdict.suspects[i].code;
    std::vector<std::string> cells = {
        "  ",
        ranks(row.best_rank, row.worst_rank),
        row.probability ? percent(*row.probability) : fmt::format("{:.4g}", row.score),
        readable_name(printable(title(row.code), 400)),
        printable(place(row.line), 400),
        evidence(row)};
    if (change) cells.emplace_back(name_of(verdict.suspects[i].relation));
    table.add(std::move(cells), i == 0 ? Ink::kBold : Ink::kPlain);
    if (!row.source.empty()) {
      table.add_note(fmt::format("        {:>6} | {}", row.line.first_line, printable(row.source)));
    }
  }
  text += table.text(style.color, style.width, 3);
}

void add_cluster(const Report& report, const ClusterVerdict& verdict, const Style& style,
                 std::string& text) {
  const FailureCluster& cluster = report.clusters[verdict.cluster];
  const std::string origin = origin_of(cluster.signature);
  text += "\n" + inked(printable(cluster.signature.endpoint, 200), Ink::kBold, style.color) + "  " +
          cluster.signature.kind +
          (origin.empty() ? std::string() : ", first to fail: " + printable(origin, 200)) + "  " +
          inked(cluster.fingerprint.substr(0, kShownDigits), Ink::kDim, style.color) + "\n";
  text += "  " + one_line(verdict.because, 600) + "\n";
  if (verdict.novelty == Novelty::kKnown && !style.explain) return;
  text += fmt::format("  level {}: {}\n", name_of(cluster.level),
                      one_line(cluster.level_evidence, 300));
  text += "  such as run " + printable(cluster.runs.front(), 200) + "\n";
  if (verdict.fails_gate || style.explain) add_suspects(verdict, style, text);
  if (!style.explain) return;
  for (const std::string& remedy : verdict.remedies) text += "  - " + one_line(remedy, 300) + "\n";
}

void add_list(std::string_view heading, const std::vector<std::string>& lines, std::string& text) {
  if (lines.empty()) return;
  text += fmt::format("\n{}\n", heading);
  for (const std::string& line : lines) text += "  " + one_line(line, 300) + "\n";
}

}  // namespace

std::string verdict_as_text(const Report& report, const Style& style) {
  const GateVerdict& verdict = *report.gate;
  std::string text = headline(verdict, style) + opening(report, style);
  if (!verdict.baseline.empty() && !verdict.updated) {
    text +=
        "baseline " + printable(verdict.baseline) +
        (verdict.change.empty() ? std::string() : ", change since " + printable(verdict.change)) +
        "\n";
  }
  if (report.clusters.empty()) {
    text += report.failed == 0 && report.passed == 0
                ? "\nno run has an outcome, so that nothing was checked\n"
                : "\nno run failed\n";
  }
  std::size_t known = 0;
  for (const ClusterVerdict& one : verdict.clusters) {
    if (one.novelty == Novelty::kKnown && !style.explain) {
      ++known;
      continue;
    }
    add_cluster(report, one, style, text);
  }
  if (known != 0) {
    text += "\n" + plural(known, "failure cluster") + (known == 1 ? " is" : " are") +
            " known to the baseline (--explain shows them)\n";
  }
  std::vector<std::string> fixed;
  for (const FixedCluster& one : verdict.fixed) {
    fixed.push_back(in_words(one));
  }
  add_list("failures of the baseline that did not happen", fixed, text);
  add_list("endpoints with known failures that no run asked", verdict.unasked, text);
  add_list("suppressions to clear away", verdict.stale, text);
  for (const std::string& note : verdict.notes) text += "note: " + one_line(note, 400) + "\n";
  return text + "\n" + closing(report, style);
}

}  // namespace culprit
