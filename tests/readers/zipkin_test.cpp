#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "readers/recorder.h"
#include "readers/trace_samples.h"
#include "readers/traces_zipkin.h"

namespace culprit {
namespace {

using testing::HasSubstr;

Recorder read(const std::string& bytes) {
  Recorder recorder;
  const auto result = read_zipkin({"z.json", bytes}, recorder);
  EXPECT_TRUE(result) << to_string(result.error());
  return recorder;
}

TEST(Zipkin, ReadsASpanOfVersion2) {
  const Recorder recorder = read(
      R"([{"traceId":"A0","parentId":"f5","id":"15","kind":"CLIENT","name":"post","timestamp":1571896375322000,)"
      R"("duration":14000,"localEndpoint":{"serviceName":"mobile"},)"
      R"("tags":{"http.status_code":"404","http.method":"POST","http.url":"http://x:80/visits?a=1"}}])");
  ASSERT_EQ(recorder.spans.size(), 1U);
  const Span& span = recorder.spans[0];
  EXPECT_EQ(span.trace, "000000000000000000000000000000a0");
  EXPECT_EQ(span.id, "0000000000000015");
  EXPECT_EQ(span.parent, "00000000000000f5");
  EXPECT_EQ(span.service, "mobile");
  EXPECT_EQ(span.operation, "post");
  EXPECT_EQ(span.kind, SpanKind::kClient);
  EXPECT_EQ(span.start_ns, 1571896375322000000);
  EXPECT_EQ(span.duration_ns, 14000000);
  EXPECT_EQ(span.http_status, 404);
  EXPECT_EQ(span.http_method, "POST");
  EXPECT_EQ(span.http_path, "/visits");
  EXPECT_TRUE(span.error);
}

TEST(Zipkin, TakesAListOfTracesAndOneDocumentALine) {
  const std::string a = R"({"traceId":"1","id":"2","localEndpoint":{"serviceName":"s"}})";
  const std::string b = R"({"traceId":"1","id":"3","localEndpoint":{"serviceName":"s"}})";
  EXPECT_EQ(read("[[" + a + "],[" + b + "]]").spans.size(), 2U);
  EXPECT_EQ(read(a + "\n" + b + "\n").spans.size(), 2U);
  EXPECT_EQ(read("[" + a + "]\n[" + b + "]").spans.size(), 2U);
  EXPECT_TRUE(read("[]").spans.empty());
}

TEST(Zipkin, TakesTheTagErrorForAnErrorWhateverItSays) {
  const auto error_with = [](const std::string& tags) {
    const Recorder recorder = read(
        R"([{"traceId":"1","id":"2","localEndpoint":{"serviceName":"s"},"tags":{)" + tags + "}}]");
    return recorder.spans.at(0).error;
  };
  EXPECT_TRUE(error_with(R"("error":"")"));
  EXPECT_TRUE(error_with(R"("error":"500 null")"));
  EXPECT_FALSE(error_with(R"("http.status_code":"200")"));
}

TEST(Zipkin, SplitsARecordOfVersion1IntoItsTwoSides) {
  const Recorder recorder = read(
      R"([{"traceId":"1","id":"2","parentId":"1","name":"get","timestamp":1500000000000000,"duration":900,)"
      R"("annotations":[{"value":"cs","timestamp":1500000000000000,"endpoint":{"serviceName":"ui"}},)"
      R"({"value":"sr","timestamp":1500000000000100,"endpoint":{"serviceName":"order"}},)"
      R"({"value":"ss","timestamp":1500000000000700,"endpoint":{"serviceName":"order"}},)"
      R"({"value":"cr","timestamp":1500000000000900,"endpoint":{"serviceName":"ui"}}],)"
      R"("binaryAnnotations":[{"key":"error","value":"boom","endpoint":{"serviceName":"order"}},)"
      R"({"key":"mvc.controller.class","value":"OrderController","endpoint":{"serviceName":"order"}},)"
      R"({"key":"mvc.controller.class","value":"BasicErrorController","endpoint":{"serviceName":"order"}},)"
      R"({"key":"mvc.controller.method","value":"create","endpoint":{"serviceName":"order"}},)"
      R"({"key":"mvc.controller.method","value":"error","endpoint":{"serviceName":"order"}}]}])");
  ASSERT_EQ(recorder.spans.size(), 2U);
  const Span& client = recorder.spans[0];
  const Span& server = recorder.spans[1];
  EXPECT_EQ(client.service, "ui");
  EXPECT_EQ(client.kind, SpanKind::kClient);
  EXPECT_EQ(client.parent, "0000000000000001");
  EXPECT_EQ(client.duration_ns, 900'000);
  EXPECT_FALSE(client.error);
  EXPECT_EQ(client.code_function, "");
  EXPECT_EQ(server.service, "order");
  EXPECT_EQ(server.kind, SpanKind::kServer);
  EXPECT_EQ(server.id, client.id);
  EXPECT_EQ(server.parent, client.id);
  EXPECT_EQ(server.start_ns, 1500000000000100000);
  EXPECT_EQ(server.duration_ns, 600'000);
  EXPECT_TRUE(server.error);
  EXPECT_EQ(server.code_function, "OrderController.create");
}

TEST(Zipkin, TakesLocalWorkOfVersion1FromItsBinaryAnnotations) {
  const Recorder recorder =
      read(R"([{"traceId":"1","id":"2","timestamp":5,"duration":7,"binaryAnnotations":)"
           R"([{"key":"lc","value":"","endpoint":{"serviceName":"order"}}]}])");
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].service, "order");
  EXPECT_EQ(recorder.spans[0].duration_ns, 7000);
}

TEST(Zipkin, SkipsBadRecordsWithTheirPlaceAndRefusesBadFiles) {
  const Recorder recorder = read(
      "[{\"traceId\":\"1\",\"localEndpoint\":{}},\n{\"traceId\":\"1\",\"id\":\"2\",\"timestamp\":"
      "\"soon\"},7]");
  EXPECT_TRUE(recorder.spans.empty());
  ASSERT_EQ(recorder.warnings.size(), 3U);
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("without id"));
  EXPECT_EQ(recorder.warnings[1].place, (Place{"z.json", 2, 1}));
  Recorder none;
  EXPECT_FALSE(read_zipkin({"z.json", R"([{"traceId":"1","id":"2")"}, none));
  EXPECT_FALSE(read_zipkin({"z.json", R"({"a":1})"}, none));
  EXPECT_FALSE(read_zipkin({"z.json", ""}, none));
  EXPECT_TRUE(none.spans.empty());
}

// Figures counted in the samples by a script: (trace, id, kind)s, or the sides of records in
// version 1.
// -9e15 and 9e15 us are 18e18 ns apart.
TEST(Zipkin, TakesNoNegativeTimeOfAnAnnotation) {
  const Recorder recorder = read(
      R"([{"traceId":"a","id":"1","name":"x","timestamp":5,"duration":7,"binaryAnnotations":[],)"
      R"("annotations":[{"value":"sr","timestamp":-9000000000000000,"endpoint":{"serviceName":"s"}},)"
      R"({"value":"ss","timestamp":9000000000000000,"endpoint":{"serviceName":"s"}}]}])");
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].start_ns, 5000);
  EXPECT_EQ(recorder.spans[0].duration_ns, 9'000'000'000'000'000'000 - 5000);
}

