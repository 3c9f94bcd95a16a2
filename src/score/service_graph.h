// Who calls whom: the service graph that traces show, on Boost.Graph.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/trace.h"

namespace culprit {

// One caller -> callee edge, counted over spans whose parent lies in another service.
struct ServiceCall {
  std::string caller;
  std::string callee;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;  // calls whose callee span is an error
};

// Calls sorted by (caller, callee). Spans whose parent is not in the trace make no call.
[[nodiscard]] std::vector<ServiceCall> service_calls(std::span<const Span> spans);

}  // namespace culprit
