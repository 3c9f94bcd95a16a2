#include "score/posterior.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "score/beta.h"
#include "score/executions.h"
#include "score/structure.h"

namespace culprit {

namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

double log_add(double a, double b) {
  const double high = std::max(a, b);
  if (high == kNever) return kNever;
  return high + std::log1p(std::exp(std::min(a, b) - high));
}

struct CountsHash {
  std::size_t operator()(const Counts& c) const noexcept {
    std::size_t hash = 0;
    for (const double value : {c.ef, c.ep, c.nf, c.np}) {
      hash = (hash ^ std::hash<double>()(value)) * 0x9e3779b97f4a7c15ULL;
      hash ^= hash >> 29;
    }
    return hash;
  }
};

// ef/(ef+ep) >= nf/(nf+np) without the divisions: failing runs execute it at least as often.
bool raises(const Counts& c) { return c.ef * (c.nf + c.np) >= c.nf * (c.ef + c.ep); }
bool lifts(const Counts& c) { return c.ef > 0 && c.ef * (c.nf + c.np) > c.nf * (c.ef + c.ep); }

PosteriorTerms terms_of(const Counts& c, const PosteriorPolicy& policy) {
  PosteriorTerms terms;
  terms.commission = kNever;
  terms.omission = kNever;
  terms.raised = kNever;
  if (c.ef > 0 && raises(c)) {
    terms.commission = beta_marginal(c.ef, c.ep, policy.a, policy.b) +
                       beta_marginal(c.nf, c.np, policy.noise_a(), policy.b0);
  }
  if (c.nf > 0 && c.ep > 0 && !raises(c)) {
    terms.omission = beta_marginal(c.nf, c.np, policy.a, policy.b) +
                     beta_marginal(c.ef, c.ep, policy.noise_a(), policy.b0);
  }
  return terms;
}

// A fault that is executed covers the failing runs, so omissions are possible only where no line
// that failing runs execute more than passing ones does.
bool omission_possible(const Jury& jury, std::span<const Counts> counts,
                       const PosteriorPolicy& policy) {
  if (!policy.averaged()) return true;
  double failing = 0;
  for (const double weight : jury.weights()) failing += weight;
  double covered = 0;
  for (const Counts& c : counts) {
    if (lifts(c)) covered = std::max(covered, c.ef);
  }
  return failing > 0 && 1 - covered / failing > policy.unexplained;
}

// Adds the chance of each execution to lines for which the chance of each run is possible.
void add_executions(const Spectrum& spectrum, const Jury& jury, std::span<const Counts> counts,
                    const ExecutionSums& sums, const PosteriorPolicy& policy,
                    std::vector<PosteriorTerms>& terms) {
  std::vector<bool> wanted;
  wanted.reserve(terms.size());
  for (PosteriorTerms& t : terms) {
    t.per_execution = t.commission;
    wanted.push_back(t.commission != kNever);
  }
  if (!spectrum.has_counts()) return;
  const std::vector<double> marginals = execution_marginals(spectrum, jury, sums, wanted);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (!wanted[i]) continue;
    terms[i].per_execution =
        marginals[i] + beta_marginal(counts[i].nf, counts[i].np, policy.noise_a(), policy.b0);
  }
}

// The runs that raise the error meet the fault. Among as many equally likely hypotheses as there
// are lines, those of all errors together have the prior share that the policy gives them, in
// proportion to their weights.
void add_errors(std::span<const ErrorLine> errors, const PosteriorPolicy& policy,
                std::vector<PosteriorTerms>& terms) {
  double weights = 0;
  for (const ErrorLine& error : errors) weights += error.weight;
  const double prior = std::log(policy.raised_share / (1 - policy.raised_share)) +
                       std::log(static_cast<double>(terms.size())) - std::log(weights);
  for (const ErrorLine& error : errors) {
    const double commission = terms_of(error.counts, policy).commission;
    if (commission == kNever) continue;
    PosteriorTerms& line = terms[error.line.value];
    line.raised = commission + prior + std::log(error.weight);
    line.line_mass = log_add(line.line_mass, line.raised);
    line.function_mass = log_add(line.function_mass, line.raised);
  }
}

}  // namespace

