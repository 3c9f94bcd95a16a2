#include "model/span_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace culprit {
namespace {

Span span_of(const std::string& trace, const std::string& id, const std::string& operation) {
  Span span;
  span.trace = trace;
  span.id = id;
  span.operation = operation;
  return span;
}

std::vector<std::string> told(const SpanStore& store) {
  std::vector<std::string> result;
  store.for_each([&](const TraceSpan& span) {
    result.push_back(*span.trace + ' ' + span.facts->operation + ' ' + std::to_string(span.id));
  });
  return result;
}

TEST(SpanStore, KeepsWhatSpansSayAndTheirOrder) {
  std::vector<Span> spans;
  std::vector<std::string> expected;
  for (int i = 0; i < 10'000; ++i) {
    const std::string hex = "00000000000f" + std::to_string(4096 - i % 3'000 + 1'000);
    spans.push_back(span_of("t" + std::to_string(i % 7), hex, "op" + std::to_string(i % 3)));
    expected.push_back("t" + std::to_string(i % 7) + " op" + std::to_string(i % 3) + ' ' +
                       std::to_string(std::stoull(hex, nullptr, 16)));
  }
  const SpanStore store{spans};
  EXPECT_EQ(store.size(), 10'000U);
  EXPECT_EQ(told(store), expected);
  EXPECT_EQ(store.traces().size(), 7U);
  std::size_t facts = 0;
  store.for_each_facts([&](const SpanFacts&) { ++facts; });
  EXPECT_EQ(facts, 3U);
}

TEST(SpanStore, TellsIdsThatAreNoNumbersApart) {
  const SpanStore store{std::vector{span_of("t", "seg:1", "a"), span_of("t", "seg:2", "a"),
                                    span_of("t", "0000000000000000", "a"), span_of("t", "", "a")}};
  std::vector<std::uint64_t> ids;
  store.for_each([&](const TraceSpan& span) { ids.push_back(span.id); });
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_NE(ids[2], 0U);  // not the mark of a root
  EXPECT_EQ(ids[3], 0U);
}

TEST(SpanStore, TakesAnotherBehindItsOwnAndHoldsWhatBothSayOnce) {
  SpanStore store{std::vector{span_of("t", "1", "a"), span_of("u", "2", "b")}};
  store.merge(SpanStore{std::vector{span_of("u", "2", "b"), span_of("v", "1", "a")}});
  store.merge(SpanStore());
  SpanStore merged;
  merged.merge(std::move(store));
  std::vector<std::string> traces;
  std::vector<const SpanFacts*> facts;
  std::vector<const std::string*> names;
  merged.for_each([&](const TraceSpan& span) {
    traces.push_back(*span.trace);
    facts.push_back(span.facts);
    names.push_back(span.trace);
  });
  EXPECT_THAT(traces, testing::ElementsAre("t", "u", "u", "v"));
  EXPECT_EQ(facts[0], facts[3]);
  EXPECT_EQ(facts[1], facts[2]);
  EXPECT_EQ(names[1], names[2]);
  EXPECT_EQ(merged.traces().size(), 3U);
}

TEST(SpanStore, RenamesServicesAndHoldsWhatIsThenAlikeOnce) {
  Span a = span_of("t", "1", "op");
  Span b = span_of("t", "2", "op");
  a.service = "old";
  b.service = "new";
  SpanStore store{std::vector{a, b}};
  store.rename_services([](const std::string&) { return "new"; });
  std::vector<const SpanFacts*> facts;
  store.for_each([&](const TraceSpan& span) { facts.push_back(span.facts); });
  EXPECT_EQ(facts[0], facts[1]);
  EXPECT_EQ(facts[0]->service, "new");
}

}  // namespace
}  // namespace culprit
