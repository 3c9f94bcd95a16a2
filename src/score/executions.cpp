#include "score/executions.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "score/column_sum.h"
#include "score/tiles.h"

namespace culprit {

namespace {

// The cells over which the integral is a sum: geometric towards 0, where the chance of one of many
// executions lies, and towards 1.
class Cells {
 public:
  static constexpr std::size_t kCells = 85;
  using Row = std::array<double, kCells>;

  Cells() {
    constexpr std::size_t kTowardsZero = 64, kTowardsOne = 21;
    constexpr double kLeast = 1e-8, kMiddle = 0.5, kLeastFromOne = 1e-4;
    const auto geometric = [](double from, double to, std::size_t i, std::size_t n) {
      const double share = static_cast<double>(i) / static_cast<double>(n - 1);
      return from * std::pow(to / from, share);
    };
    std::vector<double> edges = {0};
    for (std::size_t i = 0; i < kTowardsZero; ++i) {
      edges.push_back(geometric(kLeast, kMiddle, i, kTowardsZero));
    }
    for (std::size_t i = 1; i < kTowardsOne; ++i) {
      edges.push_back(1 - geometric(kMiddle, kLeastFromOne, i, kTowardsOne));
    }
    edges.push_back(1);
    for (std::size_t i = 0; i < kCells; ++i) {
      log_width_[i] = std::log(edges[i + 1] - edges[i]);
      log_spared_[i] = std::log1p(-(edges[i] + edges[i + 1]) / 2);
    }
  }

  [[nodiscard]] const Row& log_width() const { return log_width_; }
  // log(1 - theta) at each cell's middle: one execution does not fail its run.
  [[nodiscard]] const Row& log_spared() const { return log_spared_; }

  // log(1 - (1-theta)^count): of so many executions at least one fails the run.
  [[nodiscard]] const Row& log_failed(std::uint16_t code) {
    const auto [at, added] = failed_.try_emplace(code);
    if (added) {
      const auto count = static_cast<double>(CountCode::decode(code));
      for (std::size_t i = 0; i < kCells; ++i) {
        at->second[i] = std::log(-std::expm1(count * log_spared_[i]));
      }
    }
    return at->second;
  }

