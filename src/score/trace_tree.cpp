#include "score/trace_tree.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace culprit {

namespace {

using ById = std::unordered_map<std::string_view, std::vector<std::uint32_t>>;

// Zipkin gives both sides of a call one id: the server's parent is then the client of the same id,
// whatever parent it names (that of the client), and what the server calls hangs below the server.
std::uint32_t find_parent(const TraceTree& tree, const ById& by_id, std::uint32_t child) {
  const Span& span = *tree.spans[child];
  if (span.kind == SpanKind::kServer) {
    for (const std::uint32_t candidate : by_id.at(span.id)) {
      if (tree.spans[candidate]->kind == SpanKind::kClient) return candidate;
    }
  }
  const auto found = span.parent.empty() ? by_id.end() : by_id.find(span.parent);
  if (found == by_id.end()) return TraceTree::kNone;
  const SpanKind wanted = span.parent == span.id ? SpanKind::kClient : SpanKind::kServer;
  std::uint32_t first = TraceTree::kNone;
  for (const std::uint32_t candidate : found->second) {
    if (candidate == child) continue;
    if (tree.spans[candidate]->kind == wanted) return candidate;
    if (first == TraceTree::kNone) first = candidate;
  }
  return span.parent == span.id ? TraceTree::kNone : first;
}

void resolve(TraceTree& tree, const ById& by_id) {
  const auto count = static_cast<std::uint32_t>(tree.spans.size());
  tree.parents.resize(count, TraceTree::kNone);
  tree.children.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    tree.parents[i] = find_parent(tree, by_id, i);
    if (tree.parents[i] != TraceTree::kNone) tree.children[tree.parents[i]].push_back(i);
  }
}

}  // namespace

std::vector<TraceTree> trace_trees(std::span<const Span> spans) {
  std::map<std::string_view, std::vector<const Span*>> by_trace;
  for (const Span& span : spans) by_trace[span.trace].push_back(&span);

  std::vector<TraceTree> trees;
  trees.reserve(by_trace.size());
  for (const auto& [trace, members] : by_trace) {
    TraceTree& tree = trees.emplace_back();
    tree.trace = trace;
    ById by_id;
    for (const Span* span : members) {
      std::vector<std::uint32_t>& same_id = by_id[span->id];
      const bool is_copy = std::any_of(same_id.begin(), same_id.end(), [&](std::uint32_t other) {
        return tree.spans[other]->kind == span->kind;
      });
      if (is_copy) continue;
      same_id.push_back(static_cast<std::uint32_t>(tree.spans.size()));
      tree.spans.push_back(span);
    }
    resolve(tree, by_id);
  }
  return trees;
}

}  // namespace culprit
