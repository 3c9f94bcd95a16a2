#include "label/label.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace culprit {
namespace {

Request request(std::string run, std::string url, int status) {
  Request result;
  result.run = std::move(run);
  result.method = "GET";
  result.url = std::move(url);
  result.status = status;
  return result;
}

Request timed(std::string run, std::int64_t time_ns, int status = 200) {
  Request result = request(std::move(run), "/a", status);
  result.time_ns = time_ns;
  return result;
}

Request slow(std::string run, double latency_ms) {
  Request result = request(std::move(run), "/a", 200);
  result.latency_ms = latency_ms;
  return result;
}

std::vector<Request> copies(std::size_t count, const Request& each) {
  return std::vector<Request>(count, each);
}

void append(std::vector<Request>& to, const std::vector<Request>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Outcome outcome_of(const std::vector<Request>& requests, const LabelPolicy& policy = {},
                   const Outcome& stated = {}) {
  const std::vector<RunFacts> runs = {{"r", stated}};
  return label(runs, requests, policy).runs.at(0);
}

TEST(Label, ServerErrorFailsTheRunAndNamesEndpointAndStatus) {
  const Outcome outcome = outcome_of({request("r", "/order/17", 200), request("r", "/pay/9", 500)});
  EXPECT_EQ(outcome, (Outcome{Verdict::kFailed, 1, "GET /pay/{}: status 500"}));
}

TEST(Label, GoodStatusesPass) {
  EXPECT_EQ(outcome_of({request("r", "/a", 204)}), Outcome::passed("GET /a: status 204"));
  EXPECT_EQ(outcome_of({request("r", "/a", 200), request("r", "/b", 302)}),
            Outcome::passed("all 2 requests passed"));
}

TEST(Label, NoResponseFailsWithTheToolsOwnWords) {
  Request refused = request("r", "/a", 0);
  refused.error = "connection refused";
  EXPECT_EQ(outcome_of({refused}), Outcome::failed("GET /a: no response: connection refused"));
  Request without_status = request("r", "/a", 0);
  without_status.status.reset();
  without_status.error = "EOF";
  EXPECT_EQ(outcome_of({without_status}), Outcome::failed("GET /a: error without a response: EOF"));
}

TEST(Label, ATimeoutWrittenAs408Fails) {
  Request request_timeout = request("r", "/a", 408);
  request_timeout.error = "Timeout";
  EXPECT_EQ(outcome_of({request_timeout}), Outcome::failed("GET /a: timeout"));
}

TEST(Label, RunsWithoutAnythingToGoByAreUnknown) {
  const Outcome outcome = outcome_of({});
  EXPECT_EQ(outcome.verdict, Verdict::kUnknown);
  EXPECT_EQ(outcome.weight, 0);
  EXPECT_EQ(outcome.reason, "no request and no rule tells its outcome");
  Request nothing;
  nothing.run = "r";
  EXPECT_EQ(outcome_of({nothing}).verdict, Verdict::kUnknown);
}

TEST(Label, ClientErrorFailsOnlyWhereTheEndpointSeldomGivesIt) {
  // 1 of 20 = 0.05, the largest share that counts as seldom.
  std::vector<Request> requests = copies(19, request("other", "/a", 200));
  requests.push_back(request("r", "/a", 404));
  EXPECT_EQ(outcome_of(requests),
            Outcome::failed("GET /a: status 404, which this endpoint seldom gives"));
  // 2 of 21.
  requests.push_back(request("other", "/a", 400));
  EXPECT_EQ(outcome_of(requests), Outcome::passed("GET /a: status 404, usual for this endpoint"));
}

TEST(Label, ClientErrorPassesWhereTheEndpointHasTooFewRequests) {
  std::vector<Request> requests = copies(18, request("other", "/a", 200));
  requests.push_back(request("r", "/a", 404));
  EXPECT_EQ(outcome_of(requests).verdict, Verdict::kPassed);
}

TEST(Label, AnswersThatAreAlways4xxDoNotFailEveryRun) {
  // What AnoMod's SocialNetwork answers in its normal run too.
  std::vector<Request> requests = copies(120, request("r", "/wrk2-api/user/login", 400));
  append(requests, copies(30, request("r", "/wrk2-api/post/compose", 404)));
  EXPECT_EQ(outcome_of(requests), Outcome::passed("all 150 requests passed"));
}

TEST(Label, TheToolsVerdictOverrulesTheStatus) {
  Request expected_error = request("r", "/a", 500);
  expected_error.verdict = Verdict::kPassed;
  EXPECT_EQ(outcome_of({expected_error}), Outcome::passed("GET /a: verdict passed"));
  Request assertion = request("r", "/a", 200);
  assertion.verdict = Verdict::kFailed;
  assertion.error = "expected 3 items";
  EXPECT_EQ(outcome_of({assertion}), Outcome::failed("GET /a: verdict failed: expected 3 items"));
  LabelPolicy policy;
  policy.use_verdict = false;
  EXPECT_EQ(outcome_of({assertion}, policy).verdict, Verdict::kPassed);
}

TEST(Label, WhatTheCoverageInputStatesOverrulesRequests) {
  EXPECT_EQ(outcome_of({request("r", "/a", 200)}, {}, Outcome::failed("matrix.txt")),
            Outcome::failed("matrix.txt"));
}

TEST(Label, OutcomesRulesComeFirstAndTheFirstMatchWins) {
  LabelPolicy policy;
  policy.outcomes = {{"x*", {}, {}, Verdict::kPassed},
                     {"r*", {}, {}, Verdict::kPassed},
                     {"*", {}, {}, Verdict::kFailed}};
  EXPECT_EQ(outcome_of({request("r", "/a", 500)}, policy, Outcome::failed("matrix.txt")),
            Outcome::passed("culprit.toml [[outcomes]] 2"));
  EXPECT_EQ(outcome_of({}, policy), Outcome::passed("culprit.toml [[outcomes]] 2"));
}

TEST(Label, ARuleMayCallARunUnknown) {
  LabelPolicy policy;
  policy.outcomes = {{"*", {}, {}, Verdict::kUnknown}};
  EXPECT_EQ(outcome_of({request("r", "/a", 500)}, policy).verdict, Verdict::kUnknown);
}

TEST(Label, AWindowIncludesBothItsEnds) {
  LabelPolicy policy;
  policy.outcomes = {{"*", 100, 200, Verdict::kFailed}};
  for (const auto& [time, verdict] :
       {std::pair{99, Verdict::kPassed}, std::pair{100, Verdict::kFailed},
        std::pair{200, Verdict::kFailed}, std::pair{201, Verdict::kPassed}}) {
    EXPECT_EQ(outcome_of({timed("r", time)}, policy).verdict, verdict) << time;
  }
  EXPECT_EQ(outcome_of({request("r", "/a", 200)}, policy).verdict, Verdict::kPassed)
      << "a request of unknown time is in no window";
}

TEST(Label, AWindowMayBeOpenAtOneEnd) {
  LabelPolicy policy;
  policy.outcomes = {{"*", 100, {}, Verdict::kFailed}, {"*", {}, {}, Verdict::kPassed}};
  EXPECT_EQ(outcome_of({timed("r", 5'000)}, policy).verdict, Verdict::kFailed);
  EXPECT_EQ(outcome_of({timed("r", 50, 500)}, policy),
            Outcome::passed("culprit.toml [[outcomes]] 2"));
  EXPECT_EQ(outcome_of({timed("r", 50), timed("r", 150)}, policy),
            Outcome::failed("GET /a: culprit.toml [[outcomes]] 1"));
}

TEST(Label, TheLastAttemptOfARetriedRequestCounts) {
  EXPECT_EQ(outcome_of({request("r", "/a", 503), request("r", "/a", 503), request("r", "/a", 200)})
                .verdict,
            Verdict::kPassed);
  EXPECT_EQ(outcome_of({request("r", "/a", 503), request("r", "/a", 500)}),
            Outcome::failed("GET /a: status 500"));
  EXPECT_EQ(outcome_of({request("r", "/a", 200), request("r", "/a", 500)}).verdict,
            Verdict::kFailed);
}

TEST(Label, OnlyTheSameRequestNextInTheSameRunIsARetry) {
  EXPECT_EQ(outcome_of({request("r", "/a?id=1", 500), request("r", "/a?id=2", 200)}).verdict,
            Verdict::kFailed);
  EXPECT_EQ(outcome_of({request("r", "/a", 500), request("r", "/b", 200), request("r", "/a", 200)})
                .verdict,
            Verdict::kFailed);
  EXPECT_EQ(outcome_of({request("r", "/a", 500), request("other", "/a", 200)}).verdict,
            Verdict::kFailed);
  Request post = request("r", "/a", 200);
  post.method = "POST";
  EXPECT_EQ(outcome_of({request("r", "/a", 500), post}).verdict, Verdict::kFailed);
}

TEST(Label, AttemptsAreInTheOrderOfTheirTimes) {
  EXPECT_EQ(outcome_of({timed("r", 200, 200), timed("r", 100, 500)}).verdict, Verdict::kPassed);
}

// 20 requests of 100 ms: threshold max(100, 100, 200) = 200 ms. The slow one would itself be the
// 99th percentile, so it stays out of the baseline only when others were called good.
std::vector<Request> called_good() {
  Request good = slow("good", 100);
  good.verdict = Verdict::kPassed;
  return copies(20, good);
}

TEST(Label, SlownessGivesAWeightNotCertainty) {
  std::vector<Request> requests = called_good();
  requests.push_back(slow("r", 400));
  // z = (400 - 100) / (200 - 100) = 3, weight 3/4.
  EXPECT_EQ(outcome_of(requests),
            (Outcome{Verdict::kFailed, 0.75, "GET /a: latency 400 ms, threshold 200 ms"}));
}

TEST(Label, TwoSlowRequestsMakeTheFailureMoreLikely) {
  std::vector<Request> requests = called_good();
  requests.push_back(slow("r", 400));   // 3/4
  requests.push_back(slow("r", 1000));  // 9/10
  const Outcome outcome = outcome_of(requests);
  EXPECT_DOUBLE_EQ(outcome.weight, 1 - 0.25 * 0.1);
  EXPECT_EQ(outcome.reason, "GET /a: latency 1000 ms, threshold 200 ms (and 1 more that failed)");
}

TEST(Label, SlownessNeverOverrulesAnExplicitWord) {
  std::vector<Request> requests = called_good();
  Request slow_but_good = slow("r", 5000);
  slow_but_good.verdict = Verdict::kPassed;
  requests.push_back(slow_but_good);
  LabelPolicy policy;
  policy.outcomes = {{"r", std::nullopt, std::nullopt, Verdict::kPassed}};
  EXPECT_EQ(outcome_of(requests, policy).verdict, Verdict::kPassed);
  requests.push_back(request("other", "/b", 500));
  EXPECT_EQ(outcome_of(requests).verdict, Verdict::kPassed);
}

TEST(Label, WithoutWordsTheBaselineIsAllThatDidNotFail) {
  // 199 x 100 ms and one of 400 ms: the 99th percentile is the 198th, 100 ms; threshold 200 ms.
  std::vector<Request> requests = copies(199, slow("other", 100));
  requests.push_back(slow("r", 400));
  // Failures are often slow: they must not widen the baseline.
  for (int i = 0; i < 50; ++i) {
    requests.push_back(slow("other", 30'000));
    requests.back().status = 500;
  }
  EXPECT_DOUBLE_EQ(outcome_of(requests).weight, 0.75);
}

TEST(Label, TooFewSamplesOrNoUseOfLatencyMakeNoBaseline) {
  std::vector<Request> requests = called_good();
  requests.erase(requests.begin(), requests.begin() + 2);
  requests.push_back(slow("r", 4000));  // 19 in all
  EXPECT_EQ(outcome_of(requests).verdict, Verdict::kPassed);
  requests = called_good();
  requests.push_back(slow("r", 4000));
  LabelPolicy policy;
  policy.use_latency = false;
  EXPECT_EQ(outcome_of(requests, policy).verdict, Verdict::kPassed);
}

TEST(Label, AnObjectiveReplacesTheBaseline) {
  LabelPolicy policy;
  policy.slo_ms = 300;
  // No samples: the median is taken as 150; z = (600 - 150) / 150 = 3.
  EXPECT_DOUBLE_EQ(outcome_of({slow("r", 600)}, policy).weight, 0.75);
  EXPECT_EQ(outcome_of({slow("r", 300)}, policy).verdict, Verdict::kPassed);
  // 20 samples of 100 ms: z = (700 - 100) / 200 = 3.
  std::vector<Request> requests = called_good();
  requests.push_back(slow("r", 700));
  EXPECT_DOUBLE_EQ(outcome_of(requests, policy).weight, 0.75);
  // A median above the objective cannot scale it: half the objective again.
  policy.slo_ms = 80;
  requests.back().latency_ms = 160;  // z = (160 - 40) / 40 = 3
  EXPECT_DOUBLE_EQ(outcome_of(requests, policy).weight, 0.75);
}

// 25 quick requests and 3 slow ones, all of which the tool calls passed.
std::vector<Request> passed_but_slow() {
  std::vector<Request> requests = copies(25, slow("other", 100));
  requests.push_back(slow("r", 400));
  requests.push_back(slow("s", 400));
  requests.push_back(slow("t", 400));
  for (Request& each : requests) each.verdict = Verdict::kPassed;
  return requests;
}

TEST(Label, WhereNothingFailsPassedRequestsAreAskedForTheirLatency) {
  // z = (400 - 100) / (200 - 100) = 3.
  EXPECT_EQ(outcome_of(passed_but_slow()),
            (Outcome{Verdict::kFailed, 0.75, "GET /a: latency 400 ms, threshold 200 ms"}));
}

TEST(Label, WhereSomethingFailsWhatTheToolCalledPassedIsNotAskedForItsLatency) {
  std::vector<Request> requests = passed_but_slow();
  requests.push_back(request("other", "/b", 500));
  EXPECT_EQ(outcome_of(requests).verdict, Verdict::kPassed);
  // Nor where the coverage says that a run failed.
  const std::vector<RunFacts> runs = {{"r", {}}, {"unit", Outcome::failed("exit status 1")}};
  EXPECT_EQ(label(runs, passed_but_slow(), {}).runs[0].verdict, Verdict::kPassed);
}

TEST(Label, SlowRequestsAreComparedWithOthersOfTheirRouteWhereTracesShowIt) {
  std::vector<Request> requests = passed_but_slow();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    requests[i].url = "/events/e" + std::to_string(i % 7) + "/seats";
  }
  EXPECT_EQ(outcome_of(requests).verdict, Verdict::kPassed) << "four of each url";
  Routes routes;
  routes.add("GET", "/events/{id}/seats");
  const std::vector<RunFacts> runs = {{"r", {}}};
  EXPECT_EQ(label(runs, requests, {}, routes).runs.at(0).reason,
            "GET /events/{}/seats: latency 400 ms, threshold 200 ms");
}

TEST(Label, AnObjectiveIsAskedOfWhatTheToolCalledPassedToo) {
  std::vector<Request> requests = passed_but_slow();
  requests.push_back(request("other", "/b", 500));
  LabelPolicy policy;
  policy.slo_ms = 200;
  EXPECT_DOUBLE_EQ(outcome_of(requests, policy).weight, 0.75);
  policy.use_latency = false;
  EXPECT_EQ(outcome_of(requests, policy).verdict, Verdict::kPassed);
}

TEST(Label, RequestsOutsideTheRunsCountForBaselinesOnly) {
  std::vector<Request> requests = copies(1, request("", "/a", 500));
  requests.push_back(request("elsewhere", "/a", 500));
  const std::vector<RunFacts> runs = {{"r", {}}, {"", {}}};
  const Labels labels = label(runs, requests, {});
  EXPECT_EQ(labels.runs[0].verdict, Verdict::kUnknown);
  EXPECT_EQ(labels.runs[1].verdict, Verdict::kUnknown);
  EXPECT_EQ(labels.requests[0], Outcome::failed("status 500"));
  EXPECT_EQ(labels.endpoints.at(0).failed, 2U);
}

TEST(Label, SummariesCountWhatDecidedPerEndpointAndMethod) {
  std::vector<Request> requests = called_good();
  requests.push_back(slow("r", 400));
  requests.push_back(request("r", "/a", 500));
  requests.push_back(request("r", "/a", 500));
  requests.push_back(request("r", "/A", 200));
  requests.back().method = "POST";
  requests.push_back(request("r", "/ignored", 200));
  requests.back().endpoint = "/A";
  const Labels labels = label({}, requests, {});
  ASSERT_EQ(labels.endpoints.size(), 3U);
  EXPECT_EQ(labels.endpoints[0].endpoint + labels.endpoints[0].method, "/AGET");
  EXPECT_EQ(labels.endpoints[1].endpoint + labels.endpoints[1].method, "/APOST");
  const EndpointSummary& summary = labels.endpoints[2];
  EXPECT_EQ(summary.endpoint, "/a");
  EXPECT_EQ(summary.requests, 23U);
  EXPECT_EQ(summary.failed, 2U);
  EXPECT_EQ(summary.slow, 1U);
  EXPECT_EQ(summary.median_ms, 100);
  EXPECT_EQ(summary.threshold_ms, 200);
  using Rules = std::vector<std::pair<std::string, std::size_t>>;
  EXPECT_EQ(summary.rules,
            (Rules{{"verdict passed", 20}, {"status 500", 2}, {"latency above threshold", 1}}));
}

TEST(Label, LatencyAloneLabelsWhereItIsAllThereIs) {
  LabelPolicy policy;
  policy.slo_ms = 200;
  Request bare = slow("r", 120);
  bare.status.reset();
  EXPECT_EQ(outcome_of({bare}, policy),
            Outcome::passed("GET /a: latency 120 ms, threshold 200 ms"));
}

TEST(Label, WeightsAreProbabilitiesAndDoNotDependOnTheOrderOfRequests) {
  std::mt19937 random(11);
  std::vector<Request> requests;
  constexpr int kStatuses[] = {200, 200, 200, 200, 200, 200, 201, 404, 500, 0};
  for (int i = 0; i < 2000; ++i) {
    // Urls of their own, so that no two are attempts of one request.
    Request each = request("run" + std::to_string(random() % 60),
                           "/e" + std::to_string(random() % 3) + 'x' + "/" + std::to_string(i),
                           kStatuses[random() % 10]);
    each.latency_ms = std::lognormal_distribution<double>(4, 1.5)(random);
    requests.push_back(each);
  }
  std::vector<RunFacts> runs;
  for (int i = 0; i < 60; ++i) runs.push_back({"run" + std::to_string(i), {}});
  const Labels first = label(runs, requests, {});
  for (const Outcome& outcome : first.runs) {
    EXPECT_GE(outcome.weight, 0);
    EXPECT_LE(outcome.weight, 1);
    EXPECT_EQ(outcome.verdict == Verdict::kFailed, outcome.weight >= 0.5);
  }
  std::shuffle(requests.begin(), requests.end(), random);
  const Labels second = label(runs, requests, {});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    EXPECT_EQ(second.runs[i].verdict, first.runs[i].verdict);
    EXPECT_NEAR(second.runs[i].weight, first.runs[i].weight, 1e-12);
  }
  ASSERT_EQ(second.endpoints.size(), first.endpoints.size());
  for (std::size_t i = 0; i < first.endpoints.size(); ++i) {
    EXPECT_EQ(second.endpoints[i].median_ms, first.endpoints[i].median_ms);
    EXPECT_EQ(second.endpoints[i].threshold_ms, first.endpoints[i].threshold_ms);
    EXPECT_EQ(second.endpoints[i].rules, first.endpoints[i].rules);
  }
}

TEST(Label, GrpcOtherThanOkFails) {
  Request call = request("r", "/s/M", 200);
  call.grpc_status = 14;
  EXPECT_EQ(outcome_of({call}), Outcome::failed("GET /s/M: gRPC status UNAVAILABLE"));
  call.grpc_status = 0;
  EXPECT_EQ(outcome_of({call}).verdict, Verdict::kPassed);
  call.status.reset();
  EXPECT_EQ(outcome_of({call}), Outcome::passed("GET /s/M: gRPC status OK"));
  call.grpc_status = 99;
  EXPECT_EQ(outcome_of({call}), Outcome::failed("GET /s/M: gRPC status 99"));
}

TEST(Label, ABodyThatFailsBeatsTheStatusAndTheToolsVerdict) {
  LabelPolicy policy;
  policy.fail_when = {{"body.status==0", "/status", BodyRule::Test::kEqual, "0"}};
  Request wrapped = request("r", "/a", 200);
  wrapped.verdict = Verdict::kPassed;
  wrapped.failing_body = 0;
  EXPECT_EQ(outcome_of({wrapped}, policy), Outcome::failed("GET /a: body.status==0"));
  // But not what the user says of the run.
  policy.outcomes.push_back({"r", {}, {}, Verdict::kPassed});
  EXPECT_EQ(outcome_of({wrapped}, policy).verdict, Verdict::kPassed);
}

TEST(Label, AClientErrorThatTheContractDoesNotDeclareFails) {
  LabelPolicy policy;
  policy.contract.declare("get", "/a/{id}", {"200", "404"});
  policy.contract.declare("get", "/b", {"200", "default"});
  EXPECT_EQ(outcome_of({request("r", "/a/7", 409)}, policy),
            Outcome::failed("GET /a/{}: status 409, which the OpenAPI file does not declare"));
  EXPECT_EQ(outcome_of({request("r", "/a/7", 404)}, policy).verdict, Verdict::kPassed);
  EXPECT_EQ(outcome_of({request("r", "/b", 451)}, policy).verdict, Verdict::kPassed);
  EXPECT_EQ(outcome_of({request("r", "/unknown", 404)}, policy).verdict, Verdict::kPassed);
  policy.use_client_errors = false;
  EXPECT_EQ(outcome_of({request("r", "/a/7", 409)}, policy),
            Outcome::passed("GET /a/{}: status 409"));
}

TEST(Label, WhatARuleCallsGoodTellsWhichClientErrorsAreUsual) {
  // 404 is half of what the endpoint answers, but in the good run it never is.
  std::vector<Request> requests = copies(20, request("good", "/a", 200));
  append(requests, copies(20, request("r", "/a", 404)));
  EXPECT_EQ(outcome_of(requests).verdict, Verdict::kPassed);
  LabelPolicy policy;
  policy.outcomes.push_back({"good", {}, {}, Verdict::kPassed});
  EXPECT_EQ(outcome_of(requests, policy).verdict, Verdict::kFailed);
}

TEST(Label, AttemptsOfOneTraceAreOneRequest) {
  Request first = request("r", "/pay", 503);
  first.trace = "t1";
  Request between = request("r", "/stock", 200);
  Request again = request("r", "/pay", 200);
  again.trace = "t1";
  EXPECT_EQ(outcome_of({first, between, again}), Outcome::passed("all 2 requests passed"));
  // Another trace is another request, though it comes right behind.
  again.trace = "t2";
  EXPECT_EQ(outcome_of({first, again}).verdict, Verdict::kFailed);
  LabelPolicy policy;
  policy.use_retries = false;
  again.trace = "t1";
  EXPECT_EQ(outcome_of({first, again}, policy).verdict, Verdict::kFailed);
}

TEST(Label, TheFirstRequestsOfEachEndpointCanBeLeftOut) {
  LabelPolicy policy;
  policy.warm_up_requests = 1;
  EXPECT_EQ(outcome_of({timed("r", 2, 200), timed("r", 1, 500)}, policy).verdict, Verdict::kPassed);
  EXPECT_EQ(outcome_of({timed("r", 2, 500), timed("r", 1, 200)}, policy).verdict, Verdict::kFailed);
  const Outcome nothing_left = outcome_of({timed("r", 1, 500)}, policy);
  EXPECT_EQ(nothing_left.verdict, Verdict::kUnknown);
  const Labels labels =
      label(std::vector<RunFacts>{{"r", {}}}, std::vector{timed("r", 1, 500)}, policy);
  EXPECT_EQ(labels.endpoints.at(0).warm_up, 1U);
  EXPECT_EQ(labels.endpoints.at(0).failed, 0U);
}

TEST(Label, TheFirstSecondsCanBeLeftOut) {
  LabelPolicy policy;
  policy.warm_up_seconds = 2;
  constexpr std::int64_t kSecond = 1'000'000'000;
  EXPECT_EQ(outcome_of({timed("r", 0, 500), timed("r", kSecond, 500), timed("r", 2 * kSecond, 200)},
                       policy),
            Outcome::passed("GET /a: status 200"));
}

TEST(Label, WarmUpIsNoPartOfTheLatencyBaseline) {
  std::vector<Request> requests;
  for (int i = 0; i < 20; ++i) requests.push_back(slow("other", 10));
  requests.insert(requests.begin(), slow("other", 5000));
  requests.push_back(slow("r", 200));
  append(requests, copies(2, request("other", "/b", 500)));  // latency is not all that is wrong
  // With the slow start the 99th percentile is 5000 ms; without it 60 ms are too slow.
  EXPECT_EQ(outcome_of(requests).verdict, Verdict::kPassed);
  LabelPolicy policy;
  policy.warm_up_requests = 1;
  policy.baseline_samples = 20;
  const Outcome outcome = outcome_of(requests, policy);
  EXPECT_EQ(outcome.verdict, Verdict::kPassed);  // 200 ms is itself the 99th percentile of 21
  policy.slo_ms = 100;
  EXPECT_EQ(outcome_of(requests, policy).verdict, Verdict::kFailed);
}

TEST(Label, AWindowOfManyRequestsWeighsByTheShareThatFailed) {
  std::vector<Request> requests = copies(97, request("calm", "/a", 200));
  append(requests, copies(3, request("calm", "/a", 500)));
  append(requests, copies(60, request("r", "/a", 200)));
  append(requests, copies(40, request("r", "/a", 500)));
  const std::vector<RunFacts> runs = {{"calm", {}}, {"r", {}}};
  const Labels labels = label(runs, requests, {});
  EXPECT_EQ(labels.runs[0], Outcome::passed("3% of 100 requests failed, no more than usual"));
  EXPECT_EQ(labels.runs[1].verdict, Verdict::kFailed);
  EXPECT_DOUBLE_EQ(labels.runs[1].weight, 0.37);
  EXPECT_EQ(labels.runs[1].reason,
            "40% of 100 requests failed, 3% is usual; most: GET /a: status 500");
  LabelPolicy policy;
  policy.window_requests = 0;  // one failing request fails its run
  EXPECT_EQ(label(runs, requests, policy).runs[0].weight, 1);
}

TEST(Label, ARunTheUserCallsPassedIsWhatIsUsual) {
  std::vector<Request> requests = copies(80, request("Normal", "/a", 200));
  append(requests, copies(20, request("Normal", "/a", 500)));
  append(requests, copies(80, request("r", "/a", 200)));
  append(requests, copies(20, request("r", "/a", 500)));
  LabelPolicy policy;
  policy.outcomes.push_back({"Normal*", {}, {}, Verdict::kPassed});
  const Labels labels = label(std::vector<RunFacts>{{"Normal", {}}, {"r", {}}}, requests, policy);
  EXPECT_EQ(labels.runs[1], Outcome::passed("20% of 100 requests failed, no more than usual"));
}

TEST(Label, AggregatesStandForTheirRequests) {
  Request passed = request("r", "/a", 200);
  passed.status.reset();
  passed.verdict = Verdict::kPassed;
  passed.count = 90;
  Request failed = passed;
  failed.verdict = Verdict::kFailed;
  failed.count = 10;
  Request calm = passed;
  calm.run = "calm";
  const std::vector<Request> requests = {passed, failed, calm};
  const Labels labels = label(std::vector<RunFacts>{{"calm", {}}, {"r", {}}}, requests, {});
  EXPECT_DOUBLE_EQ(labels.runs[1].weight, 0.1);
  EXPECT_EQ(labels.endpoints.at(0).requests, 190U);
  EXPECT_EQ(labels.endpoints.at(0).failed, 10U);
}

TEST(Label, ATestThatRanOftenIsNoWindow) {
  Request passed;
  passed.run = passed.endpoint = "suite.t";
  passed.verdict = Verdict::kPassed;
  std::vector<Request> requests = copies(99, passed);
  passed.verdict = Verdict::kFailed;
  requests.push_back(passed);
  EXPECT_EQ(label(std::vector<RunFacts>{{"suite.t", {}}}, requests, {}).runs.at(0).weight, 1);
}

}  // namespace
}  // namespace culprit
