#include "score/clusters.h"

#include <gmock/gmock.h>

#include "score/trees_of.h"

namespace culprit {
namespace {

using ::testing::ElementsAre;

Span span_of(const std::string& id, const std::string& parent, const std::string& service,
             std::int64_t start_ns, bool error, int status = 0) {
  Span span;
  span.trace = "t";
  span.id = id;
  span.parent = parent;
  span.service = service;
  span.operation = "GET /" + service + "/17";
  span.kind = SpanKind::kServer;
  span.start_ns = start_ns;
  span.error = error;
  span.http_status = status;
  return span;
}

// printf 'POST /orders\x1fhttp-5xx\x1fpayment\x1fPOST /payments' | sha256sum
TEST(Clusters, HaveTheDigestOfTheirSignatureAsFingerprint) {
  EXPECT_EQ(fingerprint_of({"POST /orders", "http-5xx", "payment", "POST /payments"}),
            "clc/v1:56f55d30897b7f8481b15d03fa8c5a5e");
}

TEST(Clusters, KeepFieldsApart) {
  EXPECT_NE(fingerprint_of({"a", "b", "", ""}), fingerprint_of({"ab", "", "", ""}));
}

TEST(Clusters, GroupFailingRunsBySignatureLargestFirst) {
  const FailureSignature odd{"GET /a", "http-5xx", "s", "op"};
  const FailureSignature usual{"GET /b", "assertion", "", ""};
  const std::vector<RunSymptom> runs = {{"r1", {"GET /a"}, odd},
                                        {"r2", {"GET /b"}, usual},
                                        {"r3", {"GET /a", "GET /b"}, std::nullopt},
                                        {"r4", {"GET /b"}, usual}};
  const std::vector<FailureCluster> clusters = cluster_failures(runs);
  ASSERT_EQ(clusters.size(), 2U);
  EXPECT_EQ(clusters[0].signature, usual);
  EXPECT_THAT(clusters[0].runs, ElementsAre("r2", "r4"));
  EXPECT_EQ(clusters[0].endpoint_runs, 3U);
  EXPECT_THAT(clusters[1].runs, ElementsAre("r1"));
  EXPECT_EQ(clusters[1].endpoint_runs, 2U);
  EXPECT_EQ(clusters[1].fingerprint, fingerprint_of(odd));
}

TEST(Clusters, DoNotDependOnTheOrderOfRuns) {
  const FailureSignature a{"GET /a", "http-5xx", "", ""};
  const FailureSignature b{"GET /b", "http-5xx", "", ""};
  const std::vector<RunSymptom> one = {{"r1", {"GET /a"}, a}, {"r2", {"GET /b"}, b}};
  const std::vector<RunSymptom> other = {{"r2", {"GET /b"}, b}, {"r1", {"GET /a"}, a}};
  EXPECT_EQ(cluster_failures(one)[0].fingerprint, cluster_failures(other)[0].fingerprint);
}

TEST(Clusters, BlameTheDeepestSpanInErrorThatBeganFirst) {
  const std::vector<Span> spans = {
      span_of("1", "", "gateway", 0, true, 500), span_of("2", "1", "stock", 10, false, 200),
      span_of("3", "1", "payment", 20, true, 500), span_of("4", "1", "mail", 30, true, 500)};
  const TreesOf made(spans);
  const std::vector<TraceTree>& trees = made.trees;
  const auto first = first_failing_span(trees[0], "http-5xx");
  ASSERT_TRUE(first);
  EXPECT_EQ(trees[0].facts(*first).service, "payment");
  EXPECT_EQ(operation_of(trees[0].facts(*first)), "GET /payment/{}");
}

TEST(Clusters, ForgetWhatTheHolesOfARouteAreCalled) {
  Span span;
  span.operation = "POST /orders/{reference}/lines/17/cancel";
  EXPECT_EQ(operation_of(span), "POST /orders/{}/lines/{}/cancel");
  span.operation = "GET /odd/{unfinished";
  EXPECT_EQ(operation_of(span), "GET /odd/{unfinished");
  span.operation = "charge card";
  EXPECT_EQ(operation_of(span), "charge card");
}

TEST(Clusters, TakeARefusalForTheFailureOnlyWhereTheRequestWasRefused) {
  const std::vector<Span> spans = {span_of("1", "", "gateway", 0, false, 200),
                                   span_of("2", "1", "orders", 10, true, 404)};
  const TreesOf made(spans);
  const std::vector<TraceTree>& trees = made.trees;
  EXPECT_FALSE(first_failing_span(trees[0], "assertion"));
  EXPECT_TRUE(first_failing_span(trees[0], "http-4xx"));
}

// Parents in a circle are damage that no reader refuses.
TEST(Clusters, FindNoFirstSpanInACircleAndDoNotHang) {
  const std::vector<Span> spans = {span_of("1", "2", "a", 0, true),
                                   span_of("2", "1", "b", 1, true)};
  EXPECT_FALSE(first_failing_span(TreesOf(spans).trees[0], "http-5xx"));
}

TEST(Clusters, TellKindsOfFailureByStatusThenByWhatTheToolSaid) {
  const auto kind = [](auto set) {
    Request request;
    set(request);
    return std::string(kind_of_failure(request, Outcome::failed("")));
  };
  EXPECT_EQ(kind([](Request& r) { r.status = 503, r.verdict = Verdict::kFailed; }), "http-5xx");
  EXPECT_EQ(kind([](Request& r) { r.status = 404, r.verdict = Verdict::kFailed; }), "http-4xx");
  EXPECT_EQ(kind([](Request& r) { r.status = 200, r.verdict = Verdict::kFailed; }), "assertion");
  EXPECT_EQ(kind([](Request& r) { r.status = 0; }), "no-response");
  EXPECT_EQ(kind([](Request& r) { r.status = 408, r.error = "Timed out"; }), "timeout");
  EXPECT_EQ(kind([](Request& r) { r.status = 200, r.grpc_status = 13; }), "grpc-error");
  EXPECT_EQ(kind([](Request& r) { r.status = 200, r.failing_body = 0; }), "body");
  EXPECT_EQ(kind([](Request& r) { r.status = 200; }), "stated");
  Request slow;
  slow.status = 200;
  EXPECT_EQ(kind_of_failure(slow, {Verdict::kFailed, 0.8, "latency"}), "latency");
}

TEST(Clusters, TellTheWayToTheFailingSpan) {
  std::vector<Span> spans = {
      span_of("1", "", "gateway", 0, true, 500), span_of("2", "1", "orders", 1, true, 500),
      span_of("3", "2", "stock", 2, false, 200), span_of("4", "2", "payment", 3, true, 500)};
  spans[3].code_file = "src/pay.cc";
  spans[3].code_line = 12;
  const TreesOf made(spans);
  const std::vector<TraceTree>& trees = made.trees;
  const auto first = first_failing_span(trees[0], "http-5xx");
  ASSERT_TRUE(first);
  const std::vector<TraceStep> way = way_to(trees[0], *first);
  ASSERT_EQ(way.size(), 3U);
  EXPECT_EQ(way[0].service, "gateway");
  EXPECT_EQ(way[1].operation, "GET /orders/{}");
  EXPECT_EQ(way[2].file, "src/pay.cc");
  EXPECT_EQ(way[2].line, 12U);
}

TEST(Clusters, WalkNoCircleOfParentsForEver) {
  const std::vector<Span> spans = {span_of("1", "2", "a", 0, true, 500),
                                   span_of("2", "1", "b", 1, true, 500)};
  EXPECT_LE(way_to(TreesOf(spans).trees[0], 0).size(), 200U);
}

}  // namespace
}  // namespace culprit
