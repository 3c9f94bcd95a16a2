#include "score/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace culprit {
namespace {

TEST(Measure, WithoutTiesIsTheRankItself) {
  const std::vector<double> scores = {0.1, 0.9, 0.5, 0.3};
  const Measure m = measure(scores, std::vector<std::uint32_t>{3});
  EXPECT_EQ(m.rank, 3);
  EXPECT_EQ(m.top[0], 0);
  EXPECT_EQ(m.top[1], 1);
  EXPECT_EQ(m.of, 4U);
}

// What "ties as expectation over random order" means, by drawing orders.
TEST(Measure, IsTheMeanOverRandomOrdersOfTies) {
  const std::vector<double> scores = {5, 3, 3, 3, 3, 3, 3, 1, 5, 1, 1};
  const std::vector<std::uint32_t> faulty = {2, 4, 7};
  std::mt19937 random(1);
  std::vector<std::uint32_t> order(scores.size());
  Measure drawn;
  drawn.best_rank = 1e9;
  constexpr int kDraws = 200'000;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), random);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
    double first = 0;
    double found = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (std::find(faulty.begin(), faulty.end(), order[i]) == faulty.end()) continue;
      const auto at = static_cast<double>(i + 1);
      if (first == 0) first = at;
      ++found;
      drawn.mean_rank += at / 3 / kDraws;
      drawn.average_precision += found / at / 3 / kDraws;
    }
    drawn.rank += first / kDraws;
    drawn.reciprocal_rank += 1 / first / kDraws;
    drawn.best_rank = std::min(drawn.best_rank, first);
    drawn.worst_rank = std::max(drawn.worst_rank, first);
    const double tops[] = {1, 3, 5, 10};
    for (std::size_t t = 0; t < 4; ++t) drawn.top[t] += (first <= tops[t] ? 1.0 : 0.0) / kDraws;
  }
  const Measure m = measure(scores, faulty);
  EXPECT_NEAR(m.rank, drawn.rank, 0.01);
  EXPECT_NEAR(m.mean_rank, drawn.mean_rank, 0.01);
  EXPECT_NEAR(m.reciprocal_rank, drawn.reciprocal_rank, 0.002);
  EXPECT_NEAR(m.average_precision, drawn.average_precision, 0.002);
  EXPECT_EQ(m.best_rank, drawn.best_rank);
  EXPECT_EQ(m.worst_rank, drawn.worst_rank);
  for (std::size_t t = 0; t < 4; ++t) EXPECT_NEAR(m.top[t], drawn.top[t], 0.005) << t;
}

Trial trial(const char* suite, const char* program, const char* formula, double rank) {
  Measure m;
  m.rank = rank;
  m.of = 10;
  m.top = {rank <= 1 ? 1.0 : 0.0, rank <= 3 ? 1.0 : 0.0, rank <= 5 ? 1.0 : 0.0, 1.0};
  return Trial{suite, program, formula, m, m};
}

TEST(Tabulate, WeighsVersionsInAllAndProgramsInPrograms) {
  const std::vector<Trial> trials = {trial("s", "big", "ochiai", 1), trial("s", "big", "ochiai", 1),
                                     trial("s", "big", "ochiai", 4),
                                     trial("t", "small", "ochiai", 5)};
  const std::vector<Score> scores = tabulate(trials);
  ASSERT_EQ(scores.size(), 4U);
  EXPECT_EQ(scores[0].suite, "all");
  EXPECT_EQ(scores[0].n, 4U);
  EXPECT_NEAR(scores[0].figure("line_mfr").value, 11.0 / 4, 1e-12);
  EXPECT_NEAR(scores[0].figure("line_top1").value, 50, 1e-12);
  EXPECT_NEAR(scores[0].figure("exam").value, 27.5, 1e-12);
  EXPECT_EQ(scores[1].suite, "s");
  EXPECT_EQ(scores[2].suite, "t");
  EXPECT_EQ(scores[3].suite, "programs");
  EXPECT_EQ(scores[3].n, 2U);
  EXPECT_NEAR(scores[3].figure("line_mfr").value, (2.0 + 5.0) / 2, 1e-12);
  EXPECT_NEAR(scores[3].figure("function_top3").value, (200.0 / 3 + 0) / 2, 1e-12);
}

// Of n versions of which half have Top-1 = 100 the mean of a bootstrap sample has the standard
// deviation 50 / sqrt(n), and nearly the normal distribution.
TEST(Tabulate, GivesTheIntervalsOfTheBootstrap) {
  std::vector<Trial> trials;
  for (int i = 0; i < 400; ++i) trials.push_back(trial("s", "p", "ochiai", i % 2 == 0 ? 1 : 9));
  const std::vector<Score> scores = tabulate(trials);
  const Estimate& all = scores[0].figure("function_top1");
  EXPECT_NEAR(all.value, 50, 1e-9);
  EXPECT_NEAR(all.low, 50 - 1.96 * 2.5, 0.5);
  EXPECT_NEAR(all.high, 50 + 1.96 * 2.5, 0.5);
  // What does not vary has no width.
  EXPECT_EQ(scores[0].figure("function_top10").low, 100);
}

TEST(Differences, ArePairedVersionByVersion) {
  std::vector<Trial> trials;
  for (int i = 0; i < 100; ++i) {
    const bool easy = i % 2 == 0;
    trials.push_back(trial("s", easy ? "p" : "q", "ochiai", easy ? 1 : 9));
    trials.push_back(trial("s", easy ? "p" : "q", "op2", easy ? 3 : 11));
  }
  const std::vector<Score> scores = differences(trials, "ochiai");
  ASSERT_EQ(scores.size(), 3U);  // all, s, programs
  for (const Score& score : scores) {
    EXPECT_EQ(score.formula, "op2");
    EXPECT_EQ(score.against, "ochiai");
    // Always two places later, though the ranks themselves vary from 1 to 11.
    EXPECT_NEAR(score.figure("line_mfr").low, 2, 1e-9);
    EXPECT_NEAR(score.figure("line_mfr").high, 2, 1e-9);
    EXPECT_NEAR(score.figure("line_top1").value, -50, 1e-9);
  }
}

}  // namespace
}  // namespace culprit
