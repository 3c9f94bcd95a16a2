// Equations against a second way to say the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>

#include "culprit/formula.h"

namespace culprit {
namespace {

double value(std::string_view name, const Counts& counts) {
  return find_formula(name).value()->value(counts);
}

// Four failing runs, three of which execute it; six passing runs, one of which does.
constexpr Counts kTypical = {3, 1, 1, 5};

double entropy(std::initializer_list<double> chances) {
  double sum = 0;
  for (const double p : chances) sum -= p > 0 ? p * std::log2(p) : 0;
  return sum;
}

TEST(InformationGain, IsTheEntropyTheTwoShare) {
  for (const Counts& c : {kTypical, Counts{2, 4, 3, 11}, Counts{0, 5, 2, 3}, Counts{1, 0, 0, 9}}) {
    const double n = c.total();
    const double shared = entropy({c.executed() / n, (c.nf + c.np) / n}) +
                          entropy({c.failing() / n, c.passing() / n}) -
                          entropy({c.ef / n, c.ep / n, c.nf / n, c.np / n});
    EXPECT_NEAR(value("informationgain", c), shared, 1e-14);
  }
  EXPECT_NEAR(value("informationgain", {2, 2, 0, 0}), 0, 1e-15) << "all runs execute it";
  EXPECT_DOUBLE_EQ(value("informationgain", {2, 0, 0, 2}), 1) << "one bit decides";
}

TEST(CbiImportance, IsTheHarmonicMeanOfIncreaseAndLogRecall) {
  const double increase = 3.0 / 4 - 4.0 / 10;
  const double share = std::log(3) / std::log(4);
  EXPECT_NEAR(value("cbiimportance", kTypical), 2 * increase * share / (increase + share), 1e-12);
  EXPECT_EQ(value("cbiimportance", {1, 0, 3, 9}), 0) << "log 1 = 0";
  EXPECT_EQ(value("cbiimportance", {2, 10, 0, 0}), 0) << "no increase";
}

TEST(Confidence, AndBraunBanquetAreTheGreaterAndTheSmallerOfPrecisionAndRecall) {
  for (const Counts& c : {kTypical, Counts{2, 10, 0, 0}, Counts{2, 0, 1, 4}, Counts{2, 4, 3, 11}}) {
    const double precision = c.ef / c.executed();
    const double recall = c.ef / c.failing();
    EXPECT_DOUBLE_EQ(value("confidence", c), std::max(precision, recall));
    EXPECT_DOUBLE_EQ(value("braunbanquet", c), std::min(precision, recall));
  }
}

TEST(Tarwid, ComparesInterestWithOne) {
  for (const Counts& c : {kTypical, Counts{2, 4, 3, 11}, Counts{1, 20, 1, 78}}) {
    const double lift = value("interest", c);
    EXPECT_NEAR(value("tarwid", c), (lift - 1) / (lift + 1), 1e-12);
  }
}

// Why the mask is no matter of taste for weighted runs, and none of concern for whole ones.
TEST(Op2, PutsWhatNoFailingRunExecutesLastByItselfOnlyForWholeCounts) {
  for (double ep = 0; ep <= 6; ++ep) {
    EXPECT_GT(value("op2", {1, 6, 4, 0}), value("op2", {0, ep, 5, 6 - ep}));
  }
  EXPECT_LT(value("op2", {0.3, 5, 1.7, 1}), value("op2", {0, 0, 2, 6}));
}

}  // namespace
}  // namespace culprit
