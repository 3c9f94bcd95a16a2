#include "score/rank.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "score/beta.h"
#include "score/columns.h"
#include "score/executions.h"
#include "score/posterior.h"
#include "score/roll_up.h"

namespace culprit {

namespace {

std::vector<double> formula_scores(std::span<const Counts> counts, const Formula& formula) {
  std::vector<double> scores(counts.size());
  formula.values(counts, scores);
  if (!formula.one_sided) return scores;
  // Lines without a failing run go below all others, in the order the formula gives them.
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double floor = kInfinity;     // the lowest line with a failing run
  double ceiling = -kInfinity;  // the highest without
  for (std::size_t i = 0; i < scores.size(); ++i) {
    double& bound = counts[i].ef > 0 ? floor : ceiling;
    bound = counts[i].ef > 0 ? std::min(bound, scores[i]) : std::max(bound, scores[i]);
  }
  if (ceiling < floor) return scores;
  const bool shiftable = std::isfinite(floor) && std::isfinite(ceiling);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (counts[i].ef > 0) continue;
    scores[i] = shiftable ? scores[i] - ceiling + floor - 1 : -kInfinity;
  }
  return scores;
}

constexpr std::uint32_t kNoLine = 0xffffffffU;

// By element: its line with the highest score; of equal ones the one more failing runs executed,
// then the first. kNoLine where it has none: a file that reports name without a line.
std::vector<std::uint32_t> most_suspicious_lines(const Evidence& evidence, Level level,
                                                 std::span<const double> lines) {
  std::vector<std::uint32_t> best(evidence.spectrum.size(level), kNoLine);
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    std::uint32_t& known = best[evidence.spectrum.owner({i}, level)];
    const auto key = [&](std::uint32_t line) {
      return std::pair(lines[line], evidence.counts[line].ef);
    };
    if (known == kNoLine || key(i) > key(known)) known = i;
  }
  return best;
}

}  // namespace

Evidence weigh(const Spectrum& spectrum, std::span<const Outcome> outcomes) {
  Jury jury(spectrum, outcomes);
  std::vector<Counts> counts = count_lines(spectrum, jury);
  std::vector<std::uint32_t> groups = column_groups(spectrum, jury);
  std::vector<std::uint32_t> count_groups = count_column_groups(spectrum, jury, groups);
  return {spectrum, std::move(jury), std::move(counts), std::move(groups), std::move(count_groups)};
}

std::string_view posterior_name(const PosteriorPolicy& policy) {
  return policy.averaged() ? "posterior" : "posterior-runs";
}

std::optional<PosteriorPolicy::Model> posterior_model(std::string_view name) {
  for (const auto model : {PosteriorPolicy::Model::kAveraged, PosteriorPolicy::Model::kRuns}) {
    PosteriorPolicy policy;
    policy.model = model;
    if (name == posterior_name(policy)) return model;
  }
  return std::nullopt;
}

double chance_mass(const Counts& counts, const PosteriorPolicy& policy) {
  return beta_marginal(counts.failing(), counts.passing(), policy.noise_a(), policy.b0);
}

bool beats_chance(const Counts& counts, const PosteriorPolicy& policy) {
  const bool skipped = counts.ef * counts.passing() < counts.ep * counts.failing();
  const double met = skipped ? beta_marginal(counts.nf, counts.np, policy.a, policy.b)
                             : beta_marginal(counts.ef, counts.ep, policy.a, policy.b);
  const double others = skipped ? beta_marginal(counts.ef, counts.ep, policy.noise_a(), policy.b0)
                                : beta_marginal(counts.nf, counts.np, policy.noise_a(), policy.b0);
  return met + others > chance_mass(counts, policy);
}

std::span<const std::uint32_t> mass_groups(const Evidence& evidence,
                                           const PosteriorPolicy& policy) {
  return policy.averaged() ? evidence.count_groups : evidence.groups;
}

double mass_exponent(const Evidence& evidence, const PosteriorPolicy& policy) {
  return policy.exponent(evidence.spectrum.has_counts());
}

