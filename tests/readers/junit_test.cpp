#include "readers/results_junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Reading read(std::string_view bytes) { return reading_of(read_junit, {"TEST.xml", bytes}); }

// "run passed", "run failed (why)", "run unknown (why)".
std::vector<std::string> outcomes(const Recorder& recorder) {
  std::vector<std::string> lines;
  for (const Request& request : recorder.requests) {
    std::string line = request.run;
    line += request.verdict == Verdict::kPassed   ? " passed"
            : request.verdict == Verdict::kFailed ? " failed"
                                                  : " unknown";
    if (!request.error.empty()) line += " (" + request.error + ')';
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> outcomes(std::string_view bytes) {
  const Reading reading = read(bytes);
  EXPECT_TRUE(reading.result);
  return outcomes(reading.recorder);
}

TEST(Junit, MakesARunOfEveryTestCase) {
  const auto [recorder, result] = read(
      "<?xml version=\"1.0\"?><testsuites><testsuite name=\"s\" tests=\"3\" failures=\"1\">\n"
      "<properties><property name=\"p\" value=\"v\"/></properties>\n"
      "<testcase classname=\"a.T\" name=\"ok\" time=\"0.25\"/>\n"
      "<testsuite name=\"inner\"><testcase classname=\"a.T\" name=\"bad\" time=\"1\">"
      "<failure message=\"expected &lt;1&gt;&#10;but was &lt;2&gt;\" type=\"x\">trace</failure>"
      "</testcase></testsuite>\n"
      "<testcase name=\"alone\"><skipped/></testcase>\n"
      "</testsuite></testsuites>");
  ASSERT_TRUE(result);
  EXPECT_THAT(outcomes(recorder), ElementsAre("a.T.ok passed", "a.T.bad failed (expected <1>)",
                                              "alone unknown (skipped)"));
  Request expected;
  expected.run = "a.T.ok";
  expected.endpoint = "ok";
  expected.latency_ms = 250;
  expected.verdict = Verdict::kPassed;
  EXPECT_EQ(recorder.requests[0], expected);
  EXPECT_EQ(recorder.requests[2].latency_ms, std::nullopt);
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(Junit, TakesTheReasonFromMessageTextOrType) {
  const auto reason = [](const std::string& child) {
    return read("<testsuite><testcase name=\"t\">" + child + "</testcase></testsuite>")
        .recorder.requests.at(0)
        .error;
  };
  EXPECT_EQ(reason("<error message=\"m\">text</error>"), "m");
  EXPECT_EQ(reason("<failure><![CDATA[\n  first\n  second]]></failure>"), "first");
  EXPECT_EQ(reason("<failure message=\"\" type=\"java.lang.Error\"/>"), "java.lang.Error");
  EXPECT_EQ(reason("<error/>"), "error");
  EXPECT_EQ(reason("<failure>" + std::string(5000, 'x') + "</failure>"),
            std::string(200, 'x') + "...");
}

TEST(Junit, ReadsDurationsAsWritersPutThem) {
  const auto latency = [](const std::string& time) {
    return read("<testsuite><testcase name=\"t\" time=\"" + time + "\"/></testsuite>")
        .recorder.requests.at(0)
        .latency_ms;
  };
  EXPECT_EQ(latency("1,234.5"), 1'234'500);
  EXPECT_EQ(latency("1,234,567"), 1'234'567'000);
  EXPECT_EQ(latency("1,234"), 1'234'000);
  EXPECT_EQ(latency("0,125"), 125);
  EXPECT_EQ(latency("2,5"), 2500);
  EXPECT_EQ(latency(" 2.0 "), 2000);
  EXPECT_EQ(latency("1E-3"), 1);
  EXPECT_EQ(latency(""), std::nullopt);
}

TEST(Junit, CountsATestWithoutItsBadDuration) {
  const auto [recorder, result] = read(
      "<testsuite>\n<testcase name=\"a\" time=\"NaN\"/>\n<testcase name=\"b\" time=\"-1\"/>"
      "</testsuite>");
  ASSERT_TRUE(result);
  EXPECT_THAT(outcomes(recorder), ElementsAre("a passed", "b passed"));
  ASSERT_THAT(recorder.warnings, SizeIs(2));
  EXPECT_EQ(to_string(recorder.warnings[0]),
            "TEST.xml:2:26: testcase time=\"NaN\" is not a number of seconds, left out\n"
            "    <testcase name=\"a\" time=\"NaN\"/>\n"
            "                             ^");
}

TEST(Junit, FailsTheSuiteThatCountsFailuresAndNamesNone) {
  EXPECT_THAT(outcomes("<testsuites><testsuite name=\"s\" failures=\"0\" errors=\"1\" tests=\"2\">"
                       "<testcase name=\"a\"/><testcase name=\"b\"><skipped/></testcase>"
                       "<system-err><![CDATA[connect ECONNREFUSED]]></system-err></testsuite>"
                       "<testsuite name=\"t\" failures=\"0\"><testcase name=\"c\"/></testsuite>"
                       "</testsuites>"),
              ElementsAre("a failed (the suite counts 1 failed and names none)",
                          "b unknown (skipped)", "c passed"));
}

TEST(Junit, LeavesACountedFailureToTheInnermostSuiteThatCountsIt) {
  EXPECT_THAT(outcomes("<testsuite failures=\"1\"><testcase name=\"a\"/>"
                       "<testsuite failures=\"1\"><testcase name=\"b\"/></testsuite></testsuite>"),
              ElementsAre("a passed", "b failed (the suite counts 1 failed and names none)"));
  EXPECT_THAT(outcomes("<testsuite failures=\"1\"><testcase name=\"a\"/>"
                       "<testsuite><testcase name=\"b\"><failure/></testcase></testsuite>"
                       "</testsuite>"),
              ElementsAre("a passed", "b failed (failure)"));
}

TEST(Junit, MakesOneFailedRequestOfAFailingSuiteWithoutTests) {
  // As newman tells of a request that could not be sent.
  const auto [recorder, result] = read(
      "<testsuites><testsuite name=\"shop / refused\" timestamp=\"2023-01-29T08:51:00Z\" "
      "tests=\"0\" failures=\"0\" errors=\"2\" time=\"0.5\">"
      "<system-err><![CDATA[Iteration: 0\n"
      "RequestError: Error: connect ECONNREFUSED 127.0.0.1:18099\n"
      "    at TCPConnectWrap.afterConnect\n]]></system-err></testsuite></testsuites>");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.warnings, IsEmpty());
  Request expected;
  expected.run = "shop / refused";
  expected.endpoint = "shop / refused";
  expected.time_ns = 1'674'982'260'000'000'000;
  expected.latency_ms = 500;
  expected.verdict = Verdict::kFailed;
  expected.error = "RequestError: Error: connect ECONNREFUSED 127.0.0.1:18099";
  EXPECT_THAT(recorder.requests, ElementsAre(expected));
}

TEST(Junit, SaysWhyAFailingSuiteWithoutTestsFailedAsFarAsIsKnown) {
  EXPECT_THAT(outcomes("<testsuite name=\"s\" errors=\"1\" message=\"no port\">"
                       "<system-err>Iteration: 0</system-err></testsuite>"),
              ElementsAre("s failed (no port)"));
  EXPECT_THAT(outcomes("<testsuite name=\"s\" failures=\"2\"/>"),
              ElementsAre("s failed (the suite counts 2 failed and lists no test)"));
}

TEST(Junit, CannotNameTheRunOfAFailingSuiteWithoutTestsAndName) {
  const auto [recorder, result] = read("<testsuites><testsuite failures=\"2\"/></testsuites>");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.requests, IsEmpty());
  ASSERT_FALSE(recorder.warnings.empty());
  EXPECT_THAT(to_string(recorder.warnings[0]),
              HasSubstr("TEST.xml:1:13: testsuite counts 2 failed, but has neither a name nor a"));
}

TEST(Junit, TakesFlakyTestsByTheirLastAttempt) {
  EXPECT_THAT(outcomes("<testsuite failures=\"1\">"
                       "<testcase name=\"flaky\"><flakyFailure message=\"m\"/></testcase>"
                       "<testcase name=\"bad\"><rerunFailure message=\"2nd\"/>"
                       "<failure message=\"1st\"/></testcase></testsuite>"),
              ElementsAre("flaky passed", "bad failed (1st)"));
}

TEST(Junit, ReadsWhatGoogleTestAndCtestSayInAttributes) {
  EXPECT_THAT(
      outcomes("<testsuites tests=\"4\" failures=\"1\" disabled=\"1\"><testsuite name=\"S\">"
               "<testcase name=\"A\" status=\"run\" result=\"completed\" classname=\"S\"/>"
               "<testcase name=\"B\" status=\"notrun\" result=\"suppressed\" classname=\"S\"/>"
               "<testcase name=\"C\" status=\"run\" result=\"skipped\" classname=\"S\"/>"
               "<testcase name=\"D\" status=\"fail\"/><testcase name=\"E\" status=\"disabled\"/>"
               "</testsuite></testsuites>"),
      ElementsAre("S.A passed", "S.B unknown (skipped)", "S.C unknown (skipped)",
                  "D failed (status fail)", "E unknown (skipped)"));
}

TEST(Junit, KeepsNamesAsTheyAre) {
  EXPECT_THAT(
      outcomes("<testsuite><testcase classname=\"tests.test_a.TestB\" name=\"test_c[1::2]\"/>"
               "<testcase classname=\"only.Class\" name=\"\"/></testsuite>"),
      ElementsAre("tests.test_a.TestB.test_c[1::2] passed", "only.Class passed"));
}

TEST(Junit, UsesTimesThatNameTheirZoneOnly) {
  const auto time = [](const std::string& attributes, const std::string& own = "") {
    return read("<testsuite " + attributes + "><testcase name=\"t\" " + own + "/></testsuite>")
        .recorder.requests.at(0)
        .time_ns;
  };
  // date -u -d 2023-01-29T08:51:00Z +%s
  EXPECT_EQ(time("timestamp=\"2023-01-29T08:51:00Z\""), 1'674'982'260'000'000'000);
  EXPECT_EQ(time("timestamp=\"2023-01-29T09:51:00.5+01:00\""), 1'674'982'260'500'000'000);
  EXPECT_EQ(time("timestamp=\"2023-01-29T08:51:00\""), std::nullopt);
  EXPECT_EQ(time(""), std::nullopt);
  EXPECT_EQ(time("timestamp=\"2020-01-01T00:00:00Z\"", "timestamp=\"2023-01-29T08:51:00Z\""),
            1'674'982'260'000'000'000);
  const auto [recorder, result] =
      read("<testsuite timestamp=\"today\"><testcase name=\"t\"/></testsuite>");
  EXPECT_THAT(recorder.requests, SizeIs(1));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(recorder.warnings[0].place, (Place{"TEST.xml", 1, 23}));
}

TEST(Junit, SkipsATestWithoutAName) {
  const auto [recorder, result] =
      read("<testsuite><testcase time=\"1\"/>\n<testcase name=\"a\"/></testsuite>");
  ASSERT_TRUE(result);
  EXPECT_THAT(outcomes(recorder), ElementsAre("a passed"));
  ASSERT_THAT(recorder.warnings, SizeIs(2));
  EXPECT_THAT(to_string(recorder.warnings[0]),
              HasSubstr("TEST.xml:1:12: testcase without a name, skipped"));
  EXPECT_THAT(recorder.warnings[1].what, HasSubstr("1 of 2 records were skipped"));
}

TEST(Junit, RefusesBrokenAndForeignDocuments) {
  const auto [recorder, result] = read("<testsuite><testcase name=\"a\"></testsuite>");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().place, (Place{"TEST.xml", 1, 31}));
  EXPECT_THAT(recorder.requests, IsEmpty());
  EXPECT_THAT(read("<testResults/>").result.error().what, HasSubstr("not <testsuites>"));
}

TEST(Junit, IsToldByItsRoot) {
  EXPECT_TRUE(accepts_junit(inspect({"x", "<testsuites/>"})));
  EXPECT_TRUE(accepts_junit(inspect({"x", "<testsuite name='a'>"})));
  EXPECT_FALSE(accepts_junit(inspect({"x", "<testResults version='1.2'/>"})));
}

TEST(JunitRecorded, ReadsTheResultsOfOtherProjects) {
  const std::string folder = CULPRIT_SOURCE_DIR "/../shared/data/samples/junit/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recorded data at " << folder;
  const auto runs = [&](const std::string& name) {
    const std::string bytes = read_file(folder + name).value();
    Reading reading = read(bytes);
    EXPECT_TRUE(reading.result) << name;
    EXPECT_THAT(reading.recorder.warnings, IsEmpty()) << name;
    return outcomes(reading.recorder);
  };
  EXPECT_THAT(runs("TEST-JUnitResults-success-failure-error.xml"),
              ElementsAre("tests.ATest.error failed (java.lang.RuntimeException at "
                          "tests.ATest.error(ATest.java:11))",
                          "tests.ATest.fail failed (junit.framework.AssertionFailedError: at "
                          "tests.ATest.fail(ATest.java:9))",
                          "tests.ATest.sucess passed"));
  EXPECT_THAT(runs("TEST-JUnitResults-noTimeAttribute.xml"), SizeIs(4));
  EXPECT_THAT(runs("jUnitIssue5571.xml"), SizeIs(200));
  EXPECT_THAT(runs("../tool-output/newman/newman-junit.xml"),
              testing::Contains("refused failed (RequestError: Error: connect ECONNREFUSED "
                                "127.0.0.1:18099)"));
}

}  // namespace
}  // namespace culprit
