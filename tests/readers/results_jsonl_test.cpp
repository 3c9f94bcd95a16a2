#include "readers/results_jsonl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/record_values.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Recorder read(std::string_view text) {
  Recorder sink;
  const auto result = read_results_jsonl({"results.jsonl", text}, sink);
  EXPECT_TRUE(result) << to_string(result.error());
  return sink;
}

Request one(std::string_view text) {
  Recorder sink = read(text);
  EXPECT_THAT(sink.warnings, IsEmpty());
  EXPECT_THAT(sink.requests, SizeIs(1));
  return sink.requests.empty() ? Request{} : sink.requests.front();
}

TEST(ResultsJsonl, ReadsARowOfAnoModsSocialNetwork) {
  const Request request = one(
      R"({"timestamp":"2025-03-01T10:00:00.123","endpoint":"/wrk2-api/user/login","method":"POST",)"
      R"("status_code":408,"latency_ms":5003.25,"request_start_time":1740819600.25,)"
      R"("request_end_time":1740819605.25,"error":"timeout"})");
  Request expected;
  expected.method = "POST";
  expected.url = "/wrk2-api/user/login";
  expected.status = 408;
  expected.latency_ms = 5003.25;
  expected.time_ns = 1740819600250000000;
  expected.error = "timeout";
  EXPECT_EQ(request, expected);
}

TEST(ResultsJsonl, TakesTheNamesOtherToolsUse) {
  Request expected;
  expected.run = "7";
  expected.method = "GET";
  expected.url = "/a";
  expected.endpoint = "/{x}";
  expected.status = 503;
  expected.latency_ms = 12;
  expected.time_ns = 1740819600250000000;
  expected.verdict = Verdict::kFailed;
  expected.trace = "0000000000000000463ac35c9f6413ad";
  EXPECT_EQ(one(R"({"run_id":7,"verb":"get","path":"/a","route":"/{x}","statusCode":"503",)"
                R"("elapsed":12,"ts":1740819600250,"success":false,"traceId":"463AC35C9F6413AD"})"),
            expected);
  EXPECT_EQ(one(R"({"run":"7","request_type":"GET","uri":"/a","template":"/{x}",)"
                R"("response":{"status":503},"responseTime":"12","timeStamp":"1740819600250000",)"
                R"("outcome":"FAILED","trace_id":"463ac35c9f6413ad"})"),
            expected);
}

TEST(ResultsJsonl, TheKeysSuffixTellsTheUnitOfALatency) {
  EXPECT_EQ(one(R"({"url":"/a","latency_s":0.25})").latency_ms, 250);
  EXPECT_EQ(one(R"({"url":"/a","elapsed_us":1500})").latency_ms, 1.5);
  EXPECT_EQ(one(R"({"url":"/a","duration_ns":2000000})").latency_ms, 2);
  EXPECT_EQ(one(R"({"url":"/a","response_time":0.5})").latency_ms, 0.5);
  EXPECT_EQ(one(R"({"uri":"/a","status":200,"request_time":0.005})").latency_ms, 5);
}

TEST(ResultsJsonl, NotMeasuredIsNotZero) {
  for (const char* value : {"null", "-1", "\"N/A\"", "\"\"", "NaN", "Infinity"}) {
    const Request request =
        one(R"({"url":"/a","status":200,"latency_ms":)" + std::string(value) + "}");
    EXPECT_FALSE(request.latency_ms) << value;
  }
  EXPECT_FALSE(one(R"({"url":"/NaN \" NaN","status":null,"verdict":"pass","latency":NaN})").status);
}

TEST(ResultsJsonl, VerdictsAreWordsOrBooleansOrATextStatus) {
  EXPECT_EQ(one(R"({"run":"t","verdict":"PASS"})").verdict, Verdict::kPassed);
  EXPECT_EQ(one(R"({"run":"t","success":true})").verdict, Verdict::kPassed);
  EXPECT_EQ(one(R"({"run":"t","success":0})").verdict, Verdict::kFailed);
  EXPECT_EQ(one(R"({"run":"t","result":"skipped"})").verdict, Verdict::kUnknown);
  EXPECT_EQ(one(R"({"run":"t","status":"error"})").verdict, Verdict::kFailed);
  const Request both = one(R"({"run":"t","status":"failed","status_code":200})");
  EXPECT_EQ(both.verdict, Verdict::kFailed);
  EXPECT_EQ(both.status, 200);
  EXPECT_EQ(one(R"({"run":"t","result":0,"status":200})").verdict, Verdict::kUnknown);
}

