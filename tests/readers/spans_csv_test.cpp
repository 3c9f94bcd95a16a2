#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "readers/python_literal.h"
#include "readers/recorder.h"
#include "readers/trace_samples.h"
#include "readers/traces_csv.h"

namespace culprit {
namespace {

using testing::HasSubstr;

Recorder read(const std::string& bytes, std::string_view path = "t.csv") {
  const Input input{path, bytes};
  const auto reader = detect(input);
  EXPECT_TRUE(reader) << to_string(reader.error());
  if (reader) {
    EXPECT_EQ((*reader)->name, "spans-csv");
  }
  Recorder recorder;
  const auto result = read_spans_csv(input, recorder);
  EXPECT_TRUE(result) << to_string(result.error());
  return recorder;
}

TEST(SpansCsv, ReadsNezhasSpans) {
  const Recorder recorder = read(
      "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration\n"
      "b0103bb0161ad7fa352fe1828eeb643a,520b067330e3ede5,root,ts-gateway-service-6f6cfc45b-h5m2n,/"
      "*,"
      "1674981768697000000,1674981769015316530,318316\n"
      "b0103bb0161ad7fa352fe1828eeb643a,a4424f20bffee416,520b067330e3ede5,ts-a-6f6cfc45b-h5m2n,H."
      "handle,"
      "1674981768697763387,1674981769015072039,317308\n");
  ASSERT_EQ(recorder.spans.size(), 2U);
  EXPECT_TRUE(recorder.warnings.empty());
  EXPECT_EQ(recorder.spans[0].service, "ts-gateway-service");
  EXPECT_EQ(recorder.spans[0].parent, "");
  EXPECT_EQ(recorder.spans[0].start_ns, 1674981768697000000);
  EXPECT_EQ(recorder.spans[0].duration_ns, 318316530);
  EXPECT_EQ(recorder.spans[1].parent, "520b067330e3ede5");
  EXPECT_EQ(recorder.spans[1].operation, "H.handle");
}

TEST(SpansCsv, ReadsAnoModsSpansWhoseTimesNameNoZone) {
  const Recorder recorder = read(
      "trace_id,span_id,parent_span_id,service,operation,start_time,duration_us,http_status_code,"
      "http_method,http_url,component,tags,logs\n"
      "1f,2,,nginx,/wrk2,2025-11-03 "
      "22:04:05.123456,1500,500,POST,http://n:80/wrk2-api/post?x=1,nginx,"
      "\"{\"\"span.kind\"\": \"\"server\"\", \"\"error\"\": true}\",[]\n");
  ASSERT_EQ(recorder.spans.size(), 1U);
  const Span& span = recorder.spans[0];
  // date -ud '2025-11-03 22:04:05' +%s
  EXPECT_EQ(span.start_ns, 1762207445123456000);
  EXPECT_EQ(span.duration_ns, 1500000);
  EXPECT_EQ(span.kind, SpanKind::kServer);
  EXPECT_EQ(span.http_status, 500);
  EXPECT_EQ(span.http_path, "/wrk2-api/post");
  EXPECT_TRUE(span.error);
  ASSERT_EQ(recorder.warnings.size(), 1U);
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("UTC"));
}

TEST(SpansCsv, TellsOfCallersThatHaveNoRowOfTheirOwn) {
  const Recorder recorder = read(
      "traceId,traceTime,startTime,endTime,parentId,childId,childOperation,parentOperation,childMS,"
      "childPod,parentMS,parentPod,parentDuration,childDuration\n"
      "1,1695943858153000,1695943858156000,1695943858156500,a,b,inner,outer,user,user,front,front,"
      "757,500\n"
      "1,1695943858153000,1695943858156100,1695943858156200,b,c,leaf,inner,db,db,user,user,500,"
      "100\n");
  ASSERT_EQ(recorder.spans.size(), 3U);
  EXPECT_EQ(recorder.spans[1].service, "db");
  EXPECT_EQ(recorder.spans[1].duration_ns, 100'000);
  const Span& root = recorder.spans[2];
  EXPECT_EQ(root.id, "000000000000000a");
  EXPECT_EQ(root.service, "front");
  EXPECT_EQ(root.operation, "outer");
  EXPECT_EQ(root.duration_ns, 757'000);
}

TEST(SpansCsv, ReadsDeepTraLogsSpans) {
  const Recorder recorder = read(
      "StartTime,EndTime,URL,SpanType,Service,SpanId,TraceId,Peer,ParentSpan,Component,IsError\n"
      "1650000000000,1650000000020,/api/v1/orders,Entry,ts-order,s1.0,t1,,-1,Tomcat,True\n");
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].operation, "/api/v1/orders");
  EXPECT_EQ(recorder.spans[0].kind, SpanKind::kServer);
  EXPECT_EQ(recorder.spans[0].parent, "");
  EXPECT_EQ(recorder.spans[0].duration_ns, 20'000'000);
  EXPECT_TRUE(recorder.spans[0].error);
}

TEST(SpansCsv, TakesLo2sServiceFromTheNameOfTheFile) {
  const Recorder recorder = read(
      "Trace ID,Span ID,Operation Name,Start Time,End Time,Tags\n"
      "1,2,GET /token,1700000000000000,1700000000000100,\"{'http.status_code': 500, 'error': True, "
      "'x': [1, {'y': '}'}], 'span.kind': 'server'}\"\n",
      "LO2_run_1/correct/metrics/traces_light-oauth2-token.csv");
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].service, "light-oauth2-token");
  EXPECT_EQ(recorder.spans[0].http_status, 500);
  EXPECT_EQ(recorder.spans[0].kind, SpanKind::kServer);
  EXPECT_TRUE(recorder.spans[0].error);
}

