#include "score/evaluate.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <utility>

namespace culprit {

namespace {

constexpr std::array<std::size_t, 4> kTops = {1, 3, 5, 10};
constexpr double kTail = 0.025;  // on either side of an interval

// Elements of one score.
struct TieGroup {
  std::size_t ahead = 0;  // elements with a higher score
  std::size_t size = 0;
  std::size_t faulty = 0;
};

// Probability that one of the group's faulty elements is among the first n.
double top(std::size_t n, const TieGroup& group) {
  if (n <= group.ahead) return 0;
  const std::size_t places = n - group.ahead;
  if (places > group.size - group.faulty) return 1;
  double miss = 1;
  for (std::size_t i = 0; i < places; ++i) {
    miss *=
        static_cast<double>(group.size - group.faulty - i) / static_cast<double>(group.size - i);
  }
  return 1 - miss;
}

// Expected 1 / (rank of the group's first faulty element).
double reciprocal(const TieGroup& group) {
  double sum = 0;
  double none_before = 1;  // probability that no place before k is faulty
  for (std::size_t k = 0; k <= group.size - group.faulty; ++k) {
    const double here =
        none_before * static_cast<double>(group.faulty) / static_cast<double>(group.size - k);
    sum += here / static_cast<double>(group.ahead + k + 1);
    none_before -= here;
  }
  return sum;
}

// Expected sum of the precisions at the group's faulty elements, `before` being faulty elements
// ahead of it.
double precisions(const TieGroup& group, std::size_t before) {
  const auto size = static_cast<double>(group.size);
  const auto faulty = static_cast<double>(group.faulty);
  const double others = group.size > 1 ? (faulty - 1) / (size - 1) : 0;
  double sum = 0;
  for (std::size_t i = 1; i <= group.size; ++i) {
    sum += faulty / size * (static_cast<double>(before) + static_cast<double>(i - 1) * others + 1) /
           static_cast<double>(group.ahead + i);
  }
  return sum;
}

// The groups that hold faulty elements, best first.
std::vector<TieGroup> faulty_groups(std::span<const double> scores,
                                    std::span<const std::uint32_t> faulty) {
  std::map<double, TieGroup, std::greater<>> groups;
  for (const std::uint32_t i : faulty) ++groups[scores[i]].faulty;
  for (const double score : scores) {
    for (auto& [value, group] : groups) {
      group.ahead += score > value ? 1 : 0;
      group.size += score == value ? 1 : 0;
    }
  }
  std::vector<TieGroup> result;
  for (const auto& [value, group] : groups) result.push_back(group);
  return result;
}

template <std::size_t kTop>
double line_top(const Trial& trial) {
  return 100 * trial.line.top[kTop];
}
template <std::size_t kTop>
double function_top(const Trial& trial) {
  return 100 * trial.function.top[kTop];
}
double exam(double rank, const Measure& measure) {
  return 100 * rank / static_cast<double>(measure.of);
}

constexpr Figure kFigures[] = {
    {"line_top1", 1, true, line_top<0>},
    {"line_top3", 1, true, line_top<1>},
    {"line_top5", 1, true, line_top<2>},
    {"line_top10", 1, true, line_top<3>},
    {"line_mfr", 2, false, [](const Trial& t) { return t.line.rank; }},
    {"line_mar", 2, false, [](const Trial& t) { return t.line.mean_rank; }},
    {"line_map", 1, true, [](const Trial& t) { return 100 * t.line.average_precision; }},
    {"line_mrr", 1, true, [](const Trial& t) { return 100 * t.line.reciprocal_rank; }},
    {"function_top1", 1, true, function_top<0>},
    {"function_top3", 1, true, function_top<1>},
    {"function_top5", 1, true, function_top<2>},
    {"function_top10", 1, true, function_top<3>},
    {"function_mfr", 2, false, [](const Trial& t) { return t.function.rank; }},
    {"function_mar", 2, false, [](const Trial& t) { return t.function.mean_rank; }},
    {"function_map", 1, true, [](const Trial& t) { return 100 * t.function.average_precision; }},
    {"function_mrr", 1, true, [](const Trial& t) { return 100 * t.function.reciprocal_rank; }},
    {"exam_best", 2, false, [](const Trial& t) { return exam(t.line.best_rank, t.line); }},
    {"exam", 2, false, [](const Trial& t) { return exam(t.line.rank, t.line); }},
    {"exam_worst", 2, false, [](const Trial& t) { return exam(t.line.worst_rank, t.line); }},
};

using Row = std::array<double, std::size(kFigures)>;  // one version's figures

Row row_of(const Trial& trial) {
  Row row{};
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = kFigures[i].of(trial);
  return row;
}

// The versions of a table's row, by program where programs count the same, else one group.
using Groups = std::vector<std::vector<Row>>;

// The mean over the groups of the mean over `pick(group)`, which yields indices into the group.
template <class Pick>
Row mean(const Groups& groups, Pick pick) {
  Row result{};
  for (const std::vector<Row>& group : groups) {
    const auto share = 1 / (static_cast<double>(group.size()) * static_cast<double>(groups.size()));
    for (std::size_t i = 0; i < group.size(); ++i) {
      const Row& row = group[pick(group, i)];
      for (std::size_t f = 0; f < row.size(); ++f) result[f] += row[f] * share;
    }
  }
  return result;
}

std::vector<Estimate> estimates(const Groups& groups) {
  const Row means = mean(groups, [](const auto&, std::size_t i) { return i; });
  std::vector<std::vector<double>> samples(means.size(), std::vector<double>(kResamples));
  std::mt19937_64 random(1);  // the same for every formula: intervals do not depend on the order
  for (std::size_t sample = 0; sample < kResamples; ++sample) {
    const Row drawn = mean(groups, [&](const std::vector<Row>& group, std::size_t) {
      return static_cast<std::size_t>(random() % group.size());
    });
    for (std::size_t f = 0; f < drawn.size(); ++f) samples[f][sample] = drawn[f];
  }
  std::vector<Estimate> result;
  for (std::size_t f = 0; f < means.size(); ++f) {
    std::sort(samples[f].begin(), samples[f].end());
    const auto at = [&](double share) {
      return samples[f][static_cast<std::size_t>(share * (kResamples - 1) + 0.5)];
    };
    result.push_back({means[f], at(kTail), at(1 - kTail)});
  }
  return result;
}

// (suite, formula) -> versions in order, "all" among the suites; formula -> program -> versions.
struct Table {
  std::map<std::pair<std::string, std::string>, std::vector<Row>> suites;
  std::map<std::string, std::map<std::string, std::vector<Row>>> programs;
};

Table table_of(std::span<const Trial> trials) {
  Table table;
  for (const Trial& trial : trials) {
    const Row row = row_of(trial);
    table.suites[{trial.suite, trial.formula}].push_back(row);
    table.suites[{"all", trial.formula}].push_back(row);
    table.programs[trial.formula][trial.program].push_back(row);
  }
  return table;
}

Groups groups_of(const std::map<std::string, std::vector<Row>>& programs) {
  Groups groups;
  for (const auto& [program, rows] : programs) groups.push_back(rows);
  return groups;
}

void subtract(std::vector<Row>& rows, const std::vector<Row>& others) {
  if (rows.size() != others.size()) std::abort();  // tried on other versions
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t f = 0; f < rows[i].size(); ++f) rows[i][f] -= others[i][f];
  }
}

