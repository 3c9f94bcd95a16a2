#include "score/trace_tree.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace culprit {

namespace {

// The spans of a trace by id, those of one id in input order.
class ById {
 public:
  using Entry = std::pair<std::uint64_t, std::uint32_t>;

  explicit ById(std::span<const TraceSpan* const> spans) {
    for (std::uint32_t i = 0; i < spans.size(); ++i) entries_.emplace_back(spans[i]->id, i);
    std::sort(entries_.begin(), entries_.end());
  }
  [[nodiscard]] std::span<const Entry> of(std::uint64_t id) const {
    const auto first = std::lower_bound(entries_.begin(), entries_.end(), Entry{id, 0});
    auto last = first;
    while (last != entries_.end() && last->first == id) ++last;
    return {first, last};
  }

 private:
  std::vector<Entry> entries_;
};

// Zipkin gives both sides of a call one id: the server's parent is then the client of the same id,
// whatever parent it names (that of the client), and what the server calls hangs below the server.
std::uint32_t find_parent(const TraceTree& tree, const ById& by_id, std::uint32_t child) {
  const TraceSpan& span = *tree.spans[child];
  if (tree.facts(child).kind == SpanKind::kServer) {
    for (const auto& [id, candidate] : by_id.of(span.id)) {
      if (tree.facts(candidate).kind == SpanKind::kClient) return candidate;
    }
  }
  if (span.parent == 0) return TraceTree::kNone;
  const SpanKind wanted = span.parent == span.id ? SpanKind::kClient : SpanKind::kServer;
  std::uint32_t first = TraceTree::kNone;
  for (const auto& [id, candidate] : by_id.of(span.parent)) {
    if (candidate == child) continue;
    if (tree.facts(candidate).kind == wanted) return candidate;
    if (first == TraceTree::kNone) first = candidate;
  }
  return span.parent == span.id ? TraceTree::kNone : first;
}

// Of spans with the id and kind of an earlier one, which a file may repeat.
void drop_copies(std::vector<const TraceSpan*>& spans) {
  std::vector<std::pair<std::pair<std::uint64_t, SpanKind>, std::uint32_t>> keys;
  for (std::uint32_t i = 0; i < spans.size(); ++i) {
    keys.push_back({{spans[i]->id, spans[i]->facts->kind}, i});
  }
  std::sort(keys.begin(), keys.end());
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i].first == keys[i - 1].first) spans[keys[i].second] = nullptr;
  }
  std::erase(spans, nullptr);
}

void resolve(TraceTree& tree) {
  const ById by_id(tree.spans);
  const auto count = static_cast<std::uint32_t>(tree.spans.size());
  tree.parents.reserve(count);
  tree.first_child.resize(count + 1);
  std::uint32_t with_parent = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t parent = find_parent(tree, by_id, i);
    tree.parents.push_back(parent);
    if (parent == TraceTree::kNone) continue;
    ++tree.first_child[parent + 1];
    ++with_parent;
  }
  for (std::uint32_t i = 0; i < count; ++i) tree.first_child[i + 1] += tree.first_child[i];
  tree.children.resize(with_parent);
  std::vector<std::uint32_t> next = tree.first_child;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (tree.parents[i] != TraceTree::kNone) tree.children[next[tree.parents[i]]++] = i;
  }
}

}  // namespace

std::vector<TraceTree> trace_trees(const SpanStore& spans) {
  std::vector<const std::string*> traces;
  traces.reserve(spans.traces().size());
  for (const std::string& trace : spans.traces()) traces.push_back(&trace);
  std::sort(traces.begin(), traces.end(),
            [](const std::string* a, const std::string* b) { return *a < *b; });
  std::unordered_map<const std::string*, std::uint32_t> place_of;
  place_of.reserve(traces.size());
  for (std::uint32_t i = 0; i < traces.size(); ++i) place_of.emplace(traces[i], i);

  // Counted before they are taken, so that no array grows.
  std::vector<std::uint32_t> sizes(traces.size());
  spans.for_each([&](const TraceSpan& span) { ++sizes[place_of.at(span.trace)]; });
  std::vector<TraceTree> trees(traces.size());
  for (std::size_t i = 0; i < trees.size(); ++i) {
    trees[i].trace = *traces[i];
    trees[i].spans.reserve(sizes[i]);
  }
  spans.for_each(
      [&](const TraceSpan& span) { trees[place_of.at(span.trace)].spans.push_back(&span); });
  for (TraceTree& tree : trees) {
    drop_copies(tree.spans);
    resolve(tree);
  }
  return trees;
}

}  // namespace culprit
