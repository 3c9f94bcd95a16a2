#include "pipeline/run_windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/packer.h"
#include "culprit/localize.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(RunWindows, TheWindowThatHoldsATimeIsTheRun) {
  const RunWindows windows({{"late", {30, 40}}, {"early", {10, 20}}});
  EXPECT_EQ(*windows.at(10).run, "early");
  EXPECT_EQ(*windows.at(20).run, "early");
  EXPECT_EQ(windows.at(25).windows, 0U);
  EXPECT_EQ(*windows.at(35).run, "late");
  EXPECT_EQ(windows.at(9).windows, 0U);
  EXPECT_EQ(windows.at(41).windows, 0U);
  EXPECT_TRUE(RunWindows({}).empty());
}

TEST(RunWindows, WindowsThatOverlapTellNothing) {
  const RunWindows windows({{"a", {0, 100}}, {"b", {10, 20}}, {"c", {15, 17}}});
  EXPECT_EQ(windows.at(12).windows, 2U);
  EXPECT_EQ(windows.at(16).windows, 2U);
  EXPECT_EQ(*windows.at(50).run, "a");
}

TEST(RunWindows, RequestsWithoutARunAreJoinedByTheirTimeAndTheRestIsCounted) {
  const Folder folder;
  for (const char* run : {"w1", "w2"}) {
    folder.write(
        std::string(run) + "/a.info",
        std::string("SF:a.cc\nDA:1,1\nDA:2,") + (run[1] == '2' ? "1" : "0") + "\nend_of_record\n");
  }
  folder.write(
      "w1/window.json",
      R"({"schema":"culprit.window/1","from":"2025-03-01T10:00:00Z","to":"2025-03-01T10:00:01Z"})");
  folder.write(
      "w2/window.json",
      R"({"schema":"culprit.window/1","from":"2025-03-01T10:00:02Z","to":"2025-03-01T10:00:03Z"})");
  folder.write("access/responses.jsonl",
               R"({"url":"/a","status":200,"time":"2025-03-01T10:00:00.5Z"}
{"url":"/a","status":500,"time":"2025-03-01T10:00:02.5Z"}
{"url":"/a","status":200,"time":"2025-03-01T10:00:09Z"}
{"url":"/a","status":200}
)");
  Query query;
  query.runs = folder.path();
  const Result<Report> report = localize(query);
  ASSERT_TRUE(report) << to_string(report.error());
  ASSERT_EQ(report->runs.size(), 3U);  // and `access`, of the request without a time
  EXPECT_EQ(report->runs[1].name, "w1");
  EXPECT_EQ(report->runs[1].outcome.verdict, Verdict::kPassed);
  EXPECT_EQ(report->runs[2].outcome.verdict, Verdict::kFailed);
  EXPECT_EQ(report->ranking.rows.at(0).line.first_line, 2U);
  EXPECT_THAT(
      report->notes,
      Contains(HasSubstr("2 of 4 requests name no run and could not be joined to one (1 in no "
                         "run's window, 1 without a time); 2 were joined by time")));
}

TEST(RunWindows, BodiesAreJudgedAsTheyAreRead) {
  const Folder folder;
  folder.write("r/responses.jsonl", R"({"url":"/a","status":200,"body":{"status":0}}
{"url":"/b","status":200,"body":"{\"status\":1}"}
)");
  Query query;
  query.runs = folder.path();
  query.settings = {{"fail-when", "body.status==0"}};
  const Result<Report> report = localize(query);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->runs.at(0).outcome.reason, "/a: body.status==0");
}

TEST(RunWindows, RequestsThatFailAlikeInEveryRunAreSaidNotRanked) {
  const Folder folder;
  for (const char* run : {"w1", "w2"}) {
    folder.write(std::string(run) + "/a.info", "SF:a.cc\nDA:1,1\nend_of_record\n");
    std::string rows;
    for (int i = 0; i < 60; ++i) rows += "{\"url\":\"/a\",\"status\":500}\n";
    folder.write(std::string(run) + "/responses.jsonl", rows);
  }
  Query query;
  query.runs = folder.path();
  const Result<Report> report = localize(query);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->undecided,
            "nothing discriminates these runs: no run failed (120 of 120 requests failed, most of "
            "them /a, in no run more than usual)");
}

}  // namespace
}  // namespace culprit
