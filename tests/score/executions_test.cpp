#include "score/executions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "score/columns.h"
#include "score/posterior.h"
#include "score/structure.h"

namespace culprit {
namespace {

// counts[line][run]; lines of function f0 first, two functions where `second` says where it starts.
Spectrum matrix(const std::vector<std::vector<std::uint64_t>>& counts, std::size_t second = 1000) {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a.cc");
  for (std::size_t l = 0; l < counts.size(); ++l) {
    const LineId line = builder.line(file, static_cast<std::uint32_t>(l + 1));
    builder.assign(line, builder.function(file, l < second ? "f" : "g",
                                          l < second ? 1 : static_cast<std::uint32_t>(second + 1)));
    for (std::size_t r = 0; r < counts[l].size(); ++r) {
      builder.hit(builder.run(std::to_string(r)), line, counts[l][r]);
    }
  }
  return std::move(builder).build();
}

std::vector<Outcome> outcomes(const char* marks) {
  std::vector<Outcome> result;
  for (; *marks != 0; ++marks) {
    result.push_back(*marks == '-' ? Outcome::failed("") : Outcome::passed(""));
  }
  return result;
}

std::vector<double> marginals(const Spectrum& spectrum, const Jury& jury,
                              const std::vector<bool>& wanted) {
  return execution_marginals(spectrum, jury, execution_sums(spectrum, jury), wanted);
}

// More lines than a tile has, executed in stretches and alone, by runs of all kinds.
struct Large {
  static constexpr std::uint32_t kLines = Spectrum::kLinesPerTile + 5000;
  static constexpr std::uint32_t kRuns = 70;

  Large() : counts(kLines, std::vector<std::uint64_t>(kRuns)) {
    std::mt19937 random(11);
    for (std::uint32_t r = 0; r < kRuns; ++r) {
      std::uint64_t count = 0;
      for (std::uint32_t l = 0; l < kLines; ++l) {
        if (random() % (r % 2 == 0 ? 400 : 3) == 0) count = random() % 2 == 0 ? random() % 4000 : 0;
        // The first half repeats every tenth line, so that there are groups.
        counts[l][r] = l % 10 != 0 && l < kLines / 2 ? counts[l - 1][r] : count;
      }
      const double weights[] = {0, 0, 0, 1, 0.25};
      outcomes.push_back(r % 7 == 0 ? Outcome() : Outcome{Verdict::kFailed, weights[r % 5], ""});
    }
    Spectrum::Builder builder;
    const FileId file = builder.file(builder.service(""), "a.cc");
    std::vector<LineId> lines;
    for (std::uint32_t l = 0; l < kLines; ++l) lines.push_back(builder.line(file, l + 1));
    for (std::uint32_t r = 0; r < kRuns; ++r) {
      const RunId run = builder.run(std::to_string(r));
      for (std::uint32_t l = 0; l < kLines; ++l) builder.hit(run, lines[l], counts[l][r]);
    }
    spectrum = std::move(builder).build();
  }

