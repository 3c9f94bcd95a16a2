#include "base/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace culprit {
namespace {

TEST(ForEachIndex, CallsEveryIndexOnce) {
  for (const unsigned jobs : {0U, 1U, 3U, 16U}) {
    std::vector<std::atomic<int>> calls(100);
    for_each_index(calls.size(), jobs, [&](unsigned, std::size_t index) { ++calls[index]; });
    for (const auto& count : calls) EXPECT_EQ(count, 1) << jobs;
  }
}

TEST(ForEachIndex, NumbersWorkersBelowTheJobs) {
  std::atomic<unsigned> highest = 0;
  for_each_index(50, 4, [&](unsigned worker, std::size_t) {
    unsigned seen = highest;
    while (worker > seen && !highest.compare_exchange_weak(seen, worker)) {
    }
  });
  EXPECT_LT(highest, 4U);
}

TEST(ForEachIndex, HandsOutIndicesInOrderToASingleWorker) {
  std::vector<std::size_t> order;
  for_each_index(4, 1, [&](unsigned, std::size_t index) { order.push_back(index); });
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST(ForEachIndex, DoesNothingForNoWork) {
  for_each_index(0, 4, [](unsigned, std::size_t) { FAIL(); });
}

TEST(ForEachIndex, RethrowsTheFirstExceptionAndStops) {
  std::atomic<int> calls = 0;
  EXPECT_THROW(for_each_index(1'000'000, 2,
                              [&](unsigned, std::size_t) {
                                ++calls;
                                throw std::runtime_error("no");
                              }),
               std::runtime_error);
  EXPECT_LE(calls, 2);
}

TEST(DefaultJobs, IsAtLeastOne) { EXPECT_GE(default_jobs(), 1U); }

}  // namespace
}  // namespace culprit
