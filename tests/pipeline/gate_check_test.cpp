// The gate on recordings of the shop: one without a fault is the baseline, each other one a build
// with one fault. What is wrong in each, and of which level, says fixtures/systems/shop/README.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "base/disk.h"
#include "base/file_tree.h"
#include "culprit/gate.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Answer = GateVerdict::Answer;

const std::string kRecorded = std::string(CULPRIT_SOURCE_DIR) + "/fixtures/systems/shop/recorded/";

// What is not in the code, with its level; slow-pricing and stock-starved make requests slow, none
// of them so much more than others of its route that it counts as failing.
const std::map<std::string, FaultLevel> kAnomalies = {{"payment-stopped", FaultLevel::kService},
                                                      {"store-locked", FaultLevel::kDatabase}};
const std::set<std::string> kNothingFails = {"normal", "slow-pricing", "stock-starved"};

// Apart from that of another build's tests at the same time.
std::string scratch() {
  const std::string folder = testing::TempDir() + "gate_check_" + std::to_string(getpid()) + "/";
  fs::create_directories(folder);
  return folder;
}

std::vector<std::string> recordings() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kRecorded)) {
    const std::string name = entry.path().filename().string();
    names.push_back(name.substr(0, name.find('.')));
  }
  std::sort(names.begin(), names.end());
  return names;
}

GateQuery gate_of(const std::string& recording, const std::string& baseline) {
  GateQuery gate;
  gate.query.runs = kRecorded + recording + ".tar.xz";
  gate.query.settings = {{"top", "5"}};
  gate.baseline = baseline;
  gate.today = "2026-06-01";
  return gate;
}

std::string fresh_baseline(const std::string& name) {
  const std::string path = scratch() + name + ".jsonl";
  fs::remove(path);
  GateQuery gate = gate_of("normal", path);
  gate.update_baseline = true;
  const auto report = check(gate);
  EXPECT_TRUE(report) << to_string(report.error());
  return path;
}

// A rerun of a recorded request against the same build: its faults are in the code, so it fails
// again.
Result<Reruns> fails_again(const FailureCluster&, std::size_t, std::size_t enough) {
  return Reruns{enough, enough};
}

TEST(GateCheck, IsRedExactlyForTheShopsFaultsOnceTheyAreRunAgain) {
  const std::string baseline = fresh_baseline("shop_faults");
  std::size_t red = 0;
  for (const std::string& name : recordings()) {
    GateQuery gate = gate_of(name, baseline);
    gate.rerun = fails_again;
    const auto report = check(gate);
    ASSERT_TRUE(report) << to_string(report.error());
    const bool fault = kNothingFails.count(name) == 0 && kAnomalies.count(name) == 0;
    EXPECT_EQ(report->gate->answer, fault ? Answer::kNewFaults : Answer::kPass) << name;
    red += fault ? 1 : 0;
  }
  EXPECT_EQ(red, 25U) << "24 faults, of which seat-scan shows in latency, and two-at-once";
}

TEST(GateCheck, TellsTheLevelOfEachOfTheShopsFailures) {
  std::size_t clusters = 0;
  std::size_t right = 0;
  for (const std::string& name : recordings()) {
    const auto report = localize(gate_of(name, "").query);
    ASSERT_TRUE(report) << to_string(report.error());
    const auto anomaly = kAnomalies.find(name);
    for (const FailureCluster& cluster : report->clusters) {
      ++clusters;
      const FaultLevel expected = anomaly == kAnomalies.end() ? FaultLevel::kCode : anomaly->second;
      right += cluster.level == expected ? 1 : 0;
      if (anomaly != kAnomalies.end()) {
        EXPECT_NE(cluster.level, FaultLevel::kCode) << name << ": " << cluster.level_evidence;
      }
      EXPECT_FALSE(cluster.level_evidence.empty());
    }
  }
  EXPECT_GT(clusters, 50U);
  EXPECT_GE(10 * right, 9 * clusters) << right << " of " << clusters;
}

