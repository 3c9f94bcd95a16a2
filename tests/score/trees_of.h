// The trees of spans that a test writes down, with the store they point into.
#pragma once

#include <span>
#include <vector>

#include "model/span_store.h"
#include "score/trace_tree.h"

namespace culprit {

struct TreesOf {
  explicit TreesOf(std::span<const Span> spans) : store(spans), trees(trace_trees(store)) {}

  SpanStore store;
  std::vector<TraceTree> trees;
};

}  // namespace culprit
