#include "pipeline/error_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace culprit {
namespace {

Span error_at(std::string trace, std::string file, std::uint32_t line) {
  Span span;
  span.trace = std::move(trace);
  span.service = "payment";
  span.error = true;
  span.code_file = std::move(file);
  span.code_line = line;
  span.code_function = "Risk.points";
  return span;
}

TEST(ErrorPlaces, CountTracesNotSpansAndKeepWhatFailingOnesNameMoreOften) {
  Span fine = error_at("p1", "Risk.java", 29);
  fine.error = false;
  const std::vector<Span> spans = {
      error_at("f1", "Risk.java", 29),  error_at("f1", "Risk.java", 29),
      error_at("f2", "Risk.java", 29),  error_at("f2", "Retry.java", 7),
      error_at("p1", "Retry.java", 7),  fine,
      error_at("p2", "Other.java", 3),  error_at("unknown", "Risk.java", 29),
      error_at("f3", "Nowhere.java", 0)};
  const TraceWeights failed = {{"f1", 1}, {"f2", 1}, {"f3", 1}, {"p1", 0}, {"p2", 0}};
  const std::vector<ErrorPlace> places = error_places(spans, failed);
  // Retry.java: 1 of 3 failing and 1 of 2 passing traces.
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].line, 29U);
  EXPECT_EQ(places[0].counts, (Counts{2, 0, 1, 2}));
  EXPECT_EQ(in_words(places[0]),
            "an error arose in Risk.points (Risk.java:29, service payment): 2 of 3 failing traces, "
            "0 of 2 passing ones");
}

TEST(ErrorPlaces, ComeByHowManyFailingTracesNameThem) {
  const std::vector<Span> spans = {error_at("f1", "A.java", 1), error_at("f1", "B.java", 2),
                                   error_at("f2", "B.java", 2), error_at("p", "B.java", 2)};
  const std::vector<ErrorPlace> places =
      error_places(spans, {{"f1", 1}, {"f2", 1}, {"p", 0}, {"q", 0}});
  ASSERT_EQ(places.size(), 1U);  // B: as often in the one passing trace that has spans
  EXPECT_EQ(places[0].file, "A.java");
}

}  // namespace
}  // namespace culprit
