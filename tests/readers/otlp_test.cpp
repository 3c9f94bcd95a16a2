#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "readers/recorder.h"
#include "readers/trace_fields.h"
#include "readers/trace_samples.h"
#include "readers/traces_jaeger.h"
#include "readers/traces_otlp.h"

namespace culprit {
namespace {

using testing::HasSubstr;

// A document with one span of service "cart"; `span` are its members.
std::string document(const std::string& span) {
  return R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":)"
         R"({"stringValue":"cart"}}]},"scopeSpans":[{"spans":[{)" +
         span + "}]}]}]}";
}

std::string span_with(const std::string& members) {
  return document(R"("traceId":"0102","spanId":"0a","name":"op",)" + members);
}

Recorder read(const std::string& bytes) {
  Recorder recorder;
  const auto result = read_otlp({"t.json", bytes}, recorder);
  EXPECT_TRUE(result) << to_string(result.error());
  return recorder;
}

Span only_span(const std::string& bytes) {
  Recorder recorder = read(bytes);
  EXPECT_EQ(recorder.spans.size(), 1U);
  return recorder.spans.empty() ? Span() : recorder.spans[0];
}

std::string attribute(const std::string& key, const std::string& value) {
  return R"({"key":")" + key + R"(","value":{)" + value + "}}";
}

TEST(Otlp, ReadsTheExampleOfTheProtocol) {
  const auto bytes = sample("otlp/proto-trace.json");
  if (!bytes) GTEST_SKIP() << "no samples beside the source folder";
  const Span span = only_span(*bytes);
  EXPECT_EQ(span.trace, "5b8efff798038103d269b633813fc60c");
  EXPECT_EQ(span.id, "eee19b7ec3c1b174");
  EXPECT_EQ(span.parent, "eee19b7ec3c1b173");
  EXPECT_EQ(span.service, "my.service");
  EXPECT_EQ(span.operation, "I'm a server span");
  EXPECT_EQ(span.kind, SpanKind::kServer);
  EXPECT_EQ(span.start_ns, 1544712660000000000);
  EXPECT_EQ(span.duration_ns, 1000000000);
  EXPECT_FALSE(span.error);
}

TEST(Otlp, TakesTimesAsStringsAndAsNumbers) {
  for (const char* times : {R"("startTimeUnixNano":"1000","endTimeUnixNano":"3500")",
                            R"("startTimeUnixNano":1000,"endTimeUnixNano":3500)"}) {
    const Span span = only_span(span_with(times));
    EXPECT_EQ(span.start_ns, 1000);
    EXPECT_EQ(span.duration_ns, 2500);
  }
}

TEST(Otlp, DecodesIdsInHexOfEitherCaseAndInBase64) {
  // printf '\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff' | base64
  const Span span = only_span(document(
      R"("traceId":"ABEiM0RVZneImaq7zN3u/w==","spanId":"/wECAwQFBgc=","parentSpanId":"00F067AA0BA902B7")"));
  EXPECT_EQ(span.trace, "00112233445566778899aabbccddeeff");
  EXPECT_EQ(span.id, "ff01020304050607");
  EXPECT_EQ(span.parent, "00f067aa0ba902b7");
}

TEST(Otlp, PadsShortIdsAndTreatsZeroParentsAsRoots) {
  const Span span = only_span(
      document(R"("traceId":"71ab850f38ba6989","spanId":"1","parentSpanId":"0000000000000000")"));
  EXPECT_EQ(span.trace, "000000000000000071ab850f38ba6989");
  EXPECT_EQ(span.id, "0000000000000001");
  EXPECT_EQ(span.parent, "");
}

TEST(Otlp, ReadsKindsAsNumbersAndAsNames) {
  EXPECT_EQ(only_span(span_with(R"("kind":1)")).kind, SpanKind::kInternal);
  EXPECT_EQ(only_span(span_with(R"("kind":3)")).kind, SpanKind::kClient);
  EXPECT_EQ(only_span(span_with(R"("kind":"SPAN_KIND_PRODUCER")")).kind, SpanKind::kProducer);
  EXPECT_EQ(only_span(span_with(R"("kind":"SPAN_KIND_CONSUMER")")).kind, SpanKind::kConsumer);
  EXPECT_EQ(only_span(span_with(R"("kind":0)")).kind, SpanKind::kUnknown);
}

TEST(Otlp, TakesErrorsFromTheStatus) {
  EXPECT_TRUE(only_span(span_with(R"("status":{"code":2})")).error);
  EXPECT_TRUE(only_span(span_with(R"("status":{"code":"STATUS_CODE_ERROR"})")).error);
  EXPECT_FALSE(only_span(span_with(R"("status":{"code":1})")).error);
  EXPECT_FALSE(only_span(span_with(R"("status":{})")).error);
}

TEST(Otlp, CountsClientErrorsAgainstTheClientOnly) {
  const auto with = [](int kind, const std::string& key, const std::string& value) {
    return only_span(span_with(R"("kind":)" + std::to_string(kind) + R"(,"attributes":[)" +
                               attribute(key, value) + "]"));
  };
  const Span client = with(3, "http.response.status_code", R"("intValue":"404")");
  EXPECT_TRUE(client.error);
  EXPECT_EQ(client.http_status, 404);
  const Span server = with(2, "http.status_code", R"("intValue":404)");
  EXPECT_FALSE(server.error);
  EXPECT_EQ(server.http_status, 404);
  EXPECT_TRUE(with(2, "http.status_code", R"("stringValue":"503")").error);
  EXPECT_FALSE(with(3, "http.status_code", R"("intValue":"302")").error);
  EXPECT_TRUE(with(2, "rpc.grpc.status_code", R"("intValue":"14")").error);
  EXPECT_FALSE(with(2, "rpc.grpc.status_code", R"("intValue":"0")").error);
  EXPECT_TRUE(with(1, "error", R"("boolValue":true)").error);
}

TEST(Otlp, TakesWhatAnErrorSaysAndTheStoreThatAClientAsks) {
  const std::string exception =
      R"("events":[{"name":"exception","attributes":[)" +
      attribute("exception.type", R"("stringValue":"Problem")") + "," +
      attribute("exception.message", R"("stringValue":"reading: database is locked")") + "]}]";
  const std::string failed = R"("status":{"code":2,"message":"what the status says"})";
  EXPECT_EQ(only_span(span_with(exception + "," + failed)).error_text,
            "Problem: reading: database is locked");
  EXPECT_EQ(only_span(span_with(failed)).error_text, "what the status says");
  EXPECT_EQ(only_span(span_with(exception)).error_text, "") << "an exception that was caught";
  const Span span = only_span(span_with(R"("kind":3,"attributes":[)" +
                                        attribute("db.system", R"("stringValue":"redis")") + "]"));
  EXPECT_EQ(span.store, "redis");
}

TEST(Otlp, CutsWhatAnErrorSaysAtThreeHundredBytes) {
  const std::string failed = R"("status":{"code":2,"message":")" + std::string(100000, 'x') + "\"}";
  EXPECT_EQ(only_span(span_with(failed)).error_text, std::string(300, 'x'));
}

TEST(Otlp, TakesThePlaceInTheCodeFromAttributes) {
  const Span now = only_span(
      span_with(R"("attributes":[)" + attribute("code.line.number", R"("intValue":"12")") + "," +
                attribute("code.file.path", R"("stringValue":"./src//a.cc")") + "," +
                attribute("code.function.name", R"("stringValue":"ns::f")") + "]"));
  EXPECT_EQ(now.code_file, "src/a.cc");
  EXPECT_EQ(now.code_function, "ns::f");
  EXPECT_EQ(now.code_line, 12U);
  const Span old = only_span(span_with(R"("attributes":[)" +
                                       attribute("code.namespace", R"("stringValue":"a.b.C")") +
                                       "," + attribute("code.function", R"("stringValue":"run")") +
                                       "," + attribute("code.lineno", R"("intValue":7)") + "]"));
  EXPECT_EQ(old.code_function, "a.b.C.run");
  EXPECT_EQ(old.code_line, 7U);
}

TEST(Otlp, TakesThePlaceInTheCodeFromAnException) {
  const std::string stack =
      R"-(java.lang.NullPointerException\n)-"
      R"-(\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)\n)-"
      R"-(\tat order.service.OrderImpl.create(OrderImpl.java:57)\n\tat a.B.c(B.java:1))-";
  const Span span = only_span(
      span_with(R"("events":[{"name":"exception","attributes":[)" +
                attribute("exception.stacktrace", R"("stringValue":")" + stack + "\"") + "]}]"));
  EXPECT_EQ(span.code_file, "order/service/OrderImpl.java");
  EXPECT_EQ(span.code_function, "order.service.OrderImpl.create");
  EXPECT_EQ(span.code_line, 57U);
}

TEST(ThrowingFrame, IsTheLastOfAPythonTraceback) {
  const auto frame = throwing_frame(
      "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in serve\n    f()\n"
      "  File \"/app/cart.py\", line 41, in total\n    g()\n"
      "  File \"/usr/lib/python3/dist-packages/six.py\", line 9, in g\nValueError: x\n");
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->file, "/app/cart.py");
  EXPECT_EQ(frame->function, "total");
  EXPECT_EQ(frame->line, 41U);
}

