#include "score/roll_up.h"

#include <gmock/gmock.h>

#include <limits>

namespace culprit {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

// Functions a (lines 1, 2, 3) and b (lines 4, 5).
Spectrum two_functions() {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "x.cc");
  builder.function(file, "a", 1, 3);
  builder.function(file, "b", 4, 5);
  for (std::uint32_t i = 1; i <= 5; ++i) builder.hit(builder.run("r"), builder.line(file, i), 1);
  return std::move(builder).build();
}

TEST(RollUp, MaxTakesTheHighestLine) {
  EXPECT_THAT(roll_up(two_functions(), Level::kFunction, RollUp::kMax,
                      std::vector<double>{0.1, 0.7, 0.2, 0.5, 0.7}),
              ElementsAre(0.7, 0.7));
}

TEST(RollUp, VoteSumsOneOverTheWorstRank) {
  // Worst ranks: 0.9 -> 1, the two 0.5 -> 3, 0.2 -> 4, 0.1 -> 5.
  EXPECT_THAT(
      roll_up(two_functions(), Level::kFunction, RollUp::kVote,
              std::vector<double>{0.9, 0.5, 0.1, 0.5, 0.2}),
      ElementsAre(DoubleNear(1 + 1.0 / 3 + 1.0 / 5, 1e-12), DoubleNear(1.0 / 3 + 1.0 / 4, 1e-12)));
}

TEST(RollUp, MaxVoteOrdersEqualMaximaByTheirVotes) {
  // Both have 0.7 as maximum (worst rank 2); b adds 1/3, a adds 1/5 + 1/5 through its two 0.1.
  EXPECT_THAT(roll_up(two_functions(), Level::kFunction, RollUp::kMaxVote,
                      std::vector<double>{0.7, 0.1, 0.1, 0.7, 0.5}),
              ElementsAre(1, 0));  // 0.4 of a beats 1/3 of b
  EXPECT_THAT(roll_up(two_functions(), Level::kFunction, RollUp::kMaxVote,
                      std::vector<double>{0.7, 0.1, 0.1, 0.8, 0.0}),
              ElementsAre(0, 1));  // the maximum decides first
}

TEST(RollUp, TreatsDifferencesBelowTheTenthDecimalAsTies) {
  EXPECT_THAT(roll_up(two_functions(), Level::kFunction, RollUp::kMax,
                      std::vector<double>{1.0 / 3, 0, 0, 1.0 / 3 + 1e-12, 0}),
              ElementsAre(0.3333333333, 0.3333333333));
}

TEST(RollUp, KeepsInfinities) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_THAT(rounded(std::vector<double>{inf, -inf, 1e300}), ElementsAre(inf, -inf, 1e300));
}

TEST(RollUp, GoesUpToFilesAndServicesToo) {
  const std::vector<double> lines = {1, 2, 3, 4, 5};
  EXPECT_THAT(roll_up(two_functions(), Level::kFile, RollUp::kMax, lines), ElementsAre(5));
  EXPECT_THAT(roll_up(two_functions(), Level::kService, RollUp::kMax, lines), ElementsAre(5));
}

}  // namespace
}  // namespace culprit
