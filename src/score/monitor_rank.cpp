// MonitorRank: Kim, Sumbaly, Shah, "Root cause detection in a service-oriented architecture",
// SIGMETRICS 2013. Its metrics are time series; here the traces are.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include "score/service_peers.h"

namespace culprit {

namespace {

constexpr double kBackward = 0.2;  // rho: what a step back to a caller weighs
constexpr double kRestart = 0.15;
constexpr int kSteps = 200;  // 0.85^200 < 1e-14

// Sums for the correlation of something with failing.
struct Correlation {
  double sum = 0, squares = 0, products = 0;

  void add(double value, double failed) {
    sum += value;
    squares += value * value;
    products += value * failed;
  }
  [[nodiscard]] double with(const Correlation& failing, double traces) const {
    const double variances =
        (squares - sum * sum / traces) * (failing.squares - failing.sum * failing.sum / traces);
    // Below it rounding is all there is.
    if (!(variances > 1e-12 * squares * failing.squares)) return 0;
    return std::abs(products - sum * failing.sum / traces) / std::sqrt(variances);
  }
};

struct Behaviour {
  Correlation time;
  Correlation errors;
};

struct Graph {
  std::vector<std::string_view> services;
  std::vector<std::set<std::uint32_t>> callees, callers;
  std::vector<double> similarity;
};

Graph graph_of(std::span<const WeighedTrace> traces) {
  std::map<std::string_view, std::uint32_t> numbers;
  for (const WeighedTrace& trace : traces) {
    for (const TraceSpan* span : trace.tree->spans) numbers[span->facts->service];
  }
  Graph graph;
  for (auto& [service, number] : numbers) {
    number = static_cast<std::uint32_t>(graph.services.size());
    graph.services.push_back(service);
  }
  graph.callees.resize(numbers.size());
  graph.callers.resize(numbers.size());
  std::vector<Behaviour> behaviour(numbers.size());
  Correlation failing;
  for (const WeighedTrace& trace : traces) {
    failing.add(trace.failed, trace.failed);
    std::map<std::uint32_t, std::pair<double, double>> took;  // time in us, errors
    for (std::size_t i = 0; i < trace.tree->spans.size(); ++i) {
      const std::uint32_t callee = numbers[trace.tree->facts(i).service];
      auto& [time, errors] = took[callee];
      time += std::max(static_cast<double>(trace.tree->spans[i]->duration_ns), 0.0) / 1000;
      errors += trace.tree->facts(i).error ? 1 : 0;
      if (trace.tree->parents[i] == TraceTree::kNone) continue;
      const std::uint32_t caller = numbers[trace.tree->facts(trace.tree->parents[i]).service];
      if (caller == callee) continue;
      graph.callees[caller].insert(callee);
      graph.callers[callee].insert(caller);
    }
    // A service that a trace did not come to took no time in it.
    for (const auto& [service, measured] : took) {
      behaviour[service].time.add(std::log1p(measured.first), trace.failed);
      behaviour[service].errors.add(measured.second, trace.failed);
    }
  }
  const auto count = static_cast<double>(traces.size());
  for (const Behaviour& one : behaviour) {
    graph.similarity.push_back(
        std::max(one.time.with(failing, count), one.errors.with(failing, count)));
  }
  return graph;
}

// Ways to step from a service, with weights that sum to 1; empty: none has weight.
using Steps = std::map<std::uint32_t, double>;

Steps steps_from(const Graph& graph, std::uint32_t service) {
  Steps steps;
  double most = 0;
  for (const std::uint32_t caller : graph.callers[service]) {
    steps[caller] = kBackward * graph.similarity[caller];
  }
  for (const std::uint32_t callee : graph.callees[service]) {
    steps[callee] = graph.similarity[callee];
    most = std::max(most, graph.similarity[callee]);
  }
  // Who behaves more like failing than all it calls is a place to stay, but not at the front door.
  if (!graph.callers[service].empty()) {
    steps[service] = std::max(graph.similarity[service] - most, 0.0);
  }
  double sum = 0;
  for (const auto& [to, weight] : steps) sum += weight;
  if (!(sum > 0)) return {};
  for (auto& [to, weight] : steps) weight /= sum;
  return steps;
}

}  // namespace

ServiceValues monitor_rank(std::span<const WeighedTrace> traces) {
  const Graph graph = graph_of(traces);
  const std::size_t size = graph.services.size();
  double sum = 0;
  for (const double similarity : graph.similarity) sum += similarity;
  std::vector<double> preferred(size);
  std::vector<Steps> steps;
  for (std::uint32_t i = 0; i < size; ++i) {
    preferred[i] = sum > 0 ? graph.similarity[i] / sum : 1 / static_cast<double>(size);
    steps.push_back(steps_from(graph, i));
  }
  std::vector<double> here = preferred;
  for (int step = 0; step < kSteps; ++step) {
    std::vector<double> next(size);
    double restarts = kRestart;
    for (std::uint32_t i = 0; i < size; ++i) {
      if (steps[i].empty()) restarts += (1 - kRestart) * here[i];
      for (const auto& [to, weight] : steps[i]) next[to] += (1 - kRestart) * here[i] * weight;
    }
    for (std::uint32_t i = 0; i < size; ++i) next[i] += restarts * preferred[i];
    here = std::move(next);
  }
  ServiceValues values;
  for (std::uint32_t i = 0; i < size; ++i) values[graph.services[i]] = here[i];
  return values;
}

}  // namespace culprit
