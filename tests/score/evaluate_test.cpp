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
  const std::vector<double> scores = {5, 3, 3, 3, 3, 3, 3, 1, 5};
  const std::vector<std::uint32_t> faulty = {2, 4, 7};
  std::mt19937 random(1);
  std::vector<std::uint32_t> order(scores.size());
  double rank = 0;
  std::array<double, 3> top{};
  constexpr int kDraws = 200'000;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), random);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
    const auto first = std::find_if(order.begin(), order.end(), [&](std::uint32_t i) {
      return std::find(faulty.begin(), faulty.end(), i) != faulty.end();
    });
    const auto at = static_cast<double>(first - order.begin()) + 1;
    rank += at / kDraws;
    top[0] += (at <= 1 ? 1.0 : 0.0) / kDraws;
    top[1] += (at <= 3 ? 1.0 : 0.0) / kDraws;
    top[2] += (at <= 5 ? 1.0 : 0.0) / kDraws;
  }
  const Measure m = measure(scores, faulty);
  EXPECT_NEAR(m.rank, rank, 0.01);
  for (std::size_t t = 0; t < 3; ++t) EXPECT_NEAR(m.top[t], top[t], 0.005) << t;
}

TEST(Tabulate, WeighsVersionsInAllAndProgramsInPrograms) {
  const auto trial = [](const char* suite, const char* program, double rank) {
    Measure m;
    m.rank = rank;
    m.of = 10;
    m.top = {rank <= 1 ? 1.0 : 0.0, rank <= 3 ? 1.0 : 0.0, rank <= 5 ? 1.0 : 0.0};
    return Trial{suite, program, "ochiai", m, m};
  };
  const std::vector<Trial> trials = {trial("s", "big", 1), trial("s", "big", 1),
                                     trial("s", "big", 4), trial("t", "small", 5)};
  const std::vector<Score> scores = tabulate(trials);
  ASSERT_EQ(scores.size(), 4U);
  EXPECT_EQ(scores[0].suite, "all");
  EXPECT_EQ(scores[0].n, 4U);
  EXPECT_NEAR(scores[0].line_mfr, 11.0 / 4, 1e-12);
  EXPECT_NEAR(scores[0].line_top[0], 50, 1e-12);
  EXPECT_NEAR(scores[0].exam, 27.5, 1e-12);
  EXPECT_EQ(scores[1].suite, "s");
  EXPECT_EQ(scores[2].suite, "t");
  EXPECT_EQ(scores[3].suite, "programs");
  EXPECT_EQ(scores[3].n, 2U);
  EXPECT_NEAR(scores[3].line_mfr, (2.0 + 5.0) / 2, 1e-12);
  EXPECT_NEAR(scores[3].function_top[1], (200.0 / 3 + 0) / 2, 1e-12);
}

}  // namespace
}  // namespace culprit
