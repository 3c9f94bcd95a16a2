#include "score/posterior.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "score/columns.h"
#include "score/random_matrix.h"

namespace culprit {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

// log of the Beta-Binomial marginal, by its integral: the integral over p of
// p^(k+a-1) (1-p)^(n+b-1), divided by the same at k = n = 0. Midpoint rule after p = sin^2(t),
// which takes the poles away.
double marginal_by_integration(double k, double n, double a, double b) {
  const auto log_integral = [](double x, double y) {
    constexpr int kSteps = 200'000;
    constexpr double kHalfPi = 1.5707963267948966;
    double highest = kNever;
    std::vector<double> logs;
    for (int i = 0; i < kSteps; ++i) {
      const double t = kHalfPi * (i + 0.5) / kSteps;
      // dp = 2 sin t cos t dt
      logs.push_back((2 * x - 1) * std::log(std::sin(t)) + (2 * y - 1) * std::log(std::cos(t)));
      highest = std::max(highest, logs.back());
    }
    double sum = 0;
    for (const double l : logs) sum += std::exp(l - highest);
    return highest + std::log(2 * sum * kHalfPi / kSteps);
  };
  return log_integral(k + a, n + b) - log_integral(a, b);
}

Spectrum one_line(const std::vector<std::uint64_t>& counts) {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a.cc");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const RunId run = builder.run(std::to_string(i));
    builder.report(run, builder.service(""));
    builder.hit(run, builder.line(file, 1), counts[i]);
  }
  return std::move(builder).build();
}

PosteriorPolicy of_runs() { return {.model = PosteriorPolicy::Model::kRuns}; }

TEST(Posterior, TermsAreTheIntegralsOfTheTwoHypotheses) {
  // 3 failing and 5 passing runs; the line is executed by all failing and 2 passing ones.
  const Spectrum spectrum = one_line({1, 1, 1, 1, 1, 0, 0, 0});
  std::vector<Outcome> outcomes(8, Outcome::passed(""));
  for (int i = 0; i < 3; ++i) outcomes[static_cast<std::size_t>(i)] = Outcome::failed("");
  const Jury jury(spectrum, outcomes);
  const auto terms = posterior_terms(spectrum, jury, count_lines(spectrum, jury),
                                     column_groups(spectrum, jury), of_runs());
  EXPECT_NEAR(terms[0].commission,
              marginal_by_integration(3, 2, 1, 1) + marginal_by_integration(0, 3, 0.5, 1), 1e-6);
  EXPECT_EQ(terms[0].omission, kNever);
  // No contrast: one line.
  EXPECT_NEAR(terms[0].line_mass, terms[0].commission + std::log(0.9), 1e-12);
}

TEST(Posterior, SeesCodeThatFailingRunsNoLongerExecute) {
  // 2 failing runs do not execute the line, all 4 passing ones do.
  const Spectrum spectrum = one_line({0, 0, 1, 1, 1, 1});
  const std::vector<Outcome> outcomes = {Outcome::failed(""), Outcome::failed(""),
                                         Outcome::passed(""), Outcome::passed(""),
                                         Outcome::passed(""), Outcome::passed("")};
  const Jury jury(spectrum, outcomes);
  const auto terms = posterior_terms(spectrum, jury, count_lines(spectrum, jury),
                                     column_groups(spectrum, jury), of_runs());
  EXPECT_EQ(terms[0].commission, kNever);
  EXPECT_NEAR(terms[0].omission,
              marginal_by_integration(2, 0, 1, 1) + marginal_by_integration(0, 4, 0.5, 1), 1e-6);
}

// The formulas of spectra/README.md written out once more, on plain tables.
struct Naive {
  std::vector<double> mass;
  std::map<std::string, double> functions;
};

double log_beta_plain(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}
double marginal_plain(double k, double n, double a, double b) {
  return log_beta_plain(k + a, n + b) - log_beta_plain(a, b);
}