TEST(ZipkinSamples, AreReadWhole) {
  const std::pair<const char*, std::size_t> expected[] = {{"yelp", 16},
                                                          {"ascend", 8},
                                                          {"messaging-kafka", 28},
                                                          {"envoy", 1},
                                                          {"skew", 4},
                                                          {"smartthings-mobile-web-install", 1037},
                                                          {"train-ticket-v1-success", 157},
                                                          {"train-ticket-v1-fail1", 3}};
  for (const auto& [name, spans] : expected) {
    const auto bytes = sample("zipkin/" + std::string(name) + ".json");
    if (!bytes) GTEST_SKIP() << "no samples beside the source folder";
    const Recorder recorder = read(*bytes);
    EXPECT_EQ(recorder.spans.size(), spans) << name;
  }
}

TEST(ZipkinSamples, TrainTicketsFailingUploadIsPlacedInItsController) {
  const auto bytes = sample("zipkin/train-ticket-v1-fail1.json");
  if (!bytes) GTEST_SKIP() << "no samples beside the source folder";
  const Recorder recorder = read(*bytes);
  ASSERT_EQ(recorder.spans.size(), 3U);
  EXPECT_EQ(recorder.spans[0].service, "ts-admin-route-service");
  EXPECT_EQ(recorder.spans[0].code_function, "AdminRouteController.upload");
  EXPECT_EQ(recorder.spans[0].http_status, 500);
  EXPECT_TRUE(recorder.spans[0].error);
}

}  // namespace
}  // namespace culprit
