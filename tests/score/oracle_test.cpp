#include "score/oracle.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

// Lines 1, 2, ... of one function each, or as `owners` has them.
Spectrum lines(const std::vector<std::string>& owners) {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a.c");
  for (std::uint32_t i = 0; i < owners.size(); ++i) {
    const LineId line = builder.line(file, i + 1);
    builder.assign(line, builder.function(file, owners[i]));
    builder.hit(builder.run("r"), line, 1);
  }
  return std::move(builder).build();
}

Counts of(double ef, double ep) { return {.ef = ef, .ep = ep, .nf = 9 - ef, .np = 9 - ep}; }

// Line 2 (5 failing, 3 passing): behind line 1 whatever the formula, tied with 3, and before 4 and
// 5 where the formula weighs failing or passing runs much.
TEST(BestOfAllFormulas, PutsBehindAFaultWhatSomeFormulaPutsBehindIt) {
  const Spectrum spectrum = lines({"f", "g", "h", "i", "j"});
  const std::vector<Counts> counts = {of(6, 3), of(5, 3), of(5, 3), of(4, 0), of(9, 4)};
  const std::vector<std::uint32_t> faulty = {1};
  for (const Level level : {Level::kLine, Level::kFunction}) {
    const Measure best = best_of_all_formulas(spectrum, counts, level, faulty);
    EXPECT_EQ(best.rank, 2.5);  // 2nd or 3rd
    EXPECT_EQ(best.top[0], 0);
    EXPECT_EQ(best.top[1], 1);
    EXPECT_EQ(best.of, 5U);
  }
}

// g's line 3 is behind three functions and its line 4 behind one and tied with another: whoever
// knows that the fault is in g takes a formula under which line 4 is its best.
TEST(BestOfAllFormulas, TakesTheLineOfAFunctionThatMakesTheMostOfIt) {
  const Spectrum spectrum = lines({"e", "f", "g", "g", "h"});
  const std::vector<Counts> counts = {of(9, 2), of(6, 1), of(6, 3), of(2, 0), of(2, 0)};
  const Measure best =
      best_of_all_formulas(spectrum, counts, Level::kFunction, std::vector<std::uint32_t>{2});
  EXPECT_EQ(best.rank, 1.5);
  EXPECT_EQ(best.top[0], 0.5);
  EXPECT_EQ(best.of, 4U);
}

}  // namespace
}  // namespace culprit
