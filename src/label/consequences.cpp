#include "label/consequences.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

namespace culprit {

namespace {

bool changes_something(std::string_view method) {
  return !method.empty() && method != "GET" && method != "HEAD" && method != "OPTIONS" &&
         method != "TRACE";
}

struct Change {
  std::size_t request;
  std::string endpoint;
};

}  // namespace

std::vector<std::optional<std::size_t>> causes_of_failures(std::span<const Request> requests,
                                                           std::span<const Outcome> outcomes,
                                                           const Routes& routes) {
  std::vector<std::size_t> failed;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const bool known = requests[i].time_ns && !requests[i].url.empty();
    if (outcomes[i].verdict == Verdict::kFailed && known) failed.push_back(i);
  }
  std::stable_sort(failed.begin(), failed.end(), [&](std::size_t a, std::size_t b) {
    return *requests[a].time_ns < *requests[b].time_ns;
  });
  std::vector<std::optional<std::size_t>> causes(requests.size());
  std::map<std::string, Change, std::less<>> changes;  // that failed, by resource
  for (const std::size_t i : failed) {
    const Request& request = requests[i];
    std::string endpoint = routes.endpoint(request.method, request.url);
    const std::vector<std::string> resources = routes.resources(request.method, request.url);
    for (const std::string& resource : resources) {
      const auto change = changes.find(resource);
      if (change == changes.end() || change->second.endpoint == endpoint) continue;
      if (requests[change->second.request].run != request.run) causes[i] = change->second.request;
    }
    if (changes_something(request.method) && !resources.empty()) {
      changes[resources.back()] = {i, std::move(endpoint)};
    }
  }
  return causes;
}

}  // namespace culprit
