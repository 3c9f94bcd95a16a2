#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "readers/recorder.h"
#include "readers/trace_samples.h"
#include "readers/traces_jaeger.h"
#include "readers/traces_otlp.h"

namespace culprit {
namespace {

using testing::HasSubstr;

std::string trace_of(const std::string& spans) {
  return R"({"traceID":"1f","processes":{"p1":{"serviceName":"cart"}},"spans":[)" + spans + "]}";
}

std::string span_with(const std::string& members) {
  return trace_of(R"({"traceID":"1f","spanID":"2","processID":"p1","operationName":"op",)" +
                  members + "}");
}

Recorder read(const std::string& bytes) {
  Recorder recorder;
  const auto result = read_jaeger({"t.json", bytes}, recorder);
  EXPECT_TRUE(result) << to_string(result.error());
  return recorder;
}

Span only_span(const std::string& bytes) {
  Recorder recorder = read(bytes);
  EXPECT_EQ(recorder.spans.size(), 1U);
  return recorder.spans.empty() ? Span() : recorder.spans[0];
}

TEST(Jaeger, ReadsASpan) {
  const Span span = only_span(span_with(
      R"("references":[{"refType":"CHILD_OF","traceID":"1f","spanID":"A1"}],"startTime":1485467191639875,"duration":5)"));
  EXPECT_EQ(span.trace, "0000000000000000000000000000001f");
  EXPECT_EQ(span.id, "0000000000000002");
  EXPECT_EQ(span.parent, "00000000000000a1");
  EXPECT_EQ(span.service, "cart");
  EXPECT_EQ(span.operation, "op");
  EXPECT_EQ(span.start_ns, 1485467191639875000);
  EXPECT_EQ(span.duration_ns, 5000);
  EXPECT_EQ(span.kind, SpanKind::kUnknown);
  EXPECT_FALSE(span.error);
}

TEST(Jaeger, TakesAnAnswerAnArrayAndASingleTrace) {
  const std::string trace = span_with(R"("startTime":1)");
  const Span expected = only_span(trace);
  EXPECT_EQ(only_span(R"({"data":[)" + trace + R"(],"total":0,"errors":null})"), expected);
  EXPECT_EQ(only_span(R"({"data":)" + trace + "}"), expected);
  EXPECT_EQ(only_span("[" + trace + "]"), expected);
  EXPECT_TRUE(read(R"({"data":[],"total":0,"limit":0,"offset":0})").spans.empty());
}

TEST(Jaeger, ReportsWhatJaegerAnsweredInsteadOfTraces) {
  const Recorder recorder =
      read(R"({"data":null,"errors":[{"code":404,"msg":"trace not found"}]})");
  ASSERT_EQ(recorder.warnings.size(), 1U);
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("trace not found"));
}

TEST(Jaeger, PrefersChildOfToFollowsFromWithinTheTrace) {
  const auto parent = [](const std::string& references) {
    return only_span(span_with(R"("references":[)" + references + "]")).parent;
  };
  const std::string follows = R"({"refType":"FOLLOWS_FROM","traceID":"1F","spanID":"7"})";
  const std::string child = R"({"refType":"CHILD_OF","traceID":"1f","spanID":"8"})";
  const std::string abroad = R"({"refType":"CHILD_OF","traceID":"ff","spanID":"9"})";
  EXPECT_EQ(parent(follows + "," + child), "0000000000000008");
  EXPECT_EQ(parent(abroad + "," + child), "0000000000000008");
  EXPECT_EQ(parent(abroad + "," + follows), "0000000000000007");
  EXPECT_EQ(parent(abroad), "");
}

TEST(Jaeger, TakesKindErrorAndStatusFromTags) {
  const auto with = [](const std::string& tags) {
    return only_span(span_with(R"("tags":[)" + tags + "]"));
  };
  const std::string client = R"({"key":"span.kind","type":"string","value":"client"},)";
  EXPECT_EQ(with(client + "{}").kind, SpanKind::kClient);
  EXPECT_TRUE(with(R"({"key":"error","type":"bool","value":true})").error);
  EXPECT_TRUE(with(R"({"key":"error","type":"string","value":"true"})").error);
  EXPECT_FALSE(with(R"({"key":"error","type":"bool","value":false})").error);
  EXPECT_TRUE(with(R"({"key":"otel.status_code","type":"string","value":"ERROR"})").error);
  EXPECT_FALSE(with(R"({"key":"otel.status_code","type":"string","value":"OK"})").error);
  EXPECT_TRUE(with(client + R"({"key":"http.status_code","type":"int64","value":404})").error);
  EXPECT_FALSE(with(R"({"key":"http.status_code","type":"int64","value":404})").error);
  EXPECT_EQ(with(R"({"key":"http.status_code","type":"string","value":"500"})").http_status, 500);
}

TEST(Jaeger, TakesErrorsAndStacksFromLogs) {
  const Span span = only_span(span_with(
      R"-("logs":[{"timestamp":1,"fields":[{"key":"event","type":"string","value":"error"},)-"
      R"-({"key":"stack","type":"string","value":"E: x\n\tat a.b.C.run(C.java:7)"}]}])-"));
  EXPECT_TRUE(span.error);
  EXPECT_EQ(span.code_file, "a/b/C.java");
  EXPECT_EQ(span.code_function, "a.b.C.run");
  EXPECT_EQ(span.code_line, 7U);
}

TEST(Jaeger, SkipsParentsRepeatedInsideReferencesHoweverDeep) {
  std::string references;
  std::string closing;
  for (int i = 0; i < 50'000; ++i) {
    references += R"("references":[{"spanID":"8","span":{)";
    closing += "}}]";
  }
  const Span span = only_span(span_with(references + closing));
  EXPECT_EQ(span.parent, "0000000000000008");
}

TEST(Jaeger, ReadsTheStorageModel) {
  const Span span = only_span(
      R"({"spans":[{"traceId":"AAAAAAAAAAAAAAAAAAAAEQ==","spanId":"AAAAAAAAAAM=","operationName":"o",)"
      R"("references":[{"traceId":"AAAAAAAAAAAAAAAAAAAAEQ==","spanId":"AAAAAAAAAAQ="}],)"
      R"("startTime":"2017-01-26T16:46:31.639875Z","duration":"100000ns","process":{"serviceName":"s"},)"
      R"("tags":[{"key":"span.kind","vStr":"server"},{"key":"error","vType":"BOOL","vBool":true}]}]})");
  EXPECT_EQ(span.trace, "00000000000000000000000000000011");
  EXPECT_EQ(span.id, "0000000000000003");
  EXPECT_EQ(span.parent, "0000000000000004");
  EXPECT_EQ(span.service, "s");
  // date -ud '2017-01-26T16:46:31Z' +%s
  EXPECT_EQ(span.start_ns, 1485449191639875000);
  EXPECT_EQ(span.duration_ns, 100000);
  EXPECT_EQ(span.kind, SpanKind::kServer);
  EXPECT_TRUE(span.error);
}

TEST(Jaeger, ReadsSpansAsElasticsearchKeepsThem) {
  const std::string span =
      R"({"traceID":"1f","spanID":"2","operationName":"op","startTime":1485467191639875,"duration":5,)"
      R"("process":{"serviceName":"s"},"tag":{"http@status_code":500}})";
  const Recorder recorder = read(span + "\n" + R"({"_index":"jaeger","_source":)" +
                                 std::string(span).replace(26, 1, "3") + "}\n");
  ASSERT_EQ(recorder.spans.size(), 2U);
  EXPECT_EQ(recorder.spans[1].id, "0000000000000003");
  for (const Span& each : recorder.spans) {
    EXPECT_EQ(each.service, "s");
    EXPECT_EQ(each.start_ns, 1485467191639875000);
    EXPECT_EQ(each.http_status, 500);
    EXPECT_TRUE(each.error);
  }
}

TEST(Jaeger, ReadsTimesWithZonesAndSeconds) {
  const Span span =
      only_span(span_with(R"("startTime":"1970-01-01T02:00:01.5+02:00","duration":"0.25s")"));
  EXPECT_EQ(span.start_ns, 1'500'000'000);
  EXPECT_EQ(span.duration_ns, 250'000'000);
}

TEST(Jaeger, SkipsSpansWithoutIdsOrWithImpossibleTimes) {
  const Recorder recorder = read(
      trace_of("{\"traceID\":\"1f\"},\n{\"traceID\":\"1f\",\"spanID\":\"3\",\"startTime\":"
               "9223372036854775807},\n"
               "{\"traceID\":\"1f\",\"spanID\":\"4\",\"startTime\":\"2017-13-26T16:46:31Z\"}"));
  EXPECT_TRUE(recorder.spans.empty());
  ASSERT_EQ(recorder.warnings.size(), 4U);
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("without spanID"));
  EXPECT_EQ(recorder.warnings[1].place, (Place{"t.json", 2, 1}));
  EXPECT_EQ(recorder.warnings[2].place, (Place{"t.json", 3, 1}));
  EXPECT_THAT(recorder.warnings[3].what, HasSubstr("3 of 3 records were skipped"));
}

TEST(Jaeger, KeepsTracesThatStartAtSmallNumbersAndRepairsNegativeDurations) {
  const Recorder recorder = read(span_with(R"("startTime":0,"duration":-3)"));
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].start_ns, 0);
  EXPECT_EQ(recorder.spans[0].duration_ns, 0);
  EXPECT_EQ(recorder.warnings.size(), 1U);
}

