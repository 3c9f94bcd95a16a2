#include "score/service_suspicion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "score/trees_of.h"

namespace culprit {
namespace {

constexpr std::int64_t kMs = 1'000'000;

// web calls cart and auth, cart calls db; each call has a client and a server span.
struct Call {
  std::int64_t web = 2 * kMs;  // self times
  std::int64_t cart = 3 * kMs;
  std::int64_t auth = 1 * kMs;
  std::int64_t db = 4 * kMs;
  std::int64_t cart_gap = kMs;
  bool calls_db = true;
  std::string db_operation = "find";
  std::vector<std::string> errors = {};  // ids of erroring spans
};

class Traces {
 public:
  void add(const std::string& trace, double failed, const Call& call = {}) {
    weights[trace] = failed;
    const std::int64_t db = call.calls_db ? call.db : 0;
    const std::int64_t db_client = call.calls_db ? db + kMs : 0;
    const std::int64_t cart = call.cart + db_client;
    const std::int64_t cart_client = cart + call.cart_gap;
    const std::int64_t auth_client = call.auth + kMs;
    span(trace, "1", "", "web", "GET", SpanKind::kServer, 0, call.web + cart_client + auth_client);
    span(trace, "2", "1", "web", "call cart", SpanKind::kClient, 0, cart_client);
    span(trace, "3", "2", "cart", "list", SpanKind::kServer, call.cart_gap / 2, cart);
    if (call.calls_db) {
      span(trace, "4", "3", "cart", "query", SpanKind::kClient, call.cart_gap / 2, db_client);
      span(trace, "5", "4", "db", call.db_operation, SpanKind::kServer, call.cart_gap / 2, db);
    }
    span(trace, "6", "1", "web", "call auth", SpanKind::kClient, cart_client, auth_client);
    span(trace, "7", "6", "auth", "check", SpanKind::kServer, cart_client, call.auth);
    for (Span& each : spans) {
      each.error =
          each.error || (each.trace == trace && std::find(call.errors.begin(), call.errors.end(),
                                                          each.id) != call.errors.end());
    }
  }

  void add_passing(int count) {
    for (int i = 0; i < count; ++i) {
      Call call;
      call.cart += i * kMs / 20;  // some ordinary spread
      add("p" + std::to_string(i), 0, call);
    }
  }

  [[nodiscard]] std::vector<ServiceSuspicion> suspects() const {
    return suspect_services(TreesOf(spans).trees, weights);
  }

  std::vector<Span> spans;
  TraceWeights weights;

