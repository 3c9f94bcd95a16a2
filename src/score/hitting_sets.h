// Minimal hitting sets: what multiple-fault diagnosis calls diagnoses (de Kleer, Williams, AI 32(1)
// 1987; for spectra Abreu, van Gemund, "A low-cost approximate minimal hitting set algorithm and
// its application to model-based diagnosis", SARA 2009).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace culprit {

// A set of numbers, bit n % 64 of word n / 64.
using BitSet = std::vector<std::uint64_t>;

// The work that a search may take. Counted in steps, not in seconds, so that every machine finds
// the same.
struct SearchBound {
  std::size_t largest = 4;            // elements of a set
  std::size_t steps = 5'000'000;      // elements tried in some place
  std::size_t sets_per_size = 5'000;  // kept
};

struct HittingSets {
  // Fewest elements first; of equal size those with earlier elements tend to be first. Elements
  // ascend.
  std::vector<std::vector<std::uint32_t>> sets;
  std::size_t stopped_at = 0;  // the size of sets that were searched when steps ran out; 0: none
  std::vector<std::size_t> cut = {};  // sizes that have more sets than were kept
};

// Sets of elements that have one in common with every conflict, such that no element of theirs can
// be left out. A conflict is a set of the elements 0..elements-1; none may be empty. The more
// suspicious an element is, the lower its number should be: it is tried first. Without a bound that
// is hit these are all such sets of up to `largest` elements, each once.
[[nodiscard]] HittingSets minimal_hitting_sets(std::span<const BitSet> conflicts,
                                               std::size_t elements, const SearchBound& bound = {});

}  // namespace culprit
