// HAR, newman, k6, WFC, Schemathesis and access logs: recordings where the tool could be run, else
// texts from the formats' documentation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_tree.h"
#include "readers/results_access_log.h"
#include "readers/results_har.h"
#include "readers/results_k6.h"
#include "readers/results_newman.h"
#include "readers/results_schemathesis.h"
#include "readers/results_wfc.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string fixture(const std::string& name) {
  const auto bytes = read_file(CULPRIT_SOURCE_DIR "/fixtures/reports/" + name);
  EXPECT_TRUE(bytes) << name;
  return bytes.value_or("");
}

std::string format_of(std::string_view bytes) {
  const auto reader = detect({"file", bytes});
  return reader ? std::string((*reader)->name) : reader.error().what;
}

TEST(Har, ReadsEntriesWithTheTraceOfTheirHeaders) {
  // HAR 1.2, its specification's names.
  constexpr std::string_view kText =
      R"({"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[
{"startedDateTime":"2025-03-01T10:00:00.5+01:00","time":43.5,"request":{"method":"POST",
 "url":"http://h/orders/7?x=1","headers":[{"name":"Accept","value":"*/*"},
 {"name":"Traceparent","value":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}]},
 "response":{"status":500,"content":{"size":2,"text":"{\"status\":0}"}},"cache":{},"timings":{}},
{"startedDateTime":"2025-03-01T10:00:00.9","time":-1,"request":{"method":"GET","url":"http://h/b","headers":[]},
 "response":{"status":0,"_error":"net::ERR_CONNECTION_REFUSED"}},
{"request":{"method":"GET"}}]}})";
  EXPECT_EQ(format_of(kText), "har");
  const auto [sink, result] = reading_of(read_har, {"a.har", kText});
  ASSERT_TRUE(result) << to_string(result.error());
  ASSERT_THAT(sink.requests, SizeIs(2));
  Request first;
  first.method = "POST";
  first.url = "http://h/orders/7?x=1";
  first.status = 500;
  first.latency_ms = 43.5;
  first.time_ns = 1740819600500000000;
  first.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  first.body = R"({"status":0})";
  EXPECT_EQ(sink.requests[0], first);
  EXPECT_EQ(sink.requests[1].status, 0);
  EXPECT_EQ(sink.requests[1].error, "net::ERR_CONNECTION_REFUSED");
  EXPECT_FALSE(sink.requests[1].latency_ms);
  EXPECT_THAT(sink.warnings.at(0).what, HasSubstr("entry has no URL"));
}

TEST(Har, WithoutEntriesOrCutShortIsAnError) {
  for (const char* text : {R"({"log":{"entries":7}})", R"({"log":{"entries":[{"request":)"}) {
    EXPECT_FALSE(reading_of(read_har, {"a.har", text}).result) << text;
  }
}

TEST(Newman, AssertionsAreTheVerdictAndARefusedConnectionIsNoResponse) {
  const std::string text = fixture("newman/newman.json");
  EXPECT_EQ(format_of(text), "newman");
  const auto [sink, result] = reading_of(read_newman, {"newman.json", text});
  ASSERT_TRUE(result);
  EXPECT_THAT(sink.warnings, IsEmpty());
  ASSERT_THAT(sink.requests, SizeIs(15));  // five iterations of ok, flaky, refused
  for (std::size_t i = 0; i < 15; ++i) {
    const Request& request = sink.requests[i];
    EXPECT_EQ(request.method, "GET");
    if (i % 3 == 2) {
      EXPECT_EQ(request.endpoint, "refused");
      EXPECT_EQ(request.url, "http://127.0.0.1:1/none");
      EXPECT_EQ(request.status, 0);
      EXPECT_EQ(request.error, "ECONNREFUSED");
      EXPECT_EQ(request.verdict, Verdict::kUnknown);
      continue;
    }
    const bool fifth_flaky = i == 13;
    EXPECT_EQ(request.endpoint, i % 3 == 0 ? "ok" : "flaky");
    EXPECT_THAT(request.url, HasSubstr(i % 3 == 0 ? "/api/ok" : "/api/flaky"));
    EXPECT_EQ(request.status, fifth_flaky ? 500 : 200);
    EXPECT_EQ(request.verdict, fifth_flaky ? Verdict::kFailed : Verdict::kPassed);
    EXPECT_EQ(request.body, fifth_flaky ? R"({"status": 0})" : R"({"status": 1})");
    EXPECT_TRUE(request.latency_ms);
  }
  EXPECT_EQ(sink.requests[13].error, "expected response to have status code 200 but got 500");
}

