// Findings as lines of text: as compilers print them, for editors, and as commands for GitHub's
// runner.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "writers/findings.h"
#include "writers/writers.h"

namespace culprit {

namespace {

// A step may show ten of each kind, and drops the rest without a word.
constexpr std::size_t kShownByGithub = 9;

std::string replaced(std::string_view text, std::string_view special) {
  std::string escaped;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string github_property(std::string_view text) { return replaced(text, "%\r\n:,"); }
std::string github_message(std::string_view text) { return replaced(text, "%\r\n"); }

std::string github_command(const Finding& finding) {
  std::string command =
      finding.level == FindingLevel::kNote ? "notice" : std::string(name_of(finding.level));
  std::string properties;
  if (!finding.path.empty()) {
    properties = fmt::format("file={},line={},endLine={},col={},endColumn={},",
                             github_property(printable(finding.path, 4000)), finding.line,
                             finding.line, finding.column, finding.end_column_utf16);
  }
  properties += "title=" + github_property(finding.title);
  return "::" + command + " " + properties + "::" + github_message(finding.text()) + "\n";
}

}  // namespace

std::string findings_as_gcc(const Report& report, const Style&) {
  std::string text;
  std::set<const FailureCluster*> told;
  for (const Finding& finding : findings_of(report)) {
    if (finding.suppressed()) continue;
    // Where the path is not known to lie in the repository, as reports spell it.
    const std::string& file =
        finding.path.empty() && finding.code != nullptr ? finding.code->line.file : finding.path;
    const std::string where =
        file.empty() ? "culprit"
                     : fmt::format("{}:{}:{}", printable(file, 4000), finding.line, finding.column);
    text += fmt::format("{}: {}: {} [{}]\n", where, name_of(finding.level), finding.text(),
                        finding.rule->id);
    if (finding.code == nullptr) continue;
    const CodeElement& code = finding.code->code;
    if (code.level == Level::kFunction && finding.first_line != 0 &&
        finding.first_line != finding.line) {
      text += fmt::format("{}:{}:1: note: {} begins here\n", printable(file, 4000),
                          finding.first_line, finding.subject);
    }
    if (finding.clusters.empty() || !told.insert(finding.clusters.front()).second) continue;
    for (const TraceStep& step : finding.clusters.front()->trace) {
      if (!step.error || step.file.empty() || step.line == 0) continue;
      text +=
          fmt::format("{}:{}:1: note: an error arises here: {} ({})\n", printable(step.file, 4000),
                      step.line, printable(step.service), printable(step.operation, 200));
    }
  }
  return text;
}

std::string findings_as_github(const Report& report, const Style&) {
  std::vector<Finding> findings = findings_of(report);
  std::erase_if(findings, [](const Finding& finding) { return finding.suppressed(); });
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.level > b.level; });
  std::string text;
  for (std::size_t i = 0; i < std::min(findings.size(), kShownByGithub); ++i) {
    text += github_command(findings[i]);
  }
  if (findings.size() > kShownByGithub) {
    text += fmt::format(
        "::notice title=culprit::+{} more; the step summary and the report have "
        "them all\n",
        findings.size() - kShownByGithub);
  }
  return text;
}

}  // namespace culprit