 private:
  void span(const std::string& trace, const std::string& id, const std::string& parent,
            const std::string& service, const std::string& operation, SpanKind kind,
            std::int64_t start, std::int64_t duration) {
    Span result;
    result.trace = trace;
    result.id = id;
    result.parent = parent;
    result.service = service;
    result.operation = operation;
    result.kind = kind;
    result.start_ns = start;
    result.duration_ns = duration;
    spans.push_back(result);
  }
};

const ServiceSuspicion* of(const std::vector<ServiceSuspicion>& suspects,
                           const std::string& service) {
  for (const ServiceSuspicion& suspect : suspects) {
    if (suspect.service == service) return &suspect;
  }
  return nullptr;
}

TEST(SignedBayesFactor, OfPerfectSeparationIsTheLogOfTheWaysToChoose) {
  // With equal priors everything cancels but 25! / (5! 20!).
  EXPECT_NEAR(signed_bayes_factor({5, 0, 0, 20}), std::log(53130.0), 1e-9);
  EXPECT_NEAR(signed_bayes_factor({0, 20, 5, 0}), -std::log(53130.0), 1e-9);
}

TEST(SignedBayesFactor, IsTheRatioOfMarginals) {
  // m(3,2) m(1,9) / m(4,11) with m(k,n) = (1/2)_k (1/2)_n / (k+n)!, in exact fractions 429/133.
  EXPECT_NEAR(signed_bayes_factor({3, 1, 2, 9}), std::log(429.0 / 133), 1e-9);
}

// The same from gamma functions, whose half-integer values are multiples of sqrt(pi): lgamma(0.5) =
// 0.5723649429, lgamma(1.5) = -0.1207822376, lgamma(2.5) = 0.2846828705, lgamma(4) = 1.7917594692.
TEST(SignedBayesFactor, AgreesWithItsGammaFunctions) {
  // ef = 2, ep = 0, nf = 0, np = 1: B(2.5,.5) B(.5,1.5) / (B(2.5,1.5) B(.5,.5)).
  const double pairs = 0.2846828705 + 0.5723649429 - std::log(2.0);    // B(2.5, .5), lgamma(3)
  const double single = 0.5723649429 - 0.1207822376;                   // B(.5, 1.5), lgamma(2) = 0
  const double together = 0.2846828705 - 0.1207822376 - 1.7917594692;  // B(2.5, 1.5)
  const double prior = 2 * 0.5723649429;                               // B(.5, .5)
  EXPECT_NEAR(signed_bayes_factor({2, 0, 0, 1}), pairs + single - together - prior, 1e-9);
}

TEST(SignedBayesFactor, OfCountsThatOneRateExplainsIsZero) {
  EXPECT_EQ(signed_bayes_factor({2, 5, 2, 5}), 0);
  EXPECT_EQ(signed_bayes_factor({2, 6, 2, 5}), 0);  // not negated into an accusation
  EXPECT_EQ(signed_bayes_factor({}), 0);
  EXPECT_EQ(signed_bayes_factor({4, 0, 0, 0}), 0);  // no passing trace to compare with
  EXPECT_EQ(signed_bayes_factor({0, 4, 0, 3}), 0);
}

TEST(ServiceSuspicion, BlamesTheSlowService) {
  Traces traces;
  traces.add_passing(20);
  for (int i = 0; i < 5; ++i) traces.add("f" + std::to_string(i), 1, {.db = 40 * kMs});
  const auto suspects = traces.suspects();
  ASSERT_EQ(suspects.size(), 4U);
  EXPECT_EQ(suspects[0].service, "db");
  ASSERT_FALSE(suspects[0].events.empty());
  EXPECT_EQ(suspects[0].events[0].event, TraceEvent::kSlow);
  EXPECT_EQ(suspects[0].events[0].operation, "find");
  EXPECT_EQ(suspects[0].events[0].counts, (Counts{5, 0, 0, 20}));
  EXPECT_NEAR(suspects[0].suspicion, std::log(53130.0), 1e-9);
  // Its callers wait longer, but not by themselves.
  EXPECT_EQ(suspects[1].service, "auth");
  EXPECT_EQ(suspects[1].suspicion, 0);
  EXPECT_TRUE(suspects[1].events.empty());
}

TEST(ServiceSuspicion, BlamesTheDeepestError) {
  Traces traces;
  traces.add_passing(10);
  for (int i = 0; i < 3; ++i) {
    traces.add("f" + std::to_string(i), 1, {.errors = {"1", "2", "3"}});
  }
  const auto suspects = traces.suspects();
  EXPECT_EQ(suspects[0].service, "cart");
  EXPECT_EQ(suspects[0].events[0].event, TraceEvent::kError);
  EXPECT_NEAR(suspects[0].suspicion, std::log(286.0), 1e-9);  // C(13, 3)
  EXPECT_EQ(of(suspects, "web")->suspicion, 0);
}

TEST(ServiceSuspicion, ChargesAMissingChildToItsService) {
  Traces traces;
  traces.add_passing(10);
  for (int i = 0; i < 3; ++i) traces.add("f" + std::to_string(i), 1, {.calls_db = false});
  const auto suspects = traces.suspects();
  const ServiceSuspicion* cart = of(suspects, "cart");
  ASSERT_NE(cart, nullptr);
  // The missing child is cart's own client span.
  EXPECT_EQ(cart->events[0].event, TraceEvent::kMissing);
  EXPECT_EQ(cart->events[0].operation, "query");
  // Where the call is made but nobody answers, it is the callee that is missing.
  Traces silent;
  silent.add_passing(10);
  for (int i = 0; i < 3; ++i) silent.add("f" + std::to_string(i), 1);
  std::erase_if(silent.spans,
                [](const Span& span) { return span.trace[0] == 'f' && span.id == "5"; });
  const auto of_silent = silent.suspects();
  EXPECT_EQ(of_silent[0].service, "db");
  EXPECT_EQ(of_silent[0].events[0].event, TraceEvent::kMissing);
  EXPECT_EQ(of_silent[0].events[0].operation, "find");
  EXPECT_NEAR(of_silent[0].suspicion, std::log(286.0), 1e-9);
}

TEST(ServiceSuspicion, DoesNotMissAChildThatIsOftenAbsent) {
  Traces traces;
  for (int i = 0; i < 10; ++i) traces.add("p" + std::to_string(i), 0, {.calls_db = i > 1});
  traces.add("f", 1, {.calls_db = false});
  EXPECT_TRUE(of(traces.suspects(), "cart")->events.empty());
}

TEST(ServiceSuspicion, SharesAGapBetweenCalleeAndCaller) {
  Traces traces;
  traces.add_passing(20);
  for (int i = 0; i < 5; ++i) traces.add("f" + std::to_string(i), 1, {.cart_gap = 30 * kMs});
  const auto suspects = traces.suspects();
  EXPECT_EQ(suspects[0].service, "cart");
  EXPECT_EQ(suspects[0].events[0].event, TraceEvent::kGap);
  EXPECT_EQ(suspects[0].events[0].operation, "list");
  EXPECT_NEAR(suspects[0].suspicion, std::log(53130.0), 1e-9);
  EXPECT_EQ(suspects[1].service, "web");
  EXPECT_EQ(suspects[1].events[0].operation, "call cart");
  EXPECT_NEAR(suspects[1].suspicion, 0.7 * std::log(53130.0), 1e-9);
}

TEST(ServiceSuspicion, FindsGapsWithoutSpanKinds) {
  Traces traces;
  traces.add_passing(20);
  for (int i = 0; i < 5; ++i) traces.add("f" + std::to_string(i), 1, {.cart_gap = 30 * kMs});
  for (Span& span : traces.spans) span.kind = SpanKind::kUnknown;
  const auto suspects = traces.suspects();
  EXPECT_EQ(suspects[0].service, "cart");
  EXPECT_EQ(suspects[0].events[0].event, TraceEvent::kGap);
}

TEST(ServiceSuspicion, NoticesOperationsThatNoPassingTraceHas) {
  Traces traces;
  traces.add_passing(10);
  for (int i = 0; i < 3; ++i) {
    traces.add("f" + std::to_string(i), 1, {.db_operation = "full scan"});
  }
  const auto suspects = traces.suspects();
  EXPECT_EQ(suspects[0].service, "db");
  const auto& events = suspects[0].events;
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const ServiceEvent& event) {
    return event.event == TraceEvent::kNew && event.operation == "full scan";
  }));
}

