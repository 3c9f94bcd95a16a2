#include "score/nearest_run.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace culprit {
namespace {

// One line a column of a.cc; `rows[run][line]`: '1' executed, '0' not.
Spectrum matrix(const std::vector<std::string>& rows) {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a.cc");
  for (std::size_t run = 0; run < rows.size(); ++run) {
    const RunId id = builder.run("r" + std::to_string(run));
    builder.report(id, builder.service(""));
    for (std::uint32_t line = 0; line < rows[run].size(); ++line) {
      builder.hit(id, builder.line(file, line + 1), rows[run][line] == '1' ? 1 : 0);
    }
  }
  return std::move(builder).build();
}

TEST(NearestRun, DiffersInTheFewestLinesAndNamesThem) {
  const Spectrum spectrum = matrix({"110100", "001011", "111000", "110101"});
  const auto nearest = nearest_run(spectrum, {0}, {true, true, true, false});
  ASSERT_TRUE(
      nearest);  // r3 differs in one line only, and is no candidate; nor is a run of its own
  EXPECT_EQ(nearest->run.value, 2U);
  EXPECT_EQ(nearest->both, 2U);
  ASSERT_EQ(nearest->only_asked.size(), 1U);
  EXPECT_EQ(nearest->only_asked[0].value, 3U);
  ASSERT_EQ(nearest->only_nearest.size(), 1U);
  EXPECT_EQ(nearest->only_nearest[0].value, 2U);
  EXPECT_FALSE(nearest_run(spectrum, {0}, {true, false, false, false}));
}

TEST(NearestRun, AgreesWithComparingEachPairOnRandomMatricesOfSeveralBlocks) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<std::string> rows(150);
    for (std::string& row : rows) {
      for (int line = 0; line < 40; ++line) row += random() % 3 == 0 ? '1' : '0';
    }
    std::vector<bool> candidates;
    for (std::size_t run = 0; run < rows.size(); ++run) candidates.push_back(random() % 2 == 0);
    const auto asked = static_cast<std::uint32_t>(random() % 150);
    std::optional<std::uint32_t> expected;
    const auto distance = [&](std::size_t run) {
      int differences = 0;
      for (std::size_t i = 0; i < 40; ++i) differences += rows[run][i] != rows[asked][i] ? 1 : 0;
      return differences;
    };
    for (std::uint32_t run = 0; run < rows.size(); ++run) {
      if (run == asked || !candidates[run]) continue;
      if (!expected || distance(run) < distance(*expected)) expected = run;
    }
    const auto nearest = nearest_run(matrix(rows), {asked}, candidates);
    ASSERT_TRUE(nearest);
    EXPECT_EQ(nearest->run.value, *expected);
  }
}

TEST(NearestRun, IsNoRunThatMissesAReportTheAskedOneHas) {
  Spectrum::Builder builder;
  const FileId a = builder.file(builder.service("a"), "a.cc");
  const FileId b = builder.file(builder.service("b"), "b.cc");
  const auto execute = [&](const char* run, bool in_a, std::optional<bool> in_b) {
    builder.report(builder.run(run), builder.service("a"));
    if (in_b) builder.report(builder.run(run), builder.service("b"));
    builder.hit(builder.run(run), builder.line(a, 1), in_a ? 1 : 0);
    if (in_b) builder.hit(builder.run(run), builder.line(b, 1), *in_b ? 1 : 0);
  };
  execute("r0", true, true);
  execute("r1", true, std::nullopt);
  execute("r2", false, false);
  const Spectrum spectrum = std::move(builder).build();
  const auto nearest = nearest_run(spectrum, {0}, {false, true, true});
  ASSERT_TRUE(nearest);
  EXPECT_EQ(nearest->run.value, 2U);
  EXPECT_EQ(nearest->only_asked.size(), 2U);
  // Asked the other way round, lines of b are not compared.
  const auto back = nearest_run(spectrum, {1}, {true, false, true});
  ASSERT_TRUE(back);
  EXPECT_EQ(back->run.value, 0U);
  EXPECT_TRUE(back->only_nearest.empty());
}

}  // namespace
}  // namespace culprit
