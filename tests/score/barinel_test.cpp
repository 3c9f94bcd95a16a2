#include "score/barinel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace culprit {
namespace {

// f failing and p passing runs: p/(p+f) is likeliest.
TEST(Barinel, OfOneFaultIsTheShareThatPasses) {
  const Health health = likeliest_health({{0, 3}, {0, 9}});
  EXPECT_NEAR(health.of[0], 0.75, 1e-9);
  EXPECT_NEAR(health.log_likelihood, 3 * std::log(0.25) + 9 * std::log(0.75), 1e-9);
}

TEST(Barinel, OfAFaultThatNoRunSurvivesIsNone) {
  const Health health = likeliest_health({{0, 3}, {0, 0}});
  EXPECT_NEAR(health.of[0], 0, 1e-9);
  EXPECT_NEAR(health.log_likelihood, 0, 1e-9);
}

// Runs {1,2}, {2,3}, {1} fail, {1,3} passes. By hand: the faults {1,2} give
// (1 - g1 g2)(1 - g2)(1 - g1) g1, largest at g1 = 1/2, g2 = 0; {1,3} give
// (1 - g1)^2 (1 - g3) g1 g3, largest at g1 = 1/3, g3 = 1/2.
TEST(Barinel, OfTwoFaultsByHand) {
  const Health first = likeliest_health({{0, 1, 1, 1}, {0, 1, 0, 0}});
  EXPECT_NEAR(first.of[0], 0.5, 1e-6);
  EXPECT_NEAR(first.of[1], 0, 1e-6);
  EXPECT_NEAR(std::exp(first.log_likelihood), 0.25, 1e-9);
  const Health second = likeliest_health({{0, 2, 1, 0}, {0, 0, 0, 1}});
  EXPECT_NEAR(second.of[0], 1.0 / 3, 1e-6);
  EXPECT_NEAR(second.of[1], 0.5, 1e-6);
  EXPECT_NEAR(std::exp(second.log_likelihood), 1.0 / 27, 1e-9);
}

// No point of a fine grid is likelier, and the point that was found is as likely as it says.
TEST(Barinel, IsLikelierThanEveryPointOfAGrid) {
  std::mt19937 random(3);
  const auto log_of = [](const FaultRuns& runs, double a, double b) {
    const double passing[] = {1, a, b, a * b};
    double sum = 0;
    for (std::size_t i = 1; i < 4; ++i) {
      if (runs.passed[i] > 0) sum += runs.passed[i] * std::log(passing[i]);
      if (runs.failed[i] > 0) sum += runs.failed[i] * std::log(1 - passing[i]);
    }
    return sum;
  };
  for (int round = 0; round < 50; ++round) {
    FaultRuns runs{{0, 1, 1, 0}, {0, 0, 0, 0}};
    for (std::size_t i = 1; i < 4; ++i) {
      runs.failed[i] += static_cast<double>(random() % 8);
      runs.passed[i] += static_cast<double>(random() % 20);
    }
    const Health health = likeliest_health(runs);
    double best = -1e300;
    for (int i = 1; i < 200; ++i) {
      for (int j = 1; j < 200; ++j) best = std::max(best, log_of(runs, i / 200.0, j / 200.0));
    }
    EXPECT_GE(health.log_likelihood, best - 1e-9);
    EXPECT_LE(health.log_likelihood, best + 0.05);
    const double a = std::clamp(health.of[0], 1e-14, 1 - 1e-14);
    const double b = std::clamp(health.of[1], 1e-14, 1 - 1e-14);
    EXPECT_NEAR(health.log_likelihood, log_of(runs, a, b), 1e-6);
  }
}

}  // namespace
}  // namespace culprit
