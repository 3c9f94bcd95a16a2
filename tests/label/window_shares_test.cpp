#include "label/window_shares.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

RequestWindow window(std::size_t endpoint, int passed, int failed, bool calm = false) {
  RequestWindow result;
  result.calm = calm;
  result.requests.push_back({endpoint, 0, static_cast<double>(passed)});
  result.requests.push_back({endpoint, 1, static_cast<double>(failed)});
  return result;
}

TEST(WindowShares, ExcessIsTheShareAboveThatOfTheCalmWindows) {
  const std::vector<RequestWindow> windows = {window(0, 95, 5, true), window(0, 70, 30),
                                              window(0, 50, 50)};
  const auto shares = failing_shares(windows, 1);
  EXPECT_DOUBLE_EQ(shares[1].failing, 0.3);
  EXPECT_DOUBLE_EQ(shares[1].usual, 0.05);
  EXPECT_DOUBLE_EQ(shares[1].excess(), 0.25);
  EXPECT_DOUBLE_EQ(shares[2].excess(), 0.45);
  EXPECT_DOUBLE_EQ(shares[0].excess(), 0);
}

TEST(WindowShares, WithoutAKnownCalmWindowTheQuieterHalfIsTaken) {
  const std::vector<RequestWindow> windows = {window(0, 60, 40), window(0, 98, 2),
                                              window(0, 100, 0), window(0, 50, 50)};
  const auto shares = failing_shares(windows, 1);
  EXPECT_DOUBLE_EQ(shares[0].usual, 0.01);  // 2 of 200
  EXPECT_DOUBLE_EQ(shares[3].excess(), 0.49);
  EXPECT_DOUBLE_EQ(shares[1].excess(), 0);  // 0.02 - 0.01 < 2 * sqrt(0.01 * 0.99 / 100) = 0.0199
}

TEST(WindowShares, AWindowIsNotBlamedForWhatItWasAsked) {
  // Endpoint 1 always fails; the second window asks it more often.
  RequestWindow calm = window(0, 90, 0, true);
  calm.requests.push_back({1, 1, 10});
  RequestWindow other = window(0, 50, 0);
  other.requests.push_back({1, 1, 50});
  const auto shares = failing_shares(std::vector{calm, other}, 2);
  EXPECT_DOUBLE_EQ(shares[1].failing, 0.5);
  EXPECT_DOUBLE_EQ(shares[1].usual, 0.5);
  EXPECT_DOUBLE_EQ(shares[1].excess(), 0);
}

TEST(WindowShares, EverythingFailingAlikeIsNoExcess) {
  const auto shares = failing_shares(std::vector{window(0, 0, 60), window(0, 0, 80)}, 1);
  EXPECT_DOUBLE_EQ(shares[0].excess(), 0);
  EXPECT_DOUBLE_EQ(shares[1].excess(), 0);
}

TEST(WindowShares, NoRequestsAreNoShare) {
  const auto shares = failing_shares(std::vector<RequestWindow>(1), 0);
  EXPECT_DOUBLE_EQ(shares[0].requests, 0);
  EXPECT_DOUBLE_EQ(shares[0].excess(), 0);
  EXPECT_TRUE(failing_shares({}, 0).empty());
}

}  // namespace
}  // namespace culprit
