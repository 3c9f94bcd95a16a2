#include "pipeline/line_heat.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace culprit {

namespace {

constexpr double kLeastHeat = 0.0005;  // what views round to nothing

}  // namespace

std::vector<FileHeat> line_heat(const Evidence& evidence, const Method& method) {
  const Ranking lines = rank(evidence, method, Level::kLine, 0);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double lowest = kInfinity;
  double highest = -kInfinity;
  const auto value = [](const Ranked& row) { return row.probability.value_or(row.score); };
  for (const Ranked& row : lines.rows) {
    if (!std::isfinite(value(row))) continue;
    lowest = std::min(lowest, row.probability ? 0 : value(row));
    highest = std::max(highest, value(row));
  }
  std::map<std::pair<std::string_view, std::string_view>, std::vector<LineHeat>> files;
  for (const Ranked& row : lines.rows) {
    double heat = 0;
    if (value(row) == kInfinity) {
      heat = 1;
    } else if (std::isfinite(value(row)) && highest > lowest) {
      heat = (value(row) - lowest) / (highest - lowest);
    }
    files[{row.code.service, row.code.file}].push_back({row.code.first_line, row.counts, heat});
  }
  std::vector<FileHeat> rows;
  for (auto& [key, file] : files) {
    std::sort(file.begin(), file.end(),
              [](const LineHeat& a, const LineHeat& b) { return a.line < b.line; });
    rows.push_back({std::string(key.first), std::string(key.second), std::move(file), {}});
  }
  return rows;
}

void ClusterHeats::add(std::size_t cluster, std::vector<FileHeat> heat) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < heat.size(); ++i) {
    // Both list every line of the spectrum in one order.
    const std::vector<LineHeat>& all = of_all_[i].lines;
    std::vector<LineHeat> lines;
    for (std::size_t at = 0; at < heat[i].lines.size(); ++at) {
      const LineHeat& line = heat[i].lines[at];
      if (line.heat >= kLeastHeat || line.counts.ef > 0 || line.counts.ep != all[at].counts.ep) {
        lines.push_back(line);
      }
    }
    heat[i].lines = std::move(lines);
    kept += heat[i].lines.size();
  }
  if (lines_ + kept > kMostLines) {
    ++left_out_;
    return;
  }
  lines_ += kept;
  std::erase_if(heat, [](const FileHeat& file) { return file.lines.empty(); });
  clusters_.push_back({cluster, std::move(heat)});
}

}  // namespace culprit
