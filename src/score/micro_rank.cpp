// MicroRank: Yu, Chen, Chen, Guan, Huang, Jing, Weng, Sun, Li, "MicroRank: End-to-end latency issue
// localization with extended spectrum analysis in microservice environments", WWW 2021.
#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "score/service_peers.h"
#include "spectra/similarity.h"

namespace culprit {

namespace {

constexpr double kDamping = 0.85;
constexpr double kCallWeight = 0.01;    // omega: of calls between operations against traces
constexpr double kFewOperations = 0.5;  // phi: preference for short traces against rare ones
constexpr int kIterations = 25;
constexpr double kFailedFrom = 0.5;  // probability with which a trace is a failing one

using Operation = std::pair<std::string_view, std::string_view>;  // service, name
using Call = std::pair<std::uint32_t, std::uint32_t>;             // caller, callee

// The failing or the passing traces.
struct Side {
  std::vector<std::vector<std::uint32_t>> traces;  // the operations of each, sorted
  std::set<Call> calls;
};

// How likely a restart begins at each trace: the fewer traces are of its kind, and among failing
// ones the fewer operations it has.
std::vector<double> preferences(const Side& side, bool failing) {
  std::map<std::vector<std::uint32_t>, std::size_t> kinds;
  for (const auto& operations : side.traces) ++kinds[operations];
  double rare_sum = 0;
  double few_sum = 0;
  std::vector<std::pair<double, double>> parts;
  for (const auto& operations : side.traces) {
    parts.emplace_back(1 / static_cast<double>(kinds[operations]),
                       1 / static_cast<double>(operations.size()));
    rare_sum += parts.back().first;
    few_sum += parts.back().second;
  }
  const double few_share = failing ? kFewOperations : 0;
  std::vector<double> result;
  for (const auto& [rare, few] : parts) {
    result.push_back((1 - few_share) * rare / rare_sum + few_share * few / few_sum);
  }
  return result;
}

// Weights of operations by personalised PageRank, 1 on average over those of the side; 0 for
// others.
std::vector<double> page_rank(const Side& side, std::size_t operations, bool failing) {
  std::vector<double> in_traces(operations);
  for (const auto& trace : side.traces) {
    for (const std::uint32_t operation : trace) ++in_traces[operation];
  }
  std::vector<double> callees(operations);
  for (const auto& [caller, callee] : side.calls) ++callees[caller];
  const std::vector<double> preferred = preferences(side, failing);
  const auto present = static_cast<double>(
      std::count_if(in_traces.begin(), in_traces.end(), [](double n) { return n > 0; }));
  std::vector<double> of_operation(operations);
  for (std::size_t i = 0; i < operations; ++i) of_operation[i] = in_traces[i] > 0 ? 1 : 0;
  std::vector<double> of_trace(side.traces.size(), 1);
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    std::vector<double> next(operations);
    double sum = 0;
    for (const auto& [caller, callee] : side.calls) {
      next[callee] += kDamping * kCallWeight * of_operation[caller] / callees[caller];
    }
    for (std::size_t t = 0; t < side.traces.size(); ++t) {
      double trace = (1 - kDamping) * preferred[t];
      for (const std::uint32_t operation : side.traces[t]) {
        next[operation] += kDamping * of_trace[t] / static_cast<double>(side.traces[t].size());
        trace += kDamping * of_operation[operation] / in_traces[operation];
      }
      of_trace[t] = trace;
    }
    of_operation = std::move(next);
    for (const double weight : of_operation) sum += weight;
    for (const double weight : of_trace) sum += weight;
    for (double& weight : of_operation) weight /= sum;
    for (double& weight : of_trace) weight /= sum;
  }
  double sum = 0;
  for (const double weight : of_operation) sum += weight;
  for (double& weight : of_operation) weight *= sum > 0 ? present / sum : 0;
  return of_operation;
}

}  // namespace

ServiceValues micro_rank(std::span<const WeighedTrace> traces) {
  std::map<Operation, std::uint32_t> numbers;
  const auto operation_of = [](const SpanFacts& facts) {
    return Operation(facts.service, facts.operation);
  };
  for (const WeighedTrace& trace : traces) {
    for (const TraceSpan* span : trace.tree->spans) numbers[operation_of(*span->facts)];
  }
  std::uint32_t count = 0;
  for (auto& [operation, number] : numbers) number = count++;

  Side failing, passing;
  std::vector<Counts> counts(numbers.size());
  double all_failed = 0;
  double all_passed = 0;
  for (const WeighedTrace& trace : traces) {
    if (trace.tree->spans.empty()) continue;
    Side& side = trace.failed >= kFailedFrom ? failing : passing;
    std::set<std::uint32_t> operations;
    for (std::size_t i = 0; i < trace.tree->spans.size(); ++i) {
      const std::uint32_t callee = numbers[operation_of(trace.tree->facts(i))];
      operations.insert(callee);
      const std::uint32_t parent = trace.tree->parents[i];
      if (parent == TraceTree::kNone) continue;
      const std::uint32_t caller = numbers[operation_of(trace.tree->facts(parent))];
      if (caller != callee) side.calls.emplace(caller, callee);
    }
    all_failed += trace.failed;
    all_passed += 1 - trace.failed;
    for (const std::uint32_t operation : operations) {
      counts[operation].ef += trace.failed;
      counts[operation].ep += 1 - trace.failed;
    }
    side.traces.emplace_back(operations.begin(), operations.end());
  }
  const std::vector<double> failing_weights = page_rank(failing, numbers.size(), true);
  const std::vector<double> passing_weights = page_rank(passing, numbers.size(), false);
  ServiceValues values;
  for (const auto& [operation, number] : numbers) {
    const double failing_weight = failing_weights[number];
    const double passing_weight = passing_weights[number];
    const Counts& plain = counts[number];
    const double value = equations::ochiai(failing_weight * plain.ef, passing_weight * plain.ep,
                                           failing_weight * std::max(all_failed - plain.ef, 0.0),
                                           passing_weight * std::max(all_passed - plain.ep, 0.0));
    double& best = values[operation.first];
    best = std::max(best, value);
  }
  return values;
}

}  // namespace culprit
