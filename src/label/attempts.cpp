#include "label/attempts.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace culprit {

void sort_by_time(std::vector<std::size_t>& order, std::span<const Request> requests) {
  const bool timed = std::all_of(order.begin(), order.end(),
                                 [&](std::size_t i) { return requests[i].time_ns.has_value(); });
  if (!timed) return;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return *requests[a].time_ns < *requests[b].time_ns;
  });
}

std::vector<std::size_t> last_attempts(const std::vector<std::size_t>& order, bool is_window,
                                       std::span<const Request> requests,
                                       std::span<const Decision> decisions) {
  using Attempt = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::map<Attempt, std::size_t> last_of_trace;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Request& request = requests[order[i]];
    if (!request.trace.empty()) last_of_trace[{request.trace, request.method, request.url}] = i;
  }
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Request& request = requests[order[i]];
    const Decision& decision = decisions[order[i]];
    const bool may_be_retried = !request.url.empty() && request.count == 1 &&
                                decision.hard_failure() && decision.kind != RuleKind::kOutcomes;
    const auto retries = [&](const Request& next) {
      return !is_window && next.url == request.url && next.method == request.method &&
             (next.trace.empty() || request.trace.empty());
    };
    const bool retried =
        may_be_retried && ((i + 1 < order.size() && retries(requests[order[i + 1]])) ||
                           (!request.trace.empty() &&
                            last_of_trace[{request.trace, request.method, request.url}] > i));
    if (!retried) kept.push_back(order[i]);
  }
  return kept;
}

}  // namespace culprit
