#include "score/diagnosability.h"

#include <gtest/gtest.h>

#include <cmath>

#include "score/random_matrix.h"

namespace culprit {
namespace {

// `rows[r][l]`: '1' executed, '0' not. The first run failed.
Evidence evidence_of(const std::vector<std::string>& rows, Spectrum& spectrum) {
  Spectrum::Builder builder;
  const ServiceId service = builder.service("");
  const FileId file = builder.file(service, "a.cc");
  std::vector<Outcome> outcomes(rows.size(), Outcome::passed(""));
  outcomes.front() = Outcome::failed("");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const RunId run = builder.run("r" + std::to_string(r));
    builder.report(run, service);
    for (std::size_t l = 0; l < rows[r].size(); ++l) {
      builder.hit(run, builder.line(file, static_cast<std::uint32_t>(l + 1)),
                  rows[r][l] == '1' ? 1 : 0);
    }
  }
  spectrum = std::move(builder).build();
  return weigh(spectrum, outcomes);
}

// By hand: 8 of 12 cells, 1 - |1 - 16/12| = 2/3; of 12 ordered pairs of runs 2 are alike; two
// groups of three lines.
TEST(Diagnosability, IsDensityDiversityAndUniqueness) {
  Spectrum spectrum;
  const Diagnosability runs = diagnosability(evidence_of({"110", "110", "001", "111"}, spectrum));
  EXPECT_NEAR(runs.density, 2.0 / 3, 1e-12);
  EXPECT_NEAR(runs.diversity, 10.0 / 12, 1e-12);
  EXPECT_NEAR(runs.uniqueness, 2.0 / 3, 1e-12);
  EXPECT_NEAR(runs.ddu(), 2.0 / 3 * 10 / 12 * 2 / 3, 1e-12);
}

TEST(Diagnosability, IsNoneWhereAllRunsAreAlikeAndWholeWhereTheyHalveTheCode) {
  Spectrum spectrum;
  const Diagnosability alike = diagnosability(evidence_of({"11", "11", "11"}, spectrum));
  EXPECT_EQ(alike.density, 0);
  EXPECT_EQ(alike.diversity, 0);
  EXPECT_EQ(alike.uniqueness, 0.5);
  const Diagnosability best = diagnosability(evidence_of({"10", "01"}, spectrum));
  EXPECT_EQ(best.ddu(), 1);
}

// The same sums, cell by cell and pair by pair.
TEST(Diagnosability, AgreesWithCountingCells) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const RandomMatrix m = random_matrix(
        seed, {.runs = 90, .lines = 6, .services = 2, .density = 0.5, .missing = 0.1, .soft = 0});
    const Evidence evidence = weigh(m.spectrum, m.outcomes);
    std::vector<std::size_t> compared;
    for (std::size_t r = 0; r < m.runs; ++r) {
      bool told = false;
      for (std::size_t l = 0; l < m.lines; ++l) told = told || m.reported[l][r];
      if (told && m.outcomes[r].verdict != Verdict::kUnknown) compared.push_back(r);
    }
    double executed = 0, told = 0, alike = 0;
    for (const std::size_t r : compared) {
      for (std::size_t l = 0; l < m.lines; ++l) {
        told += m.reported[l][r] ? 1 : 0;
        executed += m.counts[l][r] != 0 ? 1 : 0;
      }
      for (const std::size_t s : compared) {
        bool same = r != s;
        for (std::size_t l = 0; l < m.lines; ++l) {
          same = same && m.reported[l][r] == m.reported[l][s] &&
                 (m.counts[l][r] != 0) == (m.counts[l][s] != 0);
        }
        alike += same ? 1 : 0;
      }
    }
    const double n = static_cast<double>(compared.size());
    const Diagnosability runs = diagnosability(evidence);
    EXPECT_NEAR(runs.density, 1 - std::abs(1 - 2 * executed / told), 1e-12);
    EXPECT_NEAR(runs.diversity, 1 - alike / (n * (n - 1)), 1e-12);
    EXPECT_GT(alike, 0);
  }
}

}  // namespace
}  // namespace culprit
