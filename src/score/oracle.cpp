#include "score/oracle.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "score/roll_up.h"

namespace culprit {

namespace {

// 2: a line of `other` counts is above one of `own`, 1: they tie, 0: it may be below.
double against(const Counts& own, const Counts& other) {
  if (other.ef < own.ef || other.ep > own.ep) return 0;
  return other.ef == own.ef && other.ep == own.ep ? 1 : 2;
}

void take_better(const Measure& other, Measure& best) {
  for (std::size_t i = 0; i < best.top.size(); ++i)
    best.top[i] = std::max(best.top[i], other.top[i]);
  for (double Measure::*rank :
       {&Measure::rank, &Measure::best_rank, &Measure::worst_rank, &Measure::mean_rank}) {
    best.*rank = std::min(best.*rank, other.*rank);
  }
  for (double Measure::*share : {&Measure::reciprocal_rank, &Measure::average_precision}) {
    best.*share = std::max(best.*share, other.*share);
  }
}

}  // namespace

Measure best_of_all_formulas(const Spectrum& spectrum, std::span<const Counts> counts, Level level,
                             std::span<const std::uint32_t> faulty) {
  const std::set<std::uint32_t> wanted(faulty.begin(), faulty.end());
  std::set<std::pair<double, double>> tried;
  std::vector<double> scores(counts.size());
  Measure best;
  for (std::uint32_t line = 0; line < counts.size(); ++line) {
    const Counts& own = counts[line];
    if (!wanted.contains(spectrum.owner({line}, level))) continue;
    if (!tried.insert({own.ef, own.ep}).second) continue;
    for (std::uint32_t i = 0; i < counts.size(); ++i) {
      scores[i] = against(own, counts[i]);
      // A better line of a faulty element is tried by itself.
      if (scores[i] > 1 && wanted.contains(spectrum.owner({i}, level))) scores[i] = 0;
    }
    const Measure measured = measure(roll_up(spectrum, level, RollUp::kMax, scores), faulty);
    tried.size() == 1 ? void(best = measured) : take_better(measured, best);
  }
  return best;
}

}  // namespace culprit