TEST(ResultsJsonl, NoResponseIsStatusZeroWithTheToolsWords) {
  const Request request =
      one(R"({"label":"/a","responseCode":"Non HTTP response code: java.net.ConnectException"})");
  EXPECT_EQ(request.status, 0);
  EXPECT_EQ(request.error, "Non HTTP response code: java.net.ConnectException");
  EXPECT_EQ(one(R"({"url":"/a","error":{"code":"ECONNREFUSED"}})").error, "ECONNREFUSED");
}

TEST(ResultsJsonl, ATestNamesItsRun) {
  EXPECT_EQ(one(R"({"test":"suite::t1","status":"failed"})").run, "suite::t1");
  EXPECT_EQ(one(R"({"nodeid":"a.py::t","run":"r1","outcome":"passed"})").run, "r1");
  EXPECT_EQ(one(R"({"name":"t1","outcome":"passed"})").run, "t1");
}

TEST(ResultsJsonl, ANameBesideARequestIsItsEndpoint) {
  const Request named = one(R"({"name":"log in","url":"/u/login","status":200})");
  EXPECT_EQ(named.url, "/u/login");
  EXPECT_EQ(named.endpoint, "log in");
  EXPECT_EQ(named.run, "");
  const Request path = one(R"({"name":"/a/1","request_type":"GET","status":200})");
  EXPECT_EQ(path.url, "/a/1");
  EXPECT_EQ(path.endpoint, "");
}

TEST(ResultsJsonl, TakesTheTraceIdOutOfATraceparent) {
  const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::string header = "00-" + id + "-00f067aa0ba902b7-01";
  EXPECT_EQ(one(R"({"url":"/a","status":1,"traceparent":")" + header + "\"}").trace, id);
  EXPECT_EQ(one(R"({"url":"/a","status":1,"headers":{"traceparent":")" + header + "\"}}").trace,
            id);
  EXPECT_EQ(one(R"({"url":"/a","status":1,"traceparent":""})").trace, "");
}

TEST(ResultsJsonl, TakesTheTraceIdOutOfOtherTracersHeaders) {
  const std::string id = "80f198ee56343ba864fe8b2a57d3eff7";
  EXPECT_EQ(
      one(R"({"url":"/a","status":1,"headers":{"b3":")" + id + R"(-e457b5a2e4d86bd1-1"}})").trace,
      id);
  EXPECT_EQ(one(R"({"url":"/a","status":1,"x-b3-traceid":")" + id + R"("})").trace, id);
  EXPECT_EQ(one(R"({"url":"/a","status":1,"request":{"headers":{"sw8":)"
                R"("1-VFJBQ0UuSUQ=-U0VHLjE=-3-c2VydmljZQ==-aW5z-L2E=-aDo4MA=="}}})")
                .trace,
            "trace.id");
  // No tracing is no other trace.
  EXPECT_EQ(one(R"({"url":"/a","status":1,"traceparent":"-","b3":"0"})").trace, "");
}

TEST(ResultsJsonl, ReadsAHarEntryWhoseTimeIsItsLatency) {
  const Request request =
      one(R"({"startedDateTime":"2025-03-01T10:00:00.5+01:00","time":43.5,)"
          R"("request":{"method":"GET","url":"http://h/a"},"response":{"status":200}})");
  EXPECT_EQ(request.latency_ms, 43.5);
  EXPECT_EQ(request.time_ns, 1740819600500000000);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "http://h/a");
}

TEST(ResultsJsonl, ReadsAnArrayAndAnObjectOverSeveralLines) {
  EXPECT_THAT(read("[{\"url\":\"/a\",\"status\":200},\n {\"url\":\"/b\",\"status\":500}]").requests,
              SizeIs(2));
  EXPECT_EQ(one("{\n  \"url\": \"/a\",\n  \"status\": 500\n}\n").status, 500);
}