TEST(Jaeger, WarnsOfProcessesThatAreNotListed) {
  const Recorder recorder =
      read(trace_of(R"({"spanID":"2","processID":"p9","operationName":"op"})"));
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].service, "");
  EXPECT_EQ(recorder.spans[0].trace, "0000000000000000000000000000001f");
  ASSERT_EQ(recorder.warnings.size(), 1U);
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("no service"));
}

TEST(Jaeger, RejectsMalformedDocumentsWithPlaceAndCaret) {
  Recorder recorder;
  const auto cut = read_jaeger({"t.json", "{\"data\":[\n{\"traceID\":\"1"}, recorder);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().place.line, 2U);
  EXPECT_FALSE(cut.error().excerpt.empty());
  const auto bad = read_jaeger({"t.json", "{\"data\":[\n{\"traceID\" \"1\"}]}"}, recorder);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().place.line, 2U);
  EXPECT_THAT(to_string(bad.error()), HasSubstr("{\"traceID\" \"1\"}]}\n    "));
  EXPECT_FALSE(read_jaeger({"t.json", R"({"a":1})"}, recorder));
  EXPECT_FALSE(read_jaeger({"t.json", R"({"data":["cart","user"]})"}, recorder));
  EXPECT_TRUE(recorder.spans.empty());
}