Naive naive(const RandomMatrix& m) {
  Naive result;
  std::vector<double> z(m.lines);
  for (std::size_t l = 0; l < m.lines; ++l) {
    double failing = 0, passing = 0, f = 0, p = 0;
    for (std::size_t r = 0; r < m.runs; ++r) {
      if (m.outcomes[r].verdict == Verdict::kUnknown || !m.reported[l][r]) continue;
      const double w = m.outcomes[r].weight;
      const double c = std::log2(1 + static_cast<double>(m.counts[l][r]));
      failing += w * c, passing += (1 - w) * c, f += w, p += 1 - w;
    }
    z[l] = f > 0 && p > 0 ? failing / f - passing / p : 0;
  }
  const double low = *std::min_element(z.begin(), z.end());
  const double high = *std::max_element(z.begin(), z.end());
  std::map<std::pair<std::string, std::vector<int>>, std::vector<double>> groups;
  for (std::size_t l = 0; l < m.lines; ++l) {
    double ef = 0, ep = 0, nf = 0, np = 0;
    std::vector<int> column;
    for (std::size_t r = 0; r < m.runs; ++r) {
      if (m.outcomes[r].verdict == Verdict::kUnknown) continue;
      column.push_back(!m.reported[l][r] ? 2 : m.counts[l][r] != 0 ? 1 : 0);
      if (!m.reported[l][r]) continue;
      const double w = m.outcomes[r].weight;
      (m.counts[l][r] != 0 ? ef : nf) += w;
      (m.counts[l][r] != 0 ? ep : np) += 1 - w;
    }
    const bool raises = ef * (nf + np) >= nf * (ef + ep);
    double mass = 0;
    if (ef > 0 && raises) {
      const double scaled = m.spectrum.has_counts() ? (z[l] - low) / (high - low + 1e-12) : 0;
      mass += 0.9 *
              std::exp(marginal_plain(ef, ep, 1, 1) + marginal_plain(nf, np, 0.5, 1) + 3 * scaled);
    }
    if (nf > 0 && ep > 0 && !raises) {
      mass += 0.1 * std::exp(marginal_plain(nf, np, 1, 1) + marginal_plain(ef, ep, 0.5, 1));
    }
    result.mass.push_back(mass);
    const CodeElement e = m.spectrum.element(Level::kLine, static_cast<std::uint32_t>(l));
    groups[{e.service + "/" + e.name, column}].push_back(mass);
  }
  for (const auto& [key, masses] : groups) {
    result.functions[key.first] += *std::max_element(masses.begin(), masses.end()) *
                                   std::sqrt(static_cast<double>(masses.size()));
  }
  return result;
}

TEST(Posterior, AgreesWithAPlainImplementationOnRandomMatrices) {
  unsigned seed = 0;
  for (MatrixShape shape : shapes()) {
    shape.runs =
        std::min<std::size_t>(shape.runs, 80);  // exp() of the plain one must not underflow
    const RandomMatrix m = random_matrix(++seed, shape);
    const Jury jury(m.spectrum, m.outcomes);
    std::vector<double> mass;
    for (const auto& t : posterior_terms(m.spectrum, jury, count_lines(m.spectrum, jury),
                                         column_groups(m.spectrum, jury), of_runs())) {
      mass.push_back(t.line_mass);
      EXPECT_EQ(t.function_mass, t.line_mass);
    }
    const Naive expected = naive(m);
    for (std::size_t l = 0; l < m.lines; ++l) {
      if (expected.mass[l] == 0) {
        EXPECT_EQ(mass[l], kNever) << "seed " << seed << " line " << l;
      } else {
        EXPECT_NEAR(mass[l], std::log(expected.mass[l]), 1e-7) << "seed " << seed << " line " << l;
      }
    }
    const auto functions =
        roll_up_mass(m.spectrum, Level::kFunction, mass, column_groups(m.spectrum, jury), 0.5);
    for (std::uint32_t f = 0; f < functions.size(); ++f) {
      const CodeElement e = m.spectrum.element(Level::kFunction, f);
      const double want = expected.functions.at(e.service + "/" + e.name);
      if (want == 0) {
        EXPECT_EQ(functions[f], kNever);
      } else {
        EXPECT_NEAR(functions[f], std::log(want), 1e-7) << "seed " << seed << " " << e.name;
      }
    }
  }
}

