#include "gate/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/reports.h"

namespace culprit {
namespace {

using testing::HasSubstr;

Result<Baseline> read(const std::string& text) { return read_baseline({"b.jsonl", text}); }

std::string why(const std::string& text) {
  const auto baseline = read(text);
  return baseline ? "(read)" : to_string(baseline.error());
}

Baseline known() {
  Baseline baseline;
  add_to_baseline(baseline, report_of({failing("POST /pay", 3, 120)}), {});
  return baseline;
}

TEST(Baseline, IsReadAsItWasWritten) {
  const std::string text = to_text(known());
  const auto again = read(text);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(to_text(*again), text);
  ASSERT_EQ(again->clusters.size(), 1U);
  const KnownCluster& cluster = again->clusters.begin()->second;
  EXPECT_EQ(cluster.fails, 3U);
  EXPECT_EQ(again->runs_of("POST /pay"), 120U);
  ASSERT_EQ(cluster.top.size(), 1U);
  EXPECT_EQ(cluster.top[0].name, "pay()");
}

TEST(Baseline, IsOneObjectALineWithoutNumbersOfLines) {
  const std::string text = to_text(known());
  EXPECT_TRUE(
      text.starts_with("{\"schema\":\"culprit.baseline/1\"}\n{\"endpoint\":\"POST /pay\","
                       "\"runs\":120}\n{\"fp\":\"clc/v1:"));
  EXPECT_TRUE(text.ends_with("{\"end\":\"culprit.baseline/1\"}\n"));
  EXPECT_EQ(text.find("\"line"), std::string::npos);
  EXPECT_EQ(text.find("202"), std::string::npos) << "a date";
}

TEST(Baseline, AddsRunsUpOverUpdates) {
  Baseline baseline = known();
  add_to_baseline(baseline, report_of({failing("POST /pay", 1, 30)}), {});
  EXPECT_EQ(baseline.runs_of("POST /pay"), 150U);
  EXPECT_EQ(baseline.clusters.begin()->second.fails, 4U);
}

TEST(Baseline, ForgetsWhatHasNotFailedForThousandsOfRuns) {
  Baseline baseline;
  add_to_baseline(baseline, report_of({failing("POST /pay", 1, 100)}), {});
  Report passing;
  passing.endpoint_runs = {{"POST /pay", 900}};
  add_to_baseline(baseline, passing, {});
  EXPECT_EQ(baseline.clusters.size(), 1U) << "1 of 1000";
  passing.endpoint_runs = {{"POST /pay", 1500}};
  add_to_baseline(baseline, passing, {});
  EXPECT_EQ(baseline.runs_of("POST /pay"), 1000U);
  EXPECT_TRUE(baseline.clusters.empty()) << "1 of 2500 is 0.4 of 1000";
}

TEST(Baseline, MergesByLines) {
  const std::string first = to_text(known());
  Baseline other;
  add_to_baseline(other, report_of({failing("POST /pay", 5, 140), failing("GET /x", 1, 9)}), {});
  const std::string second = to_text(other);
  // As git's union driver leaves it: both sides' lines, one after the other.
  const auto merged = read(first.substr(0, first.rfind("{\"end\"")) + second);
  ASSERT_TRUE(merged) << to_string(merged.error());
  EXPECT_EQ(merged->runs_of("POST /pay"), 140U);
  EXPECT_EQ(merged->clusters.size(), 2U);
  EXPECT_EQ(merged->clusters.at(failing("POST /pay", 1, 1).fingerprint).fails, 5U);
}

TEST(Baseline, SaysWhatIsWrongWithIt) {
  const std::string text = to_text(known());
  EXPECT_THAT(why(""), HasSubstr("is empty"));
  EXPECT_THAT(why("{\"run\":\"a\"}\n"), HasSubstr("b.jsonl:1:1: this is no baseline"));
  EXPECT_THAT(why("\x7f"
                  "ELF\n"),
              HasSubstr("this is no baseline"));
  EXPECT_THAT(why("{\"schema\":\"culprit.report/1\"}\n"), HasSubstr("this is no baseline"));
  EXPECT_THAT(why("{\"schema\":\"culprit.baseline/2\"}\n" + text),
              HasSubstr("of another version; this culprit reads `culprit.baseline/1`"));
  EXPECT_THAT(why(text.substr(0, text.size() / 2)), HasSubstr("no JSON"));
  EXPECT_THAT(why(text.substr(0, text.rfind("{\"end\""))), HasSubstr("is cut short"));
  EXPECT_THAT(why("{\"schema\":\"culprit.baseline/1\"}\n<<<<<<< ours\n"),
              HasSubstr("b.jsonl:2:1: holds the markers of a merge conflict"));
  EXPECT_THAT(why("{\"schema\":\"culprit.baseline/1\"}\n{\"endpoint\":\"x\",\"runs\":-1}\n"),
              HasSubstr("b.jsonl:2"));
  EXPECT_THAT(why("{\"schema\":\"culprit.baseline/1\"}\n{\"endpoint\":\"x\",\"runs\":1e30}\n"),
              HasSubstr("b.jsonl:2"));
  std::string forged = text;
  forged.replace(forged.find("http-5xx"), 8, "http-4xx");
  EXPECT_THAT(why(forged), HasSubstr("not the fingerprint of the fields beside it"));
}

// Every prefix and every changed byte is read or refused, nothing else.
TEST(Baseline, SurvivesDamageAnywhere) {
  const std::string text = to_text(known());
  std::size_t refused = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    refused += read(text.substr(0, i)) ? 0 : 1;
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 0x15);
    (void)read(changed);
  }
  EXPECT_GE(refused, text.size() - 1) << "only the last line's end may be missing";
}

}  // namespace
}  // namespace culprit
