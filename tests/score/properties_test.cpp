// What must hold of the default ranking whatever the runs are.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "score/columns.h"
#include "score/fuse.h"
#include "score/posterior.h"
#include "score/random_matrix.h"
#include "score/rank.h"

namespace culprit {
namespace {

// The matrix as a Spectrum of its own: runs called `run_names`, functions of four lines in files
// called `file_names`, and after them passing runs that execute `extra` once.
Spectrum rebuilt(const RandomMatrix& m, const std::vector<std::string>& run_names,
                 const std::vector<std::string>& file_names, std::size_t extra_line = 0,
                 bool extra = false) {
  Spectrum::Builder builder;
  const ServiceId service = builder.service("");
  for (std::size_t l = 0; l < m.lines; ++l) {
    const FileId file = builder.file(service, file_names[l / 4]);
    const LineId line = builder.line(file, static_cast<std::uint32_t>(l % 4 + 1));
    builder.assign(line, builder.function(file, file_names[l / 4], 1, 4));
    for (std::size_t r = 0; r < m.runs; ++r) {
      const RunId run = builder.run(run_names[r]);
      builder.report(run, service);
      builder.hit(run, line, m.counts[l][r]);
    }
    if (extra && l == extra_line) builder.hit(builder.run("z"), line, 3);
  }
  return std::move(builder).build();
}

std::vector<std::string> numbered(const char* prefix, std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n; ++i) names.push_back(prefix + std::to_string(1000 + i));
  return names;
}

MatrixShape plain(std::size_t lines) {
  return {.runs = 60, .lines = lines, .services = 1, .missing = 0, .soft = 0.1, .unknown = 0};
}

TEST(Properties, APassingRunThatExecutesALineNeverRaisesItsCommission) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const RandomMatrix m = random_matrix(seed, plain(16));
    const auto runs = numbered("r", m.runs), files = numbered("f", m.lines / 4);
    const auto terms = [&](const Spectrum& spectrum, bool extra) {
      std::vector<Outcome> outcomes = m.outcomes;
      if (extra) outcomes.push_back(Outcome::passed(""));
      const Jury jury(spectrum, outcomes);
      return posterior_terms(spectrum, jury, count_lines(spectrum, jury),
                             column_groups(spectrum, jury), {});
    };
    const auto before = terms(rebuilt(m, runs, files), false);
    for (std::size_t line = 0; line < m.lines; ++line) {
      const auto after = terms(rebuilt(m, runs, files, line, true), true);
      EXPECT_LE(after[line].commission, before[line].commission) << seed << " " << line;
      EXPECT_LE(after[line].per_execution, before[line].per_execution) << seed << " " << line;
    }
  }
}

// Score and shares of ranks by function name.
std::map<std::string, std::string> ranked(const Spectrum& spectrum,
                                          const std::vector<Outcome>& outcomes,
                                          const std::vector<std::string>& files) {
  const Evidence evidence = weigh(spectrum, outcomes);
  std::map<std::string, std::string> result;
  for (const Ranked& row : rank(evidence, {}, Level::kFunction, 0).rows) {
    const auto at = std::find(files.begin(), files.end(), row.code.name);
    result[std::to_string(at - files.begin())] = std::to_string(row.score) + " " +
                                                 std::to_string(row.best_rank) + "-" +
                                                 std::to_string(row.worst_rank);
  }
  return result;
}

TEST(Properties, OrderOfRunsAndElementsChangesNothing) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const RandomMatrix m = random_matrix(seed, plain(40));
    std::vector<std::string> runs = numbered("r", m.runs), files = numbered("f", m.lines / 4);
    const auto want = ranked(rebuilt(m, runs, files), m.outcomes, files);
    std::mt19937 random(seed);
    std::vector<std::size_t> order(m.runs);
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), random);
    std::vector<std::string> shuffled(m.runs);
    std::vector<Outcome> outcomes(m.runs);
    for (std::size_t r = 0; r < m.runs; ++r) {
      shuffled[r] = runs[order[r]];
      outcomes[order[r]] = m.outcomes[r];
    }
    std::shuffle(files.begin(), files.end(), random);
    EXPECT_EQ(ranked(rebuilt(m, shuffled, files), outcomes, files), want) << seed;
  }
}

// Random programs of several services with one faulty line: in how many of them its function comes
// first, with the suspicion of services as given (index 0 is the faulty one's).
double top1(std::size_t programs, const std::vector<double>& suspicion, bool traced) {
  constexpr std::size_t kServices = 4;
  double hits = 0;
  for (unsigned seed = 1; seed <= programs; ++seed) {
    RandomMatrix m = random_matrix(
        seed,
        {.runs = 80, .lines = 64, .services = kServices, .missing = 0, .soft = 0, .unknown = 0});
    std::mt19937 random(seed);
    const std::size_t faulty = random() % m.lines;
    for (std::size_t r = 0; r < m.runs; ++r) {
      const bool fails = m.counts[faulty][r] != 0 && random() % 3 == 0;
      m.outcomes[r] = fails ? Outcome::failed("") : Outcome::passed("");
    }
    const CodeElement line = m.spectrum.element(Level::kLine, static_cast<std::uint32_t>(faulty));
    std::vector<ServiceSuspicion> suspicions;
    for (std::size_t s = 0; traced && s < kServices; ++s) {
      suspicions.push_back({m.spectrum.services()[s], suspicion[(s + seed) % kServices], {}});
    }
    const Evidence evidence = weigh(m.spectrum, m.outcomes);
    Method method;
    method.service_shifts = service_shifts(m.spectrum, suspicions, {});
    const Ranking ranking = rank(evidence, method, Level::kFunction, 1);
    hits += ranking.rows[0].code.name == line.name && ranking.rows[0].code.service == line.service;
  }
  return 100 * hits / static_cast<double>(programs);
}

TEST(Properties, SuspicionOfTheWrongServicesCostsAtMostTwoPoints) {
  constexpr std::size_t kPrograms = 400;
  const double without = top1(kPrograms, {}, false);
  // Strong suspicion, handed round among the services without regard to the fault.
  EXPECT_GE(top1(kPrograms, {30, 5, 0, 0}, true), without - 2);
  EXPECT_GT(without, 50);
}

TEST(Properties, WithoutTracesTheRankingIsTheSame) {
  const RandomMatrix m = random_matrix(3, {});
  const Evidence evidence = weigh(m.spectrum, m.outcomes);
  Method method;
  const Scores want = score(evidence, method, Level::kFunction);
  method.service_shifts = service_shifts(m.spectrum, {}, {});
  const Scores got = score(evidence, method, Level::kFunction);
  EXPECT_EQ(got.lines, want.lines);
  EXPECT_EQ(got.elements, want.elements);
}

}  // namespace
}  // namespace culprit