HypothesisPriors hypothesis_priors(const Jury& jury, std::span<const Counts> counts,
                                   const PosteriorPolicy& policy) {
  if (!omission_possible(jury, counts, policy)) return {0, kNever};
  return {std::log1p(-policy.omission), std::log(policy.omission)};
}

std::vector<PosteriorTerms> posterior_terms(const Spectrum& spectrum, const Jury& jury,
                                            std::span<const Counts> counts,
                                            std::span<const std::uint32_t> groups,
                                            const PosteriorPolicy& policy,
                                            std::span<const ErrorLine> errors) {
  // Many lines have the same counts, and the terms are all logarithms of gamma functions.
  std::unordered_map<Counts, PosteriorTerms, CountsHash> known;
  std::vector<PosteriorTerms> result;
  result.reserve(counts.size());
  for (const Counts& c : counts) {
    const auto [at, added] = known.try_emplace(c);
    if (added) at->second = terms_of(c, policy);
    result.push_back(at->second);
  }
  const ExecutionSums sums = execution_sums(spectrum, jury);
  const std::vector<double> contrast = count_contrast(spectrum, jury, sums);
  std::vector<Place> place;
  if (policy.averaged()) {
    add_executions(spectrum, jury, counts, sums, policy, result);
    if (policy.structure != 0) place = places(spectrum, groups);
  }
  const HypothesisPriors prior = hypothesis_priors(jury, counts, policy);
  for (std::size_t i = 0; i < result.size(); ++i) {
    PosteriorTerms& terms = result[i];
    terms.contrast = contrast[i];
    const double omitted = terms.omission + prior.omission;
    terms.line_mass = log_add(
        terms.commission + policy.count_weight * terms.contrast + prior.commission, omitted);
    if (!policy.averaged()) {
      terms.function_mass = terms.line_mass;
      continue;
    }
    const double average = log_add(terms.commission, terms.per_execution) - std::log(2.0);
    terms.function_mass = log_add(
        average + policy.averaged_count_weight * terms.contrast + prior.commission, omitted);
    if (!place.empty()) terms.structure = policy.structure * log_prior(place[i]);
    terms.line_mass += terms.structure;
  }
  if (policy.hears_errors()) add_errors(errors, policy, result);
  return result;
}

std::vector<double> roll_up_mass(const Spectrum& spectrum, Level level,
                                 std::span<const double> line_mass,
                                 std::span<const std::uint32_t> column_groups, double exponent) {
  struct Part {
    std::uint32_t element;
    std::uint32_t group;
    double mass;
  };
  std::vector<Part> parts;
  parts.reserve(line_mass.size());
  for (std::uint32_t i = 0; i < line_mass.size(); ++i) {
    parts.push_back({spectrum.owner({i}, level), column_groups[i], line_mass[i]});
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return std::tie(a.element, a.group, b.mass) < std::tie(b.element, b.group, a.mass);
  });
  std::vector<double> result(spectrum.size(level), kNever);
  for (std::size_t i = 0; i < parts.size();) {
    const Part& best = parts[i];
    std::size_t end = i + 1;
    while (end < parts.size() && parts[end].element == best.element &&
           parts[end].group == best.group) {
      ++end;
    }
    const double size = static_cast<double>(end - i);
    result[best.element] = log_add(result[best.element], best.mass + exponent * std::log(size));
    i = end;
  }
  return result;
}

std::vector<double> normalized(std::span<const double> log_mass) {
  std::vector<double> result(log_mass.size());
  const auto best = std::max_element(log_mass.begin(), log_mass.end());
  if (best == log_mass.end() || *best == kNever) return result;
  double sum = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = std::exp(log_mass[i] - *best);
    sum += result[i];
  }
  for (double& p : result) p /= sum;
  return result;
}

}  // namespace culprit
