#include "label/latency.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace culprit {
namespace {

TEST(LatencyBaseline, NeedsTheSamplesAskedFor) {
  const std::vector<double> four = {1, 2, 3, 4};
  EXPECT_FALSE(latency_baseline(four, 5));
  EXPECT_TRUE(latency_baseline(four, 4));
  EXPECT_FALSE(latency_baseline({}, 0));
}

TEST(LatencyBaseline, IsTheMedianPlusThreeScaledDeviationsWhereTheSpreadIsLarge) {
  // 100 .. 900: median 500; deviations 0,100,100,200,200,300,300,400,400: MAD 200.
  // 500 + 3 * 1.4826 * 200 = 1389.56; 99th percentile = the 9th of 9 = 900; 1.5 * 500 + 50 = 800.
  const std::vector<double> values = {900, 100, 800, 200, 700, 300, 600, 400, 500};
  const auto baseline = latency_baseline(values, 9);
  ASSERT_TRUE(baseline);
  EXPECT_DOUBLE_EQ(baseline->median_ms, 500);
  EXPECT_DOUBLE_EQ(baseline->threshold_ms, 1389.56);
}

TEST(LatencyBaseline, IsThe99thPercentileByNearestRankWhereTheTailIsLong) {
  // 198 x 10, then 5000 and 9000: of 200 the 198th is 10, so the floor 1.5 * 10 + 50 decides.
  std::vector<double> values(198, 10);
  values.insert(values.end(), {5000, 9000});
  EXPECT_DOUBLE_EQ(latency_baseline(values, 20)->threshold_ms, 65);
  // One more slow one makes 201 values: rank ceil(198.99) = 199, the smallest slow one.
  values.push_back(7000);
  EXPECT_DOUBLE_EQ(latency_baseline(values, 20)->threshold_ms, 5000);
  // 100 values: rank 99.
  std::vector<double> hundred(98, 10);
  hundred.insert(hundred.end(), {3000, 4000});
  EXPECT_DOUBLE_EQ(latency_baseline(hundred, 20)->threshold_ms, 3000);
}

TEST(LatencyBaseline, AllowsHalfAgainAnd50MsWhereAllAreAlike) {
  const std::vector<double> values(20, 100);
  const auto baseline = latency_baseline(values, 20);
  EXPECT_DOUBLE_EQ(baseline->median_ms, 100);
  EXPECT_DOUBLE_EQ(baseline->threshold_ms, 200);
}

// 24 of 2 ms and 7 of 150 ms, as where some requests meet a fault: the 99th percentile is the slow
// ones' own, the other bounds are not.
TEST(LatencyBaseline, OfJudgedSamplesIsNotRaisedByTheSlowOnesAmongThem) {
  std::vector<double> values(24, 2);
  values.insert(values.end(), 7, 150);
  EXPECT_DOUBLE_EQ(latency_baseline(values, 20)->threshold_ms, 150);
  EXPECT_DOUBLE_EQ(latency_baseline(values, 20, LatencySamples::kJudged)->threshold_ms, 53);
}

// Logs evenly spread over +-1.5: their MAD is 0.75, three deviations 3.336, e^3.336 = 28.1 times
// the median. The MAD of the times themselves would put a tenth of them above.
TEST(LatencyBaseline, OfJudgedSamplesLeavesALongTailAlone) {
  std::vector<double> values;
  for (int i = -100; i <= 100; ++i) values.push_back(1000 * std::exp(1.5 * i / 100));
  const auto baseline = latency_baseline(values, 20, LatencySamples::kJudged);
  EXPECT_NEAR(baseline->threshold_ms, 1000 * std::exp(3 * 1.4826 * 0.75), 20);
}

TEST(LatencyBaseline, MedianOfAnEvenNumberIsTheMiddleOfTwo) {
  const std::vector<double> values = {1, 3, 5, 1000};
  EXPECT_DOUBLE_EQ(latency_baseline(values, 4)->median_ms, 4);
}

TEST(LatencyBaseline, DoesNotDependOnTheOrder) {
  std::mt19937 random(7);
  std::lognormal_distribution<double> latency(3, 1);
  std::vector<double> values(101);
  for (double& value : values) value = latency(random);
  const auto first = latency_baseline(values, 20);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(values.begin(), values.end(), random);
    const auto again = latency_baseline(values, 20);
    EXPECT_EQ(again->median_ms, first->median_ms);
    EXPECT_EQ(again->threshold_ms, first->threshold_ms);
  }
}

TEST(LatencyWeight, IsZeroUpToTheThreshold) {
  EXPECT_EQ(latency_weight(430, {100, 430}), 0);
  EXPECT_EQ(latency_weight(0, {100, 430}), 0);
}

TEST(LatencyWeight, GrowsFromOneHalfAboveTheThreshold) {
  EXPECT_NEAR(latency_weight(200.001, {100, 200}), 0.5, 1e-5);
  // z = (400 - 100) / (200 - 100) = 3.
  EXPECT_DOUBLE_EQ(latency_weight(400, {100, 200}), 0.75);
  // z = 9.
  EXPECT_DOUBLE_EQ(latency_weight(1000, {100, 200}), 0.9);
}

TEST(LatencyWeight, StaysBelowOneAndNeverFalls) {
  double last = 0;
  for (double latency = 1; latency < 1e300; latency *= 7) {
    const double weight = latency_weight(latency, {100, 200});
    EXPECT_GE(weight, last);
    EXPECT_LT(weight, 1);
    last = weight;
  }
}

TEST(LatencyWeight, HasAnAnswerWhereTheMedianLeavesNoScale) {
  const double weight = latency_weight(300, {200, 200});
  EXPECT_GT(weight, 0.5);
  EXPECT_LT(weight, 1);
}

}  // namespace
}  // namespace culprit
