#include "model/span_store.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

namespace culprit {

namespace {

constexpr std::size_t kIdDigits = 16;

std::uint64_t number_of(std::string_view id) {
  if (id.empty()) return 0;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number, 16);
  const bool is_hex = error == std::errc() && end == id.data() + id.size();
  if (is_hex && id.size() == kIdDigits && number != 0) return number;
  return std::hash<std::string_view>()(id) | 1;
}

void mix(std::size_t& hash, std::size_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  hash ^= hash >> 32;
}

}  // namespace

std::size_t SpanStore::Hash::operator()(const SpanFacts& facts) const {
  std::size_t hash = static_cast<std::size_t>(facts.kind) * 2 + (facts.error ? 1 : 0);
  mix(hash, static_cast<std::size_t>(facts.http_status));
  mix(hash, facts.code_line);
  for (const std::string* text :
       {&facts.service, &facts.operation, &facts.error_text, &facts.store, &facts.http_method,
        &facts.http_path, &facts.code_file, &facts.code_function}) {
    mix(hash, text->empty() ? 0 : std::hash<std::string>()(*text));
  }
  return hash;
}

SpanStore::SpanStore(std::span<const Span> spans) {
  for (const Span& span : spans) add(Span(span));
}

void SpanStore::add(Span&& span) {
  const std::size_t last = chunks_.empty() ? 0 : chunks_.back().capacity();
  if (chunks_.empty() || chunks_.back().size() == last) {
    chunks_.emplace_back().reserve(std::clamp(2 * last, kLeastChunk, kChunk));
  }
  const std::string& trace = *traces_.insert(std::move(span.trace)).first;
  const SpanFacts& facts = *facts_.insert(static_cast<SpanFacts&&>(span)).first;
  chunks_.back().push_back({&trace, number_of(span.id), number_of(span.parent), span.start_ns,
                            span.duration_ns, &facts});
}

void SpanStore::merge(SpanStore&& other) {
  if (chunks_.empty()) {
    *this = std::move(other);
    return;
  }
  std::unordered_map<const std::string*, const std::string*> traces;
  while (!other.traces_.empty()) {
    auto node = other.traces_.extract(other.traces_.begin());
    const std::string* const was = &node.value();
    traces.emplace(was, &*traces_.insert(std::move(node)).position);
  }
  Moved facts;
  take_facts(std::move(other.facts_), {}, facts);
  for (std::vector<TraceSpan>& chunk : other.chunks_) {
    for (TraceSpan& span : chunk) {
      span.trace = traces.at(span.trace);
      span.facts = facts.at(span.facts);
    }
    chunks_.push_back(std::move(chunk));
  }
  other.chunks_.clear();
}

void SpanStore::rename_services(const NewName& new_name) {
  std::unordered_set<SpanFacts, Hash> old = std::move(facts_);
  facts_.clear();
  Moved moved;
  take_facts(std::move(old), new_name, moved);
  for (std::vector<TraceSpan>& chunk : chunks_) {
    for (TraceSpan& span : chunk) span.facts = moved.at(span.facts);
  }
}

void SpanStore::take_facts(std::unordered_set<SpanFacts, Hash>&& facts, const NewName& new_name,
                           Moved& moved) {
  while (!facts.empty()) {
    auto node = facts.extract(facts.begin());
    const SpanFacts* const was = &node.value();
    if (new_name) node.value().service = new_name(node.value().service);
    moved.emplace(was, &*facts_.insert(std::move(node)).position);
  }
}

std::size_t SpanStore::size() const {
  std::size_t size = 0;
  for (const std::vector<TraceSpan>& chunk : chunks_) size += chunk.size();
  return size;
}

}  // namespace culprit
