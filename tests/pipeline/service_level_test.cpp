// `--level service`: traces and code together, and either alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "culprit/localize.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;

// 40 requests of which the last 10 answer 500: web calls cart, cart calls db, and cart's span is
// the deepest in error. `covered`: with a line of web that all execute and one that those execute
// that fail.
std::string recording(const std::string& name, bool covered) {
  const fs::path folder =
      fs::path(testing::TempDir()) / ("service_level_" + std::to_string(getpid())) / name;
  fs::remove_all(folder);
  fs::create_directories(folder / "traces");
  std::ofstream responses(folder / "responses.jsonl");
  std::ofstream traces(folder / "traces" / "jaeger.json");
  traces << R"({"data":[)";
  for (int i = 0; i < 40; ++i) {
    const bool failed = i >= 30;
    const std::string run = "r" + std::to_string(i);
    const std::string trace = std::string(30, '0') + std::to_string(i + 10);
    responses << R"({"run":")" << run << R"(","method":"GET","url":"/cart","status":)"
              << (failed ? 500 : 200) << R"(,"trace":")" << trace << "\"}\n";
    const auto span = [&](const std::string& id, const std::string& parent,
                          const std::string& service, bool error) {
      traces << R"({"traceID":")" << trace << R"(","spanID":")" << id
             << R"(","operationName":"work","references":[)"
             << (parent.empty() ? ""
                                : R"({"refType":"CHILD_OF","traceID":")" + trace +
                                      R"(","spanID":")" + parent + "\"}")
             << R"(],"startTime":1767225600000000,"duration":1000,"processID":")" << service
             << R"(","tags":[)" << (error ? R"({"key":"error","type":"bool","value":true})" : "")
             << "]}";
    };
    traces << (i == 0 ? "" : ",") << R"({"traceID":")" << trace << R"(","spans":[)";
    span("a", "", "web", failed);
    traces << ",";
    span("b", "a", "cart", failed);
    traces << ",";
    span("c", "b", "db", false);
    traces << R"(],"processes":{"web":{"serviceName":"web"},"cart":{"serviceName":"cart"},)"
              R"("db":{"serviceName":"db"}}})";
    if (!covered) continue;
    fs::create_directories(folder / run / "web");
    std::ofstream(folder / run / "web" / "c.info")
        << "SF:web.cc\nDA:1,1\nDA:2," << (failed ? 1 : 0) << "\nend_of_record\n";
  }
  traces << "]}";
  return folder.string();
}

Result<Report> by_service(const std::string& runs,
                          std::vector<std::pair<std::string, std::string>> settings = {}) {
  Query query;
  query.runs = runs;
  query.jobs = 1;
  query.settings = std::move(settings);
  query.settings.emplace_back("level", "service");
  return localize(query);
}

TEST(ServiceLevel, NeedsNoCoverage) {
  const auto report = by_service(recording("traces", false));
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->undecided, "");
  ASSERT_EQ(report->ranking.rows.size(), 3U);
  const Ranked& first = report->ranking.rows.front();
  EXPECT_EQ(first.code.service, "cart");
  EXPECT_EQ(first.line.file, "");
  EXPECT_EQ(first.counts, (Counts{10, 0, 0, 30}));
  EXPECT_EQ(report->ranking.rows[1].best_rank, 2U);
  EXPECT_EQ(report->ranking.rows[1].worst_rank, 3U);
  EXPECT_EQ(report->suspects.front().strongest, "err in work");
  EXPECT_EQ(report->suspects.front().counts, first.counts);
}

TEST(ServiceLevel, HasCoveredServicesAndTracedOnes) {
  const auto report = by_service(recording("both", true));
  ASSERT_TRUE(report) << to_string(report.error());
  ASSERT_EQ(report->ranking.rows.size(), 3U);
  std::vector<std::string> first = {report->ranking.rows[0].code.service,
                                    report->ranking.rows[1].code.service};
  EXPECT_THAT(first, testing::UnorderedElementsAre("cart", "web"));
  for (const Ranked& row : report->ranking.rows) {
    if (row.code.service != "web") continue;
    EXPECT_EQ(row.line.first_line, 2U);
  }
}

TEST(ServiceLevel, RanksByTheMethodAskedForAndLeavesTheCodeAlone) {
  const std::string runs = recording("peers", true);
  const auto report = by_service(runs, {{"suspicion", "deepest-error"}});
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->ranking.formula, "deepest-error");
  EXPECT_EQ(report->ranking.rows.front().code.service, "cart");
  EXPECT_EQ(report->ranking.rows.front().score, 1);
  for (const Ranked& row : report->ranking.rows) {
    EXPECT_EQ(row.counts.failing() + row.counts.passing(), 0);  // which are of S
  }
  Query query;
  query.runs = runs;
  query.settings = {{"level", "line"}};
  const auto code = localize(query);
  query.settings.emplace_back("suspicion", "microrank");
  const auto same = localize(query);
  ASSERT_TRUE(code && same);
  ASSERT_EQ(code->ranking.rows.size(), same->ranking.rows.size());
  for (std::size_t i = 0; i < code->ranking.rows.size(); ++i) {
    EXPECT_EQ(code->ranking.rows[i].score, same->ranking.rows[i].score);
  }
}

TEST(ServiceLevel, SaysWhenNoServiceShowsAnything) {
  const fs::path folder = recording("passing", false);
  std::ofstream responses(folder / "responses.jsonl");
  responses << R"({"run":"r1","method":"GET","url":"/cart","status":200})"
            << "\n";
  responses.close();
  for (const char* method : {"bayes-factor", "microrank", "monitorrank"}) {
    const auto report = by_service(folder.string(), {{"suspicion", method}});
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_EQ(report->undecided, "nothing discriminates these runs: no run failed");
    EXPECT_TRUE(report->ranking.rows.empty());
  }
}

TEST(ServiceLevel, RefusesDiagnosesWhichAreOfFunctions) {
  Query query;
  query.runs = recording("diagnosed", true);
  query.diagnose = true;
  query.settings = {{"level", "service"}};
  const auto report = localize(query);
  ASSERT_FALSE(report);
  EXPECT_THAT(to_string(report.error()), testing::HasSubstr("--diagnose: finds functions"));
  query.settings = {{"level", "function"}};
  EXPECT_TRUE(localize(query));
}

TEST(ServiceLevel, SaysWhatItsMethodLacksAndWhereItWouldHelp) {
  const std::string covered = recording("untraced", true);
  fs::remove_all(fs::path(covered) / "traces");
  EXPECT_EQ(by_service(covered, {{"suspicion", "tracerca"}})->undecided,
            "nothing to rank: tracerca goes by traces, and there are none");
  Query query;
  query.runs = recording("uncovered", false);
  EXPECT_EQ(localize(query)->undecided,
            "nothing to rank: no coverage could be read; --level service ranks by the traces");
  query.runs = covered;
  query.settings = {{"suspicion", "tracerca"}};
  EXPECT_THAT(localize(query)->notes, testing::Contains(testing::HasSubstr("without `level`")));
}

}  // namespace
}  // namespace culprit
