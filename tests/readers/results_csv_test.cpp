#include "readers/results_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_tree.h"
#include "readers/results_hey.h"
#include "readers/results_jmeter.h"
#include "readers/results_locust.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kReports = CULPRIT_SOURCE_DIR "/fixtures/reports/";

std::string fixture(const std::string& name) {
  const auto bytes = read_file(kReports + name);
  EXPECT_TRUE(bytes) << name;
  return bytes.value_or("");
}

Reading read(std::string_view bytes) { return reading_of(read_results_csv, {"r.csv", bytes}); }

std::string format_of(std::string_view bytes) {
  const auto reader = detect({"file", bytes});
  return reader ? std::string((*reader)->name) : reader.error().what;
}

TEST(ResultsCsv, KnowsColumnsByTheNamesToolsGiveThemInAnyOrder) {
  const auto [sink, result] = read(
      "Status_Code;METHOD;Path;elapsed_ms;Timestamp;error;run;ignored\n"
      "503;get;/a/1;12,5;1740819600250;\"upstream; gone\";r1;x\n"
      "200;POST;/b;N/A;2025-03-01T09:00:00.25Z;;r2;y\n");
  ASSERT_TRUE(result);
  ASSERT_THAT(sink.requests, SizeIs(1));  // 12,5 is no number, and the row is said to be skipped
  Request expected;
  expected.run = "r2";
  expected.method = "POST";
  expected.url = "/b";
  expected.status = 200;
  expected.time_ns = 1740819600250000000;
  EXPECT_EQ(sink.requests[0], expected);
  EXPECT_EQ(sink.warnings.at(0).place, (Place{"r.csv", 2, 14}));
  EXPECT_THAT(sink.warnings.at(0).what, HasSubstr("latency is not a number"));
}

TEST(ResultsCsv, ReadsARequestLogOfALocustListener) {
  const auto [sink, result] = read(fixture("locust/locust_requests.csv"));
  ASSERT_TRUE(result);
  EXPECT_THAT(sink.warnings, IsEmpty());
  ASSERT_THAT(sink.requests, SizeIs(15));
  // Five times three requests, and every fifth /api/flaky is a 500.
  std::size_t failed = 0;
  for (const Request& request : sink.requests) {
    EXPECT_EQ(request.method, "GET");
    EXPECT_TRUE(request.time_ns && request.latency_ms);
    if (request.status != 500) continue;
    ++failed;
    EXPECT_EQ(request.url, "/api/flaky");
    EXPECT_THAT(request.error, HasSubstr("500 Server Error"));
  }
  EXPECT_EQ(failed, 1U);
  EXPECT_EQ(sink.requests[0].url, "/api/ok");
  // 1795899088.167107, 29.10732099917368
  EXPECT_EQ(sink.requests[0].time_ns, 1795899088167107000);
  EXPECT_DOUBLE_EQ(*sink.requests[0].latency_ms, 29.10732099917368);
}

TEST(ResultsCsv, IsNotTakenForTracesOrOtherTables) {
  EXPECT_EQ(format_of("url,status\n/a,200\n"), "responses-csv");
  EXPECT_EQ(format_of("test,outcome\nt1,passed\n"), "responses-csv");
  EXPECT_EQ(
      format_of("TraceID,SpanID,ParentID,OperationName,Duration,url,status\n1,2,3,a,4,/,200\n"),
      "not a known format");
  EXPECT_EQ(format_of("code,label\n200,x\n"), "not a known format");
  EXPECT_EQ(format_of("a,b\n1,2\n"), "not a known format");
}

TEST(ResultsCsv, AGrpcStatusIsANumberOrAName) {
  const auto [sink, result] = read(
      "method,path,grpc_status\nPOST,/s/M,14\nPOST,/s/M,DeadlineExceeded\n"
      "POST,/s/M,NOT_FOUND\nPOST,/s/M,OK\n");
  ASSERT_TRUE(result);
  ASSERT_THAT(sink.requests, SizeIs(4));
  EXPECT_EQ(sink.requests[0].grpc_status, 14);
  EXPECT_EQ(sink.requests[1].grpc_status, 4);
  EXPECT_EQ(sink.requests[2].grpc_status, 5);
  EXPECT_EQ(sink.requests[3].grpc_status, 0);
}

// From JMeter's documentation of its CSV listener.
constexpr std::string_view kJmeterHeader =
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
    "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n";
constexpr std::string_view kJmeterRows =
    "1547676357242,1172,Home,200,OK,g 1-1,text,true,,13630,390,1,1,http://h/a/,1170,0,704\n"
    "1547676358414,20,Buy,200,OK,g 1-1,text,false,\"expected, not "
    "found\",1,2,1,1,http://h/buy,5,0,1\n"
    "1547676358434,3,Gone,Non HTTP response code: java.net.ConnectException,Connection refused,"
    "g 1-1,,false,,0,0,1,1,http://h/gone,0,0,3\n"
    "1547676357242,1195,All,200,\"Number of samples in transaction : 3, number of failing samples "
    ": 2\","
    "g 1-1,,false,,1,2,1,1,null,6,67,7\n";