TEST(ThrowingFrame, IsTheFirstOfTheProgramsOwnInCpp) {
  const auto of = [](const std::string& frames) {
    const auto frame = throwing_frame(frames);
    return frame ? frame->function + " " + frame->file + " " + std::to_string(frame->line)
                 : std::string();
  };
  EXPECT_EQ(of("#0 0x7f12 in __cxa_throw /build/libsupc++/eh_throw.cc:93:1\n"
               "#1 0x55d3 in shop::Cart::total(int) const /app/src/cart.cc:41:7\n#2 0x1 in main "
               "/app/m.cc:3"),
            "shop::Cart::total(int) const /app/src/cart.cc 41");
  EXPECT_EQ(of("#1  shop::Cart::total (this=0x0, n=3) at ./src/cart.cc:41"),
            "shop::Cart::total src/cart.cc 41");
  EXPECT_EQ(of(" 0# boost::stacktrace::f() at /usr/include/x.hpp:3\n 1# shop::pay(int) at "
               "/app/pay.cc:12"),
            "shop::pay(int) /app/pay.cc 12");
}

TEST(ThrowingFrame, IsAbsentFromOtherText) {
  EXPECT_FALSE(throwing_frame(""));
  EXPECT_FALSE(throwing_frame("#0 0x55 in f() (/lib/x.so+0x12)\n# 3 of 4\n#\n12# "));
  EXPECT_FALSE(throwing_frame("at x(App.js:3:5)\nat ()\nat (\nFile \"a"));
  EXPECT_EQ(throwing_frame("at main(Main.java:99999999999)")->line, 0U);
  EXPECT_EQ(throwing_frame("at a.B.c(B.java)")->file, "a/B.java");
}

