#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "readers/recorder.h"
#include "readers/traces_skywalking.h"

namespace culprit {
namespace {

using testing::HasSubstr;

Recorder read(const std::string& bytes) {
  Recorder recorder;
  const auto result = read_skywalking({"s.json", bytes}, recorder);
  EXPECT_TRUE(result) << to_string(result.error());
  return recorder;
}

// As the query's schema has it: the entry of `order`, called from segment "AB.1", and its exit.
const std::string kAnswer =
    R"-({"data":{"trace":{"spans":[{"traceId":"T.1","segmentId":"CD.2","spanId":0,"parentSpanId":-1,)-"
    R"-("refs":[{"traceId":"T.1","parentSegmentId":"AB.1","parentSpanId":3,"type":"CROSS_PROCESS"}],)-"
    R"-("serviceCode":"order","startTime":1700000000000,"endTime":1700000000250,"endpointName":"POST:/orders",)-"
    R"-("type":"Entry","isError":true,"tags":[{"key":"http.method","value":"POST"},{"key":"http.status_code","value":"500"}],)-"
    R"-("logs":[{"time":1,"data":[{"key":"stack","value":"E\n\tat a.b.C.run(C.java:7)"}]}]},)-"
    R"-({"traceId":"T.1","segmentId":"CD.2","spanId":1,"parentSpanId":0,"refs":[],"serviceCode":"order",)-"
    R"-("startTime":1700000000010,"endTime":1700000000020,"endpointName":"Mysql","type":"Exit","isError":false}]}}})-";

TEST(SkyWalking, ReadsWhatItsQueryAnswers) {
  const Recorder recorder = read(kAnswer);
  ASSERT_EQ(recorder.spans.size(), 2U);
  const Span& entry = recorder.spans[0];
  EXPECT_EQ(entry.trace, "t.1");
  EXPECT_EQ(entry.id, "cd.2:0");
  EXPECT_EQ(entry.parent, "ab.1:3");
  EXPECT_EQ(entry.service, "order");
  EXPECT_EQ(entry.operation, "POST:/orders");
  EXPECT_EQ(entry.kind, SpanKind::kServer);
  EXPECT_EQ(entry.start_ns, 1700000000000000000);
  EXPECT_EQ(entry.duration_ns, 250000000);
  EXPECT_TRUE(entry.error);
  EXPECT_EQ(entry.http_status, 500);
  EXPECT_EQ(entry.http_method, "POST");
  EXPECT_EQ(entry.code_file, "a/b/C.java");
  EXPECT_EQ(entry.code_line, 7U);
  EXPECT_EQ(recorder.spans[1].parent, "cd.2:0");
  EXPECT_EQ(recorder.spans[1].kind, SpanKind::kClient);
  EXPECT_FALSE(recorder.spans[1].error);
  EXPECT_TRUE(read(R"({"data":{"trace":null}})").spans.empty());
}

TEST(SkyWalking, ReadsTheSameOutOfAnoModsWrapper) {
  const Recorder recorder = read(
      R"-({"metadata":{"n":1},"traces":[{"summary":{"trace_id":"T.1","is_error":true},"root_span_node_ids":["CD.2:0"],)-"
      R"-("spans":[{"node_id":"CD.2:0","parent_node_id":"AB.1:3","parent_span_id":-1,"service_code":"order",)-"
      R"-("start_timestamp_ms":1700000000000,"end_timestamp_ms":1700000000250,"endpoint_name":"POST:/orders","type":"Entry",)-"
      R"-("is_error":true,"tags":[],"tags_map":{"http.method":"POST","http.status_code":"500"},)-"
      R"-("logs":[{"time_ms":1,"data":{"stack":"E\n\tat a.b.C.run(C.java:7)"}}],"refs":[]}]}]})-");
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0], read(kAnswer).spans[0]);
}

TEST(SkyWalking, ReadsRowsOfSegments) {
  // printf ts-order-service | base64
  const Recorder recorder = read(
      R"({"traces":[{"trace_id":"T.1","segment_id":"CD.2","service_id":"dHMtb3JkZXItc2VydmljZQ==.1",)"
      R"("endpoint_name":"/orders","start_time":"1700000000000","latency":250,"is_error":1}]})");
  ASSERT_EQ(recorder.spans.size(), 1U);
  const Span& span = recorder.spans[0];
  EXPECT_EQ(span.service, "ts-order-service");
  EXPECT_EQ(span.parent, "");
  EXPECT_EQ(span.start_ns, 1700000000000000000);
  EXPECT_EQ(span.duration_ns, 250000000);
  EXPECT_TRUE(span.error);
}

TEST(SkyWalking, SkipsBadSpansAndRefusesOtherDocuments) {
  const Recorder recorder = read(
      R"({"data":{"trace":{"spans":[{"spanId":1},7,{"traceId":"t","segmentId":"s","spanId":1,"startTime":"x"}]}}})");
  EXPECT_TRUE(recorder.spans.empty());
  EXPECT_THAT(recorder.warnings.at(0).what, HasSubstr("trace's id"));
  Recorder none;
  EXPECT_FALSE(read_skywalking({"s.json", R"({"data":{"trace":{"spans":[)"}, none));
  EXPECT_FALSE(read_skywalking({"s.json", R"({"a":1})"}, none));
}

TEST(SkyWalking, IsRecognised) {
  for (const std::string& bytes : {kAnswer, std::string(R"({"metadata":{},"traces":[]})")}) {
    const Input input{"x.json", bytes};
    const auto reader = detect(input);
    ASSERT_TRUE(reader) << to_string(reader.error());
    EXPECT_EQ((*reader)->name, "skywalking");
  }
}

}  // namespace
}  // namespace culprit