// seat-scan's oracle calls every answer right. Eight of 31 requests for seats, those in the
// stadium, take 89 to 253 ms, the others a few; nothing in the recordings without a fault is as far
// off.
TEST(GateCheck, FindsTheFaultThatOnlyMakesRequestsSlow) {
  const auto report = localize(gate_of("seat-scan", "").query);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->failed, 8U);
  ASSERT_EQ(report->clusters.size(), 1U);
  EXPECT_EQ(report->clusters[0].signature.endpoint, "GET /events/{}/seats");
  EXPECT_EQ(report->clusters[0].signature.kind, "latency");
  EXPECT_EQ(report->clusters[0].level, FaultLevel::kCode);
  Query query = gate_of("seat-scan", "").query;
  query.settings = {{"top", "0"}};
  const auto whole = localize(query);
  ASSERT_TRUE(whole) << to_string(whole.error());
  const auto& rows = whole->ranking.rows;
  const auto fault = std::find_if(rows.begin(), rows.end(), [](const Ranked& row) {
    return row.code.name.find("seat_at(") != std::string::npos;
  });
  ASSERT_NE(fault, rows.end());
  EXPECT_LE(fault->worst_rank, 6U);
  for (const std::string& calm : kNothingFails) {
    const auto none = localize(gate_of(calm, "").query);
    ASSERT_TRUE(none) << to_string(none.error());
    EXPECT_EQ(none->failed, 0U) << calm;
  }
}

TEST(GateCheck, StaysGreenForTheFaultThatTheBaselineKnowsAndListsItWhenMended) {
  const std::string baseline = fresh_baseline("shop_known");
  GateQuery update = gate_of("event-cache", baseline);
  update.update_baseline = true;
  ASSERT_TRUE(check(update));
  const auto again = check(gate_of("event-cache", baseline));
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(again->gate->answer, Answer::kPass);
  EXPECT_EQ(again->gate->clusters[0].novelty, Novelty::kKnown);
  const auto mended = check(gate_of("normal", baseline));
  ASSERT_TRUE(mended) << to_string(mended.error());
  EXPECT_EQ(mended->gate->answer, Answer::kPass);
  EXPECT_EQ(mended->gate->fixed.size(), again->clusters.size());
}

// It failed in one of two recordings before, and fails in this one: 8 of 26 against 8 of 52.
TEST(GateCheck, StaysGreenForAFailureThatTheBaselineHasSeenComeAndGo) {
  const std::string baseline = fresh_baseline("shop_flaky");
  GateQuery update = gate_of("event-cache", baseline);
  update.update_baseline = true;
  ASSERT_TRUE(check(update));
  GateQuery gate = gate_of("event-cache", baseline);
  gate.rerun = [](const FailureCluster&, std::size_t times, std::size_t) -> Result<Reruns> {
    return Reruns{1, times};  // and now and then when it is run again
  };
  const auto report = check(gate);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->gate->answer, Answer::kPass);
  ASSERT_FALSE(report->gate->clusters.empty());
  EXPECT_EQ(report->gate->clusters[0].baseline_runs, 2 * report->gate->clusters[0].runs);
  EXPECT_EQ(report->gate->clusters[0].novelty, Novelty::kKnown);
}

