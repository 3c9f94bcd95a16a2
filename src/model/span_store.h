// The spans of a run set, held small: what many spans say alike once for all of them, ids as
// numbers. 48 bytes a span, and what is said for the first time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "culprit/trace.h"

namespace culprit {

// A span; what it points to belongs to its store.
struct TraceSpan {
  const std::string* trace;
  std::uint64_t id;      // of 16 hex digits their value, of any other id a hash
  std::uint64_t parent;  // 0: a root
  std::int64_t start_ns;
  std::int64_t duration_ns;
  const SpanFacts* facts;
};

class SpanStore {
 public:
  SpanStore() = default;
  explicit SpanStore(std::span<const Span> spans);
  SpanStore(SpanStore&&) = default;
  SpanStore& operator=(SpanStore&&) = default;

  void add(Span&& span);
  // Takes the spans of `other`, behind those that are there.
  void merge(SpanStore&& other);
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return chunks_.empty(); }

  // Gives services other names.
  using NewName = std::function<std::string(const std::string& service)>;
  void rename_services(const NewName& new_name);

  // In the order in which they came. They stay where they are as long as their store does.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const std::vector<TraceSpan>& chunk : chunks_) {
      for (const TraceSpan& span : chunk) visit(span);
    }
  }
  // What spans say, each once, in any order.
  template <class Visit>
  void for_each_facts(Visit&& visit) const {
    for (const SpanFacts& facts : facts_) visit(facts);
  }
  // The ids of all traces, each once, in any order.
  [[nodiscard]] const std::unordered_set<std::string>& traces() const { return traces_; }

 private:
  struct Hash {
    std::size_t operator()(const SpanFacts& facts) const;
  };

  // Takes facts in; `moved` tells where each is now.
  using Moved = std::unordered_map<const SpanFacts*, const SpanFacts*>;
  void take_facts(std::unordered_set<SpanFacts, Hash>&& facts, const NewName& new_name,
                  Moved& moved);

  // Never moved: one array that grows would for a while be there twice. The first ones are small,
  // for stores of one file among thousands.
  static constexpr std::size_t kLeastChunk = 16;
  static constexpr std::size_t kChunk = 4096;
  std::vector<std::vector<TraceSpan>> chunks_;
  std::unordered_set<std::string> traces_;
  std::unordered_set<SpanFacts, Hash> facts_;
};

}  // namespace culprit
