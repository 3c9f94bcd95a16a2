#include "pipeline/error_places.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"

namespace culprit {

std::vector<ErrorPlace> error_places(std::span<const Span> spans, const TraceWeights& failed) {
  double failing = 0;
  double passing = 0;
  std::set<std::string_view> traces;
  using Key = std::tuple<std::string_view, std::string_view, std::uint32_t, std::string_view>;
  std::map<Key, std::set<std::string_view>> traces_at;
  for (const Span& span : spans) {
    const auto weight = failed.find(span.trace);
    if (weight == failed.end()) continue;
    if (traces.insert(span.trace).second) {
      failing += weight->second;
      passing += 1 - weight->second;
    }
    if (!span.error || span.code_line == 0 || span.code_file.empty()) continue;
    traces_at[{span.service, span.code_file, span.code_line, span.code_function}].insert(
        span.trace);
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
