#include "score/evaluate.h"

#include <algorithm>
#include <map>

namespace culprit {

namespace {

constexpr std::array<std::size_t, 3> kTops = {1, 3, 5};

// Probability that one of `faulty` among `ties` equal elements, `ahead` elements before them, is
// among the first n.
double top(std::size_t n, std::size_t ahead, std::size_t ties, std::size_t faulty) {
  if (n <= ahead) return 0;
  const std::size_t places = n - ahead;
  if (places > ties - faulty) return 1;
  double miss = 1;
  for (std::size_t i = 0; i < places; ++i) {
    miss *= static_cast<double>(ties - faulty - i) / static_cast<double>(ties - i);
  }
  return 1 - miss;
}

// The mean over the rows, n left alone.
Score mean(std::span<const Score> rows) {
  Score result;
  const auto n = static_cast<double>(rows.size());
  for (const Score& row : rows) {
    for (std::size_t t = 0; t < kTops.size(); ++t) {
      result.line_top[t] += row.line_top[t] / n;
      result.function_top[t] += row.function_top[t] / n;
    }
    result.line_mfr += row.line_mfr / n;
    result.function_mfr += row.function_mfr / n;
    result.exam += row.exam / n;
  }
  return result;
}

Score single(const Trial& trial) {
  Score row;
  for (std::size_t t = 0; t < kTops.size(); ++t) {
    row.line_top[t] = 100 * trial.line.top[t];
    row.function_top[t] = 100 * trial.function.top[t];
  }
  row.line_mfr = trial.line.rank;
  row.function_mfr = trial.function.rank;
  row.exam = 100 * trial.line.rank / static_cast<double>(trial.line.of);
  return row;
}

}  // namespace

Measure measure(std::span<const double> scores, std::span<const std::uint32_t> faulty) {
  double best = scores[faulty.front()];
  for (const std::uint32_t i : faulty) best = std::max(best, scores[i]);
  const auto count = [&](const auto& is) {
    return static_cast<std::size_t>(std::count_if(scores.begin(), scores.end(), is));
  };
  const std::size_t ahead = count([&](double score) { return score > best; });
  const std::size_t ties = count([&](double score) { return score == best; });
  const auto hits = static_cast<std::size_t>(std::count_if(
      faulty.begin(), faulty.end(), [&](std::uint32_t i) { return scores[i] == best; }));
  Measure result;
  for (std::size_t t = 0; t < kTops.size(); ++t) {
    result.top[t] = top(kTops[t], ahead, ties, hits);
  }
  result.rank =
      static_cast<double>(ahead) + static_cast<double>(ties + 1) / static_cast<double>(hits + 1);
  result.of = scores.size();
  return result;
}

std::vector<Score> tabulate(std::span<const Trial> trials) {
  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::vector<Score>> groups;                                   // (suite, formula)
  std::map<std::string, std::map<std::string, std::vector<Score>>> programs;  // formula -> program
  for (const Trial& trial : trials) {
    const Score row = single(trial);
    groups[{trial.suite, trial.formula}].push_back(row);
    groups[{"all", trial.formula}].push_back(row);
    programs[trial.formula][trial.program].push_back(row);
  }
  std::vector<Score> result;
  const auto add = [&](const std::string& suite, const std::string& formula,
                       std::span<const Score> rows) {
    result.push_back(mean(rows));
    result.back().suite = suite;
    result.back().formula = formula;
    result.back().n = rows.size();
  };
  for (const auto& [key, rows] : groups) add(key.first, key.second, rows);
  for (const auto& [formula, by_program] : programs) {
    std::vector<Score> means;
    for (const auto& [program, rows] : by_program) means.push_back(mean(rows));
    add("programs", formula, means);
  }
  return result;
}

}  // namespace culprit
