#include "pipeline/trace_join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/packer.h"
#include "culprit/localize.h"

#include "score/trees_of.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::int64_t kMs = 1'000'000;

Span span(std::string trace, std::string method, std::string path, std::int64_t from_ms,
          std::int64_t length_ms) {
  Span span;
  span.trace = std::move(trace);
  static int count = 0;
  span.id = std::to_string(++count);
  span.http_method = std::move(method);
  span.http_path = std::move(path);
  span.start_ns = from_ms * kMs;
  span.duration_ns = length_ms * kMs;
  return span;
}

Request request(std::string run, std::string method, std::string url, std::int64_t time_ms,
                double latency_ms) {
  Request request;
  request.run = std::move(run);
  request.method = std::move(method);
  request.url = std::move(url);
  request.time_ns = time_ms * kMs;
  request.latency_ms = latency_ms;
  return request;
}

TraceJoin join(const std::vector<Span>& spans, const std::vector<Request>& requests,
               double skew_ms = 10) {
  return join_traces(TreesOf(spans).trees, requests, {}, skew_ms);
}

TEST(TraceJoin, TakesTheTraceIdThenThePlaceThenEndpointAndTime) {
  Request traced = request("r1", "GET", "/a", 1000, 50);
  traced.trace = "t1";
  const std::vector<Request> requests = {traced, request("r2", "GET", "http://h/a?x=1", 2000, 50)};
  const TreesOf made(
      std::vector{span("t1", "GET", "/a", 9000, 1), span("t2", "GET", "/a", 2010, 20),
                  span("t3", "GET", "/a", 2010, 20), span("t4", "GET", "/a", 1010, 20)});
  const TraceJoin joined = join_traces(made.trees, requests, {{"t3", "r3"}}, 10);
  EXPECT_EQ(joined.traces, 4U);
  EXPECT_EQ(joined.by_id, 1U);
  EXPECT_EQ(joined.by_place, 1U);
  EXPECT_EQ(joined.by_endpoint, 1U);
  // The request at that time carries another trace's id.
  EXPECT_EQ(joined.in_no_request, 1U);
  EXPECT_EQ(joined.lost(), 1U);
  EXPECT_THAT(joined.request_of_trace, ElementsAre(Pair("t2", 1U)));
  EXPECT_THAT(joined.run_of_trace, ElementsAre(Pair("t2", "r2"), Pair("t3", "r3")));
}

TEST(TraceJoin, ClocksMayDifferByTheSkewAndNoMore) {
  const std::vector<Request> requests = {request("r", "GET", "/a", 1000, 50)};
  for (const auto& [from_ms, length_ms, joins] :
       {std::tuple(1060, 5, true), std::tuple(1061, 5, false), std::tuple(980, 10, true),
        std::tuple(979, 10, false)}) {
    const TraceJoin joined = join({span("t", "GET", "/a", from_ms, length_ms)}, requests);
    EXPECT_EQ(joined.by_endpoint, joins ? 1U : 0U) << from_ms;
    EXPECT_EQ(joined.in_no_request, joins ? 0U : 1U) << from_ms;
  }
  EXPECT_EQ(join({span("t", "GET", "/a", 1049, 5)}, requests, 0).by_endpoint, 1U);
  EXPECT_EQ(join({span("t", "GET", "/a", 1051, 5)}, requests, 0).by_endpoint, 0U);
}

TEST(TraceJoin, MethodsAndPathsMustFit) {
  const std::vector<std::tuple<std::string, std::string, std::string, std::string, bool>> cases = {
      {"GET", "/orders/7", "get", "http://shop:80/orders/7/?full=1", true},
      {"POST", "/orders/7", "GET", "/orders/7", false},
      {"", "/orders/7", "GET", "/orders/7", true},
      {"GET", "/orders/7", "GET", "/orders/8", false},  // both told as sent
      {"GET", "/orders/{id}", "GET", "/orders/8", true},
      {"GET", "/orders/:id/items", "GET", "/orders/bob/items", true},
      {"GET", "/orders/{id}", "GET", "/orders/8/items", false},
      {"GET", "/orders", "GET", "/carts", false},
      {"GET", "/", "GET", "http://shop", true},
      {"GET", "/go", "GET", "/go?to=http://x/y", true},
  };
  for (const auto& [method, path, sent_method, url, joins] : cases) {
    const TraceJoin joined =
        join({span("t", method, path, 1000, 5)}, {request("r", sent_method, url, 1000, 5)});
    EXPECT_EQ(joined.by_endpoint, joins ? 1U : 0U) << method << ' ' << path << " of " << url;
  }
}

TEST(TraceJoin, TheNameOfASpanMayTellTheEndpoint) {
  for (const char* name : {"GET /a/b", "GET:/a/b", "{GET}/a/b", "/a/b"}) {
    Span named = span("t", "", "", 1000, 5);
    named.operation = name;
    EXPECT_EQ(join({named}, {request("r", "GET", "/a/b", 1000, 5)}).by_endpoint, 1U) << name;
    const bool tells_method = *name != '/';
    EXPECT_EQ(join({named}, {request("r", "PUT", "/a/b", 1000, 5)}).by_endpoint,
              tells_method ? 0U : 1U)
        << name;
  }
  Span other = span("t", "", "", 1000, 5);
  other.operation = "Cart.add";
  EXPECT_EQ(join({other}, {request("r", "GET", "/a", 1000, 5)}).without_endpoint, 1U);
}

// What the services call behind it is no request of the client.
TEST(TraceJoin, TheFirstHttpSpanOfATraceTellsItsEndpoint) {
  Span inner = span("t", "GET", "/stock", 1005, 5);
  Span cause = span("t", "", "", 999, 20);
  const std::vector<Span> spans = {inner, span("t", "POST", "/order", 1000, 15), cause};
  EXPECT_THAT(join(spans, {request("r1", "GET", "/stock", 1005, 5),
                           request("r2", "POST", "/order", 1000, 16)})
                  .run_of_trace,
              ElementsAre(Pair("t", "r2")));
}

