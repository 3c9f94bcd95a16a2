#include "gate/significance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace culprit {
namespace {

// Exact fractions, worked out from the hypergeometric distribution.
TEST(FisherTail, IsTheExactFraction) {
  EXPECT_NEAR(fisher_tail({5, 5}, {0, 20}), 1.0 / 53130, 1e-12);
  EXPECT_NEAR(fisher_tail({3, 5}, {0, 20}), 1.0 / 230, 1e-12);
  EXPECT_NEAR(fisher_tail({2, 5}, {0, 20}), 1.0 / 30, 1e-12);
  EXPECT_NEAR(fisher_tail({1, 1}, {0, 10}), 1.0 / 11, 1e-12);
  // Fisher's lady and her tea: three of four cups right or better, 17/70.
  EXPECT_NEAR(fisher_tail({3, 4}, {1, 4}), 17.0 / 70, 1e-12);
}

TEST(FisherTail, IsOneWhereNothingFailsOrNothingIsKnown) {
  EXPECT_EQ(fisher_tail({0, 10}, {3, 10}), 1);
  EXPECT_EQ(fisher_tail({0, 0}, {0, 0}), 1);
  EXPECT_NEAR(fisher_tail({4, 9}, {0, 0}), 1, 1e-12);
}

// Sums the distribution by products of fractions, without logarithms.
double by_products(std::size_t a, std::size_t n, std::size_t c, std::size_t m) {
  const auto choose = [](std::size_t from, std::size_t of) {
    double value = 1;
    for (std::size_t i = 0; i < of; ++i) {
      value *= static_cast<double>(from - i) / static_cast<double>(i + 1);
    }
    return of > from ? 0 : value;
  };
  double tail = 0;
  for (std::size_t i = a; i <= std::min(n, a + c); ++i) {
    tail += choose(n, i) * choose(m, a + c - i) / choose(n + m, a + c);
  }
  return tail;
}

TEST(FisherTail, AgreesWithProductsForSmallTables) {
  std::size_t tables = 0;
  for (std::size_t n = 1; n <= 8; ++n) {
    for (std::size_t m = 0; m <= 8; ++m) {
      for (std::size_t a = 1; a <= n; ++a) {
        for (std::size_t c = 0; c <= m; ++c, ++tables) {
          EXPECT_NEAR(fisher_tail({a, n}, {c, m}), by_products(a, n, c, m), 1e-9);
        }
      }
    }
  }
  EXPECT_GT(tables, 1000U);
}

TEST(FisherTail, StaysInItsRangeForLargeCounts) {
  const double p = fisher_tail({1000, 1000000}, {900, 1000000});
  EXPECT_GT(p, 0);
  EXPECT_LT(p, 0.05);
}

// The example of Benjamini and Hochberg (1995), section 3.2: 15 hypotheses, four rejected.
TEST(BenjaminiHochberg, RejectsFourInTheirExample) {
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000};
  const std::vector<bool> rejected = benjamini_hochberg(p, 0.05);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(rejected[i], i < 4) << p[i];
}

TEST(BenjaminiHochberg, LooksAtThePValuesNotTheirOrder) {
  EXPECT_EQ(benjamini_hochberg(std::vector<double>{0.9, 0.001, 0.02}, 0.05),
            (std::vector<bool>{false, true, true}));
  EXPECT_TRUE(benjamini_hochberg({}, 0.05).empty());
}

}  // namespace
}  // namespace culprit