TEST(Jaeger, SurvivesValuesOfTheWrongType) {
  const Recorder recorder = read(trace_of(
      R"(7,null,"x",[],{"spanID":{},"tags":3},{"spanID":"5","references":[null,{}],"tags":[1,{"key":2}],)"
      R"("logs":[{"fields":{}}],"processID":[],"operationName":{},"startTime":null})"));
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].id, "0000000000000005");
}

TEST(Jaeger, RecognisesItsDocuments) {
  Head head;
  head.shape = Head::Shape::kJsonObject;
  head.keys = {"data", "total"};
  head.bytes = R"({"data":[{"traceID":"1)";
  EXPECT_TRUE(accepts_jaeger(head));
  head.bytes = R"({"data":{"trace":{"spans":[{"traceId":)";
  EXPECT_FALSE(accepts_jaeger(head));
  head.shape = Head::Shape::kJsonArray;
  head.keys = {"traceID", "spans", "processes"};
  EXPECT_TRUE(accepts_jaeger(head));
  EXPECT_FALSE(accepts_otlp(head));
}

TEST(JaegerSamples, SocialNetworkHasTwelveServices) {
  const auto bytes = sample("jaeger/dsb-socialnetwork-ui-export.json");
  if (!bytes) GTEST_SKIP() << "no samples beside the source folder";
  const Recorder recorder = read(*bytes);
  std::set<std::string> traces, services;
  std::size_t roots = 0;
  for (const Span& span : recorder.spans) {
    traces.insert(span.trace);
    services.insert(span.service);
    if (span.parent.empty()) ++roots;
  }
  EXPECT_EQ(recorder.spans.size(), 660U);
  EXPECT_EQ(traces.size(), 20U);
  EXPECT_EQ(services.size(), 12U);
  EXPECT_EQ(roots, 20U);
  EXPECT_TRUE(recorder.warnings.empty());
}

TEST(JaegerSamples, CrispTracesAreReadWithTheirErrors) {
  const auto bytes = sample("jaeger/crisp/err_pattern1/err1.json");
  if (!bytes) GTEST_SKIP() << "no samples beside the source folder";
  const Recorder recorder = read(*bytes);
  ASSERT_EQ(recorder.spans.size(), 2U);
  EXPECT_TRUE(recorder.spans[0].error);
  EXPECT_TRUE(recorder.spans[1].error);
  for (int i = 1; i <= 25; ++i) {
    const auto other = sample("jaeger/crisp/" + std::to_string(i) + ".json");
    ASSERT_TRUE(other);
    EXPECT_FALSE(read(*other).spans.empty()) << i;
  }
}

// Jaeger converts OTLP to its own form: reading either must tell the same, to the microsecond.
TEST(JaegerSamples, TellTheSameAsTheOtlpTheyWereConvertedFrom) {
  const std::map<std::string, std::string> pairs = {
      {"otlp2jaeger-in.json", "otlp2jaeger-out.json"},
      {"otlp2jaeger-multi-in-combined.json", "oltp2jaeger-multi-out.json"}};
  for (const auto& [from, to] : pairs) {
    const auto otlp = sample("jaeger/pairs/" + from);
    const auto jaeger = sample("jaeger/pairs/" + to);
    if (!otlp || !jaeger) GTEST_SKIP() << "no samples beside the source folder";
    Recorder source;
    ASSERT_TRUE(read_otlp({from, *otlp}, source));
    Recorder converted = read(*jaeger);
    for (Recorder* recorder : {&source, &converted}) {
      for (Span& span : recorder->spans) {
        span.start_ns -= span.start_ns % 1000;
        span.duration_ns -= span.duration_ns % 1000;
      }
      std::sort(recorder->spans.begin(), recorder->spans.end(),
                [](const Span& a, const Span& b) { return a.id < b.id; });
    }
    EXPECT_FALSE(source.spans.empty());
    EXPECT_EQ(source.spans, converted.spans) << from;
  }
}

}  // namespace
}  // namespace culprit