TEST(JmeterCsv, TakesSuccessForTheVerdictAndLeavesTransactionsOut) {
  const std::string text = std::string(kJmeterHeader) + std::string(kJmeterRows);
  EXPECT_EQ(format_of(text), "jmeter-csv");
  const auto [sink, result] = reading_of(read_jmeter_csv, {"r.jtl", text});
  ASSERT_TRUE(result);
  EXPECT_THAT(sink.warnings, IsEmpty());
  ASSERT_THAT(sink.requests, SizeIs(3));
  Request home;
  home.url = "http://h/a/";
  home.endpoint = "Home";
  home.status = 200;
  home.latency_ms = 1172;
  home.time_ns = 1547676357242000000;
  home.verdict = Verdict::kPassed;
  EXPECT_EQ(sink.requests[0], home);
  EXPECT_EQ(sink.requests[1].verdict, Verdict::kFailed);
  EXPECT_EQ(sink.requests[1].error, "expected, not found");
  EXPECT_EQ(sink.requests[2].status, 0);
  EXPECT_THAT(sink.requests[2].error, HasSubstr("java.net.ConnectException"));
}

TEST(JmeterCsv, KnowsTheDefaultColumnsWhereThereIsNoHeader) {
  EXPECT_EQ(format_of(kJmeterRows), "jmeter-csv");
  const auto [sink, result] = reading_of(read_jmeter_csv, {"r.jtl", kJmeterRows});
  ASSERT_TRUE(result);
  ASSERT_THAT(sink.requests, SizeIs(3));
  EXPECT_EQ(sink.requests[1].endpoint, "Buy");
  constexpr std::string_view kOld = "1236948710884,894,Home,200,g 1-1,text,false,13647,10\n";
  EXPECT_EQ(format_of(kOld), "jmeter-csv");
  const auto old = reading_of(read_jmeter_csv, {"r.jtl", kOld});
  ASSERT_THAT(old.recorder.requests, SizeIs(1));
  EXPECT_EQ(old.recorder.requests[0].verdict, Verdict::kFailed);
  EXPECT_EQ(old.recorder.requests[0].latency_ms, 894);
}

TEST(JmeterXml, ReadsTheInnermostSamplesWithTheirFailedAssertion) {
  constexpr std::string_view kText =
      "<?xml version=\"1.0\"?>\n<testResults version=\"1.2\">\n"
      "<sample t=\"30\" ts=\"1296846793179\" s=\"false\" lb=\"All\" rc=\"\" rm=\"Number of samples "
      "in "
      "transaction : 2, number of failing samples : 1\">\n"
      "<httpSample t=\"10\" ts=\"1296846793179\" s=\"true\" lb=\"Home\" rc=\"200\" rm=\"OK\">"
      "<method>GET</method><java.net.URL>http://h/a?x=1</java.net.URL></httpSample>\n"
      "<httpSample t=\"20\" ts=\"1296846793189\" s=\"false\" lb=\"Buy\" rc=\"200\" rm=\"OK\">"
      "<assertionResult><name>total</name><failure>true</failure><error>false</error>"
      "<failureMessage>expected 3</failureMessage></assertionResult></httpSample>\n"
      "</sample>\n"
      "<httpSample t=\"5\" ts=\"x\" s=\"false\" lb=\"Gone\" rc=\"Non HTTP response code: E\" "
      "rm=\"no\"/>\n"
      "<httpSample t=\"5\" lb=\"Nothing\"/>\n</testResults>\n";
  EXPECT_EQ(format_of(kText), "jmeter-xml");
  const auto [sink, result] = reading_of(read_jmeter_xml, {"r.jtl", kText});
  ASSERT_TRUE(result);
  ASSERT_THAT(sink.requests, SizeIs(3));
  Request home;
  home.method = "GET";
  home.url = "http://h/a?x=1";
  home.endpoint = "Home";
  home.status = 200;
  home.latency_ms = 10;
  home.time_ns = 1296846793179000000;
  home.verdict = Verdict::kPassed;
  EXPECT_EQ(sink.requests[0], home);
  EXPECT_EQ(sink.requests[1].error, "expected 3");
  EXPECT_EQ(sink.requests[1].verdict, Verdict::kFailed);
  EXPECT_EQ(sink.requests[2].status, 0);
  EXPECT_EQ(sink.requests[2].time_ns, std::nullopt);
  ASSERT_GE(sink.warnings.size(), 2U);
  EXPECT_THAT(sink.warnings[0].what, HasSubstr("ts=\"x\""));
  EXPECT_THAT(sink.warnings[1].what, HasSubstr("neither `s` nor `rc`"));
}