TEST(Normalized, SumsToOneAndKeepsRatios) {
  const std::vector<double> p = normalized(std::vector<double>{-1000, -1001, kNever});
  EXPECT_NEAR(p[0], 1 / (1 + std::exp(-1.0)), 1e-12);
  EXPECT_NEAR(p[0] + p[1], 1, 1e-12);
  EXPECT_EQ(p[2], 0);
}

TEST(Normalized, IsAllZeroWhenNothingIsPossible) {
  EXPECT_EQ(normalized(std::vector<double>{kNever, kNever}), (std::vector<double>{0, 0}));
}

TEST(Posterior, AnErrorRaisedInALineIsAHypothesisOfItsOwn) {
  // All eight runs execute line 1 and none line 2. The three failing runs and one of the five
  // passing ones raise an error in line 1.
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a.cc");
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 8; ++i) {
    const RunId run = builder.run(std::to_string(i));
    builder.hit(run, builder.line(file, 1), 1);
    builder.hit(run, builder.line(file, 2), 0);
    outcomes.push_back(i < 3 ? Outcome::failed("") : Outcome::passed(""));
  }
  const Spectrum spectrum = std::move(builder).build();
  const Jury jury(spectrum, outcomes);
  const auto terms_with = [&](const PosteriorPolicy& policy, double share) {
    PosteriorPolicy with = policy;
    with.raised_share = share;
    const ErrorLine error{{0}, {.ef = 3, .ep = 1, .nf = 0, .np = 4}};
    return posterior_terms(spectrum, jury, count_lines(spectrum, jury),
                           column_groups(spectrum, jury), with, std::span(&error, 1));
  };
  const auto without = terms_with({}, 0);
  const auto with = terms_with({}, 0.4);
  EXPECT_EQ(without[0].raised, kNever);
  // Two lines, one of which raises: the odds of the error against one line are 0.4 to 0.6 / 2,
  // that is 4 to 3.
  // m(3, 1; 1, 1) = 3! 1! / 5!, m(0, 4; 0.2, 1) = 1 2 3 4 / (1.2 2.2 3.2 4.2).
  const double raised = std::log(6.0 / 120 * (24 / (1.2 * 2.2 * 3.2 * 4.2)) * (0.4 / 0.3));
  EXPECT_NEAR(with[0].raised, raised, 1e-6);
  EXPECT_NEAR(with[0].line_mass, std::log(std::exp(without[0].line_mass) + std::exp(raised)), 1e-6);
  EXPECT_NEAR(with[0].function_mass,
              std::log(std::exp(without[0].function_mass) + std::exp(raised)), 1e-6);
  EXPECT_EQ(with[1].raised, kNever);
  EXPECT_EQ(with[1].line_mass, without[1].line_mass);
  EXPECT_EQ(terms_with(of_runs(), 0.4)[0].raised, kNever);

  // Errors share their prior by weight: of 1 + 1/2 the lighter one has a third.
  const Counts counts{.ef = 3, .ep = 1, .nf = 0, .np = 4};
  const std::vector<ErrorLine> errors = {{{0}, counts}, {{1}, counts, 0.5}};
  const auto both = posterior_terms(spectrum, jury, count_lines(spectrum, jury),
                                    column_groups(spectrum, jury), {}, errors);
  EXPECT_NEAR(both[0].raised, raised + std::log(2.0 / 3), 1e-6);
  EXPECT_NEAR(both[1].raised, raised + std::log(1.0 / 3), 1e-6);
}

}  // namespace
}  // namespace culprit