std::vector<Score> scores_of(const Table& table, const std::string& against) {
  std::vector<Score> result;
  for (const auto& [key, rows] : table.suites) {
    if (key.second == against) continue;
    result.push_back({key.first, key.second, against, rows.size(), estimates({rows})});
  }
  for (const auto& [formula, programs] : table.programs) {
    if (formula == against) continue;
    result.push_back(
        {"programs", formula, against, programs.size(), estimates(groups_of(programs))});
  }
  return result;
}

}  // namespace

Measure measure(std::span<const double> scores, std::span<const std::uint32_t> faulty) {
  const std::vector<TieGroup> groups = faulty_groups(scores, faulty);
  const TieGroup& first = groups.front();
  Measure result;
  for (std::size_t t = 0; t < kTops.size(); ++t) result.top[t] = top(kTops[t], first);
  result.rank = static_cast<double>(first.ahead) +
                static_cast<double>(first.size + 1) / static_cast<double>(first.faulty + 1);
  result.best_rank = static_cast<double>(first.ahead + 1);
  result.worst_rank = static_cast<double>(first.ahead + first.size - first.faulty + 1);
  result.reciprocal_rank = reciprocal(first);
  std::size_t before = 0;
  for (const TieGroup& group : groups) {
    const double share = static_cast<double>(group.faulty) / static_cast<double>(faulty.size());
    result.mean_rank +=
        share * (static_cast<double>(group.ahead) + static_cast<double>(group.size + 1) / 2);
    result.average_precision += precisions(group, before) / static_cast<double>(faulty.size());
    before += group.faulty;
  }
  result.of = scores.size();
  return result;
}

std::span<const Figure> figures() { return kFigures; }

std::size_t figure_index(std::string_view name) {
  const auto found = std::find_if(std::begin(kFigures), std::end(kFigures),
                                  [&](const Figure& figure) { return figure.name == name; });
  if (found == std::end(kFigures)) std::abort();
  return static_cast<std::size_t>(found - std::begin(kFigures));
}

std::vector<Score> tabulate(std::span<const Trial> trials) {
  return scores_of(table_of(trials), "");
}

std::vector<Score> differences(std::span<const Trial> trials, std::string_view reference) {
  Table table = table_of(trials);
  const std::string against(reference);
  const Table original = table;
  for (auto& [key, rows] : table.suites) subtract(rows, original.suites.at({key.first, against}));
  for (auto& [formula, programs] : table.programs) {
    for (auto& [program, rows] : programs) {
      subtract(rows, original.programs.at(against).at(program));
    }
  }
  return scores_of(table, against);
}

std::vector<Calibration> calibrations(std::span<const Trial> trials) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::vector<Forecast>>> versions;
  for (const Trial& trial : trials) {
    if (trial.forecasts.empty()) continue;
    std::vector<std::vector<Forecast>>& known = versions[trial.formula];
    if (known.empty()) names.push_back(trial.formula);
    known.push_back(trial.forecasts);
  }
  std::vector<Calibration> result;
  for (const std::string& name : names) result.push_back(calibration(name, versions[name]));
  return result;
}

}  // namespace culprit
