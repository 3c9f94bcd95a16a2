#include "pipeline/error_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "score/trees_of.h"

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
  const std::vector<ErrorPlace> places = error_places(TreesOf(spans).trees, failed);
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
      error_places(TreesOf(spans).trees, {{"f1", 1}, {"f2", 1}, {"p", 0}, {"q", 0}});
  ASSERT_EQ(places.size(), 1U);  // B: as often in the one passing trace that has spans
  EXPECT_EQ(places[0].file, "A.java");
}

// Runs f1, f2, p1, p2 of `services`; each executes lines 29 and 30 of `file` of each service.
Spectrum four_runs(const std::string& file, const std::vector<std::string>& services) {
  Spectrum::Builder builder;
  for (const char* name : {"f1", "f2", "p1", "p2"}) {
    for (const std::string& service : services) {
      const FileId id = builder.file(builder.service(service), file);
      builder.hit(builder.run(name), builder.line(id, 29), 1);
      builder.hit(builder.run(name), builder.line(id, 30), 1);
    }
  }
  return std::move(builder).build();
}

std::vector<Outcome> two_failed() {
  return {Outcome::failed(""), Outcome::failed(""), Outcome::passed(""), Outcome::passed("")};
}

// The traces of run i are those of that name.
std::vector<ErrorLine> lines_of(const Spectrum& spectrum, const std::vector<Span>& spans,
                                const std::vector<Outcome>& outcomes,
                                const std::vector<RaisedLine>& raised = {}) {
  const TreesOf made(spans);
  const std::vector<TraceTree>& trees = made.trees;
  std::vector<std::vector<std::size_t>> traces(spectrum.runs().size());
  for (std::size_t run = 0; run < traces.size(); ++run) {
    for (std::size_t i = 0; i < trees.size(); ++i) {
      if (trees[i].trace == spectrum.runs()[run]) traces[run].push_back(i);
    }
  }
  RunSet set;
  set.spectrum = spectrum;
  set.exceptions = exception_origins(spectrum, raised);
  return error_lines(set, outcomes, trees, traces);
}

TEST(ErrorLines, CountRunsAndFindFilesByTheirEnds) {
  const Spectrum spectrum = four_runs("src/main/java/shop/Risk.java", {"Payment"});
  const std::vector<Span> spans = {
      error_at("f1", "shop/Risk.java", 30), error_at("f1", "shop/Risk.java", 30),
      error_at("f2", "shop/Risk.java", 29), error_at("p1", "shop/Risk.java", 29),
      error_at("f2", "shop/Risk.java", 99), error_at("f2", "Brisk.java", 30)};
  const std::vector<ErrorLine> lines = lines_of(spectrum, spans, two_failed());
  ASSERT_EQ(lines.size(), 1U);  // 29: in as many passing runs
  EXPECT_EQ(spectrum.lines()[lines[0].line.value].number, 30U);
  EXPECT_EQ(lines[0].counts, (Counts{1, 0, 1, 2}));
}

TEST(ErrorLines, OfAFileInSeveralServicesAreThoseOfTheSpansService) {
  const Spectrum spectrum = four_runs("Risk.java", {"orders", "payment"});
  const std::vector<ErrorLine> lines =
      lines_of(spectrum, {error_at("f1", "Risk.java", 30)}, two_failed());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(spectrum.services()[spectrum.service_of(lines[0].line).value], "payment");
}

TEST(ErrorLines, LeaveOutRunsWithoutAnOutcome) {
  const Spectrum spectrum = four_runs("Risk.java", {"payment"});
  std::vector<Outcome> outcomes = two_failed();
  outcomes[1] = Outcome{};
  const std::vector<ErrorLine> lines = lines_of(
      spectrum, {error_at("f1", "Risk.java", 30), error_at("f2", "Risk.java", 30)}, outcomes);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].counts, (Counts{1, 0, 0, 2}));
}

// Line 29 raises in both failing runs, by f1's trace and f2's coverage; 30 by coverage in f1 and
// p1.
TEST(ErrorLines, AreThoseOfTracesAndOfCoverage) {
  const Spectrum spectrum = four_runs("Risk.cpp", {"payment"});
  const std::vector<ErrorLine> lines =
      lines_of(spectrum, {error_at("f1", "Risk.cpp", 29)}, two_failed(),
               {{"f2", "payment", "Risk.cpp", 29},
                {"f2", "payment", "Risk.cpp", 30},
                {"f1", "payment", "Risk.cpp", 30},
                {"p1", "payment", "Risk.cpp", 30}});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(spectrum.lines()[lines[0].line.value].number, 29U);
  EXPECT_EQ(lines[0].counts, (Counts{2, 0, 0, 2}));
  EXPECT_EQ(lines[0].weight, 1);
  EXPECT_EQ(lines[1].counts, (Counts{2, 1, 0, 1}));
}

}  // namespace
}  // namespace culprit