TEST(Otlp, ReadsOneDocumentALineAndTheOldNameOfScopes) {
  std::string first = span_with(R"("kind":2)");
  const std::string second =
      R"({"resourceSpans":[{"instrumentationLibrarySpans":[{"spans":[{"traceId":"3","spanId":"4"}]}]}]})";
  const Recorder recorder = read(first + "\r\n" + second + "\n");
  ASSERT_EQ(recorder.spans.size(), 2U);
  EXPECT_EQ(recorder.spans[1].id, "0000000000000004");
  EXPECT_EQ(recorder.spans[1].service, "");
}

TEST(Otlp, KeepsTheLinesAroundABadOne) {
  const std::string good = span_with(R"("kind":2)");
  std::string other = good;
  other.replace(other.find("\"0a\""), 4, "\"0b\"");
  const Recorder recorder = read(good + "\n{\"resourceSpans\": [}\n" + other + "\n" + "{\"resour");
  EXPECT_EQ(recorder.spans.size(), 2U);
  ASSERT_EQ(recorder.warnings.size(), 3U);
  EXPECT_EQ(recorder.warnings[0].place, (Place{"t.json", 2, 20}));
  EXPECT_EQ(recorder.warnings[0].excerpt, "{\"resourceSpans\": [}");
  EXPECT_EQ(recorder.warnings[0].caret, 19U);
  EXPECT_EQ(recorder.warnings[1].place.line, 4U);
  EXPECT_THAT(recorder.warnings[1].what, HasSubstr("cut off"));
  EXPECT_THAT(recorder.warnings[2].what, HasSubstr("2 of 4 records were skipped"));
}

TEST(Otlp, SkipsSpansWithoutIdsAndSaysWhere) {
  Recorder recorder;
  const std::string bytes =
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\n  {\"spanId\":\"1\"}\n]}]}]}";
  ASSERT_TRUE(read_otlp({"t.json", bytes}, recorder));
  EXPECT_TRUE(recorder.spans.empty());
  // The missing service, the missing id, the share skipped.
  ASSERT_EQ(recorder.warnings.size(), 3U);
  EXPECT_EQ(recorder.warnings[1].place, (Place{"t.json", 2, 3}));
  EXPECT_THAT(recorder.warnings[1].what, HasSubstr("without traceId"));
}

TEST(Otlp, FoldsRepeatedWarnings) {
  std::string spans = "{}";
  for (int i = 0; i < 9; ++i) spans += ",{}";
  const Recorder recorder = read(R"({"resourceSpans":[{"resource":{"attributes":[)" +
                                 attribute("service.name", R"("stringValue":"s")") +
                                 R"(]},"scopeSpans":[{"spans":[)" + spans + "]}]}]}");
  ASSERT_EQ(recorder.warnings.size(), 5U);
  EXPECT_EQ(recorder.warnings[3].what, "7 further warnings of this kind: spans without ids");
  EXPECT_THAT(recorder.warnings[4].what, HasSubstr("10 of 10 records were skipped"));
}

TEST(Otlp, RepairsSpansThatEndBeforeTheyStart) {
  const Recorder recorder = read(span_with(R"("startTimeUnixNano":"10","endTimeUnixNano":"4")"));
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].duration_ns, 0);
  EXPECT_EQ(recorder.warnings.size(), 1U);
}

