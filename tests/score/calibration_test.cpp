#include "score/calibration.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

TEST(Calibration, CountsPerBinAndSumsSquaresPerVersion) {
  // Two versions of three functions. Brier, by hand: (0.04 + 0.01 + 0.01) and (0.49 + 0.36 + 0.01).
  const std::vector<std::vector<Forecast>> versions = {{{0.8, true}, {0.1, false}, {0.1, false}},
                                                       {{0.7, false}, {0.4, true}, {0.1, false}}};
  const Calibration c = calibration("x", versions);
  EXPECT_EQ(c.versions, 2U);
  EXPECT_NEAR(c.brier, (0.06 + 0.86) / 2, 1e-12);
  EXPECT_NEAR(c.brier_of_equal_shares, 4.0 / 9 + 2.0 / 9, 1e-12);
  ASSERT_EQ(c.bins.size(), 4U);
  EXPECT_EQ(c.bins[0].low, 0.1);  // the three of 0.1
  EXPECT_EQ(c.bins[0].n, 3U);
  EXPECT_EQ(c.bins[0].at_fault, 0);
  EXPECT_EQ(c.bins[3].low, 0.8);
  EXPECT_EQ(c.bins[3].at_fault, 1);
}

TEST(Calibration, IsDeniedWhereABinOfSomeSizeDoesNotFit) {
  // Wilson's 95 % interval of 5 in 20 is [0.112, 0.469] (Newcombe 1998, table of examples).
  std::vector<Forecast> sure, fair;
  for (int i = 0; i < 20; ++i) {
    sure.push_back({0.95, i < 5});
    fair.push_back({0.25, i < 5});
  }
  const Calibration too_sure = calibration("x", std::vector<std::vector<Forecast>>{sure});
  EXPECT_NEAR(too_sure.bins[0].least, 0.112, 0.0006);
  EXPECT_NEAR(too_sure.bins[0].most, 0.469, 0.0006);
  EXPECT_FALSE(too_sure.calibrated);
  EXPECT_TRUE(calibration("x", std::vector<std::vector<Forecast>>{fair}).calibrated);
}

TEST(Calibration, TakesTheEndsOfTheScale) {
  const Calibration c =
      calibration("x", std::vector<std::vector<Forecast>>{{{1, true}, {0, false}}});
  EXPECT_EQ(c.bins.front().low, 0);
  EXPECT_EQ(c.bins.back().high, 1);
  EXPECT_EQ(c.brier, 0);
}

}  // namespace
}  // namespace culprit
