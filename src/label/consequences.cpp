#include "label/consequences.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

namespace culprit {

namespace {

bool changes_something(std::string_view method) {
  return !method.empty() && method != "GET" && method != "HEAD" && method != "OPTIONS" &&
         method != "TRACE";
}

// Whether it surely did not do what it was to do.
bool left_undone(const Request& request, const Outcome& outcome) {
  if (outcome.verdict != Verdict::kFailed || outcome.weight < 1) return false;
  const bool refused = request.status && *request.status >= 400 && *request.status < 500;
  return !refused || request.verdict == Verdict::kFailed;
}

struct Change {
  std::size_t request;
  std::string endpoint;
};

}  // namespace

bool is_service_error(const Request& request) {
  return request.status && (*request.status == 0 || *request.status >= 500);
}

std::vector<std::optional<std::size_t>> causes_of_failures(std::span<const Request> requests,
                                                           std::span<const Outcome> outcomes,
                                                           const Routes& routes) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const bool matters =
        outcomes[i].verdict == Verdict::kFailed ||
        (outcomes[i].verdict == Verdict::kPassed && changes_something(requests[i].method));
    if (matters && requests[i].time_ns && !requests[i].url.empty()) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return *requests[a].time_ns < *requests[b].time_ns;
  });
  std::vector<std::optional<std::size_t>> causes(requests.size());
  std::unordered_map<std::string, Change> undone;  // by resource
  for (const std::size_t i : order) {
    const Request& request = requests[i];
    const bool passed = outcomes[i].verdict == Verdict::kPassed;
    if (undone.empty() && (passed || !changes_something(request.method))) continue;
    std::string resource = routes.resource(request.method, request.url);
    if (resource.empty()) continue;
    std::string endpoint = routes.endpoint(request.method, request.url);
    const auto change = undone.find(resource);
    if (change == undone.end()) {
      if (changes_something(request.method) && left_undone(request, outcomes[i])) {
        undone.emplace(std::move(resource), Change{i, std::move(endpoint)});
      }
    } else if (passed) {
      if (change->second.endpoint == endpoint) undone.erase(change);
    } else if (change->second.endpoint != endpoint && !is_service_error(request) &&
               requests[change->second.request].run != request.run) {
      causes[i] = change->second.request;
    }
  }
  return causes;
}

}  // namespace culprit