TEST(TraceJoin, SeveralRequestsOfOneRunGiveTheRunAndOfSeveralRunsNothing) {
  const std::vector<Span> spans = {span("t", "GET", "/a", 1000, 5)};
  const TraceJoin one =
      join(spans, {request("r", "GET", "/a", 1000, 5), request("r", "GET", "/a", 1003, 5)});
  EXPECT_EQ(one.by_endpoint, 1U);
  EXPECT_THAT(one.run_of_trace, ElementsAre(Pair("t", "r")));
  EXPECT_THAT(one.request_of_trace, IsEmpty());

  const TraceJoin two =
      join(spans, {request("r", "GET", "/a", 1000, 5), request("s", "GET", "/a", 1003, 5)});
  EXPECT_EQ(two.in_several_runs, 1U);
  EXPECT_THAT(two.run_of_trace, IsEmpty());
}

TEST(TraceJoin, ARequestHasOneTrace) {
  const std::vector<Span> spans = {span("t1", "GET", "/a", 1000, 5),
                                   span("t2", "GET", "/a", 1001, 5)};
  const TraceJoin in_run = join(spans, {request("r", "GET", "/a", 1000, 5)});
  EXPECT_EQ(in_run.by_endpoint, 2U);
  EXPECT_THAT(in_run.request_of_trace, IsEmpty());
  EXPECT_THAT(in_run.run_of_trace, ElementsAre(Pair("t1", "r"), Pair("t2", "r")));

  const TraceJoin in_none = join(spans, {request("", "GET", "/a", 1000, 5)});
  EXPECT_EQ(in_none.in_several_runs, 2U);
  EXPECT_THAT(in_none.request_of_trace, IsEmpty());
}

TEST(TraceJoin, ALongRequestDoesNotHideBehindShortOnes) {
  std::vector<Request> requests = {request("long", "GET", "/a", 0, 5000)};
  for (int i = 1; i < 50; ++i) requests.push_back(request("short", "GET", "/a", i * 10, 1));
  EXPECT_THAT(join({span("t", "GET", "/a", 4000, 5)}, requests).run_of_trace,
              ElementsAre(Pair("t", "long")));
}

TEST(TraceJoin, TimesOutOfRangeAreNoTrouble) {
  Span last = span("t", "GET", "/a", 0, 0);
  last.start_ns = std::numeric_limits<std::int64_t>::max() - 5;
  last.duration_ns = std::numeric_limits<std::int64_t>::max();
  Request far = request("r", "GET", "/a", 0, 1e300);
  far.time_ns = std::numeric_limits<std::int64_t>::max() - 1;
  EXPECT_EQ(join({last}, {far}, 1e6).by_endpoint, 1U);
  last.start_ns = std::numeric_limits<std::int64_t>::min();
  last.duration_ns = 0;
  EXPECT_EQ(join({last}, {far}, 1e6).by_endpoint, 0U);
}

std::string zipkin_span(const std::string& trace, const std::string& path, std::int64_t start_us,
                        bool error) {
  return R"({"traceId":")" + trace + R"(","id":"1","kind":"SERVER","name":"get","timestamp":)" +
         std::to_string(start_us) + R"(,"duration":1000,"localEndpoint":{"serviceName":"cart"},)" +
         R"("tags":{"http.method":"GET","http.path":")" + path + "\"" +
         (error ? R"(,"error":"x")" : "") + "}}";
}

// Three failing and three passing requests whose traces only their time tells, one trace of nobody,
// and one of another path.
TEST(TraceJoin, TheReportSaysHowManyTracesCouldNotBeJoined) {
  const Folder folder;
  std::string spans;
  std::string rows;
  for (int i = 0; i < 6; ++i) {
    const std::string run = "r" + std::to_string(i);
    const bool bad = i < 3;
    folder.write(run + "/a.info",
                 std::string("SF:a.cc\nDA:1,1\nDA:2,") + (bad ? "1" : "0") + "\nend_of_record\n");
    rows += R"({"run":")" + run + R"(","method":"GET","url":"/cart","status":)" +
            (bad ? "500" : "200") + R"(,"latency_ms":3,"time":)" +
            std::to_string(1'700'000'000 + i) + "}\n";
    spans +=
        zipkin_span("a" + std::to_string(i), "/cart", 1'700'000'000'001'000 + i * 1'000'000, bad) +
        ",";
  }
  spans += zipkin_span("b1", "/cart", 1'700'000'000'500'000, true) + ",";
  spans += zipkin_span("b2", "/other", 1'700'000'000'001'000, true);
  folder.write("responses.jsonl", rows);
  folder.write("traces/zipkin.json", "[" + spans + "]");
  Query query;
  query.runs = folder.path();
  const Result<Report> report = localize(query);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->traces, 8U);
  EXPECT_THAT(report->notes,
              Contains("2 of 8 traces could not be joined to a run (2 with no request to their "
                       "endpoint at their time); 6 traces were joined by endpoint and time, clocks "
                       "taken to differ by at most 10 ms"));
  ASSERT_FALSE(report->suspects.empty());
  EXPECT_EQ(report->suspects[0].service, "cart");
  // The traces that fail are those of failing requests: the two of nobody are not counted.
  EXPECT_EQ(report->suspects[0].counts, (Counts{3, 0, 0, 3}));

  query.settings = {{"trace-skew-ms", "498"}};
  EXPECT_THAT(localize(query)->notes, Contains(HasSubstr("1 of 8 traces")));
}

}  // namespace
}  // namespace culprit