TEST(SpansCsv, SkipsBadRecordsWithTheirPlace) {
  const Recorder recorder = read(
      "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration\n"
      ",1,root,a-b-c,op,1674981768697000000,1674981769015316530,3\n"
      "1,2,root,a-b-c,op,soon,1674981769015316530,3\n"
      "1,3,root,a-b-c,op,1674981768697000000,1674981769015316530\n"
      "1,4,root,a-b-c,op,1674981768697000000,1674981768697000001,1\n");
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].duration_ns, 1);
  ASSERT_GE(recorder.warnings.size(), 3U);
  EXPECT_EQ(recorder.warnings[0].place.line, 2U);
  EXPECT_EQ(recorder.warnings[1].place.line, 3U);
}

// Differences of times and durations that 64 bits do not hold.
TEST(SpansCsv, SkipsTimesOutOfRange) {
  const Recorder recorder = read(
      "trace_id,span_id,parent_span_id,service,operation,start_time,end_time,duration_us\n"
      "a,1,,s,op,1690-01-01 00:00:00,2260-01-01 00:00:00,\n"
      "a,2,,s,op,1700000000000000,,-1e300\n"
      "a,3,,s,op,1700000000000000,,1e300\n"
      "a,4,,s,op,1700000000000000,,5\n");
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].duration_ns, 5000);
}

TEST(PythonLiteral, IsReadAndNotEvaluated) {
  std::map<std::string, std::string> told;
  const auto take = [&](std::string_view key, std::string_view value) { told.emplace(key, value); };
  EXPECT_TRUE(for_each_literal(
      R"({'a': 'it\'s', "b": 2.5, 'c': None, 'd': False, 'e': ('x', {1: ']'}),})", take));
  EXPECT_EQ(told, (std::map<std::string, std::string>{
                      {"a", "it's"}, {"b", "2.5"}, {"c", ""}, {"d", "false"}}));
  EXPECT_FALSE(for_each_literal("__import__('os')", take));
  EXPECT_FALSE(for_each_literal("{'a': ", take));
  EXPECT_FALSE(for_each_literal("{'a': ['", take));
  EXPECT_FALSE(for_each_literal("", take));
}

// The same recording as the export of Jaeger's interface, which has 660 spans in 20 traces.
TEST(SpansCsvSamples, DeathStarBenchsCallsAreTheSpansOfTheExport) {
  const auto bytes = sample("jaeger/dsb-socialnetwork-flat.csv");
  if (!bytes) GTEST_SKIP() << "no samples beside the source folder";
  const Recorder recorder = read(*bytes);
  std::set<std::string> traces;
  for (const Span& span : recorder.spans) traces.insert(span.trace);
  EXPECT_EQ(recorder.spans.size(), 660U);
  EXPECT_EQ(traces.size(), 20U);
  EXPECT_TRUE(recorder.warnings.empty());
}

}  // namespace
}  // namespace culprit