TEST(Otlp, SkipsSpansWhoseTimesAreNoTimes) {
  for (const char* time : {R"("18446744073709551615")", R"("99999999999999999999999")", "\"soon\"",
                           "-5", "1e300", "[]", "true"}) {
    const Recorder recorder = read(span_with(std::string(R"("startTimeUnixNano":)") + time));
    EXPECT_TRUE(recorder.spans.empty()) << time;
    ASSERT_EQ(recorder.warnings.size(), 2U) << time;
    EXPECT_THAT(recorder.warnings[0].what, HasSubstr("not nanoseconds")) << time;
  }
}

TEST(Otlp, RejectsADocumentThatIsCutOff) {
  Recorder recorder;
  const std::string whole = span_with(R"("kind":2)");
  const auto result = read_otlp({"t.json", "{\n" + whole.substr(1, 30) + "\n"}, recorder);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().place, (Place{"t.json", 2, 31}));
  EXPECT_THAT(result.error().what, HasSubstr("cut off"));
  EXPECT_EQ(result.error().caret, 30U);
}

TEST(Otlp, RejectsWhatIsNotJsonWithPlaceAndCaret) {
  Recorder recorder;
  const auto result = read_otlp({"t.json", "{\"resourceSpans\":\n  [nope]}"}, recorder);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().place.line, 2U);
  EXPECT_EQ(result.error().excerpt, "  [nope]}");
  EXPECT_GE(result.error().caret, 3U);
  EXPECT_THAT(result.error().what, HasSubstr("not valid JSON"));
  EXPECT_FALSE(read_otlp({"t.json", ""}, recorder));
  EXPECT_FALSE(read_otlp({"t.json", "{\"a\":1}"}, recorder));
  EXPECT_FALSE(read_otlp({"t.json", "resourceSpans"}, recorder));
}

TEST(Otlp, BoundsNesting) {
  const auto nested = [](std::size_t levels) {
    return R"({"resourceSpans":[],"x":)" + std::string(levels, '[') + std::string(levels, ']') +
           "}";
  };
  Recorder recorder;
  EXPECT_TRUE(read_otlp({"t.json", nested(255)}, recorder));
  const auto result = read_otlp({"t.json", nested(256)}, recorder);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().what, HasSubstr("256"));
  EXPECT_EQ(result.error().place.column, 24U + 256U);
  EXPECT_FALSE(read_otlp({"t.json", "[" + std::string(5'000'000, '[')}, recorder));
}

TEST(Otlp, ReadsBytesThatAreNotUtf8AsQuestionMarks) {
  const Recorder recorder =
      read(document("\"traceId\":\"1\",\"spanId\":\"2\",\"name\":\"caf\xe9 \xc3\xa9\""));
  ASSERT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.spans[0].operation, "caf? \xc3\xa9");
  EXPECT_EQ(recorder.warnings.size(), 1U);
}

TEST(Otlp, DropsCopiesOfASpanAndReportsOtherSpansOfTheSameId) {
  const std::string a = R"({"traceId":"1","spanId":"2","name":"a"})";
  const std::string b = R"({"traceId":"1","spanId":"2","name":"b"})";
  const std::string c = R"({"traceId":"1","spanId":"2","name":"c","kind":2})";
  const Recorder recorder =
      read(R"({"resourceSpans":[{"resource":{"attributes":[)" +
           attribute("service.name", R"("stringValue":"s")") + R"(]},"scopeSpans":[{"spans":[)" +
           a + "," + a + "," + b + "," + c + "]}]}]}");
  ASSERT_EQ(recorder.spans.size(), 2U);
  EXPECT_EQ(recorder.spans[1].operation, "c");
  ASSERT_EQ(recorder.warnings.size(), 2U);
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("0000000000000002"));
  EXPECT_THAT(recorder.warnings[1].what, HasSubstr("1 of 4 records were skipped"));
}

TEST(Otlp, RecognisesItsDocuments) {
  Head head;
  head.shape = Head::Shape::kJsonObject;
  head.keys = {"resourceSpans"};
  EXPECT_TRUE(accepts_otlp(head));
  EXPECT_FALSE(accepts_jaeger(head));
  head.keys = {"files", "gcc_version"};
  EXPECT_FALSE(accepts_otlp(head));
  head.shape = Head::Shape::kText;
  EXPECT_FALSE(accepts_otlp(head));
}

}  // namespace
}  // namespace culprit