 private:
  Row log_width_{}, log_spared_{};
  std::unordered_map<std::uint16_t, Row> failed_;
};

// Of one line: count codes in failing runs, with the weight of the run.
using FailingExecutions = std::vector<std::pair<std::uint16_t, double>>;

// `failing` may come in any order.
double marginal(double passing, FailingExecutions& failing, Cells& cells) {
  std::sort(failing.begin(), failing.end());
  Cells::Row sum = cells.log_width();
  const Cells::Row& spared = cells.log_spared();
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += passing * spared[i];
  for (std::size_t begin = 0; begin < failing.size();) {
    const std::uint16_t code = failing[begin].first;
    double weight = 0;
    for (; begin < failing.size() && failing[begin].first == code; ++begin) {
      weight += failing[begin].second;
    }
    const Cells::Row& failed = cells.log_failed(code);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * failed[i];
  }
  const double highest = *std::max_element(sum.begin(), sum.end());
  double total = 0;
  for (const double log : sum) {
    if (log > highest - 45) total += std::exp(log - highest);  // else below a double's precision
  }
  return highest + std::log(total);
}

// What one execution count adds to the sums, by code.
std::vector<ExecutionSums::Passing> by_code() {
  std::vector<ExecutionSums::Passing> values;
  for (std::uint32_t code = 0; code <= CountCode::encode(~0ULL); ++code) {
    const auto count = static_cast<double>(CountCode::decode(static_cast<std::uint16_t>(code)));
    values.push_back({std::log2(1.0 + count), count});
  }
  return values;
}

// The same in whole numbers, whose sums over as many runs fit into 64 bits: logs times `scale`,
// counts up to what no run comes to.
struct Step {
  std::uint64_t logs = 0;
  std::uint64_t count = 0;
};
std::vector<Step> in_whole_numbers(const std::vector<ExecutionSums::Passing>& of_code,
                                   double scale) {
  std::vector<Step> steps;
  for (const ExecutionSums::Passing& value : of_code) {
    steps.push_back({static_cast<std::uint64_t>(std::llround(value.logs * scale)),
                     static_cast<std::uint64_t>(std::min(value.count, scale))});
  }
  return steps;
}

}  // namespace

ExecutionSums execution_sums(const Spectrum& spectrum, const Jury& jury) {
  ExecutionSums sums;
  if (!spectrum.has_counts()) return sums;
  sums.failing_logs.resize(spectrum.lines().size());
  sums.passing.resize(spectrum.lines().size());
  static const std::vector<ExecutionSums::Passing> of_code = by_code();
  // Most runs passed. Of these only the steps from each line to the next are noted, two a stretch
  // however long; in whole numbers, which no order of adding them up rounds.
  const double scale =
      std::ldexp(1, 57) / static_cast<double>(std::bit_ceil(spectrum.runs().size() + 1));
  const std::vector<Step> step_of_code = in_whole_numbers(of_code, scale);
  std::vector<Step> steps(Spectrum::kLinesPerTile + 1);
  by_tile(
      spectrum, [&](std::uint32_t run) { return jury.counts(run); },
      [&, steps = steps.data(), passing = sums.passing.data(), failing = sums.failing_logs.data()](
          std::uint32_t run, std::uint32_t first, std::uint32_t end, std::uint16_t code) {
        const double weight = jury.weights()[run];
        if (weight == 0) {
          const Step step = step_of_code[code];
          Step& from = steps[first % Spectrum::kLinesPerTile];
          from.logs += step.logs;
          from.count += step.count;
          Step& to = steps[first % Spectrum::kLinesPerTile + (end - first)];
          to.logs -= step.logs;
          to.count -= step.count;
          return;
        }
        const ExecutionSums::Passing value = of_code[code];
        for (std::uint32_t i = first; i < end; ++i) {
          passing[i].logs += (1 - weight) * value.logs;
          passing[i].count += (1 - weight) * value.count;
          failing[i] += weight * value.logs;
        }
      },
      [&](std::uint32_t begin, std::uint32_t end) {
        Step sum;
        for (std::uint32_t i = begin; i < end; ++i) {
          sum.logs += steps[i - begin].logs;
          sum.count += steps[i - begin].count;
          sums.passing[i].logs += static_cast<double>(sum.logs) / scale;
          sums.passing[i].count += static_cast<double>(sum.count);
        }
        std::ranges::fill(steps, Step());
      });
  return sums;
}

std::vector<double> count_contrast(const Spectrum& spectrum, const Jury& jury,
                                   const ExecutionSums& sums) {
  std::vector<double> contrast(spectrum.lines().size());
  if (!spectrum.has_counts()) return contrast;
  for (std::uint32_t i = 0; i < contrast.size(); ++i) {
    const Counts& all = jury.of_part(spectrum.part_of({i}));
    if (all.ef == 0 || all.ep == 0) continue;
    contrast[i] = sums.failing_logs[i] / all.ef - sums.passing[i].logs / all.ep;
  }
  const auto [low, high] = std::minmax_element(contrast.begin(), contrast.end());
  if (low == contrast.end()) return contrast;
  const double least = *low;
  const double range = *high - least + 1e-12;
  for (double& z : contrast) z = (z - least) / range;
  return contrast;
}

std::vector<double> execution_marginals(const Spectrum& spectrum, const Jury& jury,
                                        const ExecutionSums& sums,
                                        const std::vector<bool>& wanted) {
  Cells cells;
  std::vector<double> result(spectrum.lines().size());
  std::vector<FailingExecutions> failing(Spectrum::kLinesPerTile);
  by_tile(
      spectrum, [&](std::uint32_t run) { return jury.weights()[run] > 0; },
      [&](std::uint32_t run, std::uint32_t first, std::uint32_t end, std::uint16_t code) {
        for (std::uint32_t i = first; i < end; ++i) {
          if (!wanted[i]) continue;
          failing[i % Spectrum::kLinesPerTile].emplace_back(code, jury.weights()[run]);
        }
      },
      [&](std::uint32_t begin, std::uint32_t end) {
        for (std::uint32_t i = begin; i < end; ++i) {
          FailingExecutions& its = failing[i - begin];
          if (wanted[i]) result[i] = marginal(sums.passing[i].count, its, cells);
          its.clear();
        }
      });
  return result;
}

std::vector<std::uint32_t> count_column_groups(const Spectrum& spectrum, const Jury& jury,
                                               std::span<const std::uint32_t> groups) {
  if (!spectrum.has_counts()) return {groups.begin(), groups.end()};
  std::vector<ColumnSum> columns(groups.size());
  // A cell is the product of two random numbers, one of its run and one of its count.
  static const std::vector<ColumnSum> of_code = [] {
    std::vector<ColumnSum> numbers;
    for (std::uint64_t code = 0; code <= CountCode::encode(~0ULL); ++code) {
      // 0 stands for "executed, count not known", which counts as once.
      numbers.push_back(ColumnSum::of(~std::max<std::uint64_t>(code, 1)));
    }
    return numbers;
  }();
  const std::vector<ColumnSum> of_run = sums_of_runs(spectrum);
  sum_columns(
      spectrum, jury,
      [runs = of_run.data(), codes = of_code.data()](std::uint32_t run, std::uint16_t code) {
        return ColumnSum{runs[run].a * codes[code].a, runs[run].b * codes[code].b};
      },
      columns);
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].add(groups[i]);
  return numbered(columns);
}

}  // namespace culprit
