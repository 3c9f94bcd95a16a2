#include "pipeline/raised_lines.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "pipeline/line_finder.h"

namespace culprit {

namespace {

constexpr double kBelowOthers = 0.5;

}  // namespace

std::map<std::uint32_t, ExceptionOrigin> exception_origins(const Spectrum& spectrum,
                                                           std::span<const RaisedLine> raised) {
  if (raised.empty()) return {};
  std::unordered_map<std::string_view, std::uint32_t> run_at;
  for (std::uint32_t i = 0; i < spectrum.runs().size(); ++i) run_at[spectrum.runs()[i]] = i;
  struct Way {
    // By file and number, so that those of one file follow each other.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> lines;
    bool thrown = false;
  };
  std::map<std::pair<std::uint32_t, std::string_view>, Way> ways;  // by run and service
  const LineFinder finder(spectrum);
  for (const RaisedLine& each : raised) {
    const auto run = run_at.find(each.run);
    if (run == run_at.end()) continue;
    Way& way = ways[{run->second, each.service}];
    way.thrown = way.thrown || each.throws;
    const auto line = finder.find(each.service, each.file, each.line);
    if (line) way.lines[{spectrum.lines()[line->value].file.value, each.line}] = line->value;
  }

  std::map<std::uint32_t, ExceptionOrigin> origins;
  for (const auto& [at, way] : ways) {
    if (way.thrown) continue;
    std::optional<std::uint32_t> file;
    for (const auto& [place, line] : way.lines) {
      ExceptionOrigin& origin = origins[line];
      origin.runs.insert(at.first);
      origin.weight = std::max(origin.weight, place.first == file ? kBelowOthers : 1);
      file = place.first;
    }
  }
  return origins;
}

}  // namespace culprit
