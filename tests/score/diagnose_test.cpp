#include "score/diagnose.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "score/random_matrix.h"

namespace culprit {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A row a run, "110F": '1' executed the element, then the outcome; each element is a function of
// one line, called "f" and its number.
struct Runs {
  Spectrum spectrum;
  std::vector<Outcome> outcomes;
};

Runs runs_of(std::vector<std::string> rows, const std::vector<std::size_t>& names = {}) {
  Runs runs;
  Spectrum::Builder builder;
  const ServiceId service = builder.service("");
  const FileId file = builder.file(service, "a.cc");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const RunId run = builder.run("r" + std::to_string(1000 + r));
    builder.report(run, service);
    for (std::size_t e = 0; e + 1 < rows[r].size(); ++e) {
      const std::size_t name = names.empty() ? e : names[e];
      const auto number = static_cast<std::uint32_t>(name + 1);
      const LineId line = builder.line(file, number);
      builder.assign(line, builder.function(file, "f" + std::to_string(name), number, number));
      builder.hit(run, line, rows[r][e] == '1' ? 1 : 0);
    }
    runs.outcomes.push_back(rows[r].back() == 'F' ? Outcome::failed("") : Outcome::passed(""));
  }
  runs.spectrum = std::move(builder).build();
  return runs;
}

std::map<std::vector<std::string>, double> shares_of(const Diagnosis& diagnosis) {
  std::map<std::vector<std::string>, double> shares;
  for (const DiagnosisCandidate& candidate : diagnosis.candidates) {
    std::vector<std::string> names;
    for (const DiagnosedFault& fault : candidate.faults) names.push_back(fault.code.name);
    std::sort(names.begin(), names.end());
    shares[names] = candidate.share;
  }
  return shares;
}

// Likelihoods 1/4 and 1/27, see barinel_test.cpp, and equal priors: 27/31 and 4/31.
TEST(Diagnose, WeighsTheSetsThatExplainEveryFailure) {
  const Runs runs = runs_of({"110F", "011F", "100F", "101P"});
  const Evidence evidence = weigh(runs.spectrum, runs.outcomes);
  const Diagnosis diagnosis = diagnose(evidence);
  EXPECT_EQ(diagnosis.found, 2U);
  EXPECT_EQ(diagnosis.failing, 3U);
  EXPECT_EQ(diagnosis.passing, 1U);
  EXPECT_THAT(diagnosis.bounds, IsEmpty());
  ASSERT_THAT(diagnosis.candidates, SizeIs(2));
  const DiagnosisCandidate& first = diagnosis.candidates.front();
  EXPECT_NEAR(first.share, 27.0 / 31, 1e-8);
  ASSERT_THAT(first.faults, SizeIs(2));
  // By Ochiai: 2/sqrt(3*2) and 2/sqrt(3*3).
  EXPECT_EQ(first.faults[0].code.name, "f1");
  EXPECT_NEAR(first.faults[0].health, 0, 1e-6);
  EXPECT_EQ(first.faults[0].counts, (Counts{2, 0, 1, 1}));
  EXPECT_EQ(first.faults[1].code.name, "f0");
  EXPECT_NEAR(first.faults[1].health, 0.5, 1e-6);
  EXPECT_NEAR(diagnosis.candidates[1].share, 4.0 / 31, 1e-8);
}

// Numbers of a program of its own in Python: subsets one by one, healths of two faults by nested
// ternary search, of three by expectation maximisation over which fault made a run fail.
TEST(Diagnose, AgreesWithASecondImplementation) {
  const Runs runs =
      runs_of({"1100101F", "1010010F", "0110001F", "1001010F", "0101101P", "1010100P", "0011011P",
               "1000001P", "0110110P", "0001100P", "1100010P", "0010101F"});
  const Diagnosis diagnosis = diagnose(weigh(runs.spectrum, runs.outcomes));
  const std::map<std::vector<std::string>, double> expected = {
      {{"f0", "f6"}, 0.37277585},       {{"f0", "f2"}, 0.37277585},
      {{"f5", "f6"}, 0.25370268},       {{"f2", "f3", "f6"}, 0.00015443},
      {{"f1", "f2", "f5"}, 0.00014484}, {{"f1", "f2", "f3"}, 0.00010581},
      {{"f2", "f4", "f5"}, 0.00010567}, {{"f0", "f1", "f4"}, 0.00009329},
      {{"f2", "f3", "f4"}, 0.00007809}, {{"f1", "f4", "f5"}, 0.00006349}};
  const auto shares = shares_of(diagnosis);
  EXPECT_EQ(shares.size(), expected.size());
  for (const auto& [faults, share] : expected) {
    ASSERT_TRUE(shares.contains(faults));
    EXPECT_NEAR(shares.at(faults), share, 2e-8);
  }
}

// Two groups of one function, and a group that spans two functions.
TEST(Diagnose, TakesSetsInTheSameFunctionsForOne) {
  Spectrum::Builder builder;
  const ServiceId service = builder.service("");
  const FileId file = builder.file(service, "a.cc");
  const auto function = [&](const char* name, std::uint32_t first) {
    return builder.function(file, name, first, first + 9);
  };
  for (const std::uint32_t number : {1U, 2U, 3U, 11U}) {
    builder.assign(builder.line(file, number),
                   function(number < 10 ? "f" : "g", number < 10 ? 1 : 11));
  }
  const auto run = [&](const char* name, std::initializer_list<std::uint32_t> lines) {
    for (const std::uint32_t line : lines) {
      builder.hit(builder.run(name), builder.line(file, line), 1);
    }
  };
  run("bad", {1, 2, 3, 11});
  run("ok1", {1});
  run("ok2", {1, 2});
  const Spectrum spectrum = std::move(builder).build();
  const Diagnosis diagnosis = diagnose(
      weigh(spectrum, std::vector{Outcome::failed(""), Outcome::passed(""), Outcome::passed("")}));
  // {3, 11}: likelihood 1; {1}: 4/27, and {2}: 1/4, both in f alone.
  EXPECT_EQ(diagnosis.found, 3U);
  ASSERT_THAT(diagnosis.candidates, SizeIs(2));
  EXPECT_EQ(diagnosis.candidates[0].faults[0].functions, 2U);
  EXPECT_EQ(diagnosis.candidates[0].faults[0].lines, 2U);
  EXPECT_NEAR(diagnosis.candidates[1].share, (4.0 / 27 + 0.25) / (1 + 4.0 / 27 + 0.25), 1e-8);
  EXPECT_EQ(diagnosis.candidates[1].faults[0].line.first_line, 2U);
}

