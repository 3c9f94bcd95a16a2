#include "score/beta.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace culprit {
namespace {

TEST(LogBeta, IsTheKnownClosedForms) {
  EXPECT_NEAR(log_beta(1, 1), 0, 1e-12);
  EXPECT_NEAR(log_beta(0.5, 0.5), std::log(std::numbers::pi), 1e-12);
  EXPECT_NEAR(log_beta(2, 3), std::log(1.0 / 12), 1e-12);
  EXPECT_NEAR(log_beta(1, 7), std::log(1.0 / 7), 1e-12);
  EXPECT_DOUBLE_EQ(log_beta(0.3, 4), log_beta(4, 0.3));
}

TEST(BetaMarginal, OfNothingSeenIsOne) {
  EXPECT_DOUBLE_EQ(beta_marginal(0, 0, 0.5, 0.5), 0);
  EXPECT_DOUBLE_EQ(beta_marginal(0, 0, 1, 3), 0);
}

TEST(BetaMarginal, IsTheProductOfTheStepwiseProbabilities) {
  // Flat prior, three of five: 3! 2! / 6!.
  EXPECT_NEAR(beta_marginal(3, 2, 1, 1), std::log(1.0 / 60), 1e-12);
  // Prior 0.5: 1/2 for the first, then (1.5/2) for the second of a kind, then (0.5/3).
  EXPECT_NEAR(beta_marginal(1, 0, 0.5, 0.5), std::log(0.5), 1e-12);
  EXPECT_NEAR(beta_marginal(2, 1, 0.5, 0.5), std::log(0.5 * 0.75 * 0.5 / 3), 1e-12);
  // Prior (0.5, 1), two non-events: (1/1.5) (2/2.5).
  EXPECT_NEAR(beta_marginal(0, 2, 0.5, 1), std::log(1 / 1.5 * 2 / 2.5), 1e-12);
}

TEST(BetaMarginal, TakesFractionalAndLargeCounts) {
  EXPECT_NEAR(beta_marginal(0.5, 0.5, 0.5, 0.5), -std::log(std::numbers::pi), 1e-12);
  // Flat prior: 1 / ((n + 1) C(n, k)) with k = 1, n = 1e6.
  EXPECT_NEAR(beta_marginal(1, 999'999, 1, 1), -std::log(1'000'001.0 * 1e6), 1e-6);
}

}  // namespace
}  // namespace culprit
