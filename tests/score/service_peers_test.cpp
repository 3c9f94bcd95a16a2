#include "score/service_peers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "score/trees_of.h"

namespace culprit {
namespace {

constexpr SuspicionMethod kPeers[] = {SuspicionMethod::kMicroRank, SuspicionMethod::kMonitorRank,
                                      SuspicionMethod::kTraceRca, SuspicionMethod::kOchiai,
                                      SuspicionMethod::kDeepestError};

struct Step {
  std::string service;
  int parent = -1;  // position of its caller
  bool error = false;
  std::int64_t duration_ns = 1'000'000;
};

class Traces {
 public:
  void add(const std::string& trace, double failed, const std::vector<Step>& steps) {
    weights[trace] = failed;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      Span span;
      span.trace = trace;
      span.id = std::to_string(i + 1);
      span.parent = steps[i].parent < 0 ? "" : std::to_string(steps[i].parent + 1);
      span.service = steps[i].service;
      span.operation = "work";
      span.error = steps[i].error;
      span.duration_ns = steps[i].duration_ns;
      spans.push_back(span);
    }
  }

  template <class Peer>
  [[nodiscard]] std::map<std::string, double> values(Peer&& peer) const {
    const TreesOf of(spans);
    std::map<std::string, double> result;
    for (const auto& [service, value] : peer(traces_with_outcome(of.trees, weights))) {
      result[std::string(service)] = value;
    }
    return result;
  }

  [[nodiscard]] std::vector<ServiceSuspicion> rows(SuspicionMethod method) const {
    const TreesOf of(spans);
    std::vector<ServiceSuspicion> result = suspect_services(of.trees, weights);
    suspect_by(method, of.trees, weights, result);
    return result;
  }

  std::vector<Span> spans;
  TraceWeights weights;
};

// a calls b in three traces, c in one. f1 and f2 fail.
Traces small() {
  Traces traces;
  traces.add("f1", 1, {{"a", -1, true}, {"b", 0, true}});
  traces.add("f2", 1, {{"a", -1, true}, {"c", 0}});
  traces.add("p1", 0, {{"a"}, {"b", 0, true}});
  traces.add("p2", 0, {{"a"}, {"b", 0}});
  return traces;
}

TEST(ServiceOchiai, CountsTracesThatComeToTheService) {
  const auto values = small().values(service_ochiai);
  EXPECT_NEAR(values.at("a"), 2 / std::sqrt(2 * 4.0), 1e-12);
  EXPECT_NEAR(values.at("b"), 1 / std::sqrt(2 * 3.0), 1e-12);
  EXPECT_NEAR(values.at("c"), 1 / std::sqrt(2 * 1.0), 1e-12);
}

TEST(DeepestError, IsTheShareOfFailingTracesThatEndThere) {
  const auto values = small().values(deepest_errors);
  EXPECT_DOUBLE_EQ(values.at("a"), 0.5);
  EXPECT_DOUBLE_EQ(values.at("b"), 0.5);
  EXPECT_DOUBLE_EQ(values.at("c"), 0);
}

TEST(DeepestError, IsSharedByServicesThatAreEquallyDeep) {
  Traces traces;
  traces.add("f", 1, {{"a", -1, true}, {"b", 0, true}, {"c", 0, true}});
  traces.add("half", 0.5, {{"a", -1, true}});
  const auto values = traces.values(deepest_errors);
  EXPECT_NEAR(values.at("a"), 0.5 / 1.5, 1e-12);
  EXPECT_NEAR(values.at("b"), 0.5 / 1.5, 1e-12);
  EXPECT_NEAR(values.at("c"), 0.5 / 1.5, 1e-12);
}

TEST(DeepestError, EndsOnSpansThatCallInACircle) {
  Traces traces;
  traces.add("f", 1, {{"a", 1, true}, {"b", 0, true}});
  const auto values = traces.values(deepest_errors);
  EXPECT_DOUBLE_EQ(values.at("a") + values.at("b"), 1);
}

// Events: the deepest error of f1 in b and of f2 in a, p1's in b, and c that no passing trace has.
TEST(TraceRca, IsSupportTimesConfidence) {
  const auto values = small().values(trace_rca);
  EXPECT_DOUBLE_EQ(values.at("a"), 0.5 * 1);
  EXPECT_DOUBLE_EQ(values.at("b"), 0.5 * 0.5);
  EXPECT_DOUBLE_EQ(values.at("c"), 0.5 * 1);
}

// b takes e times longer exactly in failing traces, and a with it: both correlate fully. From a
// one steps to b; from b back to a with 0.2 against staying with 1 - 0. With restarts to either:
//   pi_a = 0.15 / 2 + 0.85 pi_b / 6  and  pi_a + pi_b = 1.
TEST(MonitorRank, IsTheStationaryDistributionOfItsWalk) {
  Traces traces;
  for (int i = 0; i < 4; ++i) {
    const std::int64_t duration = i < 2 ? 50'000'000 : 10'000'000;
    traces.add("t" + std::to_string(i), i < 2 ? 1 : 0,
               {{"a", -1, false, duration}, {"b", 0, false, duration}});
  }
  const auto values = traces.values(monitor_rank);
  const double a = (0.15 / 2 + 0.85 / 6) / (1 + 0.85 / 6);
  EXPECT_NEAR(values.at("a"), a, 1e-9);
  EXPECT_NEAR(values.at("b"), 1 - a, 1e-9);
}

// Only b differs: whoever starts, the walk ends there.
TEST(MonitorRank, StaysWhereBehaviourIsThatOfFailing) {
  Traces traces;
  for (int i = 0; i < 4; ++i)
    traces.add("t" + std::to_string(i), i % 2, {{"a"}, {"b", 0, i % 2 == 1}});
  const auto values = traces.values(monitor_rank);
  EXPECT_NEAR(values.at("b"), 1, 1e-12);
  EXPECT_NEAR(values.at("a"), 0, 1e-12);
}

TEST(MicroRank, OfOneOperationOnEachSideIsItsOchiai) {
  Traces traces;
  traces.add("f", 1, {{"x"}, {"y", 0}});
  traces.add("p", 0, {{"y"}});
  // x and y share the only failing trace alike but for x's call of y, which weighs a hundredth.
  const auto values = traces.values(micro_rank);
  EXPECT_NEAR(values.at("x"), 1, 1e-12);
  EXPECT_NEAR(values.at("y"), 1 / std::sqrt(2.0), 0.01);
}

// From a second implementation, with dense matrices.
TEST(MicroRank, AgreesWithASecondImplementation) {
  Traces traces;
  traces.add("f1", 1, {{"x"}, {"y", 0}});
  traces.add("f2", 1, {{"x"}});
  traces.add("f3", 1, {{"x"}, {"y", 0}});
  traces.add("p1", 0, {{"x"}, {"y", 0}, {"z", 1}});
  traces.add("p2", 0, {{"y"}});
  traces.add("p3", 0, {{"y"}, {"z", 0}});
  traces.add("p4", 0, {{"y"}, {"z", 0}});
  const auto values = traces.values(micro_rank);
  EXPECT_NEAR(values.at("x"), 0.9567627847633725, 1e-9);
  EXPECT_NEAR(values.at("y"), 0.34892071091101934, 1e-9);
  EXPECT_EQ(values.at("z"), 0);
}

TEST(SuspectBy, GivesARowAServiceInOrderAndLeavesEventsAlone) {
  const Traces traces = small();
  for (const SuspicionMethod method : kPeers) {
    const auto rows = traces.rows(method);
    ASSERT_EQ(rows.size(), 3U) << name_of(method);
    EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return a.suspicion > b.suspicion;
    })) << name_of(method);
    for (const ServiceSuspicion& row : rows) {
      EXPECT_GE(row.suspicion, 0) << name_of(method);
      const auto factors = traces.rows(SuspicionMethod::kBayesFactor);
      const auto same = std::find_if(factors.begin(), factors.end(), [&](const auto& other) {
        return other.service == row.service;
      });
      EXPECT_EQ(row.events.size(), same->events.size());
    }
  }
}