// From k6's documentation of its JSON output.
TEST(K6, PointsOfTheRequestDurationAreRequestsThatEndedAtTheirTime) {
  constexpr std::string_view kText =
      R"({"type":"Metric","data":{"type":"trend","contains":"time"},"metric":"http_req_duration"}
{"type":"Point","data":{"time":"2025-03-01T10:00:00.5+01:00","value":250.5,"tags":{"expected_response":"true","method":"GET","name":"item","scenario":"default","status":"200","url":"http://h/item/7"}},"metric":"http_req_duration"}
{"type":"Point","data":{"time":"2025-03-01T10:00:00.5+01:00","value":1,"tags":{"method":"GET"}},"metric":"http_reqs"}
{"metric":"http_req_duration","type":"Point","data":{"time":"2025-03-01T10:00:01+01:00","value":0,"tags":{"error":"dial: connection refused","error_code":"1212","expected_response":"false","method":"GET","name":"http://h/b","status":"0","url":"http://h/b"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2025-03-01T10:00:01+01:00","value":5,"tags":{"expected_response":"false","method":"GET","name":"http://h/b","status":"200","url":"http://h/b"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2025-03-01T10:00:01+01:00","value":5,"tags":{"expected_response":"true","method":"GET","name":"http://h/b","status":"404","url":"http://h/b"}}}
{"metric":"grpc_req_duration","type":"Point","data":{"time":"2025-03-01T10:00:01+01:00","value":5,"tags":{"method":"hello","name":"s/M","status":"14","url":"http://h/s/M"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"yesterday","value":5,"tags":{}}}
)";
  EXPECT_EQ(format_of(kText), "k6");
  const auto [sink, result] = reading_of(read_k6, {"k6.json", kText});
  ASSERT_TRUE(result);
  ASSERT_THAT(sink.requests, SizeIs(5));
  Request first;
  first.method = "GET";
  first.url = "http://h/item/7";
  first.endpoint = "item";
  first.status = 200;
  first.latency_ms = 250.5;
  first.time_ns = 1740819600500000000 - 250500000;
  EXPECT_EQ(sink.requests[0], first);
  EXPECT_EQ(sink.requests[1].status, 0);
  EXPECT_EQ(sink.requests[1].error, "dial: connection refused");
  EXPECT_EQ(sink.requests[1].endpoint, "");
  EXPECT_EQ(sink.requests[1].verdict, Verdict::kUnknown);
  // The script has said which statuses it expects.
  EXPECT_EQ(sink.requests[2].verdict, Verdict::kFailed);
  EXPECT_EQ(sink.requests[3].verdict, Verdict::kPassed);
  EXPECT_EQ(sink.requests[4].grpc_status, 14);
  EXPECT_FALSE(sink.requests[4].status);
  EXPECT_EQ(sink.warnings.at(0).place.line, 8U);
}

// From the schema of Web Fuzzing Commons.
TEST(Wfc, FaultsAndStatusesBelongToTheTestThatMetThem) {
  constexpr std::string_view kText = R"({
  "schemaVersion": "0.0.1",
  "faults": {"totalNumber": 1, "foundFaults": [
    {"operationId": "GET:/a/{id}", "testCaseId": "src/Faults.java#test_0",
     "faultCategories": [{"code": 100, "context": null}, {"code": 204, "context": "x"}]},
    {"operationId": "GET:/b", "faultCategories": []}]},
  "problemDetails": {"rest": {"coveredHttpStatus": [
    {"endpointId": "GET:/a/{id}", "testCaseId": "src/Faults.java#test_0", "httpStatus": [200, 500]},
    {"endpointId": "POST:/b", "testCaseId": "src/Faults.java#test_1", "httpStatus": null}]}}
})";
  EXPECT_EQ(format_of(kText), "wfc");
  const auto [sink, result] = reading_of(read_wfc, {"report.json", kText});
  ASSERT_TRUE(result);
  ASSERT_THAT(sink.requests, SizeIs(4));
  Request fault;
  fault.run = "Faults.test_0";
  fault.method = "GET";
  fault.url = fault.endpoint = "/a/{id}";
  fault.verdict = Verdict::kFailed;
  fault.error = "fault 100";
  EXPECT_EQ(sink.requests[0], fault);
  EXPECT_EQ(sink.requests[1].status, 200);
  EXPECT_EQ(sink.requests[1].run, "Faults.test_0");
  EXPECT_EQ(sink.requests[2].status, 500);
  EXPECT_EQ(sink.requests[3].status, 0);
  EXPECT_EQ(sink.requests[3].run, "Faults.test_1");
  EXPECT_EQ(sink.requests[3].method, "POST");
  EXPECT_EQ(sink.warnings.at(0).place.line, 6U);
}

// From Schemathesis' documentation of cassettes.
TEST(Schemathesis, ACassetteTellsWhichCheckFailed) {
  constexpr std::string_view kText = R"(command: 'st run http://127.0.0.1/schema.yaml'
recorded_with: 'Schemathesis 1.2.0'
http_interactions:
- id: '0'
  status: 'FAILURE'
  seed: '1'
  elapsed: '0.00123'
  recorded_at: '2020-04-22T17:52:51.275318+00:00'
  checks:
    - name: 'content_type_conformance'
      status: 'SUCCESS'
      message: null
    - name: 'not_a_server_error'
      status: 'FAILURE'
      message: 'Received a response with 5xx status code: 500'
  request:
    uri: 'http://127.0.0.1/api/failure'
    method: 'GET'
    headers:
      traceparent:
      - '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    body:
      encoding: 'utf-8'
      string: ''
  response:
    status:
      code: '500'
      message: 'Internal Server Error'
    body:
      encoding: 'utf-8'
      string: '500: Internal Server Error'
- id: '1'
  status: 'SUCCESS'
  elapsed: '0.5'
  recorded_at: '2020-04-22T17:52:52'
  request: {uri: 'http://127.0.0.1/api/b', method: POST}
  response: null
- id: '2'
)";
  EXPECT_EQ(format_of(kText), "vcr");
  const auto [sink, result] = reading_of(read_vcr, {"cassette.yaml", kText});
  ASSERT_TRUE(result) << to_string(result.error());
  ASSERT_THAT(sink.requests, SizeIs(2));
  Request first;
  first.method = "GET";
  first.url = "http://127.0.0.1/api/failure";
  first.status = 500;
  first.latency_ms = 1.23;
  first.time_ns = 1587577971275318000;  // date -u -d 2020-04-22T17:52:51Z +%s
  first.verdict = Verdict::kFailed;
  first.error = "not_a_server_error: Received a response with 5xx status code: 500";
  first.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  first.body = "500: Internal Server Error";
  EXPECT_EQ(sink.requests[0], first);
  EXPECT_EQ(sink.requests[1].status, 0);
  EXPECT_EQ(sink.requests[1].verdict, Verdict::kPassed);
  EXPECT_FALSE(sink.requests[1].time_ns);
  EXPECT_EQ(sink.warnings.at(0).place.line, 38U);
}

