#include "score/structure.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace culprit {

std::vector<Place> places(const Spectrum& spectrum, std::span<const std::uint32_t> groups) {
  const auto function = [&](std::uint32_t line) {
    return spectrum.owner({line}, Level::kFunction);
  };
  std::vector<std::uint32_t> order(groups.size());
  std::iota(order.begin(), order.end(), 0U);
  // Lines are in order of their files; a function inside another one interrupts that one's lines.
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return function(a) < function(b); });
  std::vector<Place> result(groups.size(), Place::kPlain);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint32_t line = order[i];
    const bool first = i == 0 || function(order[i - 1]) != function(line);
    const bool last = i + 1 == order.size() || function(order[i + 1]) != function(line);
    if (last) continue;
    if (first) {
      result[line] = Place::kFirst;
      continue;
    }
    const bool opens = groups[order[i - 1]] != groups[line];
    const bool decides = groups[order[i + 1]] != groups[line];
    result[line] = opens     ? decides ? Place::kBetween : Place::kOpens
                   : decides ? Place::kDecides
                             : Place::kPlain;
  }
  return result;
}

double log_prior(Place place) {
  constexpr double kFirst = -1.5, kOpens = -1, kDecides = 0.3;
  switch (place) {
    case Place::kFirst:
      return kFirst;
    case Place::kOpens:
      return kOpens;
    case Place::kDecides:
      return kDecides;
    case Place::kBetween:
      return kOpens + kDecides;
    case Place::kPlain:
      break;
  }
  return 0;
}

}  // namespace culprit
