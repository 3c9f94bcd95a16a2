#include "score/service_rank.h"

#include <gtest/gtest.h>

#include <cmath>

namespace culprit {
namespace {

// Runs f1, f2 (failed) and 6 that passed. `lines`: by service, its one line's failing and passing
// runs.
struct Small {
  Spectrum spectrum;
  std::vector<Outcome> outcomes;

  struct Code {
    std::string service;
    int failing = 0;
    int passing = 0;
  };
  explicit Small(const std::vector<Code>& lines) {
    Spectrum::Builder builder;
    for (const Code& code : lines) {
      const LineId line = builder.line(builder.file(builder.service(code.service), "a.cc"), 7);
      for (int i = 0; i < 8; ++i) {
        const bool failed = i < 2;
        const RunId run = builder.run((failed ? "f" : "p") + std::to_string(i));
        builder.report(run, builder.service(code.service));
        const int place = failed ? i : i - 2;
        if (place < (failed ? code.failing : code.passing)) builder.hit(run, std::span(&line, 1));
      }
    }
    spectrum = std::move(builder).build();
    for (const std::string& run : spectrum.runs()) {
      outcomes.push_back(run.starts_with('f') ? Outcome::failed("") : Outcome::passed(""));
    }
  }

  [[nodiscard]] Ranking ranked(const std::vector<ServiceSuspicion>& suspicions) const {
    return rank_services(weigh(spectrum, outcomes), posterior_of_runs(), true, suspicions, 0);
  }

  // With two hypotheses a line, and nothing else.
  [[nodiscard]] static Method posterior_of_runs() {
    Method method;
    method.posterior.model = PosteriorPolicy::Model::kRuns;
    return method;
  }
};

ServiceSuspicion suspicion(const std::string& service, const Counts& counts) {
  const double factor = signed_bayes_factor(counts);
  return {service, factor, {{TraceEvent::kSlow, "GET /x", counts, factor}}};
}

constexpr Counts kAllOfTwo = {2, 0, 0, 6};  // of traces: log of 8! / (2! 6!) = 28
// Of code: 0.9 m(2,0; 1,1) m(0,6; 1/2,1) / m(2,6; 1/2,1), with m(2,0; 1,1) = 1/3 and the latter
// two as Gamma(1/2) Gamma(19/2) to Gamma(5/2) Gamma(15/2): 8.5 x 7.5 / (1.5 x 0.5) = 85.
const double kCodeOfTwo = std::log(0.9 / 3 * 85);

TEST(RankServices, TakesTheStrongerOfCodeAndTraces) {
  const Small small({{"a", 2, 0}, {"b", 1, 1}});
  const Ranking ranking =
      small.ranked({suspicion("b", {2, 1, 0, 5}), suspicion("a", {1, 0, 1, 6})});
  ASSERT_EQ(ranking.rows.size(), 2U);
  EXPECT_EQ(ranking.rows[0].code.service, "a");
  EXPECT_NEAR(ranking.rows[0].score, kCodeOfTwo, 1e-9);
  EXPECT_EQ(ranking.rows[0].line.first_line, 7U);
  EXPECT_EQ(ranking.rows[0].line.first_line, 7U);
  EXPECT_EQ(ranking.rows[0].counts, kAllOfTwo);
  EXPECT_EQ(ranking.rows[1].line.file, "");
  EXPECT_EQ(ranking.rows[1].counts, (Counts{2, 1, 0, 5}));
}

TEST(RankServices, CountsEvidenceThatShowsInBothOnce) {
  const Small small({{"a", 2, 0}, {"b", 0, 0}});
  const Ranking both = small.ranked({suspicion("a", kAllOfTwo), suspicion("b", {0, 1, 2, 5})});
  EXPECT_NEAR(both.rows[0].score, std::max(std::log(28.0), kCodeOfTwo), 1e-9);
  EXPECT_EQ(both.rows[0].line.file, "");
  EXPECT_EQ(both.rows[1].score, 0);
  // Nor does what traces add to lines come on top.
  Method fused = Small::posterior_of_runs();
  fused.service_shifts = {5, 0};
  EXPECT_NEAR(
      rank_services(weigh(small.spectrum, small.outcomes), fused, true, {}, 0).rows[0].score,
      kCodeOfTwo, 1e-9);
}

TEST(RankServices, NamesATracedServiceWithoutCoverage) {
  const Small small({{"a", 1, 1}});
  const Ranking ranking = small.ranked({suspicion("store", kAllOfTwo)});
  ASSERT_EQ(ranking.rows.size(), 2U);
  EXPECT_EQ(ranking.rows[0].code.service, "store");
  EXPECT_EQ(ranking.rows[0].line.file, "");
  EXPECT_EQ(ranking.rows[0].line.file, "");
  EXPECT_EQ(ranking.rows[0].counts, kAllOfTwo);
  double sum = 0;
  for (const Ranked& row : ranking.rows) sum += row.probability.value_or(0);
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(RankServices, NeedsNoCoverageAtAll) {
  const Ranking ranking = Small({}).ranked({suspicion("store", kAllOfTwo), {"web", 0, {}}});
  ASSERT_EQ(ranking.rows.size(), 2U);
  EXPECT_EQ(ranking.rows[0].code.service, "store");
  EXPECT_EQ(ranking.rows[1].score, 0);
}

TEST(RankServices, KnowsAServiceByEitherSpelling) {
  const Small small({{"order-service", 2, 0}});
  EXPECT_EQ(small.ranked({suspicion("Order_Service", kAllOfTwo)}).rows.size(), 1U);
}

TEST(RankServices, LeavesCodeOutThatDoesNotTellRunsApart) {
  const Small small({{"a", 2, 0}});
  const Ranking ranking = rank_services(weigh(small.spectrum, small.outcomes), {}, false, {}, 0);
  ASSERT_EQ(ranking.rows.size(), 1U);
  EXPECT_EQ(ranking.rows[0].score, 0);
}

TEST(RankServices, SharesRanksAmongEqualsAndShowsAsManyAsAskedFor) {
  const Small small({{"a", 2, 0}, {"b", 2, 0}, {"c", 0, 0}});
  const Ranking ranking = rank_services(weigh(small.spectrum, small.outcomes), {}, true, {}, 1);
  ASSERT_EQ(ranking.rows.size(), 1U);
  EXPECT_EQ(ranking.elements, 3U);
  EXPECT_EQ(ranking.rows[0].best_rank, 1U);
  EXPECT_EQ(ranking.rows[0].worst_rank, 2U);
}

TEST(RankedByTraces, KeepsThePeersValues) {
  const std::vector<ServiceSuspicion> rows = {{"store", 0.75, suspicion("", kAllOfTwo).events},
                                              {"a", 0.25, {}}};
  const Ranking ranking = ranked_by_traces(rows, "microrank", 0);
  EXPECT_EQ(ranking.formula, "microrank");
  ASSERT_EQ(ranking.rows.size(), 2U);
  EXPECT_EQ(ranking.rows[0].score, 0.75);
  EXPECT_EQ(ranking.rows[0].line.file, "");
  EXPECT_FALSE(ranking.rows[0].probability);
  EXPECT_EQ(ranking.rows[1].score, 0.25);
}

}  // namespace
}  // namespace culprit
