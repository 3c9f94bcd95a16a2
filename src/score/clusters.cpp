#include "score/clusters.h"

#include <algorithm>
#include <map>

#include "base/sha256.h"
#include "label/endpoint.h"
#include "label/request_rules.h"

namespace culprit {

namespace {

constexpr std::size_t kDigits = 32;
// Deeper ways through a trace are cut, at their beginning.
constexpr std::size_t kSteps = 200;

bool counts_as_error(const SpanFacts& span, std::string_view kind) {
  const bool client_error = span.http_status >= 400 && span.http_status < 500;
  return span.error && (!client_error || kind == "http-4xx");
}

}  // namespace

std::string fingerprint_of(const FailureSignature& signature) {
  std::string text;
  for (const std::string* field :
       {&signature.endpoint, &signature.kind, &signature.service, &signature.operation}) {
    if (field != &signature.endpoint) text += '\x1f';
    text += *field;
  }
  return std::string(kClusterVersion) + sha256_hex(text).substr(0, kDigits);
}

std::string_view kind_of_failure(const Request& request, const Outcome& outcome) {
  if (says_timeout(request.error)) return "timeout";
  if (request.grpc_status.value_or(0) != 0) return "grpc-error";
  if (request.status) {
    if (*request.status == 0) return "no-response";
    if (*request.status >= 500) return "http-5xx";
  }
  if (request.failing_body) return "body";
  if (request.status.value_or(0) >= 400) return "http-4xx";
  if (request.verdict == Verdict::kFailed) return "assertion";
  if (outcome.weight < 1) return "latency";
  return request.error.empty() ? "stated" : "no-response";
}

std::optional<std::uint32_t> first_failing_span(const TraceTree& tree, std::string_view kind) {
  std::optional<std::uint32_t> first;
  for (std::uint32_t i = 0; i < tree.spans.size(); ++i) {
    if (!counts_as_error(tree.facts(i), kind)) continue;
    const auto children = tree.children_of(i);
    const bool passes_on = std::any_of(children.begin(), children.end(), [&](std::uint32_t child) {
      return counts_as_error(tree.facts(child), kind);
    });
    if (passes_on) continue;
    if (!first || tree.spans[i]->start_ns < tree.spans[*first]->start_ns) first = i;
  }
  return first;
}

std::vector<TraceStep> way_to(const TraceTree& tree, std::uint32_t span) {
  std::vector<TraceStep> steps;
  for (std::uint32_t at = span; at != TraceTree::kNone && steps.size() < kSteps;
       at = tree.parents[at]) {
    const SpanFacts& step = tree.facts(at);
    steps.push_back({step.service, operation_of(step), step.error, step.code_file, step.code_line});
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

std::string operation_of(const SpanFacts& span) {
  const std::size_t slash = span.operation.find('/');
  if (slash == std::string::npos) return span.operation;
  std::string name = span.operation.substr(0, slash);
  const std::string path = endpoint_template(span.operation.substr(slash));
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = path[at] == '{' ? path.find('}', at) : std::string::npos;
    if (end != std::string::npos) {
      name += "{}";  // whatever the route calls its hole
      at = end + 1;
    } else {
      name += path[at++];
    }
  }
  return name;
}

std::vector<FailureCluster> cluster_failures(std::span<const RunSymptom> runs) {
  std::map<FailureSignature, FailureCluster> by_signature;
  for (const RunSymptom& run : runs) {
    if (!run.signature) continue;
    FailureCluster& cluster = by_signature[*run.signature];
    cluster.runs.push_back(run.run);
  }
  std::map<std::string, std::size_t> runs_of;
  for (EndpointRuns& row : runs_by_endpoint(runs)) runs_of[std::move(row.endpoint)] = row.runs;
  std::vector<FailureCluster> clusters;
  for (auto& [signature, cluster] : by_signature) {
    cluster.signature = signature;
    cluster.fingerprint = fingerprint_of(signature);
    cluster.endpoint_runs = runs_of[signature.endpoint];
    clusters.push_back(std::move(cluster));
  }
  std::stable_sort(clusters.begin(), clusters.end(),
                   [](const auto& a, const auto& b) { return a.runs.size() > b.runs.size(); });
  return clusters;
}

std::vector<EndpointRuns> runs_by_endpoint(std::span<const RunSymptom> runs) {
  std::map<std::string_view, std::size_t> counts;
  for (const RunSymptom& run : runs) {
    for (const std::string& endpoint : run.endpoints) ++counts[endpoint];
  }
  std::vector<EndpointRuns> rows;
  for (const auto& [endpoint, count] : counts) rows.push_back({std::string(endpoint), count});
  return rows;
}

std::string_view name_of(FaultLevel level) {
  switch (level) {
    case FaultLevel::kUnknown:
      return "unknown";
    case FaultLevel::kService:
      return "service";
    case FaultLevel::kDatabase:
      return "database";
    case FaultLevel::kPerformance:
      return "performance";
    case FaultLevel::kCode:
      return "code";
  }
  return "unknown";
}

}  // namespace culprit
