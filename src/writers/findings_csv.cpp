// Findings as a table for spreadsheets.
#include <fmt/format.h>

#include "base/text.h"
#include "writers/findings.h"
#include "writers/writers.h"

namespace culprit {

namespace {

// Quoted where it has to be. A text that a spreadsheet would take for a formula gets a `'` in
// front: names come from the input.
std::string cell(std::string_view value) {
  constexpr std::string_view kFormula = "=+-@";
  std::string text = printable(value, 8000);
  if (!text.empty() && kFormula.find(text.front()) != std::string_view::npos) text.insert(0, "'");
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string findings_as_csv(const Report& report, const Style&) {
  std::string text =
      "rule,level,suppressed,best_rank,worst_rank,score,probability,file,line,function,first_line,"
      "service,failing_executed,failing,passing_executed,passing,relation,novelty,endpoint,kind,"
      "cluster,fingerprint\n";
  for (const Finding& finding : findings_of(report)) {
    std::vector<std::string> cells = {std::string(finding.rule->id),
                                      std::string(name_of(finding.level)),
                                      finding.suppressed() ? "yes" : "no"};
    if (const Ranked* const row = finding.code; row != nullptr) {
      const auto number = [](double value) { return fmt::format("{:.10g}", value); };
      const Counts& counts = row->counts;
      cells.insert(
          cells.end(),
          {std::to_string(row->best_rank), std::to_string(row->worst_rank), number(row->score),
           row->probability ? number(*row->probability) : "",
           finding.path.empty() ? row->line.file : finding.path, std::to_string(finding.line),
           row->code.name, row->code.first_line == 0 ? "" : std::to_string(row->code.first_line),
           row->code.service, number(counts.ef), number(counts.failing()), number(counts.ep),
           number(counts.passing())});
    } else {
      cells.resize(cells.size() + 13);
    }
    cells.emplace_back(in_words(finding.relation));
    cells.emplace_back(finding.verdict == nullptr ? "" : in_words(finding.verdict->novelty));
    const FailureCluster none;
    const FailureCluster& cluster = finding.clusters.empty() ? none : *finding.clusters.front();
    cells.insert(cells.end(), {cluster.signature.endpoint, cluster.signature.kind,
                               cluster.fingerprint, finding.fingerprint});
    for (std::size_t i = 0; i < cells.size(); ++i) {
      // Scores are numbers, and may be negative.
      const bool is_score = finding.code != nullptr && i == 5;
      text += (i == 0 ? "" : ",") + (is_score ? cells[i] : cell(cells[i]));
    }
    text += "\n";
  }
  return text;
}

}  // namespace culprit