TEST(Schemathesis, DamagedYamlIsAnErrorWithItsPlace) {
  const auto damaged = reading_of(read_vcr, {"c.yaml", "http_interactions:\n- {uri: [1\n"});
  ASSERT_FALSE(damaged.result);
  EXPECT_GE(damaged.result.error().place.line, 2U);
  EXPECT_FALSE(reading_of(read_vcr, {"c.yaml", "http_interactions: 7\n"}).result);
}

// From Schemathesis' documentation of its reports; field names as its events have them.
TEST(Schemathesis, EventsTellRequestsByScenario) {
  constexpr std::string_view kText =
      R"({"Initialize":{"command":"st run","schemathesis_version":"4.0.0"}}
{"ScenarioFinished":{"id":"s1","timestamp":1786011209.5,"status":"failure","recorder":{"label":"POST /orders/{id}","interactions":{"c1":{"request":{"method":"POST","uri":"http://h/orders/7","headers":{"traceparent":["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]}},"response":{"status_code":500,"elapsed":0.25},"timestamp":1786011209.25}},"checks":{"c1":[{"name":"not_a_server_error","status":"failure","failure_info":{"failure":{"message":"Server error"}}}]}}}}
{"ScenarioFinished":{"status":"success","recorder":{"label":"GET /a","checks":{"c2":[{"name":"not_a_server_error","status":"success"}]}}}}
)";
  EXPECT_EQ(format_of(kText), "schemathesis");
  const auto [sink, result] = reading_of(read_schemathesis, {"events.ndjson", kText});
  ASSERT_TRUE(result);
  ASSERT_THAT(sink.requests, SizeIs(2));
  Request first;
  first.method = "POST";
  first.url = "http://h/orders/7";
  first.endpoint = "/orders/{id}";
  first.status = 500;
  first.latency_ms = 250;
  first.time_ns = 1786011209250000000;
  first.verdict = Verdict::kFailed;
  first.error = "not_a_server_error: Server error";
  first.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  EXPECT_EQ(sink.requests[0], first);
  EXPECT_EQ(sink.requests[1].method, "GET");
  EXPECT_EQ(sink.requests[1].endpoint, "/a");
  EXPECT_EQ(sink.requests[1].verdict, Verdict::kPassed);
  EXPECT_FALSE(sink.requests[1].status);
}

Recorder access_log(std::string_view text) {
  EXPECT_EQ(format_of(text), "access-log");
  auto [sink, result] = reading_of(read_access_log, {"access.log", text});
  EXPECT_TRUE(result);
  return sink;
}

TEST(AccessLog, ReadsNginxCombinedAndWithFieldsBehind) {
  const Recorder combined = access_log(fixture("nginx/access_combined.log"));
  const Recorder timed = access_log(fixture("nginx/access_timed.log"));
  EXPECT_THAT(combined.warnings, IsEmpty());
  ASSERT_THAT(combined.requests, SizeIs(10));
  ASSERT_THAT(timed.requests, SizeIs(10));
  Request fifth;
  fifth.method = "GET";
  fifth.url = "/api/flaky";
  fifth.status = 500;
  fifth.time_ns = 1795899086000000000;  // date -u -d '28 Nov 2026 20:51:26' +%s
  EXPECT_EQ(combined.requests[4], fifth);
  fifth.latency_ms = 1;
  fifth.time_ns = *fifth.time_ns - 1'000'000;  // it was written down when it was done
  fifth.trace = "00000000000000000000000000000005";
  EXPECT_EQ(timed.requests[4], fifth);
  EXPECT_EQ(timed.requests[6].url, "/api/wrapped");
}

// From Envoy's and Istio's documentation.
TEST(AccessLog, ReadsEnvoyAndIstio) {
  const Recorder envoy = access_log(
      "[2016-04-15T20:17:00.310Z] \"POST /api/v1/locations HTTP/2\" 204 - 154 0 226 100 "
      "\"10.0.35.28\" "
      "\"nsq2http\" \"cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2\" \"locations\" \"tcp://10.0.2.1:80\"\n"
      "[2016-04-15T20:17:01.310Z] \"GET /slow HTTP/1.1\" 504 UT 0 24 5000 - \"-\" \"curl\" \"id\" "
      "\"h\" \"-\"\n");
  ASSERT_THAT(envoy.requests, SizeIs(2));
  Request first;
  first.method = "POST";
  first.url = "/api/v1/locations";
  first.status = 204;
  first.latency_ms = 226;
  first.time_ns = 1460751420310000000;  // date -u -d 2016-04-15T20:17:00Z +%s
  EXPECT_EQ(envoy.requests[0], first);
  EXPECT_EQ(envoy.requests[1].error, "timeout (Envoy response flags UT)");
  EXPECT_EQ(envoy.requests[1].latency_ms, 5000);

  const Recorder istio = access_log(
      "[2026-02-24T14:23:15.456Z] \"POST /api/orders HTTP/1.1\" 503 UC via_upstream - \"-\" 156 91 "
      "30004 - "
      "\"-\" \"python-requests/2.31.0\" \"id\" \"order\" \"10.244.3.12:8080\" out 1:1 2:2 3:3 - "
      "default\n");
  ASSERT_THAT(istio.requests, SizeIs(1));
  EXPECT_EQ(istio.requests[0].latency_ms, 30004);
  EXPECT_EQ(istio.requests[0].status, 503);
  EXPECT_EQ(istio.requests[0].error, "Envoy response flags UC");
}

TEST(AccessLog, OddLinesAreSkippedOrReadAsFarAsTheyGo) {
  const Recorder sink = access_log(
      "h - - [28/Nov/2026:20:51:26 +0000] \"GET /a?x=\\\"1\\\" HTTP/1.1\" 200 13 \"-\" \"agent "
      "\\\" 7\"\n"
      "h - - [28/Nov/2026:20:51:26 +0000] \"\\x16\\x03\" 400 13 \"-\" \"-\"\n"
      "started\n"
      "h - - [28/Nov/2026:20:51:26 +0000] \"GET /a HTTP/1.1\" - 13\n"
      "h - - [28/Nov/2026:20:51:26 +0000] \"GET /a");
  ASSERT_THAT(sink.requests, SizeIs(2));
  EXPECT_EQ(sink.requests[0].url, "/a?x=\\\"1\\\"");
  EXPECT_EQ(sink.requests[1].status, 400);
  EXPECT_EQ(sink.requests[1].method, "");
  ASSERT_GE(sink.warnings.size(), 3U);
  EXPECT_EQ(sink.warnings[0].place.line, 3U);
  EXPECT_EQ(sink.warnings[1].place.line, 4U);
  EXPECT_THAT(sink.warnings[2].what, HasSubstr("ends within a record"));
}

TEST(AccessLog, JsonLinesOfNginxAreResponses) {
  const std::string text = fixture("nginx/access_json.log");
  EXPECT_EQ(format_of(text), "responses-jsonl");
  const auto [sink, result] = reading_of(find_reader("responses-jsonl")->read, {"a.log", text});
  ASSERT_TRUE(result);
  ASSERT_THAT(sink.requests, SizeIs(10));
  // msec 1795899086.043 less request_time 0.001, not the whole seconds of `time`.
  EXPECT_EQ(sink.requests[4].time_ns, 1795899086042000000);
  EXPECT_EQ(sink.requests[4].status, 500);
  EXPECT_EQ(sink.requests[4].trace, "00000000000000000000000000000005");
}

TEST(Wrk, IsRefusedWithAdvice) {
  EXPECT_EQ(format_of("Running 3s test @ http://127.0.0.1:18080/api\n  1 threads\n"), "wrk");
}

}  // namespace
}  // namespace culprit
