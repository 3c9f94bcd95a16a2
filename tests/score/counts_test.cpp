#include "score/counts.h"

#include <gtest/gtest.h>

#include "score/columns.h"
#include "score/random_matrix.h"

namespace culprit {
namespace {

// The definition, term by term: ef = sum of w over the runs that executed the line, and so on, over
// the runs that have an outcome and a report of the line's service.
Counts naive_counts(const RandomMatrix& m, std::size_t line) {
  Counts c;
  for (std::size_t r = 0; r < m.runs; ++r) {
    if (m.outcomes[r].verdict == Verdict::kUnknown || !m.reported[line][r]) continue;
    const double w = m.outcomes[r].weight;
    (m.counts[line][r] != 0 ? c.ef : c.nf) += w;
    (m.counts[line][r] != 0 ? c.ep : c.np) += 1 - w;
  }
  return c;
}

TEST(Counts, AgreeWithTheDefinitionOnRandomMatrices) {
  unsigned seed = 0;
  for (const MatrixShape& shape : shapes()) {
    const RandomMatrix m = random_matrix(++seed, shape);
    const std::vector<Counts> counts = count_lines(m.spectrum, Jury(m.spectrum, m.outcomes));
    ASSERT_EQ(counts.size(), m.lines);
    for (std::size_t l = 0; l < m.lines; ++l) {
      const Counts expected = naive_counts(m, l);
      EXPECT_NEAR(counts[l].ef, expected.ef, 1e-9) << "seed " << seed << " line " << l;
      EXPECT_NEAR(counts[l].ep, expected.ep, 1e-9) << "seed " << seed << " line " << l;
      EXPECT_NEAR(counts[l].nf, expected.nf, 1e-9) << "seed " << seed << " line " << l;
      EXPECT_NEAR(counts[l].np, expected.np, 1e-9) << "seed " << seed << " line " << l;
    }
  }
}

TEST(Counts, AreIntegralWhenEveryOutcomeIsCertain) {
  const RandomMatrix m = random_matrix(3, {.soft = 0});
  for (const Counts& c : count_lines(m.spectrum, Jury(m.spectrum, m.outcomes))) {
    for (const double value : {c.ef, c.ep, c.nf, c.np}) EXPECT_EQ(value, std::floor(value));
  }
}

TEST(Counts, LeaveRunsWithoutAReportOutOfBothSides) {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service("s"), "a");
  const LineId line = builder.line(file, 1);
  builder.hit(builder.run("1 failed, hit"), line, 1);
  builder.report(builder.run("2 passed, not hit"), builder.service("s"));
  builder.run("3 failed, missing");
  builder.run("4 passed, missing");
  const Spectrum spectrum = std::move(builder).build();
  const std::vector<Outcome> outcomes = {Outcome::failed(""), Outcome::passed(""),
                                         Outcome::failed(""), Outcome::passed("")};
  EXPECT_EQ(count_lines(spectrum, Jury(spectrum, outcomes)).front(), (Counts{1, 0, 0, 1}));
}

TEST(ColumnGroups, AreExactlyTheSetsOfLinesWithEqualColumns) {
  unsigned seed = 100;
  for (MatrixShape shape : shapes()) {
    shape.lines = 60;
    shape.runs = std::min<std::size_t>(shape.runs, 4);  // few runs, so that columns repeat
    const RandomMatrix m = random_matrix(++seed, shape);
    const auto groups = column_groups(m.spectrum, Jury(m.spectrum, m.outcomes));
    for (std::size_t a = 0; a < m.lines; ++a) {
      for (std::size_t b = 0; b < m.lines; ++b) {
        bool same = true;
        for (std::size_t r = 0; r < m.runs; ++r) {
          if (m.outcomes[r].verdict == Verdict::kUnknown) continue;
          same = same && (m.counts[a][r] != 0) == (m.counts[b][r] != 0) &&
                 m.reported[a][r] == m.reported[b][r];
        }
        EXPECT_EQ(groups[a] == groups[b], same) << "seed " << seed << ": " << a << ", " << b;
      }
    }
  }
}

}  // namespace
}  // namespace culprit
