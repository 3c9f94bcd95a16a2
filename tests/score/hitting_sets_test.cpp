#include "score/hitting_sets.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace culprit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

using Sets = std::vector<std::vector<std::uint32_t>>;

BitSet bits_of(const std::vector<std::uint32_t>& elements, std::size_t of) {
  BitSet bits((of + 63) / 64);
  for (const std::uint32_t element : elements) {
    bits[element / 64] |= std::uint64_t{1} << element % 64;
  }
  return bits;
}

HittingSets found(const Sets& conflicts, std::size_t elements, const SearchBound& bound = {}) {
  std::vector<BitSet> bits;
  for (const auto& conflict : conflicts) bits.push_back(bits_of(conflict, elements));
  return minimal_hitting_sets(bits, elements, bound);
}

// The circuit of de Kleer and Williams: M1 M2 M3 A1 A2, and its two conflicts.
TEST(HittingSets, AreTheDiagnosesOfTheTextbooksCircuit) {
  const HittingSets sets = found({{0, 1, 3}, {0, 2, 3, 4}}, 5);
  EXPECT_THAT(sets.sets, UnorderedElementsAreArray(Sets{{0}, {3}, {1, 2}, {1, 4}}));
  EXPECT_THAT(sets.sets.front(), SizeIs(1));
  EXPECT_EQ(sets.stopped_at, 0U);
  EXPECT_THAT(sets.cut, IsEmpty());
}

// All subsets of up to four elements, tried one by one.
Sets tried_one_by_one(const Sets& conflicts, std::uint32_t elements) {
  const auto hits = [&](std::uint32_t subset) {
    return std::all_of(conflicts.begin(), conflicts.end(), [&](const auto& conflict) {
      return std::any_of(conflict.begin(), conflict.end(),
                         [&](std::uint32_t e) { return (subset >> e & 1) != 0; });
    });
  };
  Sets minimal;
  for (std::uint32_t subset = 1; subset < (1U << elements); ++subset) {
    std::vector<std::uint32_t> members;
    bool spare = false;
    for (std::uint32_t e = 0; e < elements; ++e) {
      if ((subset >> e & 1) == 0) continue;
      members.push_back(e);
      spare = spare || hits(subset & ~(1U << e));
    }
    if (members.size() <= 4 && hits(subset) && !spare) minimal.push_back(members);
  }
  return minimal;
}

TEST(HittingSets, AreAllMinimalOnesAndEachOnce) {
  std::mt19937 generator(7);
  const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
  for (int round = 0; round < 200; ++round) {
    const std::uint32_t elements = 4 + random() % 8;
    Sets conflicts;
    for (std::size_t i = 0; i < 1 + random() % 9; ++i) {
      std::vector<std::uint32_t> conflict;
      for (std::uint32_t e = 0; e < elements; ++e) {
        if (random() % 3 == 0) conflict.push_back(e);
      }
      if (conflict.empty()) conflict.push_back(random() % elements);
      conflicts.push_back(conflict);
    }
    EXPECT_THAT(found(conflicts, elements).sets,
                UnorderedElementsAreArray(tried_one_by_one(conflicts, elements)));
    std::shuffle(conflicts.begin(), conflicts.end(), generator);
    EXPECT_THAT(found(conflicts, elements).sets,
                UnorderedElementsAreArray(tried_one_by_one(conflicts, elements)));
  }
}

// Two of three elements: 3 pairs.
TEST(HittingSets, SayWhichBoundWasHit) {
  const Sets pairs = {{0, 1}, {1, 2}, {0, 2}};
  EXPECT_THAT(found(pairs, 3).sets, SizeIs(3));
  const HittingSets cut = found(pairs, 3, {.sets_per_size = 2});
  EXPECT_THAT(cut.sets, SizeIs(2));
  EXPECT_THAT(cut.cut, ElementsAre(2));
  EXPECT_EQ(cut.stopped_at, 0U);
  EXPECT_THAT(found(pairs, 3, {.largest = 1}).sets, IsEmpty());
  const HittingSets stopped = found(pairs, 3, {.steps = 3});
  EXPECT_EQ(stopped.stopped_at, 2U);
}

// 3,000 conflicts over 1,500 elements: what has no end within any time ends after its steps.
TEST(HittingSets, EndOnLargeInput) {
  std::mt19937 random(1);
  std::vector<BitSet> conflicts;
  for (int i = 0; i < 3000; ++i) {
    BitSet conflict(24);
    for (std::uint64_t& word : conflict) {
      word =
          (std::uint64_t{random()} << 32 | random()) & (std::uint64_t{random()} << 32 | random());
    }
    conflict.back() &= (std::uint64_t{1} << 28) - 1;
    conflicts.push_back(conflict);
  }
  const HittingSets sets = minimal_hitting_sets(conflicts, 1500, {.steps = 20'000});
  EXPECT_GE(sets.stopped_at, 2U);
}

}  // namespace
}  // namespace culprit
