#include "score/rank.h"

#include <gmock/gmock.h>

#include <cmath>

#include "score/random_matrix.h"

namespace culprit {
namespace {

using ::testing::ElementsAre;

// Runs f (failed), p, q (passed). Lines: 1 executed by f alone, 2 and 3 by f and p, 4 by p alone,
// 5 by nobody. Function `a` owns 1 and 2, `b` owns 3 and 4, `c` owns 5.
struct Small {
  Spectrum spectrum;
  std::vector<Outcome> outcomes = {Outcome::failed(""), Outcome::passed(""), Outcome::passed("")};

  Small() {
    Spectrum::Builder builder;
    const FileId file = builder.file(builder.service(""), "x.cc");
    builder.function(file, "a", 1, 2);
    builder.function(file, "b", 3, 4);
    builder.function(file, "c", 5, 5);
    const auto hit = [&](const char* run, std::vector<std::uint32_t> lines) {
      builder.report(builder.run(run), builder.service(""));
      std::vector<LineId> ids;
      for (const std::uint32_t number : lines) ids.push_back(builder.line(file, number));
      builder.hit(builder.run(run), ids);
    };
    hit("f", {1, 2, 3});
    hit("p", {2, 3, 4});
    hit("q", {});
    builder.line(file, 5);
    spectrum = std::move(builder).build();
  }
};

double minus_ep(const Counts& c) { return -c.ep; }
void all_minus_ep(std::span<const Counts> counts, std::span<double> values) {
  for (std::size_t i = 0; i < counts.size(); ++i) values[i] = minus_ep(counts[i]);
}
constexpr Formula kFewPassing = {"few-passing", "", "", "", "", true, minus_ep, all_minus_ep};
constexpr Formula kFewPassingTwoSided = {"few-passing", "",       "",          "", "",
                                         false,         minus_ep, all_minus_ep};

std::vector<std::uint32_t> numbers(const Ranking& ranking) {
  std::vector<std::uint32_t> result;
  for (const Ranked& row : ranking.rows) result.push_back(row.line.first_line);
  return result;
}

TEST(Rank, LeavesOutFilesAndServicesWithoutLines) {
  Spectrum::Builder builder;
  const ServiceId order = builder.service("order");
  builder.report(builder.run("f"), order);
  builder.report(builder.run("p"), order);
  builder.hit(builder.run("f"), builder.line(builder.file(order, "a.cc"), 1), 1);
  builder.file(order, "empty.h");
  builder.file(builder.service("payment"), "b.cc");
  const Spectrum spectrum = std::move(builder).build();
  const std::vector<Outcome> outcomes = {Outcome::failed(""), Outcome::passed("")};
  const Evidence evidence = weigh(spectrum, outcomes);
  const Method formula{&kFewPassing, RollUp::kMax, {}, {}};
  for (const Method& method : {Method{}, formula}) {
    const Ranking files = rank(evidence, method, Level::kFile, 0);
    ASSERT_EQ(files.rows.size(), 1U);
    EXPECT_EQ(files.elements, 1U);
    EXPECT_EQ(files.rows[0].code.file, "a.cc");
    const Ranking services = rank(evidence, method, Level::kService, 0);
    ASSERT_EQ(services.rows.size(), 1U);
    EXPECT_EQ(services.rows[0].code.service, "order");
  }
}

TEST(Rank, PutsLinesWithoutAFailingRunLastUnderOneSidedFormulas) {
  const Small small;
  const Evidence evidence = weigh(small.spectrum, small.outcomes);
  const Method method{&kFewPassing, RollUp::kMax, {}, {}};
  // -ep: line 1: 0, lines 2, 3, 4: -1, line 5: 0. Lines 4 and 5 have ef = 0: they come last,
  // in the formula's order.
  EXPECT_THAT(numbers(rank(evidence, method, Level::kLine, 0)), ElementsAre(1, 2, 3, 5, 4));
  const Method two_sided{&kFewPassingTwoSided, RollUp::kMax, {}, {}};
  EXPECT_THAT(numbers(rank(evidence, two_sided, Level::kLine, 0)), ElementsAre(1, 5, 2, 3, 4));
}

TEST(Rank, GivesTiesTheirBestAndWorstRankAndMarksIdenticalColumns) {
  const Small small;
  const Evidence evidence = weigh(small.spectrum, small.outcomes);
  const Ranking ranking =
      rank(evidence, {&kFewPassingTwoSided, RollUp::kMax, {}, {}}, Level::kLine, 0);
  // Lines 1 and 5 tie with different columns; 2, 3 and 4 tie, of which 2 and 3 are alike.
  EXPECT_EQ(ranking.rows[0].best_rank, 1U);
  EXPECT_EQ(ranking.rows[0].worst_rank, 2U);
  EXPECT_EQ(ranking.rows[0].group, 0U);
  EXPECT_EQ(ranking.rows[2].best_rank, 3U);
  EXPECT_EQ(ranking.rows[2].worst_rank, 5U);
  EXPECT_EQ(ranking.rows[2].group, 1U);
  EXPECT_EQ(ranking.rows[3].group, 1U);
  EXPECT_EQ(ranking.rows[4].group, 0U);
}

TEST(Rank, ShowsEachFunctionByItsMostSuspiciousLine) {
  const Small small;
  const Evidence evidence = weigh(small.spectrum, small.outcomes);
  Method method;
  method.posterior.structure = 0;  // by counts alone
  const Ranking ranking = rank(evidence, method, Level::kFunction, 0);
  ASSERT_EQ(ranking.rows.size(), 3U);
  EXPECT_EQ(ranking.rows[0].code.name, "a");
  EXPECT_EQ(ranking.rows[0].line.first_line, 1U);
  EXPECT_EQ(ranking.rows[0].counts, (Counts{1, 0, 0, 2}));
  EXPECT_EQ(ranking.rows[1].code.name, "b");
  EXPECT_EQ(ranking.rows[1].line.first_line, 3U);
  EXPECT_EQ(ranking.rows[2].probability, 0.0);  // nobody executed it
}

TEST(Rank, ProbabilitiesOfTheWholeRankingSumToOne) {
  const RandomMatrix m = random_matrix(5, {});
  for (const Level level : {Level::kLine, Level::kFunction, Level::kFile, Level::kService}) {
    double sum = 0;
    for (const Ranked& row : rank(weigh(m.spectrum, m.outcomes), {}, level, 0).rows) {
      sum += *row.probability;
    }
    EXPECT_NEAR(sum, 1, 1e-9);
  }
}

TEST(Rank, KeepsRanksWhenOnlyTheFirstRowsAreAskedFor) {
  const Small small;
  const Evidence evidence = weigh(small.spectrum, small.outcomes);
  const Ranking ranking =
      rank(evidence, {&kFewPassingTwoSided, RollUp::kMax, {}, {}}, Level::kLine, 3);
  EXPECT_EQ(ranking.rows.size(), 3U);
  EXPECT_EQ(ranking.elements, 5U);
  EXPECT_EQ(ranking.rows[2].worst_rank, 5U);
}

TEST(Rank, ServiceShiftsMoveTheLinesOfTheirService) {
  Spectrum::Builder builder;
  const RunId failed = builder.run("f");
  const RunId passed = builder.run("p");
  for (const char* name : {"s1", "s2"}) {
    const ServiceId service = builder.service(name);
    builder.report(passed, service);
    builder.hit(failed, builder.line(builder.file(service, "a.cc"), 1), 1);
  }
  const Spectrum spectrum = std::move(builder).build();
  const Evidence evidence = weigh(spectrum, std::vector{Outcome::failed(""), Outcome::passed("")});
  const Ranking tied = rank(evidence, {}, Level::kLine, 0);
  EXPECT_EQ(tied.rows[0].worst_rank, 2U);
  Method method;
  method.service_shifts = {0, std::log(3)};
  const Ranking ranking = rank(evidence, method, Level::kLine, 0);
  EXPECT_EQ(ranking.rows[0].code.service, "s2");
  EXPECT_NEAR(*ranking.rows[0].probability, 0.75, 1e-9);
}

}  // namespace
}  // namespace culprit
