#include "score/roll_up.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace culprit {

namespace {

constexpr double kLowest = -std::numeric_limits<double>::infinity();

std::vector<double> highest(const Spectrum& spectrum, Level level, std::span<const double> lines) {
  std::vector<double> result(spectrum.size(level), kLowest);
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    double& best = result[spectrum.owner({i}, level)];
    best = std::max(best, lines[i]);
  }
  return result;
}

std::vector<double> votes(const Spectrum& spectrum, Level level, std::span<const double> lines) {
  std::vector<double> ascending(lines.begin(), lines.end());
  std::sort(ascending.begin(), ascending.end());
  std::vector<double> result(spectrum.size(level));
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    const auto not_below =
        ascending.end() - std::lower_bound(ascending.begin(), ascending.end(), lines[i]);
    result[spectrum.owner({i}, level)] += 1.0 / static_cast<double>(not_below);
  }
  return result;
}

}  // namespace

std::vector<double> rounded(std::span<const double> scores) {
  std::vector<double> result;
  result.reserve(scores.size());
  for (const double score : scores) {
    // Beyond 1e15 no decimal is left to round, and scaling could overflow.
    result.push_back(std::abs(score) < 1e15 ? std::nearbyint(score * 1e10) / 1e10 : score);
  }
  return result;
}

std::vector<double> roll_up(const Spectrum& spectrum, Level level, RollUp roll_up,
                            std::span<const double> line_scores) {
  const std::vector<double> lines = rounded(line_scores);
  if (level == Level::kLine) return lines;
  if (roll_up == RollUp::kVote) return votes(spectrum, level, lines);
  const std::vector<double> best = highest(spectrum, level, lines);
  if (roll_up == RollUp::kMax) return best;

  const std::vector<double> vote = rounded(votes(spectrum, level, lines));
  std::vector<std::uint32_t> order(best.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto key = [&](std::uint32_t i) { return std::pair(best[i], vote[i]); };
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  std::vector<double> result(best.size());
  double rank = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && key(order[i]) != key(order[i - 1])) ++rank;
    result[order[i]] = rank;
  }
  return result;
}

}  // namespace culprit
