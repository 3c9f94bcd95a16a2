// How often the gate is red without a fault, and with one. A fifth of the endpoints are flaky and
// fail in 5 % of their runs; 20 runs of each are in the baseline, 5 in the report.
#include <gtest/gtest.h>

#include <random>

#include "gate/judge.h"
#include "gate/reports.h"

namespace culprit {
namespace {

constexpr double kFlaky = 0.05;

struct Setting {
  std::size_t endpoints = 50;
  double fault = 0;  // chance that a run of the one faulty endpoint fails; 0: no fault
  bool reruns = true;
  GatePolicy policy;
};

// Share of trials in which the gate is red.
double red(const Setting& setting, std::size_t trials) {
  std::mt19937_64 random(20261129);
  const auto fails_of = [&](std::size_t runs, double chance) {
    return static_cast<std::size_t>(
        std::binomial_distribution<int>(static_cast<int>(runs), chance)(random));
  };
  std::size_t reds = 0;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    Report before;
    Report now;
    GateFacts facts;
    for (std::size_t i = 0; i < setting.endpoints; ++i) {
      const std::string endpoint = "GET /" + std::to_string(i);
      const double usual = i % 5 == 1 ? kFlaky : 0;
      const double chance = i == 0 && setting.fault > 0 ? setting.fault : usual;
      const std::size_t earlier = fails_of(20, usual);
      const std::size_t fails = fails_of(5, chance);
      before.endpoint_runs.push_back({endpoint, 20});
      now.endpoint_runs.push_back({endpoint, 5});
      if (earlier != 0) before.clusters.push_back(failing(endpoint, earlier, 20));
      if (fails == 0) continue;
      now.clusters.push_back(failing(endpoint, fails, 5));
      if (!setting.reruns) continue;
      facts.reruns[now.clusters.back().fingerprint] = {fails_of(setting.policy.reruns, chance),
                                                       setting.policy.reruns};
    }
    Baseline baseline;
    add_to_baseline(baseline, before, setting.policy);
    const GateVerdict verdict = judge(now, baseline, setting.policy, facts);
    reds += verdict.answer == GateVerdict::Answer::kNewFaults ? 1 : 0;
  }
  return static_cast<double>(reds) / static_cast<double>(trials);
}

TEST(GateSimulation, IsSeldomRedWithoutAFaultAndAlwaysForOneThatAlwaysFails) {
  Setting setting;
  EXPECT_LE(red(setting, 3000), 0.02);
  setting.fault = 1;
  EXPECT_GE(red(setting, 1000), 0.95);
}

// The power for faults that fail now and then: 0.70 for every second run, 0.12 for every fifth.
TEST(GateSimulation, HasThePowerOfItsRule) {
  Setting setting;
  setting.fault = 0.5;
  EXPECT_NEAR(red(setting, 3000), 0.70, 0.04);
  setting.fault = 0.2;
  EXPECT_NEAR(red(setting, 3000), 0.12, 0.03);
}

TEST(GateSimulation, NeedsMoreRerunsForManyEndpoints) {
  Setting setting;
  setting.endpoints = 200;
  EXPECT_NEAR(red(setting, 1000), 0.045, 0.02) << "2 of 3, or k >= 2 and p <= .01";
  setting.policy.rerun_fails = 3;
  setting.policy.reruns = 5;
  setting.policy.alpha = 0.001;
  EXPECT_LE(red(setting, 2000), 0.01);
}

TEST(GateSimulation, IsPowerlessForOneRunATestWithoutReruns) {
  // One run of the report, ten of the baseline: p is 1/11 at least.
  Report now = report_of({failing("GET /0", 1, 1)});
  Baseline baseline;
  baseline.runs["GET /0"] = 10;
  EXPECT_EQ(judge(now, baseline, {}, {}).answer, GateVerdict::Answer::kPass);
}

TEST(GateSimulation, IsMoreCarefulUnderBenjaminiAndHochberg) {
  Setting plain;
  plain.reruns = false;
  Setting corrected = plain;
  corrected.policy.correct = true;
  EXPECT_LE(red(corrected, 2000), red(plain, 2000));
  corrected.fault = 1;
  EXPECT_GE(red(corrected, 1000), 0.95);
}

}  // namespace
}  // namespace culprit