  std::vector<std::vector<std::uint64_t>> counts;  // [line][run], as CountCode has them below
  std::vector<Outcome> outcomes;
  Spectrum spectrum;
};

TEST(Executions, AreSummedUpOverTiles) {
  const Large large;
  const Jury jury(large.spectrum, large.outcomes);
  const ExecutionSums sums = execution_sums(large.spectrum, jury);
  for (std::uint32_t l = 0; l < Large::kLines; ++l) {
    double failing = 0, passing = 0, count = 0;
    for (std::uint32_t r = 0; r < Large::kRuns; ++r) {
      if (large.outcomes[r].verdict == Verdict::kUnknown || large.counts[l][r] == 0) continue;
      const double weight = large.outcomes[r].weight;
      const auto often =
          static_cast<double>(CountCode::decode(CountCode::encode(large.counts[l][r])));
      failing += weight * std::log2(1 + often);
      passing += (1 - weight) * std::log2(1 + often);
      count += (1 - weight) * often;
    }
    ASSERT_NEAR(sums.failing_logs[l], failing, 1e-12 * (1 + failing));
    ASSERT_NEAR(sums.passing[l].logs, passing, 1e-12 * (1 + passing));
    ASSERT_NEAR(sums.passing[l].count, count, 1e-12 * (1 + count));
  }
}

TEST(Executions, GroupColumnsOverTiles) {
  const Large large;
  const Jury jury(large.spectrum, large.outcomes);
  std::map<std::vector<bool>, std::uint32_t> columns;
  std::map<std::vector<std::uint64_t>, std::uint32_t> counted;
  std::vector<std::uint32_t> want, want_counted;
  for (std::uint32_t l = 0; l < Large::kLines; ++l) {
    std::vector<bool> hits;
    std::vector<std::uint64_t> codes;
    for (std::uint32_t r = 0; r < Large::kRuns; ++r) {
      if (large.outcomes[r].verdict == Verdict::kUnknown) continue;
      const std::uint64_t often = large.counts[l][r];
      hits.push_back(often != 0);
      codes.push_back(often == 0 ? 0 : CountCode::encode(often));
    }
    const auto next = static_cast<std::uint32_t>(columns.size());
    want.push_back(columns.try_emplace(hits, next).first->second);
    const auto next_counted = static_cast<std::uint32_t>(counted.size());
    want_counted.push_back(counted.try_emplace(codes, next_counted).first->second);
  }
  const std::vector<std::uint32_t> groups = column_groups(large.spectrum, jury);
  EXPECT_EQ(groups, want);
  EXPECT_EQ(count_column_groups(large.spectrum, jury, groups), want_counted);
  EXPECT_LT(want.back(), Large::kLines * 6 / 10);  // or the test would say little
}

TEST(ExecutionMarginals, AreTheIntegralOverTheChanceOfOneExecution) {
  // One failing run with k executions, m executions in passing runs:
  //   integral of (1 - (1-t)^k) (1-t)^m = 1/(m+1) - 1/(m+k+1)
  for (const auto& [k, m] : {std::pair<std::uint64_t, std::uint64_t>{1, 1},
                             {1, 7},
                             {5, 2},
                             {40, 300},
                             {3, 100'000},
                             {2000, 1}}) {
    const Spectrum spectrum = matrix({{k, m}});
    const Jury jury(spectrum, outcomes("-+"));
    const double want = 1.0 / (static_cast<double>(m) + 1) - 1.0 / (static_cast<double>(m + k) + 1);
    // The cells are wide: their sum is within a tenth of the integral, where it matters in logs.
    EXPECT_NEAR(marginals(spectrum, jury, {true})[0], std::log(want), 0.1) << k << " " << m;
  }
}

TEST(ExecutionMarginals, CountFailingRunsEachAndLeaveOutWhatIsNotWanted) {
  // Two failing runs of one execution, none passing: the integral of t^2 = 1/3.
  const Spectrum spectrum = matrix({{1, 1, 0}, {1, 1, 4}});
  const Jury jury(spectrum, outcomes("--+"));
  const std::vector<double> log = marginals(spectrum, jury, {true, false});
  EXPECT_NEAR(log[0], std::log(1.0 / 3), 0.02);
  EXPECT_EQ(log[1], 0);
}

TEST(ExecutionMarginals, PreferTheLineThatFailingRunsExecuteOftener) {
  const Spectrum spectrum = matrix({{9, 1, 1}, {1, 1, 1}, {1, 9, 1}});
  const Jury jury(spectrum, outcomes("-++"));
  const std::vector<double> log = marginals(spectrum, jury, {true, true, true});
  EXPECT_GT(log[0], log[1]);
  EXPECT_GT(log[1], log[2]);
}

TEST(CountColumnGroups, SplitLinesWithEqualHitsByTheirCounts) {
  const Spectrum spectrum = matrix({{1, 2, 0}, {1, 2, 0}, {2, 1, 0}, {0, 2, 1}, {1, 2, 5}});
  const Jury all(spectrum, outcomes("-++"));
  const std::vector<std::uint32_t> hits = column_groups(spectrum, all);
  EXPECT_EQ(hits, (std::vector<std::uint32_t>{0, 0, 0, 1, 2}));
  EXPECT_EQ(count_column_groups(spectrum, all, hits), (std::vector<std::uint32_t>{0, 0, 1, 2, 3}));
  // A run without an outcome does not count.
  std::vector<Outcome> some = outcomes("-++");
  some[2].verdict = Verdict::kUnknown;
  const Jury jury(spectrum, some);
  const std::vector<std::uint32_t> fewer = column_groups(spectrum, jury);
  EXPECT_EQ(count_column_groups(spectrum, jury, fewer),
            (std::vector<std::uint32_t>{0, 0, 1, 2, 0}));
}

TEST(Places, AreReadFromWhereCoverageChanges) {
  // f: 1 entry, 2 and 3 alike; 3 is followed by another column (4), which is followed by that of 5.
  const Spectrum spectrum = matrix({{1, 1}, {1, 1}, {1, 1}, {1, 0}, {1, 1}, {0, 1}, {0, 1}}, 5);
  const Jury jury(spectrum, outcomes("-+"));
  const std::vector<Place> found = places(spectrum, column_groups(spectrum, jury));
  EXPECT_EQ(found,
            (std::vector<Place>{Place::kFirst, Place::kPlain, Place::kDecides, Place::kBetween,
                                Place::kPlain, Place::kFirst, Place::kPlain}));
  EXPECT_LT(log_prior(Place::kFirst), log_prior(Place::kOpens));
  EXPECT_GT(log_prior(Place::kDecides), log_prior(Place::kPlain));
}

TEST(PosteriorGate, RulesOmissionsOutWhereALineCoversTheFailingRuns) {
  // Line 1 covers both failing runs and lifts; line 2 is one that failing runs skip.
  const Spectrum covered = matrix({{1, 1, 1, 0}, {0, 0, 1, 1}});
  const std::vector<Outcome> judged = outcomes("--++");
  const Jury jury(covered, judged);
  const auto counts = count_lines(covered, jury);
  EXPECT_TRUE(std::isinf(hypothesis_priors(jury, counts, {}).omission));
  const auto terms = posterior_terms(covered, jury, counts, column_groups(covered, jury), {});
  EXPECT_TRUE(std::isinf(terms[1].line_mass));
  // Without line 1 the failing runs have only what they skip.
  const Spectrum open = matrix({{1, 0, 1, 1}, {0, 0, 1, 1}});
  const Jury other(open, judged);
  const auto few = count_lines(open, other);
  EXPECT_NEAR(hypothesis_priors(other, few, {}).omission, std::log(0.1), 1e-12);
}

TEST(Posterior, AddsUpAsItsHeaderSays) {
  const Spectrum spectrum =
      matrix({{3, 1, 1, 0}, {3, 0, 1, 0}, {0, 2, 4, 1}, {1, 1, 1, 1}, {0, 0, 1, 1}}, 3);
  const std::vector<Outcome> judged = outcomes("--++");
  const Jury jury(spectrum, judged);
  const auto counts = count_lines(spectrum, jury);
  const PosteriorPolicy policy;
  const HypothesisPriors prior = hypothesis_priors(jury, counts, policy);
  for (const PosteriorTerms& t :
       posterior_terms(spectrum, jury, counts, column_groups(spectrum, jury), policy)) {
    const double omitted = std::exp(t.omission + prior.omission);
    EXPECT_NEAR(std::exp(t.line_mass - t.structure),
                std::exp(t.commission + 3 * t.contrast + prior.commission) + omitted, 1e-12);
    const double mean = (std::exp(t.commission) + std::exp(t.per_execution)) / 2;
    EXPECT_NEAR(std::exp(t.function_mass),
                mean * std::exp(2 * t.contrast + prior.commission) + omitted, 1e-12);
  }
}

}  // namespace
}  // namespace culprit