TEST(ServiceSuspicion, IsZeroWhenTracesDoNotDiffer) {
  Traces traces;
  for (int i = 0; i < 20; ++i) {
    // Errors and slowness in equal shares of both.
    Call call;
    if (i % 4 == 0) call.errors = {"5"};
    if (i % 8 >= 6) call.auth = 30 * kMs;
    traces.add("t" + std::to_string(i), i < 10 ? 0 : 1, call);
  }
  for (const ServiceSuspicion& suspect : traces.suspects()) {
    EXPECT_NEAR(suspect.suspicion, 0, 0.2) << suspect.service;
  }
}

TEST(ServiceSuspicion, IsZeroWithoutPassingOrWithoutFailingTraces) {
  for (const double failed : {0.0, 1.0}) {
    Traces traces;
    for (int i = 0; i < 8; ++i) traces.add("t" + std::to_string(i), failed, {.errors = {"5"}});
    for (const ServiceSuspicion& suspect : traces.suspects()) EXPECT_EQ(suspect.suspicion, 0);
  }
}

TEST(ServiceSuspicion, CountsOnlyTracesWithAnOutcomeAndTheirWeight) {
  Traces traces;
  traces.add_passing(9);
  traces.add("unlisted", 1, {.errors = {"7"}});
  traces.weights.erase("unlisted");
  traces.add("broken", std::numeric_limits<double>::quiet_NaN(), {.errors = {"7"}});
  traces.add("half", 0.75, {.errors = {"5"}});
  const auto suspects = traces.suspects();
  EXPECT_TRUE(of(suspects, "auth")->events.empty());
  ASSERT_EQ(of(suspects, "db")->events.size(), 1U);
  EXPECT_EQ(of(suspects, "db")->events[0].counts, (Counts{0.75, 0.25, 0, 9}));
}

