#include "pipeline/run_symptoms.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.h"
#include "label/consequences.h"

namespace culprit {

namespace {

// Endpoints by method and URL, each worked out once.
class EndpointNames {
 public:
  explicit EndpointNames(const Routes& routes) : routes_(routes) {}

  const std::string& of(const Request& request) {
    const bool is_path = request.endpoint.empty() || request.endpoint.starts_with('/');
    const std::string_view target = is_path && !request.url.empty()
                                        ? std::string_view(request.url)
                                        : std::string_view(request.endpoint);
    std::string key = request.method + ' ' + std::string(target.substr(0, target.find('?')));
    std::string& name = names_[std::move(key)];
    if (!name.empty()) return name;
    if (is_path) {
      name = routes_.endpoint(request.method, target);
    } else {
      name = request.method.empty() ? request.endpoint : request.method + ' ' + request.endpoint;
    }
    return name;
  }

 private:
  const Routes& routes_;
  std::unordered_map<std::string, std::string> names_;
};

bool names_none(const Request& request) {
  return request.method.empty() && request.url.empty() && request.endpoint.empty();
}

// The name of a run without requests, numbers of four digits and more as {}: they count recordings
// or tell the time, and would make a new endpoint of each. Fewer digits tell tests apart.
std::string endpoint_of_run(std::string_view name) {
  constexpr std::size_t kCounting = 4;
  std::string endpoint;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find_first_not_of(kDigits, at), name.size());
    if (end - at >= kCounting) {
      endpoint += "{}";
    } else {
      endpoint += name.substr(at, end - at);
    }
    at = end;
    if (at < name.size()) endpoint += name[at++];
  }
  return endpoint;
}

}  // namespace

Labels labels_of(const RunSet& set, const LabelPolicy& policy) {
  return label(set.runs, set.requests, policy, set.routes);
}

std::vector<std::vector<std::size_t>> traces_of_runs(const RunSet& set, const TraceJoin& join,
                                                     std::span<const TraceTree> trees) {
  std::unordered_map<std::string_view, std::size_t> run_at;
  for (std::size_t i = 0; i < set.runs.size(); ++i) run_at.emplace(set.runs[i].name, i);
  std::unordered_map<std::string_view, std::string_view> run_of;
  for (const auto& [trace, run] : join.run_of_trace) run_of[trace] = run;
  for (const auto& [trace, request] : join.request_of_trace) {
    run_of[trace] = set.requests[request].run;
  }
  for (const Request& request : set.requests) {
    if (!request.trace.empty()) run_of[request.trace] = request.run;
  }
  std::vector<std::vector<std::size_t>> traces(set.runs.size());
  for (std::size_t i = 0; i < trees.size(); ++i) {
    const auto run = run_of.find(trees[i].trace);
    if (run == run_of.end()) continue;
    const auto at = run_at.find(run->second);
    if (at != run_at.end()) traces[at->second].push_back(i);
  }
  return traces;
}

std::vector<std::optional<std::size_t>> worst_requests(const RunSet& set, const Labels& labels) {
  std::unordered_map<std::string_view, std::size_t> run_at;
  for (std::size_t i = 0; i < set.runs.size(); ++i) run_at.emplace(set.runs[i].name, i);
  std::vector<std::optional<std::size_t>> failing(set.runs.size());
  const auto strength = [&](std::size_t at) {
    return std::pair(labels.requests[at].weight, is_service_error(set.requests[at]));
  };
  for (std::size_t i = 0; i < set.requests.size(); ++i) {
    const auto run = run_at.find(set.requests[i].run);
    if (set.requests[i].run.empty() || run == run_at.end()) continue;
    if (labels.requests[i].verdict != Verdict::kFailed) continue;
    std::optional<std::size_t>& worst = failing[run->second];
    if (!worst || strength(i) > strength(*worst)) worst = i;
  }
  return failing;
}

std::vector<RunSymptom> run_symptoms(const RunSet& set, const Labels& labels, const TraceJoin& join,
                                     std::span<const TraceTree> trees) {
  EndpointNames names(set.routes);
  std::unordered_map<std::string_view, std::size_t> run_at;
  for (std::size_t i = 0; i < set.runs.size(); ++i) run_at.emplace(set.runs[i].name, i);
  std::unordered_map<std::string_view, std::size_t> tree_at;
  for (std::size_t i = 0; i < trees.size(); ++i) tree_at.emplace(trees[i].trace, i);
  const std::vector<std::vector<std::size_t>> traces = traces_of_runs(set, join, trees);

  // A row of a test's verdict names no request.
  const auto endpoint_of = [&](const Request& request) {
    return names_none(request) ? endpoint_of_run(request.run) : names.of(request);
  };
  std::vector<std::vector<std::string>> endpoints(set.runs.size());
  const std::vector<std::optional<std::size_t>> failing = worst_requests(set, labels);
  for (std::size_t i = 0; i < set.requests.size(); ++i) {
    const Request& request = set.requests[i];
    const auto run = run_at.find(request.run);
    if (request.run.empty() || run == run_at.end()) continue;
    if (labels.requests[i].verdict == Verdict::kUnknown) continue;
    endpoints[run->second].push_back(endpoint_of(request));
  }

  std::vector<RunSymptom> symptoms;
  for (std::size_t i = 0; i < set.runs.size(); ++i) {
    const Outcome& outcome = labels.runs[i];
    if (outcome.verdict == Verdict::kUnknown) continue;
    RunSymptom symptom{set.runs[i].name, std::move(endpoints[i]), std::nullopt};
    if (outcome.verdict == Verdict::kFailed) {
      FailureSignature signature{endpoint_of_run(set.runs[i].name), "stated", "", ""};
      std::vector<std::size_t> candidates = traces[i];
      if (failing[i]) {
        const Request& request = set.requests[*failing[i]];
        signature.endpoint = endpoint_of(request);
        signature.kind = kind_of_failure(request, labels.requests[*failing[i]]);
        const auto own = tree_at.find(request.trace);
        if (!request.trace.empty() && own != tree_at.end()) candidates = {own->second};
      } else if (!symptom.endpoints.empty()) {
        signature.endpoint = symptom.endpoints.front();
      }
      for (const std::size_t trace : candidates) {
        const auto span = first_failing_span(trees[trace], signature.kind);
        if (!span) continue;
        signature.service = trees[trace].facts(*span).service;
        signature.operation = operation_of(trees[trace].facts(*span));
        if (signature.kind == "stated") signature.kind = "trace-error";
        break;
      }
      symptom.endpoints.push_back(signature.endpoint);
      symptom.signature = std::move(signature);
    }
    if (symptom.endpoints.empty()) symptom.endpoints.push_back(endpoint_of_run(symptom.run));
    std::sort(symptom.endpoints.begin(), symptom.endpoints.end());
    symptom.endpoints.erase(std::unique(symptom.endpoints.begin(), symptom.endpoints.end()),
                            symptom.endpoints.end());
    symptoms.push_back(std::move(symptom));
  }
  return symptoms;
}

std::vector<std::string> failure_messages(const RunSet& set, const Labels& labels,
                                          std::span<const Outcome> compared) {
  const std::vector<std::optional<std::size_t>> failing = worst_requests(set, labels);
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < set.runs.size(); ++i) {
    if (compared[i].verdict != Verdict::kFailed) continue;
    const std::string& message =
        failing[i] ? set.requests[*failing[i]].error : set.runs[i].stated.reason;
    if (!message.empty()) messages.push_back(message);
  }
  return messages;
}

}  // namespace culprit