TEST(Diagnose, EveryCandidateExplainsEveryFailingRunAndNoFaultIsSpare) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const RandomMatrix m = random_matrix(seed, {.runs = 80, .lines = 30, .density = 0.2});
    const Diagnosis diagnosis = diagnose(weigh(m.spectrum, m.outcomes));
    std::size_t unexplained = 0;
    for (std::size_t r = 0; r < m.runs; ++r) {
      if (m.outcomes[r].verdict == Verdict::kUnknown || m.outcomes[r].weight < 0.5) continue;
      bool told = false, executed = false;
      for (std::size_t l = 0; l < m.lines; ++l) {
        told = told || m.reported[l][r];
        executed = executed || m.counts[l][r] != 0;
      }
      unexplained += told && !executed ? 1 : 0;
    }
    EXPECT_EQ(diagnosis.unexplained, unexplained);
    double total = 0;
    for (const DiagnosisCandidate& candidate : diagnosis.candidates) {
      total += candidate.share;
      std::vector<std::size_t> own(candidate.faults.size());
      for (std::size_t r = 0; r < m.runs; ++r) {
        if (m.outcomes[r].verdict == Verdict::kUnknown || m.outcomes[r].weight < 0.5) continue;
        std::vector<std::size_t> by;
        bool executed = false;
        for (std::size_t l = 0; l < m.lines; ++l) executed = executed || m.counts[l][r] != 0;
        for (std::size_t i = 0; i < candidate.faults.size(); ++i) {
          if (m.counts[candidate.faults[i].line.first_line - 1][r] != 0) by.push_back(i);
        }
        EXPECT_EQ(by.empty(), !executed) << seed;
        if (by.size() == 1) ++own[by.front()];
      }
      EXPECT_THAT(own, ::testing::Each(::testing::Gt(0U))) << seed;
    }
    EXPECT_LE(total, 1 + 1e-9);
    EXPECT_GT(total, diagnosis.candidates.empty() ? -1 : 0.5);
  }
}

TEST(Diagnose, DoesNotDependOnTheOrderOfRunsOrElements) {
  std::mt19937 random(11);
  std::vector<std::string> rows;
  for (int r = 0; r < 40; ++r) {
    std::string row;
    for (int e = 0; e < 9; ++e) row += random() % 3 == 0 ? '1' : '0';
    rows.push_back(row + (random() % 3 == 0 ? 'F' : 'P'));
  }
  const Runs plain = runs_of(rows);
  const auto expected = shares_of(diagnose(weigh(plain.spectrum, plain.outcomes)));
  ASSERT_GT(expected.size(), 3U);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(rows.begin(), rows.end(), random);
    std::vector<std::size_t> names(9);
    std::iota(names.begin(), names.end(), 0);
    std::shuffle(names.begin(), names.end(), random);
    const Runs shuffled = runs_of(rows, names);
    const auto shares = shares_of(diagnose(weigh(shuffled.spectrum, shuffled.outcomes)));
    ASSERT_EQ(shares.size(), expected.size());
    for (const auto& [faults, share] : expected) {
      std::vector<std::string> renamed;
      for (const std::string& fault : faults) {
        renamed.push_back("f" + std::to_string(names[static_cast<std::size_t>(fault[1] - '0')]));
      }
      std::sort(renamed.begin(), renamed.end());
      ASSERT_TRUE(shares.contains(renamed));
      EXPECT_NEAR(shares.at(renamed), share, 1e-9);
    }
  }
}

TEST(Diagnose, SaysWhatItsBoundsLeftOut) {
  const RandomMatrix m =
      random_matrix(5, {.runs = 100, .lines = 60, .services = 1, .missing = 0, .soft = 0});
  const Evidence evidence = weigh(m.spectrum, m.outcomes);
  const Diagnosis few =
      diagnose(evidence, {.search = {.sets_per_size = 3}, .groups = 30, .candidates = 2});
  EXPECT_THAT(few.candidates, SizeIs(2));
  EXPECT_THAT(few.bounds, Contains("searched the first 30 of 60 ambiguity groups by Ochiai"));
  EXPECT_THAT(few.bounds, Contains("weighed the first 3 sets of 4 faults"));
  EXPECT_THAT(few.bounds, Contains(HasSubstr("told the likeliest 2 of ")));
  EXPECT_THAT(diagnose(evidence, {.search = {.steps = 100}}).bounds,
              ElementsAre("stopped after 100 steps, at sets of 2 faults"));
}

TEST(Diagnose, FindsNothingWhereNothingFailed) {
  const Runs runs = runs_of({"11P", "10P"});
  const Diagnosis diagnosis = diagnose(weigh(runs.spectrum, runs.outcomes));
  EXPECT_THAT(diagnosis.candidates, IsEmpty());
  EXPECT_EQ(diagnosis.failing, 0U);
}

}  // namespace
}  // namespace culprit
