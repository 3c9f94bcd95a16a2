#include "writers/annotated_line.h"

#include <fmt/format.h>

#include "base/text.h"
#include "writers/phrases.h"

namespace culprit {

std::string verdict_of(const Ranked& row) {
  return fmt::format(
      "#{}  {}", ranks(row.best_rank, row.worst_rank),
      row.probability ? percent(*row.probability) : fmt::format("{:.4g}", row.score));
}

std::string name_of(const FileHeat& file) {
  std::string name = printable(file.source.empty() ? file.file : file.source, 400);
  if (!file.service.empty()) name += "  (" + printable(file.service) + ")";
  return name;
}

std::uint32_t heading_line(const AnnotatedFile& file, const Ranked& row) {
  if (row.facts && row.facts->first_line != 0) return row.facts->first_line;
  const bool known = row.code.first_line != 0 && row.code.first_line <= row.line.first_line &&
                     row.code.file == row.line.file;
  const std::uint32_t line = known ? row.code.first_line : row.line.first_line;
  if (line < 2 || line > file.text.size()) return line;
  const std::string_view before = trim(file.text[line - 2]);
  const bool ends = before.empty() || before.ends_with('}') || before.ends_with(';');
  return ends ? line : line - 1;
}

std::vector<std::string> legend(const Report& report, const Annotation& annotation) {
  std::vector<std::string> lines;
  std::size_t shown = 0;
  double mass = 0;
  bool known = true;
  for (const AnnotatedFile& file : annotation.files) {
    for (const Ranked& row : file.functions) {
      ++shown;
      known = known && row.probability.has_value();
      mass += row.probability.value_or(0);
    }
  }
  if (!annotation.named && shown < report.ranking.elements) {
    lines.push_back(fmt::format("{} of {} functions shown{}; --top N shows N", shown,
                                report.ranking.elements,
                                known ? ", with " + percent(mass) + " of the probability" : ""));
  }
  lines.emplace_back(
      "heat: how likely the line is the cause, the likeliest line being 100; failing, passing: "
      "runs "
      "that execute it");
  return lines;
}

}  // namespace culprit