TEST(ResultsJsonl, BadRowsAreSkippedWithTheirPlace) {
  const Recorder sink = read(
      "{\"url\":\"/a\",\"status\":200}\n"
      "{\"url\":\"/a\",\"status\":\"teapot\"}\n"
      "{\"url\":\"/a\",\"status\":200,\"verdict\":\"perhaps\"}\n"
      "{\"url\":\"/a\",\"status\":200,\"time\":123456}\n"
      "{\"url\":\"/a\",\"response\":{\"status\":-5}}\n"
      "{\"url\":\"/a\"}\n"
      "7\n");
  EXPECT_THAT(sink.requests, SizeIs(1));
  ASSERT_THAT(sink.warnings, SizeIs(7));
  EXPECT_EQ(to_string(sink.warnings[0]),
            "results.jsonl:2:22: status is neither a number nor a verdict; skipped\n"
            "    {\"url\":\"/a\",\"status\":\"teapot\"}\n"
            "                         ^");
  EXPECT_EQ(sink.warnings[1].place, (Place{"results.jsonl", 3, 36}));
  EXPECT_THAT(sink.warnings[1].hint, HasSubstr("pass, fail"));
  EXPECT_EQ(sink.warnings[2].place, (Place{"results.jsonl", 4, 33}));
  EXPECT_EQ(sink.warnings[3].place, (Place{"results.jsonl", 5, 34}));
  EXPECT_THAT(sink.warnings[4].what, HasSubstr("no status, verdict, latency or error"));
  EXPECT_THAT(sink.warnings[5].what, HasSubstr("not a JSON object"));
  EXPECT_EQ(sink.warnings[6].what,
            "6 of 7 records were skipped: results from this file are doubtful");
}

TEST(ResultsJsonl, BadRowsOfAnArrayAreSkippedWithTheirPlace) {
  const Recorder sink =
      read("[\n {\"url\":\"/a\",\"status\":200},\n {\"url\":\"/b\",\"status\":1000}]");
  EXPECT_THAT(sink.requests, SizeIs(1));
  EXPECT_EQ(sink.warnings.at(0).place, (Place{"results.jsonl", 3, 23}));
}

TEST(ResultsJsonl, ALineThatIsNotJsonIsSkippedWithACaret) {
  const Recorder sink = read("{\"url\":\"/a\",\"status\":200,}\n{\"url\":\"/b\",\"status\":200}\n");
  EXPECT_THAT(sink.requests, SizeIs(1));
  EXPECT_EQ(to_string(sink.warnings.at(0)),
            "results.jsonl:1:26: unexpected '}'; expected string literal\n"
            "    {\"url\":\"/a\",\"status\":200,}\n"
            "                             ^");
}

TEST(ResultsJsonl, AFileCutShortKeepsItsCompleteRows) {
  const Recorder sink = read("{\"url\":\"/a\",\"status\":200}\n{\"url\":\"/b\",\"sta");
  EXPECT_THAT(sink.requests, SizeIs(1));
  ASSERT_THAT(sink.warnings, SizeIs(1));
  EXPECT_THAT(sink.warnings[0].what, HasSubstr("cut short; the 1 before"));
}

TEST(ResultsJsonl, AnArrayCutShortIsAnError) {
  Recorder sink;
  const auto result = read_results_jsonl({"r.json", "[{\"url\":\"/a\",\n\"status\":20"}, sink);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().place, (Place{"r.json", 2, 12}));
}

