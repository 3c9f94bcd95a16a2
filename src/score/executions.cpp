#include "score/executions.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <unordered_map>
#include <utility>

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

// What is known of one line's executions.
struct Executions {
  std::vector<std::pair<std::uint16_t, double>> failing;  // count code -> weight of such runs
  double passing = 0;                                     // executions in passing runs
};

double marginal(Executions& line, Cells& cells) {
  std::sort(line.failing.begin(), line.failing.end());
  Cells::Row sum = cells.log_width();
  const Cells::Row& spared = cells.log_spared();
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += line.passing * spared[i];
  for (std::size_t begin = 0; begin < line.failing.size();) {
    const std::uint16_t code = line.failing[begin].first;
    double weight = 0;
    for (; begin < line.failing.size() && line.failing[begin].first == code; ++begin) {
      weight += line.failing[begin].second;
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

// What `value` makes of the counts, by code.
template <class Value>
std::vector<double> by_code(Value value) {
  std::vector<double> values;
  for (std::uint32_t code = 0; code <= CountCode::encode(~0ULL); ++code) {
    values.push_back(
        value(static_cast<double>(CountCode::decode(static_cast<std::uint16_t>(code)))));
  }
  return values;
}

// Adds the values of a word's codes to `sum`, and steps over them.
double sum_of(std::uint64_t word, const std::uint16_t*& code, const std::vector<double>& values,
              double sum) {
  for (int left = std::popcount(word); left > 0; --left) sum += values[*code++];
  return sum;
}

}  // namespace

std::vector<double> count_contrast(const Spectrum& spectrum, const Jury& jury) {
  std::vector<double> failing(spectrum.lines().size());
  if (!spectrum.has_counts()) return failing;
  std::vector<double> passing(failing.size());
  const std::vector<double> log_of_code =
      by_code([](double count) { return std::log2(1.0 + count); });
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const std::span<const std::uint64_t> words = spectrum.words(block);
    const std::uint64_t counted = jury.blocks()[block].all();
    const std::uint64_t passed = jury.blocks()[block].passed;
    const std::uint16_t* code = spectrum.codes(block).data();
    const double* const weights = jury.weights().data() + block * Spectrum::kRunsPerBlock;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if ((words[i] & ~passed) == 0) {
        // Mostly so, and then it does not matter which run a code is of.
        passing[i] = sum_of(words[i], code, log_of_code, passing[i]);
        continue;
      }
      for (std::uint64_t word = words[i]; word != 0; word &= word - 1, ++code) {
        const auto run = static_cast<std::size_t>(std::countr_zero(word));
        if ((counted >> run & 1) == 0) continue;
        failing[i] += weights[run] * log_of_code[*code];
        passing[i] += (1 - weights[run]) * log_of_code[*code];
      }
    }
  }
  for (std::uint32_t i = 0; i < failing.size(); ++i) {
    const Counts& all = jury.of_part(spectrum.part_of({i}));
    const bool both = all.ef > 0 && all.ep > 0;
    failing[i] = both ? failing[i] / all.ef - passing[i] / all.ep : 0;
  }
  const auto [low, high] = std::minmax_element(failing.begin(), failing.end());
  if (low == failing.end()) return failing;
  const double least = *low;
  const double range = *high - least + 1e-12;
  for (double& z : failing) z = (z - least) / range;
  return failing;
}

std::vector<double> execution_marginals(const Spectrum& spectrum, const Jury& jury,
                                        const std::vector<bool>& wanted) {
  // Hits are stored by block of runs, and a line's integral needs all its runs: some thousand lines
  // at a time, so that what is gathered of them stays small.
  constexpr std::size_t kLinesAtATime = 4096;
  Cells cells;
  std::vector<double> result(spectrum.lines().size());
  std::vector<const std::uint16_t*> next_code;  // by block
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    next_code.push_back(spectrum.codes(block).data());
  }
  const std::vector<double> count_of_code = by_code([](double count) { return count; });
  std::vector<Executions> lines;
  for (std::size_t first = 0; first < result.size(); first += kLinesAtATime) {
    const std::size_t end = std::min(first + kLinesAtATime, result.size());
    lines.assign(end - first, {});
    for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
      const std::span<const std::uint64_t> words = spectrum.words(block);
      const std::uint64_t counted = jury.blocks()[block].all();
      const std::uint64_t passed = jury.blocks()[block].passed;
      const double* const weights = jury.weights().data() + block * Spectrum::kRunsPerBlock;
      const std::uint16_t*& code = next_code[block];
      for (std::size_t i = first; i < end; ++i) {
        if (!wanted[i]) {
          code += std::popcount(words[i]);
          continue;
        }
        Executions& line = lines[i - first];
        if ((words[i] & ~passed) == 0) {
          line.passing = sum_of(words[i], code, count_of_code, line.passing);
          continue;
        }
        for (std::uint64_t word = words[i]; word != 0; word &= word - 1, ++code) {
          const auto run = static_cast<std::size_t>(std::countr_zero(word));
          if ((counted >> run & 1) == 0) continue;
          const double weight = weights[run];
          if (weight > 0) line.failing.emplace_back(*code, weight);
          line.passing += (1 - weight) * static_cast<double>(CountCode::decode(*code));
        }
      }
    }
    for (std::size_t i = first; i < end; ++i) {
      if (wanted[i]) result[i] = marginal(lines[i - first], cells);
    }
  }
  return result;
}

std::vector<std::uint32_t> count_column_groups(const Spectrum& spectrum, const Jury& jury,
                                               std::span<const std::uint32_t> groups) {
  std::vector<std::uint32_t> result(groups.begin(), groups.end());
  if (!spectrum.has_counts()) return result;
  // Two sums of 64 bits stand for a column of counts: that two of a million different columns agree
  // in both has a chance of 1e-27.
  struct Sums {
    std::uint64_t a = 0, b = 0;
    bool operator==(const Sums&) const = default;
  };
  const auto mix = [](std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  };
  std::vector<Sums> sums(groups.size());
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const std::span<const std::uint64_t> words = spectrum.words(block);
    const std::uint64_t counted = jury.blocks()[block].all();
    const std::uint16_t* code = spectrum.codes(block).data();
    for (std::size_t i = 0; i < words.size(); ++i) {
      for (std::uint64_t word = words[i]; word != 0; word &= word - 1, ++code) {
        const auto run = static_cast<std::size_t>(std::countr_zero(word));
        if ((counted >> run & 1) == 0) continue;
        // 0 stands for "executed, count not known", which decodes to 1.
        const std::uint64_t count = CountCode::decode(*code);
        const std::uint64_t cell =
            mix((block * Spectrum::kRunsPerBlock + run) * 0x9e3779b97f4a7c15ULL + count);
        sums[i].a += cell;
        sums[i].b += mix(cell + 0x632be59bd9b4e019ULL);
      }
    }
  }
  struct Key {
    std::uint32_t group;
    Sums sums;
    bool operator==(const Key&) const = default;
  };
  const auto hash = [&](const Key& key) {
    return static_cast<std::size_t>(mix(key.group + key.sums.a));
  };
  std::unordered_map<Key, std::uint32_t, decltype(hash)> known(groups.size(), hash);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto next = static_cast<std::uint32_t>(known.size());
    result[i] = known.try_emplace({groups[i], sums[i]}, next).first->second;
  }
  return result;
}

}  // namespace culprit