TEST(SuspectBy, SuspectsNobodyWithoutFailingTraces) {
  Traces passing;
  passing.add("p1", 0, {{"a"}, {"b", 0, true}});
  passing.add("p2", 0, {{"a"}});
  for (const SuspicionMethod method : kPeers) {
    EXPECT_TRUE(Traces().rows(method).empty());
    for (const ServiceSuspicion& row : passing.rows(method)) EXPECT_EQ(row.suspicion, 0);
  }
}

TEST(SuspectBy, DoesNotDependOnTheOrderOfSpansNorOnNamesOfTraces) {
  std::mt19937 random(3);
  Traces traces;
  Traces renamed;
  for (int i = 0; i < 40; ++i) {
    std::vector<Step> steps = {{"web"}};
    for (int step = 1; step < 6; ++step) {
      steps.push_back({std::string(1, static_cast<char>('a' + random() % 4)),
                       static_cast<int>(random() % static_cast<unsigned>(step)), random() % 5 == 0,
                       static_cast<std::int64_t>(random() % 50'000'000)});
    }
    const double failed = static_cast<double>(random() % 3) / 2;
    traces.add("t" + std::to_string(i), failed, steps);
    renamed.add("t" + std::to_string(1000 - i), failed, steps);
  }
  std::shuffle(renamed.spans.begin(), renamed.spans.end(), random);
  for (const SuspicionMethod method : kPeers) {
    const auto one = traces.rows(method);
    const auto other = renamed.rows(method);
    ASSERT_EQ(one.size(), other.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(one[i].service, other[i].service) << name_of(method);
      EXPECT_NEAR(one[i].suspicion, other[i].suspicion, 1e-9) << name_of(method);
    }
  }
}

}  // namespace
}  // namespace culprit
