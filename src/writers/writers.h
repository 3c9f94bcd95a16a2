// The table of output formats: one row each, read by `--format`, `--out`, `culprit list writers`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/annotation.h"
#include "culprit/error.h"
#include "culprit/report.h"
#include "score/evaluate.h"

namespace culprit {

struct Style {
  // For the command to type next: the program as the user called it, and the options that are to be
  // repeated (" --exclude 'tests/*'").
  std::string program = "culprit";
  std::string options = {};
  bool color = false;
  std::size_t width = 0;      // columns to fit into; 0: no limit
  bool explain = false;       // a verdict says what would change it
  bool all_problems = false;  // list every unreadable file, not only how many there are
  // JUnit has no standard: Jenkins checks files against a schema that has no place for the file of
  // a test, GitLab shows it.
  bool junit_for_gitlab = false;
};

// A function is nullptr where the format has none.
struct Writer {
  std::string_view name;
  std::string_view title;
  // Of `rank` and, where Report::gate is set, of `gate`.
  std::string (*ranking)(const Report& report, const Style& style);
  std::string (*explanation)(const Report& report, const Explanation& explanation,
                             const Style& style);
  std::string (*labels)(const Report& report, const Style& style);
  std::string (*scores)(const Evaluation& evaluation, const Style& style);
  std::string (*annotation)(const Report& report, const Annotation& annotation, const Style& style);
  bool needs_details = false;  // Report::details, which Query::details asks for
  bool needs_facts = false;    // Ranked::facts of a ranking, which Query::facts asks for
};

[[nodiscard]] std::span<const Writer> writers();
[[nodiscard]] Result<const Writer*> find_writer(std::string_view name);

// Rows of the functions above, one per format.
std::string ranking_as_text(const Report& report, const Style& style);
std::string verdict_as_text(const Report& report, const Style& style);
std::string explanation_as_text(const Report& report, const Explanation& explanation,
                                const Style& style);
std::string labels_as_text(const Report& report, const Style& style);
std::string scores_as_text(const Evaluation& evaluation, const Style& style);
std::string ranking_as_json(const Report& report, const Style& style);
std::string explanation_as_json(const Report& report, const Explanation& explanation,
                                const Style& style);
std::string labels_as_json(const Report& report, const Style& style);
std::string ranking_as_html(const Report& report, const Style& style);
std::string scores_as_json(const Evaluation& evaluation, const Style& style);
std::string findings_as_csv(const Report& report, const Style& style);
std::string findings_as_gcc(const Report& report, const Style& style);
std::string findings_as_github(const Report& report, const Style& style);
std::string findings_as_gitlab(const Report& report, const Style& style);
std::string findings_as_markdown(const Report& report, const Style& style);
std::string findings_as_rdjson(const Report& report, const Style& style);
std::string findings_as_sarif(const Report& report, const Style& style);
std::string outcomes_as_junit(const Report& report, const Style& style);
std::string scores_as_markdown(const Evaluation& evaluation, const Style& style);
std::string scores_as_csv(const Evaluation& evaluation, const Style& style);

std::string annotation_as_text(const Report& report, const Annotation& annotation,
                               const Style& style);
std::string annotation_as_ansi(const Report& report, const Annotation& annotation,
                               const Style& style);
std::string annotation_as_html(const Report& report, const Annotation& annotation,
                               const Style& style);
std::string annotation_as_json(const Report& report, const Annotation& annotation,
                               const Style& style);
std::string annotation_as_lcov(const Report& report, const Annotation& annotation,
                               const Style& style);

}  // namespace culprit
