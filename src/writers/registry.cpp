#include <array>

#include "base/text.h"
#include "writers/writers.h"

namespace culprit {

namespace {

constexpr auto kWriters = std::to_array<Writer>({
    {"ansi", "text in colour, whatever it is written to; annotated source only", nullptr, nullptr,
     nullptr, nullptr, annotation_as_ansi},
    {"csv", "a row a finding, for spreadsheets; figures of `culprit eval`", findings_as_csv,
     nullptr, nullptr, scores_as_csv, nullptr},
    {"gcc", "a line a finding, as compilers print it: editors jump to it", findings_as_gcc, nullptr,
     nullptr, nullptr, nullptr},
    {"github", "workflow commands: annotations of a pull request", findings_as_github, nullptr,
     nullptr, nullptr, nullptr},
    {"gitlab", "Code Quality report of GitLab", findings_as_gitlab, nullptr, nullptr, nullptr,
     nullptr},
    {"html", "one page that needs no other file; rankings and annotated source only",
     ranking_as_html, nullptr, nullptr, nullptr, annotation_as_html, true},
    {"json", "everything the report holds, for programs", ranking_as_json, explanation_as_json,
     labels_as_json, scores_as_json, annotation_as_json, false, true},
    {"junit", "a test case an endpoint, for Jenkins or --junit-dialect gitlab", outcomes_as_junit,
     nullptr, nullptr, nullptr, nullptr},
    {"lcov-heat",
     "heat in per cent as lcov's counts, for viewers of coverage; annotated source only", nullptr,
     nullptr, nullptr, nullptr, annotation_as_lcov},
    {"markdown", "a summary for a pull request or a CI step; figures of `culprit eval`",
     findings_as_markdown, nullptr, nullptr, scores_as_markdown, nullptr},
    {"rdjson", "diagnostics of reviewdog", findings_as_rdjson, nullptr, nullptr, nullptr, nullptr},
    {"sarif", "SARIF 2.1.0, for GitHub's code scanning and editors", findings_as_sarif, nullptr,
     nullptr, nullptr, nullptr},
    {"text", "tables for people", ranking_as_text, explanation_as_text, labels_as_text,
     scores_as_text, annotation_as_text},
});

}  // namespace

std::span<const Writer> writers() { return kWriters; }

Result<const Writer*> find_writer(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Writer& writer : kWriters) {
    if (writer.name == name) return &writer;
    names.push_back(writer.name);
  }
  const auto near = nearest(name, names);
  return fail(error_in("output", "there is no format `" + printable(name) + "`",
                       near ? "did you mean `" + std::string(*near) + "`?"
                            : "`culprit list writers` shows them all"));
}

}  // namespace culprit
