// The spans of a trace with their parents resolved.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "model/span_store.h"

namespace culprit {

// Positions in `spans` name a span. Nothing is promised of the shape: damaged input gives several
// roots, or parents in a circle, so nobody may walk from parent to parent without a bound.
struct TraceTree {
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  std::string_view trace;
  std::vector<const TraceSpan*> spans;  // one for each (id, kind), in input order
  std::vector<std::uint32_t> parents;   // kNone: a root, or the parent is not in the trace

  // In input order.
  [[nodiscard]] std::span<const std::uint32_t> children_of(std::size_t span) const {
    return std::span(children).subspan(first_child[span],
                                       first_child[span + 1] - first_child[span]);
  }
  [[nodiscard]] const SpanFacts& facts(std::size_t span) const { return *spans[span]->facts; }

  std::vector<std::uint32_t> children;     // all of them, by parent
  std::vector<std::uint32_t> first_child;  // where in `children` those of each span begin
};

// One tree per trace id, sorted by it. They point into `spans`.
[[nodiscard]] std::vector<TraceTree> trace_trees(const SpanStore& spans);

}  // namespace culprit