// method, url, verdict, count
std::vector<std::tuple<std::string, std::string, Verdict, std::uint64_t>> counts(
    const Recorder& sink) {
  std::vector<std::tuple<std::string, std::string, Verdict, std::uint64_t>> result;
  for (const Request& r : sink.requests) result.emplace_back(r.method, r.url, r.verdict, r.count);
  return result;
}

TEST(LocustStats, CountsWhatPassedAndWhatFailedByEndpoint) {
  const std::string text = fixture("locust/locust_stats.csv");
  EXPECT_EQ(format_of(text), "locust-stats");
  const auto [sink, result] = reading_of(read_locust_stats, {"locust_stats.csv", text});
  ASSERT_TRUE(result);
  EXPECT_THAT(sink.warnings, IsEmpty());
  EXPECT_THAT(counts(sink), ElementsAre(std::tuple{"GET", "/api/flaky", Verdict::kPassed, 16},
                                        std::tuple{"GET", "/api/flaky", Verdict::kFailed, 4},
                                        std::tuple{"GET", "/api/item", Verdict::kPassed, 20},
                                        std::tuple{"GET", "/api/ok", Verdict::kPassed, 20}));
}

TEST(LocustStats, KnowsTheColumnsOfLocustBeforeOnePointZero) {
  const auto [sink, result] = reading_of(
      read_locust_stats,
      {"s.csv",
       "\"Method\",\"Name\",\"# requests\",\"# failures\",\"Median response time\"\n"
       "\"GET\",\"log in\",7,2,10\n\"None\",\"Total\",7,2,10\n\"GET\",\"bad\",1,2,10\n"});
  ASSERT_TRUE(result);
  EXPECT_THAT(counts(sink), ElementsAre(std::tuple{"GET", "log in", Verdict::kPassed, 5},
                                        std::tuple{"GET", "log in", Verdict::kFailed, 2}));
  EXPECT_EQ(sink.requests[0].endpoint, "log in");
  EXPECT_THAT(sink.warnings.at(0).what, HasSubstr("not a number of requests"));
}

TEST(LocustLog, ReadsTheLastTableItPrinted) {
  const std::string text = fixture("locust/locust.log");
  EXPECT_EQ(format_of(text), "locust-log");
  const auto [sink, result] = reading_of(read_locust_log, {"locust.log", text});
  ASSERT_TRUE(result);
  EXPECT_THAT(counts(sink), ElementsAre(std::tuple{"GET", "/api/flaky", Verdict::kPassed, 16},
                                        std::tuple{"GET", "/api/flaky", Verdict::kFailed, 4},
                                        std::tuple{"GET", "/api/item", Verdict::kPassed, 20},
                                        std::tuple{"GET", "/api/ok", Verdict::kPassed, 20}));
}

TEST(LocustLog, WithoutATableSaysWhatToHandOver) {
  const auto [sink, result] = reading_of(
      read_locust_log, {"locust.log", "[2026-11-28 20:51:28,160] h/INFO/locust.main: x\n"});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().hint, HasSubstr("_stats.csv"));
}

TEST(Locust, OtherTablesAreRefusedWithAdvice) {
  for (const char* header :
       {"Timestamp,User Count,Type,Name,Requests/s\n", "Method,Name,Error,Occurrences\n",
        "Count,Message,Traceback,Nodes\n"}) {
    EXPECT_EQ(format_of(header), "locust-other") << header;
  }
  const auto [sink, result] = reading_of(refuse_locust_other, {"f.csv", ""});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().hint, HasSubstr("_stats.csv"));
}

TEST(Hey, TellsStatusAndDurationInSeconds) {
  const std::string text = fixture("hey/hey.csv");
  EXPECT_EQ(format_of(text), "hey");
  const auto [sink, result] = reading_of(read_hey, {"hey.csv", text});
  ASSERT_TRUE(result);
  EXPECT_THAT(sink.warnings, IsEmpty());
  ASSERT_THAT(sink.requests, SizeIs(12));
  EXPECT_EQ(sink.requests[0].latency_ms, 1.8);
  EXPECT_EQ(sink.requests[0].status, 200);
  EXPECT_EQ(sink.requests[4].status, 500);
  EXPECT_EQ(sink.requests[9].status, 500);
  EXPECT_FALSE(sink.requests[0].time_ns);
}

TEST(Hey, SkipsWhatIsNoNumber) {
  const auto [sink, result] = reading_of(
      read_hey, {"hey.csv", "response-time,status-code,offset\nx,200,1\n0.1,abc,1\n0.1,200,1\n"});
  EXPECT_THAT(sink.requests, SizeIs(1));
  EXPECT_EQ(sink.warnings.at(0).place, (Place{"hey.csv", 2, 1}));
  EXPECT_EQ(sink.warnings.at(1).place, (Place{"hey.csv", 3, 5}));
}

}  // namespace
}  // namespace culprit