Scores score(const Evidence& evidence, const Method& method, Level level) {
  const Spectrum& spectrum = evidence.spectrum;
  Scores scores;
  if (method.formula != nullptr) {
    scores.lines = rounded(formula_scores(evidence.counts, *method.formula));
    scores.elements = roll_up(spectrum, level, method.roll_up, scores.lines);
    return scores;
  }
  std::vector<double> function_mass;
  for (const PosteriorTerms& terms :
       posterior_terms(spectrum, evidence.jury, evidence.counts, evidence.groups, method.posterior,
                       method.errors)) {
    scores.lines.push_back(terms.line_mass);
    function_mass.push_back(terms.function_mass);
  }
  if (!method.service_shifts.empty()) {
    for (std::uint32_t i = 0; i < scores.lines.size(); ++i) {
      const double shift = method.service_shifts[spectrum.service_of({i}).value];
      scores.lines[i] += shift;
      function_mass[i] += shift;
    }
  }
  for (const LinePrior& prior : method.priors) {
    for (std::uint32_t i = 0; i < prior.shifts.size(); ++i) {
      scores.lines[i] += prior.shifts[i];
      function_mass[i] += prior.shifts[i];
    }
  }
  scores.elements = level == Level::kLine
                        ? rounded(scores.lines)
                        : rounded(roll_up_mass(spectrum, level, function_mass,
                                               mass_groups(evidence, method.posterior),
                                               mass_exponent(evidence, method.posterior)));
  scores.lines = rounded(scores.lines);
  return scores;
}

Ranking rank(const Evidence& evidence, const Method& method, Level level, std::size_t top) {
  const Spectrum& spectrum = evidence.spectrum;
  const Scores scores = score(evidence, method, level);
  Ranking ranking;
  ranking.level = level;
  ranking.formula = method.formula != nullptr ? std::string(method.formula->name)
                                              : std::string(posterior_name(method.posterior));
  if (method.formula != nullptr) ranking.roll_up = method.roll_up;
  const std::vector<double> probabilities =
      method.formula == nullptr ? normalized(scores.elements) : std::vector<double>();
  const std::vector<std::uint32_t> lines = most_suspicious_lines(evidence, level, scores.lines);
  const std::span<const ErrorLine> errors =
      method.formula == nullptr && method.posterior.hears_errors()
          ? std::span<const ErrorLine>(method.errors)
          : std::span<const ErrorLine>();

  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < scores.elements.size(); ++i) {
    if (lines[i] != kNoLine) order.push_back(i);
  }
  ranking.elements = order.size();
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return scores.elements[a] > scores.elements[b];
  });
  const std::size_t shown = top == 0 ? order.size() : std::min(top, order.size());
  std::uint32_t groups = 0;
  for (std::size_t begin = 0; begin < shown;) {
    std::size_t end = begin + 1;
    while (end < order.size() && scores.elements[order[end]] == scores.elements[order[begin]]) {
      ++end;
    }
    std::map<std::uint32_t, std::pair<std::size_t, std::uint32_t>> columns;  // -> (size, number)
    for (std::size_t i = begin; i < end; ++i) ++columns[evidence.groups[lines[order[i]]]].first;
    for (std::size_t i = begin; i < std::min(end, shown); ++i) {
      const std::uint32_t line = lines[order[i]];
      auto& [size, number] = columns[evidence.groups[line]];
      if (size > 1 && number == 0) number = ++groups;
      Ranked row;
      row.code = spectrum.element(level, order[i]);
      row.line = spectrum.element(Level::kLine, line);
      row.counts = evidence.counts[line];
      const auto raised = std::find_if(errors.begin(), errors.end(), [&](const ErrorLine& error) {
        return error.line.value == line;
      });
      if (raised != errors.end()) row.raised = raised->counts;
      row.score = scores.elements[order[i]];
      if (!probabilities.empty()) row.probability = probabilities[order[i]];
      row.best_rank = begin + 1;
      row.worst_rank = end;
      row.group = number;
      ranking.rows.push_back(std::move(row));
    }
    begin = end;
  }
  return ranking;
}

}  // namespace culprit