// The same build, half of its runs taken at random: what fails is known, at about its rate.
TEST(GateCheck, StaysGreenForUnchangedCodeWhicheverRunsAreTaken) {
  const std::string baseline = scratch() + "shop_shuffled.jsonl";
  fs::remove(baseline);
  GateQuery update = gate_of("museum-fee", baseline);
  update.update_baseline = true;
  ASSERT_TRUE(check(update));
  const fs::path whole = scratch() + "museum_whole";
  fs::remove_all(whole);
  fs::create_directories(whole);
  const std::string unpack = "tar xJf '" + update.query.runs + "' -C '" + whole.string() + "'";
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  std::mt19937 random(8);
  std::size_t failed = 0;
  for (int round = 0; round < 5; ++round) {
    const fs::path half = scratch() + "museum_half";
    fs::remove_all(half);
    fs::create_directories(half);
    for (const auto& entry : fs::directory_iterator(whole)) {
      const bool run =
          std::isdigit(static_cast<unsigned char>(entry.path().filename().string()[0]));
      if (run && random() % 2 == 0) continue;
      fs::copy(entry.path(), half / entry.path().filename(), fs::copy_options::recursive);
    }
    GateQuery gate = gate_of("museum-fee", baseline);
    gate.query.runs = half.string();
    const auto report = check(gate);
    ASSERT_TRUE(report) << to_string(report.error());
    failed += report->failed;
    EXPECT_EQ(report->gate->answer, Answer::kPass)
        << "round " << round << ": " << report->gate->clusters[0].because;
  }
  EXPECT_GT(failed, 20U) << "the fault was met";
}

// The change is of pay_back, far down the ranking of the failure that is confirmed.
TEST(GateCheck, DecidesAlikeForReportsThatShowMore) {
  GateQuery gate = gate_of("two-at-once", fresh_baseline("details"));
  gate.diff = scratch() + "change.diff";
  std::ofstream(gate.diff) << "diff --git a/orders/cancellation.cpp b/orders/cancellation.cpp\n"
                              "--- a/orders/cancellation.cpp\n+++ b/orders/cancellation.cpp\n"
                              "@@ -49 +49 @@\n-  a\n+  b\n";
  const auto brief = check(gate);
  ASSERT_TRUE(brief) << to_string(brief.error());
  EXPECT_EQ(brief->gate->answer, Answer::kPass);
  EXPECT_EQ(brief->clusters.at(0).ranking.rows.size(), 5U);
  gate.query.details = true;
  const auto whole = check(gate);
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(whole->gate->answer, Answer::kPass);
  EXPECT_EQ(whole->clusters.at(0).ranking.rows.size(), 100U);
  ASSERT_EQ(whole->gate->clusters.size(), brief->gate->clusters.size());
  for (std::size_t i = 0; i < brief->gate->clusters.size(); ++i) {
    EXPECT_EQ(whole->gate->clusters[i].because, brief->gate->clusters[i].because);
    EXPECT_EQ(whole->gate->clusters[i].suspects.size(), 5U);
  }
}

TEST(GateCheck, LeavesABaselineAloneThatItCannotRead) {
  const std::string path = scratch() + "damaged.jsonl";
  for (const std::string text : {"{\"schema\":\"culprit.baseline/2\"}\n", "", "garbage\n",
                                 "{\"schema\":\"culprit.baseline/1\"}\n"}) {
    std::ofstream(path) << text;
    GateQuery gate = gate_of("normal", path);
    gate.update_baseline = true;
    EXPECT_FALSE(check(gate));
    EXPECT_EQ(*read_file(path), text);
  }
}

TEST(GateCheck, AsksForABaselineThatIsNotThere) {
  const auto report = check(gate_of("normal", scratch() + "nowhere.jsonl"));
  ASSERT_FALSE(report);
  EXPECT_THAT(to_string(report.error()), HasSubstr("--update-baseline"));
}

TEST(UpdateFile, WritesOnlyWhatNobodyChangedMeanwhile) {
  const std::string path = scratch() + "shared.jsonl";
  fs::remove(path);
  EXPECT_TRUE(update_file(path, std::nullopt, "one"));
  EXPECT_TRUE(update_file(path, "one", "two"));
  const auto late = update_file(path, "one", "three");
  ASSERT_FALSE(late);
  EXPECT_THAT(to_string(late.error()), HasSubstr("was changed by somebody else"));
  EXPECT_EQ(*read_file(path), "two");
  EXPECT_FALSE(update_file(path, std::nullopt, "three"));
}

}  // namespace
}  // namespace culprit
