#include "score/posterior.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "score/beta.h"

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

PosteriorTerms terms_of(const Counts& c, const PosteriorPolicy& policy) {
  PosteriorTerms terms;
  terms.commission = kNever;
  terms.omission = kNever;
  // Failing runs execute it at least as often: ef/(ef+ep) >= nf/(nf+np) without the divisions.
  const bool raises = c.ef * (c.nf + c.np) >= c.nf * (c.ef + c.ep);
  if (c.ef > 0 && raises) {
    terms.commission = beta_marginal(c.ef, c.ep, policy.a, policy.b) +
                       beta_marginal(c.nf, c.np, policy.a0, policy.b0);
  }
  if (c.nf > 0 && c.ep > 0 && !raises) {
    terms.omission = beta_marginal(c.nf, c.np, policy.a, policy.b) +
                     beta_marginal(c.ef, c.ep, policy.a0, policy.b0);
  }
  return terms;
}

// By line: weighted mean over failing runs of log2(1 + count), minus that over passing runs, then
// scaled to [0, 1] over the lines. Runs without a report of the line's service are left out.
std::vector<double> count_contrast(const Spectrum& spectrum, const Jury& jury) {
  std::vector<double> failing(spectrum.lines().size());
  std::vector<double> passing(failing.size());
  std::vector<double> log_of_code;
  for (std::uint32_t code = 0; code <= CountCode::encode(~0ULL); ++code) {
    const std::uint64_t count = CountCode::decode(static_cast<std::uint16_t>(code));
    log_of_code.push_back(std::log2(1.0 + static_cast<double>(count)));
  }
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const std::span<const std::uint64_t> words = spectrum.words(block);
    const std::uint64_t counted = jury.blocks()[block].all();
    const std::uint16_t* code = spectrum.codes(block).data();
    const double* const weights = jury.weights().data() + block * Spectrum::kRunsPerBlock;
    for (std::size_t i = 0; i < words.size(); ++i) {
      for (std::uint64_t word = words[i]; word != 0; word &= word - 1, ++code) {
        const auto run = static_cast<std::size_t>(std::countr_zero(word));
        if ((counted >> run & 1) == 0) continue;
        failing[i] += weights[run] * log_of_code[*code];
        passing[i] += (1 - weights[run]) * log_of_code[*code];
      }
    }
  }
  for (std::uint32_t i = 0; i < failing.size(); ++i) {
    const Counts& all = jury.of_service(spectrum.service_of({i}));
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

}  // namespace

std::vector<PosteriorTerms> posterior_terms(const Spectrum& spectrum, const Jury& jury,
                                            std::span<const Counts> counts,
                                            const PosteriorPolicy& policy) {
  const double log_commission = std::log1p(-policy.omission);
  const double log_omission = std::log(policy.omission);
  const std::vector<double> contrast =
      spectrum.has_counts() ? count_contrast(spectrum, jury) : std::vector<double>();
  // Many lines have the same counts, and the terms are all logarithms of gamma functions.
  std::unordered_map<Counts, PosteriorTerms, CountsHash> known;
  std::vector<PosteriorTerms> result;
  result.reserve(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto [at, added] = known.try_emplace(counts[i]);
    if (added) at->second = terms_of(counts[i], policy);
    PosteriorTerms terms = at->second;
    if (!contrast.empty()) terms.contrast = contrast[i];
    terms.mass = log_add(terms.commission + policy.count_weight * terms.contrast + log_commission,
                         terms.omission + log_omission);
    result.push_back(terms);
  }
  return result;
}

std::vector<double> roll_up_mass(const Spectrum& spectrum, Level level,
                                 std::span<const double> line_mass,
                                 std::span<const std::uint32_t> column_groups,
                                 const PosteriorPolicy& policy) {
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
    result[best.element] =
        log_add(result[best.element], best.mass + policy.group_exponent * std::log(size));
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
