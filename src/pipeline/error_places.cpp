#include "pipeline/error_places.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/text.h"
#include "pipeline/line_finder.h"

namespace culprit {

std::vector<ErrorPlace> error_places(std::span<const TraceTree> trees, const TraceWeights& failed) {
  double failing = 0;
  double passing = 0;
  using Key = std::tuple<std::string_view, std::string_view, std::uint32_t, std::string_view>;
  std::map<Key, std::set<std::string_view>> traces_at;
  for (const TraceTree& tree : trees) {
    const auto weight = failed.find(std::string(tree.trace));
    if (weight == failed.end()) continue;
    failing += weight->second;
    passing += 1 - weight->second;
    for (std::size_t i = 0; i < tree.spans.size(); ++i) {
      const SpanFacts& span = tree.facts(i);
      if (!span.error || span.code_line == 0 || span.code_file.empty()) continue;
      traces_at[{span.service, span.code_file, span.code_line, span.code_function}].insert(
          tree.trace);
    }
  }
  std::vector<ErrorPlace> places;
  for (const auto& [key, named_by] : traces_at) {
    const auto& [service, file, line, function] = key;
    ErrorPlace place{std::string(service), std::string(function), std::string(file), line, {}};
    for (const std::string_view trace : named_by) {
      const double weight = failed.at(std::string(trace));
      place.counts.ef += weight;
      place.counts.ep += 1 - weight;
    }
    place.counts.nf = failing - place.counts.ef;
    place.counts.np = passing - place.counts.ep;
    if (place.counts.ef * passing > place.counts.ep * failing) places.push_back(std::move(place));
  }
  std::stable_sort(places.begin(), places.end(), [](const ErrorPlace& a, const ErrorPlace& b) {
    return std::pair(-a.counts.ef, a.counts.ep) < std::pair(-b.counts.ef, b.counts.ep);
  });
  return places;
}

std::vector<ErrorLine> error_lines(const RunSet& set, std::span<const Outcome> outcomes,
                                   std::span<const TraceTree> trees,
                                   std::span<const std::vector<std::size_t>> traces) {
  const Spectrum& spectrum = set.spectrum;
  const LineFinder lines(spectrum);
  std::map<std::uint32_t, ExceptionOrigin> origins = set.exceptions;
  for (std::uint32_t run = 0; run < traces.size(); ++run) {
    for (const std::size_t trace : traces[run]) {
      for (std::size_t i = 0; i < trees[trace].spans.size(); ++i) {
        const SpanFacts& span = trees[trace].facts(i);
        if (!span.error || span.code_line == 0 || span.code_file.empty()) continue;
        const auto line = lines.find(span.service, span.code_file, span.code_line);
        if (!line) continue;
        ExceptionOrigin& origin = origins[line->value];
        origin.runs.insert(run);
        origin.weight = 1;
      }
    }
  }
  std::vector<ErrorLine> result;
  for (const auto& [line, origin] : origins) {
    ErrorLine error{{line}, {}, origin.weight};
    Counts& counts = error.counts;
    for (std::uint32_t run = 0; run < outcomes.size(); ++run) {
      if (outcomes[run].verdict == Verdict::kUnknown || !spectrum.tells_of({run}, {line})) {
        continue;
      }
      const double failed = std::clamp(outcomes[run].weight, 0.0, 1.0);
      const bool raises = origin.runs.contains(run);
      (raises ? counts.ef : counts.nf) += failed;
      (raises ? counts.ep : counts.np) += 1 - failed;
    }
    if (counts.ef * counts.passing() > counts.ep * counts.failing()) result.push_back(error);
  }
  return result;
}

std::string in_words(const ErrorPlace& place) {
  const auto whole = [](double count) { return std::to_string(std::llround(count)); };
  const std::string at = printable(place.file) + ":" + std::to_string(place.line) +
                         (place.service.empty() ? "" : ", service " + printable(place.service));
  const Counts& c = place.counts;
  return "an error arose in " +
         (place.function.empty() ? at : printable(place.function, 200) + " (" + at + ")") + ": " +
         whole(c.ef) + " of " + whole(c.ef + c.nf) + " failing traces, " + whole(c.ep) + " of " +
         whole(c.ep + c.np) + " passing ones";
}

}  // namespace culprit
