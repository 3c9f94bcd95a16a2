// A summary in Markdown, for a pull request or $GITHUB_STEP_SUMMARY.
#include <fmt/format.h>

#include "base/text.h"
#include "writers/beyond.h"
#include "writers/findings.h"
#include "writers/phrases.h"
#include "writers/writers.h"

namespace culprit {

namespace {

// A step's summary holds 1 MiB, and is dropped whole beyond; others may have written to it.
constexpr std::size_t kBytes = 900'000;
constexpr std::size_t kSuspects = 20;  // rows of a table
constexpr std::size_t kClusters = 50;

// Text of the input goes into code spans: nothing in it is markup, and no name is called.
std::string code(std::string_view text, std::size_t max_bytes = 200) {
  std::string span = "`";
  for (const char c : printable(text, max_bytes)) {
    if (c == '|') span += '\\';  // of a table, also inside of a span
    span += c == '`' ? '\'' : c;
  }
  return span + (span.size() == 1 ? " `" : "`");
}

// Words of culprit's own that may quote the input.
std::string words(std::string_view text) {
  const std::string line = one_line(text, 1000);
  std::string escaped;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (std::string_view("\\`*_[]<>|~").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
    // GitHub looks for names and issues after Markdown is done: no backslash keeps them apart.
    const bool issue = c == '#' && i + 1 < line.size() && line[i + 1] >= '0' && line[i + 1] <= '9';
    if (c == '@' || issue) escaped += "\xe2\x80\x8b";
  }
  return escaped;
}

std::string sentence(std::string_view text) {
  std::string capital = words(text);
  if (!capital.empty() && capital[0] >= 'a' && capital[0] <= 'z') capital[0] -= 'a' - 'A';
  if (!capital.empty() && capital.back() != '.') capital += '.';
  return capital;
}

class Summary {
 public:
  // A part that is shown whole or not at all.
  void add(const std::string& part) {
    if (left_out_ != 0 || text_.size() + part.size() > kBytes) {
      ++left_out_;
    } else {
      text_ += part;
    }
  }

