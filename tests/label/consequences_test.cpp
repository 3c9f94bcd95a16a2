#include "label/consequences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::Optional;

constexpr auto kNone = std::nullopt;

// Requests as "GET /orders/1 failed", one a run, one a second. "503" is a failure that only the
// status tells, "422" likewise; "slow" one by latency.
std::vector<std::optional<std::size_t>> causes(const std::vector<std::string>& rows) {
  std::vector<Request> requests;
  std::vector<Outcome> outcomes;
  for (const std::string& row : rows) {
    const std::size_t url = row.find(' ') + 1;
    const std::size_t end = row.find(' ', url);
    const std::string word = row.substr(end + 1);
    Request request;
    request.run = "r" + std::to_string(requests.size());
    request.method = row.substr(0, url - 1);
    request.url = row.substr(url, end - url);
    request.time_ns = static_cast<std::int64_t>(requests.size()) * 1'000'000'000;
    request.status = word == "503" ? 503 : word == "422" ? 422 : 200;
    if (word == "failed") request.verdict = Verdict::kFailed;
    requests.push_back(request);
    outcomes.push_back(word == "passed" ? Outcome::passed("") : Outcome::failed(""));
    if (word == "slow") outcomes.back().weight = 0.9;
  }
  return causes_of_failures(requests, outcomes, {});
}

TEST(CausesOfFailures, AreFailedChangesOfTheSameResourceBefore) {
  EXPECT_THAT(causes({"POST /orders/1/cancel failed", "GET /orders/1 failed",
                      "GET /orders/1/tickets failed", "GET /orders/1/plan passed",
                      "GET /orders/2 failed", "PUT /orders/1/seat failed"}),
              ElementsAre(kNone, Optional(0U), Optional(0U), kNone, kNone, Optional(0U)));
}

// What follows from a failure leaves nothing undone of its own.
TEST(CausesOfFailures, AreTheFirstOfAChain) {
  EXPECT_THAT(causes({"POST /orders/1/pay failed", "POST /orders/1/ship failed",
                      "POST /orders/1/ship failed", "GET /orders/1 failed"}),
              ElementsAre(kNone, Optional(0U), Optional(0U), Optional(0U)));
}

TEST(CausesOfFailures, AreNotReadsNorWhatPassedNorWhatCameLater) {
  EXPECT_THAT(causes({"GET /orders/1 failed", "GET /orders/1/tickets failed"}),
              ElementsAre(kNone, kNone));
  EXPECT_THAT(causes({"POST /orders/1/cancel passed", "GET /orders/1 failed",
                      "POST /orders/1/cancel failed"}),
              ElementsAre(kNone, kNone, kNone));
}

// That the same request fails each time is one failure, seen twice.
TEST(CausesOfFailures, AreNotTheSameRequestBefore) {
  EXPECT_THAT(causes({"POST /orders/1/cancel failed", "POST /orders/1/cancel failed"}),
              ElementsAre(kNone, kNone));
}

TEST(CausesOfFailures, AreNotChangesThatSucceededSince) {
  EXPECT_THAT(causes({"POST /orders/1/cancel failed", "POST /orders/1/cancel passed",
                      "GET /orders/1 failed"}),
              ElementsAre(kNone, kNone, kNone));
  EXPECT_THAT(causes({"POST /orders/1/cancel failed", "POST /orders/1/ship passed",
                      "GET /orders/1 failed"}),
              ElementsAre(kNone, kNone, Optional(0U)));
}

TEST(CausesOfFailures, AreNotSlowOnesNorRefusalsThatOnlyTheStatusTells) {
  EXPECT_THAT(causes({"POST /orders/1/cancel slow", "GET /orders/1 failed"}),
              ElementsAre(kNone, kNone));
  EXPECT_THAT(causes({"POST /orders/1/cancel 422", "GET /orders/1 failed"}),
              ElementsAre(kNone, kNone));
  EXPECT_THAT(causes({"POST /orders/1/cancel 503", "GET /orders/1 failed"}),
              ElementsAre(kNone, Optional(0U)));
}

TEST(CausesOfFailures, AreNoneOfErrorsThatTheServiceOwnsUpTo) {
  EXPECT_THAT(causes({"POST /orders/1/cancel failed", "GET /orders/1 503"}),
              ElementsAre(kNone, kNone));
}

TEST(CausesOfFailures, AreOfTheSameResourceAndOfNoneAroundOrWithin) {
  EXPECT_THAT(causes({"DELETE /orders/1/tickets/2 failed", "GET /orders/1 failed",
                      "GET /orders/1/tickets/2/code failed"}),
              ElementsAre(kNone, kNone, Optional(0U)));
  EXPECT_THAT(causes({"PUT /tenants/5/avatar failed", "GET /tenants/5/orders/2 failed"}),
              ElementsAre(kNone, kNone));
  EXPECT_THAT(causes({"PUT http://one/orders/1 failed", "GET http://other/orders/1 failed",
                      "GET http://one/orders/1/plan failed"}),
              ElementsAre(kNone, kNone, Optional(0U)));
}

TEST(CausesOfFailures, NeedAnIdInThePath) {
  EXPECT_THAT(causes({"POST /v1/orders failed", "GET /v1/orders failed", "GET / failed"}),
              ElementsAre(kNone, kNone, kNone));
}

TEST(CausesOfFailures, AreOfOtherRuns) {
  std::vector<Request> requests(2);
  for (std::size_t i = 0; i < 2; ++i) {
    requests[i].run = "test";
    requests[i].method = i == 0 ? "POST" : "GET";
    requests[i].url = i == 0 ? "/orders/1/cancel" : "/orders/1";
    requests[i].time_ns = static_cast<std::int64_t>(i);
  }
  const std::vector<Outcome> outcomes(2, Outcome::failed(""));
  EXPECT_THAT(causes_of_failures(requests, outcomes, {}), ElementsAre(kNone, kNone));
  requests[1].run = "another";
  EXPECT_THAT(causes_of_failures(requests, outcomes, {}), ElementsAre(kNone, Optional(0U)));
  requests[1].time_ns.reset();
  EXPECT_THAT(causes_of_failures(requests, outcomes, {}), ElementsAre(kNone, kNone));
}

}  // namespace
}  // namespace culprit