TEST(ServiceSuspicion, NeedsFiveSamplesForABaseline) {
  for (const int passing : {4, 5}) {
    Traces traces;
    traces.add_passing(passing);
    traces.add("f", 1, {.db = 40 * kMs});
    EXPECT_EQ(of(traces.suspects(), "db")->events.size(), passing == 4 ? 0U : 1U);
  }
}

TEST(ServiceSuspicion, DoesNotDependOnTheOrderOfSpans) {
  Traces traces;
  traces.add_passing(10);
  for (int i = 0; i < 3; ++i) {
    traces.add("f" + std::to_string(i), 1, {.db = 40 * kMs, .errors = {"5", "3"}});
  }
  const auto words = [&] {
    std::string text;
    for (const ServiceSuspicion& suspect : traces.suspects()) {
      text += suspect.service + std::to_string(suspect.suspicion);
      for (const ServiceEvent& event : suspect.events) {
        text += std::string(name_of(event.event)) + event.operation;
      }
    }
    return text;
  };
  const std::string before = words();
  std::reverse(traces.spans.begin(), traces.spans.end());
  EXPECT_EQ(words(), before);
}

TEST(ServiceSuspicion, SurvivesCirclesCopiesAndImpossibleTimes) {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
  Traces traces;
  traces.add_passing(6);
  traces.add("f", 1);
  for (Span& span : traces.spans) {
    if (span.id == "1") span.parent = "5";
    if (span.id == "2") span.parent = "2";
    if (span.id == "3") span.duration_ns = kFar;
    if (span.id == "4") span.start_ns = std::numeric_limits<std::int64_t>::min();
    if (span.id == "6") span.start_ns = kFar;
    if (span.id == "7") span.duration_ns = -5;
  }
  const std::vector<Span> copies = traces.spans;
  traces.spans.insert(traces.spans.end(), copies.begin(), copies.end());
  EXPECT_EQ(traces.suspects().size(), 4U);
  EXPECT_TRUE(suspect_services({}, {}).empty());
}

// Two children that overlap each other and exceed their parent leave it the first 10 ms for itself.
TEST(ServiceSuspicion, ClipsChildrenToTheirParent) {
  const auto spans_of = [](const std::string& trace, std::int64_t first_child_ms) {
    std::vector<Span> spans(3);
    for (Span& span : spans) span.trace = trace;
    spans[0].id = "1";
    spans[0].service = "a";
    spans[0].duration_ns = 100 * kMs;
    spans[1].id = "2";
    spans[1].start_ns = first_child_ms * kMs;
    spans[1].duration_ns = 60 * kMs;
    spans[2].id = "3";
    spans[2].start_ns = 50 * kMs;
    spans[2].duration_ns = 500 * kMs;
    for (int i : {1, 2}) {
      spans[static_cast<std::size_t>(i)].parent = "1";
      spans[static_cast<std::size_t>(i)].service = "b";
    }
    return spans;
  };
  std::vector<Span> spans;
  TraceWeights weights;
  const auto add = [&](const std::string& trace, double failed, std::int64_t first_child_ms) {
    weights[trace] = failed;
    for (Span& span : spans_of(trace, first_child_ms)) spans.push_back(span);
  };
  for (int i = 0; i < 6; ++i) add("p" + std::to_string(i), 0, 10);
  // 15 ms: z = log(15050/10050) / 0.15 = 2.7; 20 ms: log(20050/10050) / 0.15 = 4.6.
  add("f15", 1, 15);
  EXPECT_TRUE(of(suspect_services(TreesOf(spans).trees, weights), "a")->events.empty());
  add("f20", 1, 20);
  const auto suspects = suspect_services(TreesOf(spans).trees, weights);
  ASSERT_EQ(of(suspects, "a")->events.size(), 1U);
  EXPECT_EQ(of(suspects, "a")->events[0].event, TraceEvent::kSlow);
  EXPECT_EQ(of(suspects, "a")->events[0].counts, (Counts{1, 0, 1, 6}));
}

}  // namespace
}  // namespace culprit
