#include "score/service_peers.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "score/roll_up.h"
#include "spectra/similarity.h"

namespace culprit {

namespace {

double all_failing(std::span<const WeighedTrace> traces) {
  double sum = 0;
  for (const WeighedTrace& trace : traces) sum += trace.failed;
  return sum;
}

using Services = std::set<std::string_view>;

Services services_of(const TraceTree& tree) {
  Services services;
  for (const TraceSpan* span : tree.spans) services.insert(span->facts->service);
  return services;
}

// By span: calls between it and its root; 0 for spans that no root leads to.
std::vector<std::size_t> depths_of(const TraceTree& tree) {
  std::vector<std::size_t> depths(tree.spans.size());
  std::vector<std::uint32_t> ahead;
  for (std::uint32_t i = 0; i < depths.size(); ++i) {
    if (tree.parents[i] == TraceTree::kNone) ahead.push_back(i);
  }
  while (!ahead.empty()) {
    const std::uint32_t span = ahead.back();
    ahead.pop_back();
    for (const std::uint32_t child : tree.children_of(span)) {
      depths[child] = depths[span] + 1;
      ahead.push_back(child);
    }
  }
  return depths;
}

Services deepest_error_of(const TraceTree& tree) {
  const std::vector<std::size_t> depths = depths_of(tree);
  std::size_t deepest = 0;
  Services services;
  for (std::size_t i = 0; i < depths.size(); ++i) {
    if (!tree.facts(i).error || depths[i] < deepest) continue;
    if (depths[i] > deepest) services.clear();
    deepest = depths[i];
    services.insert(tree.facts(i).service);
  }
  return services;
}

// Counts of each service over traces, where `services_in(i)` are those that trace i speaks of.
template <class ServicesIn>
std::map<std::string_view, Counts> count_services(std::span<const WeighedTrace> traces,
                                                  ServicesIn&& services_in) {
  std::map<std::string_view, Counts> counts;
  double failing = 0;
  double passing = 0;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const double failed = traces[i].failed;
    failing += failed;
    passing += 1 - failed;
    for (const std::string_view service : services_of(*traces[i].tree)) counts[service];
    for (const std::string_view service : services_in(i)) {
      counts[service].ef += failed;
      counts[service].ep += 1 - failed;
    }
  }
  for (auto& [service, of_service] : counts) {
    of_service.nf = std::max(failing - of_service.ef, 0.0);
    of_service.np = std::max(passing - of_service.ep, 0.0);
  }
  return counts;
}

}  // namespace

ServiceValues service_ochiai(std::span<const WeighedTrace> traces) {
  ServiceValues values;
  const auto counts =
      count_services(traces, [&](std::size_t i) { return services_of(*traces[i].tree); });
  for (const auto& [service, c] : counts) {
    values[service] = equations::ochiai(c.ef, c.ep, c.nf, c.np);
  }
  return values;
}

ServiceValues deepest_errors(std::span<const WeighedTrace> traces) {
  ServiceValues values;
  const double failing = all_failing(traces);
  for (const WeighedTrace& trace : traces) {
    for (const std::string_view service : services_of(*trace.tree)) values[service];
    if (trace.failed <= 0) continue;
    const Services deepest = deepest_error_of(*trace.tree);
    for (const std::string_view service : deepest) {
      values[service] += trace.failed / failing / static_cast<double>(deepest.size());
    }
  }
  return values;
}

ServiceValues trace_rca(std::span<const WeighedTrace> traces) {
  ServiceValues values;
  const std::vector<Services> eventful = eventful_services(traces);
  const auto counts =
      count_services(traces, [&](std::size_t i) -> const Services& { return eventful[i]; });
  for (const auto& [service, c] : counts) {
    values[service] = c.ef > 0 ? c.ef / c.failing() * (c.ef / c.executed()) : 0;
  }
  return values;
}

void suspect_by(SuspicionMethod method, std::span<const TraceTree> trees,
                const TraceWeights& failed, std::vector<ServiceSuspicion>& rows) {
  std::vector<WeighedTrace> traces = traces_with_outcome(trees, failed);
  if (all_failing(traces) == 0) traces.clear();  // nothing failed: nobody is suspicious
  ServiceValues values;
  switch (method) {
    case SuspicionMethod::kBayesFactor:
      return;
    case SuspicionMethod::kMicroRank:
      values = micro_rank(traces);
      break;
    case SuspicionMethod::kMonitorRank:
      values = monitor_rank(traces);
      break;
    case SuspicionMethod::kTraceRca:
      values = trace_rca(traces);
      break;
    case SuspicionMethod::kOchiai:
      values = service_ochiai(traces);
      break;
    case SuspicionMethod::kDeepestError:
      values = deepest_errors(traces);
      break;
  }
  for (ServiceSuspicion& row : rows) {
    const auto found = values.find(row.service);
    row.suspicion = found == values.end() ? 0 : rounded(std::span(&found->second, 1)).front();
  }
  std::stable_sort(
      rows.begin(), rows.end(), [](const ServiceSuspicion& a, const ServiceSuspicion& b) {
        return a.suspicion != b.suspicion ? a.suspicion > b.suspicion : a.service < b.service;
      });
}

}  // namespace culprit
