// The spans of a trace with their parents resolved.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "culprit/trace.h"

namespace culprit {

// Positions in `spans` name a span. Nothing is promised of the shape: damaged input gives several
// roots, or parents in a circle, so nobody may walk from parent to parent without a bound.
struct TraceTree {
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  std::string_view trace;
  std::vector<const Span*> spans;      // one for each (id, kind), in input order
  std::vector<std::uint32_t> parents;  // kNone: a root, or the parent is not in the trace
  std::vector<std::vector<std::uint32_t>> children;
};

// One tree per trace id, sorted by it. They point into `spans`.
[[nodiscard]] std::vector<TraceTree> trace_trees(std::span<const Span> spans);

}  // namespace culprit