  std::string take() {
    if (left_out_ != 0) text_ += fmt::format("\n{} left out.\n", plural(left_out_, "more part"));
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t left_out_ = 0;
};

struct Row {
  const Ranked& code;
  Relation relation;
};

std::string suspects_table(const std::vector<Row>& rows, bool services) {
  bool related = false;
  for (const Row& row : rows) related = related || row.relation != Relation::kNoChange;
  std::string text = fmt::format(
      "| rank | score | suspect |{} line | failing | passing |{}\n"
      "| ---: | ---: | --- |{} --- | ---: | ---: |{}\n",
      services ? " service |" : "", related ? " change |" : "", services ? " --- |" : "",
      related ? " --- |" : "");
  std::size_t shown = 0;
  for (const Row& row : rows) {
    if (++shown > kSuspects) break;
    const Ranked& ranked = row.code;
    const std::string& file = ranked.source_place ? ranked.source_place->path : ranked.line.file;
    text += fmt::format(
        "| {} | {} | {} |", ranks(ranked.best_rank, ranked.worst_rank),
        ranked.probability ? percent(*ranked.probability) : fmt::format("{:.4g}", ranked.score),
        code(title(ranked.code)));
    if (services) text += " " + code(ranked.code.service) + " |";
    const bool counted = has_counts(ranked);
    text += fmt::format(" {} | {} | {} |",
                        code(file.empty() ? place(ranked.line)
                                          : file + ":" + std::to_string(ranked.line.first_line),
                             400),
                        counted ? share(ranked.counts.ef, ranked.counts.failing()) : "-",
                        counted ? share(ranked.counts.ep, ranked.counts.passing()) : "-");
    if (related) text += fmt::format(" {} |", in_words(row.relation));
    text += "\n";
  }
  if (shown > kSuspects) text += fmt::format("\nand {} more\n", rows.size() - kSuspects);
  if (!rows.empty() && !rows.front().code.source.empty()) {
    text += fmt::format("\nLine {} of the first: {}\n", rows.front().code.line.first_line,
                        code(rows.front().code.source, 400));
  }
  return text;
}

std::string failure_in_words(const FailureSignature& signature) {
  const std::string subject = signature.endpoint.empty() ? "A run" : code(signature.endpoint);
  std::string text = subject + " fails with " + code(signature.kind);
  if (!signature.service.empty()) {
    text += ", first in " + code(signature.service);
    if (!signature.operation.empty()) text += " (" + code(signature.operation) + ")";
  }
  return text;
}

std::string rate(std::size_t fails, std::size_t runs) {
  return runs == 0 ? "-" : fmt::format("{}/{}", fails, runs);
}

std::string verdict_section(const ClusterVerdict& verdict, const Report& report) {
  const FailureCluster& cluster = report.clusters[verdict.cluster];
  std::string text =
      "\n### " + failure_in_words(cluster.signature) + "\n\n" + sentence(verdict.because) + "\n";
  if (cluster.level != FaultLevel::kUnknown) {
    text +=
        fmt::format("\nLevel: {}. {}\n", name_of(cluster.level), sentence(cluster.level_evidence));
  }
  std::vector<Row> rows;
  for (const Suspect& suspect : verdict.suspects) rows.push_back({suspect.code, suspect.relation});
  if (!rows.empty()) text += "\n" + suspects_table(rows, report.services > 1);
  if (!verdict.remedies.empty()) text += "\nWhat would change this:\n\n";
  for (const std::string& remedy : verdict.remedies) text += "- " + words(remedy) + "\n";
  return text + "\n" + code(cluster.fingerprint) + "\n";
}

std::string others_table(const Report& report) {
  std::string text =
      "\n| failure | is | failed | baseline | first suspect | why it does not fail the gate |\n"
      "| --- | --- | ---: | ---: | --- | --- |\n";
  std::size_t others = 0;
  for (const ClusterVerdict& verdict : report.gate->clusters) {
    if (verdict.fails_gate || verdict.cluster >= report.clusters.size()) continue;
    if (++others > kClusters) continue;
    const std::string suspect =
        verdict.suspects.empty() ? "-" : code(title(verdict.suspects.front().code.code));
    std::string why = words(verdict.because);
    if (verdict.suppressed) {
      why += " (" + words(verdict.suppressed->reason) +
             (verdict.suppressed->expires.empty() ? ")"
                                                  : ", until " + verdict.suppressed->expires + ")");
    }
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                        failure_in_words(report.clusters[verdict.cluster].signature),
                        in_words(verdict.novelty), rate(verdict.fails, verdict.runs),
                        rate(verdict.baseline_fails, verdict.baseline_runs), suspect, why);
  }
  if (others > kClusters) text += fmt::format("\nand {} more\n", others - kClusters);
  return others == 0 ? "" : "\n### Other failures\n" + text;
}

void add_list(const std::string& heading, const std::vector<std::string>& rows, Summary& summary) {
  if (rows.empty()) return;
  std::string text =
      "\n<details><summary>" + heading + " (" + std::to_string(rows.size()) + ")</summary>\n\n";
  for (std::size_t i = 0; i < rows.size() && i < kClusters; ++i) text += "- " + rows[i] + "\n";
  if (rows.size() > kClusters) text += fmt::format("- and {} more\n", rows.size() - kClusters);
  summary.add(text + "\n</details>\n");
}

void add_gate(const Report& report, Summary& summary) {
  const GateVerdict& gate = *report.gate;
  std::size_t failing = 0;
  for (const ClusterVerdict& verdict : gate.clusters) failing += verdict.fails_gate ? 1 : 0;
  const std::string_view answer = gate.updated                                ? "baseline updated"
                                  : gate.answer == GateVerdict::Answer::kPass ? "passed"
                                  : gate.answer == GateVerdict::Answer::kInconclusive
                                      ? "inconclusive"
                                      : "failed";
  summary.add(fmt::format("## culprit gate: {}\n\n{}; {}, {} failed\n", answer,
                          failing == 0 ? "No new fault" : plural(failing, "new fault"),
                          plural(report.runs.size(), "run"), report.failed));
  for (const ClusterVerdict& verdict : gate.clusters) {
    if (!verdict.fails_gate || verdict.cluster >= report.clusters.size()) continue;
    summary.add(verdict_section(verdict, report));
  }
  if (const std::string others = others_table(report); !others.empty()) summary.add(others);
  std::vector<std::string> rows;
  for (const FixedCluster& fixed : gate.fixed) {
    rows.push_back(code(fixed.endpoint) + " no longer fails with " + code(fixed.kind) + " (" +
                   plural(fixed.runs, "run") + ")");
  }
  add_list("Fixed since the baseline", rows, summary);
  rows.clear();
  for (const std::string& stale : gate.stale) rows.push_back(words(stale));
  add_list("Suppressions to remove", rows, summary);
  rows.clear();
  for (const std::string& endpoint : gate.unasked) rows.push_back(code(endpoint));
  add_list("Failed in the baseline, and not asked now", rows, summary);
  rows.clear();
  for (const std::string& note : gate.notes) rows.push_back(words(note));
  add_list("Notes of the gate", rows, summary);
}

void add_ranking(const Report& report, Summary& summary) {
  summary.add(fmt::format("## culprit: {} of {} failed\n", report.failed,
                          plural(report.runs.size(), "run")));
  if (!report.undecided.empty()) summary.add("\n" + words(report.undecided) + "\n");
  std::vector<Row> rows;
  for (const Ranked& row : report.ranking.rows) rows.push_back({row, Relation::kNoChange});
  if (!rows.empty()) summary.add("\n" + suspects_table(rows, report.services > 1));
  if (report.diagnosability && !report.diagnosability->to_split.empty()) {
    summary.add("\nTo split the first: " + words(report.diagnosability->to_split) + ".\n");
  }
  for (const Round& round : report.rounds) {
    const Ranked& next = round.ranking.rows.front();
    summary.add("\n" + sentence(in_words(report, round)) + " Of those the first suspect is " +
                code(title(next.code)) + ".\n");
  }
  if (report.clusters.size() < 2) return;
  std::string text =
      "\n### Failures\n\n| failure | failed | first suspect | score |\n| --- | ---: | --- | ---: "
      "|\n";
  for (std::size_t i = 0; i < report.clusters.size() && i < kClusters; ++i) {
    const FailureCluster& cluster = report.clusters[i];
    const Ranked* const first =
        cluster.ranking.rows.empty() ? nullptr : &cluster.ranking.rows.front();
    text +=
        fmt::format("| {} | {} | {} | {} |\n", failure_in_words(cluster.signature),
                    rate(cluster.runs.size(), cluster.endpoint_runs),
                    first == nullptr ? "-" : code(title(first->code)),
                    first != nullptr && first->probability ? percent(*first->probability) : "-");
  }
  if (report.clusters.size() > kClusters) {
    text += fmt::format("\nand {} more\n", report.clusters.size() - kClusters);
  }
  summary.add(text);
}

}  // namespace

std::string findings_as_markdown(const Report& report, const Style&) {
  Summary summary;
  if (report.gate) {
    add_gate(report, summary);
  } else {
    add_ranking(report, summary);
  }
  std::vector<std::string> rows;
  for (const std::string& note : report.notes) rows.push_back(words(note));
  for (const Error& problem : report.problems) rows.push_back(words(to_string(problem)));
  add_list("Notes", rows, summary);
  return summary.take();
}

}  // namespace culprit