TEST(ResultsJsonl, IsRecognisedByAResultAndWhatItIsAbout) {
  const auto accepts = [](std::vector<std::string> keys, Head::Shape shape) {
    Head head;
    head.shape = shape;
    head.keys = std::move(keys);
    return accepts_results_jsonl(head);
  };
  constexpr auto kObject = Head::Shape::kJsonObject;
  EXPECT_TRUE(accepts({"endpoint", "status_code"}, kObject));
  EXPECT_TRUE(accepts({"run", "verdict"}, kObject));
  EXPECT_TRUE(accepts({"timestamp", "latency_ms"}, Head::Shape::kJsonArray));
  EXPECT_TRUE(accepts({"request", "response", "startedDateTime"}, kObject));
  EXPECT_FALSE(accepts({"status"}, kObject));
  EXPECT_FALSE(accepts({"run", "hits", "verdict"}, kObject));
  EXPECT_FALSE(accepts({"traceId", "name", "timestamp", "duration", "localEndpoint"},
                       Head::Shape::kJsonArray));
  EXPECT_FALSE(accepts({"resourceSpans"}, kObject));
  EXPECT_FALSE(accepts({"type", "metric", "data"}, kObject));
  EXPECT_FALSE(accepts({"url", "status"}, Head::Shape::kText));
}

TEST(RecordValues, TimesTellTheirUnitByTheirDigits) {
  constexpr std::int64_t kNs = 1674981729000000000;  // 2023-01-29T08:42:09Z
  EXPECT_EQ(read_time("1674981729").ns, kNs);
  EXPECT_EQ(read_time("1674981729000").ns, kNs);
  EXPECT_EQ(read_time("1674981729000000").ns, kNs);
  EXPECT_EQ(read_time("1674981729000000000").ns, kNs);
  EXPECT_EQ(read_time(" 1674981729.487160534 ").ns, kNs + 487160534);
  EXPECT_EQ(read_time("1674981729487.5").ns, kNs + 487500000);
  EXPECT_EQ(read_time(1674981729.4871605).ns, kNs + 487160000);  // the double is ...487160444
  EXPECT_EQ(read_time(1674981729487.25).ns, kNs + 487250000);
}

TEST(RecordValues, Rfc3339TimesNeedAZone) {
  constexpr std::int64_t kNs = 1674981729000000000;
  EXPECT_EQ(read_time("2023-01-29T08:42:09Z").ns, kNs);
  EXPECT_EQ(read_time("2023-01-29T16:42:09+08:00").ns, kNs);
  EXPECT_EQ(read_time("2023-01-29 00:12:09.5-0830").ns, kNs + 500000000);
  EXPECT_EQ(read_time("2024-02-29T00:00:00Z").ns, 1709164800000000000);
  const TimeReading local = read_time("2023-01-29T08:42:09.123");
  EXPECT_FALSE(local.ns);
  EXPECT_EQ(local.problem, "");
}

TEST(RecordValues, TimesOutsideThisCenturyOrWithoutSenseAreAProblem) {
  for (const char* text :
       {"0000000001", "9999999999", "167498172", "16749817290", "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z", "2023-02-29T00:00:00Z", "2023-01-29T24:00:00Z",
        "2023-01-29T08:42:09+2500", "2023-01-29T08:42:09 CET", "yesterday", "",
        "9999999999999999999", "99999999999999999999999999", "1674981729.4e3", "-1674981729"}) {
    const TimeReading time = read_time(text);
    EXPECT_FALSE(time.ns) << text;
    EXPECT_NE(time.problem, "") << text;
  }
  EXPECT_NE(read_time(-1.0).problem, "");
  EXPECT_NE(read_time(1e300).problem, "");
  EXPECT_EQ(read_time("2099-12-31T23:59:59Z").ns, 4102444799000000000);
}

TEST(RecordValues, Rfc3339TimesMayBeOfAnyYearThat64BitsHold) {
  // date -u -d 1970-01-01T00:00:01Z +%s; 1900-01-01: 70 years, 17 of them leap years, before.
  EXPECT_EQ(rfc3339_ns("1970-01-01T02:00:01.5+02:00"), 1'500'000'000);
  EXPECT_EQ(rfc3339_ns("1900-01-01T00:00:00Z"), -(70LL * 365 + 17) * 86'400 * 1'000'000'000);
  EXPECT_EQ(rfc3339_ns("9999-12-31T23:59:59Z"), std::nullopt);
  EXPECT_EQ(rfc3339_ns("0000-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(rfc3339_ns("1970-01-01T02:00:01"), std::nullopt);
  EXPECT_EQ(rfc3339_ns("1740819600"), std::nullopt);
}

}  // namespace
}  // namespace culprit
