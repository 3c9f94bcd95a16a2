// Who calls whom: the service graph that traces show, on Boost.Graph.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/report.h"
#include "score/trace_tree.h"

namespace culprit {

// One caller -> callee edge, counted over spans whose parent lies in another service.
struct ServiceCall {
  std::string caller;
  std::string callee;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;  // calls whose callee span is an error
};

// Calls sorted by (caller, callee). Spans whose parent is not in the trace make no call.
[[nodiscard]] std::vector<ServiceCall> service_calls(std::span<const TraceTree> trees);

// Where to draw each service, and what each call goes through on its way: callers stand in earlier
// layers than those they call (calls that would close a circle go backwards), rows are ordered for
// few crossings. `services` are placed even when nothing calls them.
[[nodiscard]] ServiceLayout layered_layout(std::span<const std::string> services,
                                           std::span<const CallRecord> calls);

}  // namespace culprit
