#include "score/hitting_sets.h"

#include <algorithm>
#include <bit>
#include <set>

namespace culprit {

namespace {

constexpr std::size_t kBits = 64;

std::size_t words_for(std::size_t bits) { return (bits + kBits - 1) / kBits; }

bool none(const BitSet& bits) {
  return std::all_of(bits.begin(), bits.end(), [](std::uint64_t word) { return word == 0; });
}

// Sets of one size, depth first: every hitting set holds an element of the conflict that is hit
// last of all, so the search branches over the elements of one. In the branches after an element's
// own it is taken for innocent, which makes every set come once.
class Search {
 public:
  Search(std::span<const BitSet> conflicts, std::size_t elements, const SearchBound& bound,
         HittingSets& found)
      : bound_(bound), found_(found), innocent_(words_for(elements)) {
    const std::set<BitSet> different(conflicts.begin(), conflicts.end());
    conflicts_.assign(different.begin(), different.end());
    columns_.assign(elements, BitSet(words_for(conflicts_.size())));
    for (std::size_t c = 0; c < conflicts_.size(); ++c) {
      for (std::size_t word = 0; word < conflicts_[c].size(); ++word) {
        for (std::uint64_t rest = conflicts_[c][word]; rest != 0; rest &= rest - 1) {
          const std::size_t element =
              word * kBits + static_cast<std::size_t>(std::countr_zero(rest));
          columns_[element][c / kBits] |= std::uint64_t{1} << c % kBits;
        }
      }
    }
  }

  // False when the steps ran out.
  bool sets_of(std::size_t size) {
    size_ = size;
    kept_ = 0;
    cut_ = false;
    BitSet all(words_for(conflicts_.size()));
    for (std::size_t c = 0; c < conflicts_.size(); ++c) {
      all[c / kBits] |= std::uint64_t{1} << c % kBits;
    }
    const bool done = descend(all);
    if (cut_) found_.cut.push_back(size);
    return done || cut_;
  }

 private:
  // The conflict not yet hit with the fewest elements left, as a set of those; of several the
  // first.
  [[nodiscard]] BitSet narrowest(const BitSet& open) const {
    BitSet best;
    std::size_t fewest = 0;
    for (std::size_t word = 0; word < open.size(); ++word) {
      for (std::uint64_t rest = open[word]; rest != 0; rest &= rest - 1) {
        const BitSet& conflict =
            conflicts_[word * kBits + static_cast<std::size_t>(std::countr_zero(rest))];
        std::size_t size = 0;
        for (std::size_t i = 0; i < conflict.size(); ++i) {
          size += static_cast<std::size_t>(std::popcount(conflict[i] & ~innocent_[i]));
        }
        if (best.empty() || size < fewest) {
          fewest = size;
          best = conflict;
        }
      }
    }
    for (std::size_t i = 0; i < best.size(); ++i) best[i] &= ~innocent_[i];
    return best;
  }

  // Whether each chosen element hits a conflict that no other one does.
  [[nodiscard]] bool none_is_spare() const {
    return std::all_of(chosen_.begin(), chosen_.end(), [&](std::uint32_t element) {
      for (std::size_t word = 0; word < columns_[element].size(); ++word) {
        std::uint64_t own = columns_[element][word];
        for (const std::uint32_t other : chosen_) {
          if (other != element) own &= ~columns_[other][word];
        }
        if (own != 0) return true;
      }
      return false;
    });
  }

  bool descend(const BitSet& open) {
    const BitSet branches = narrowest(open);
    std::vector<std::uint32_t> tried;
    bool going_on = true;
    for (std::size_t word = 0; word < branches.size() && going_on; ++word) {
      for (std::uint64_t rest = branches[word]; rest != 0 && going_on; rest &= rest - 1) {
        const auto element = static_cast<std::uint32_t>(word * kBits) +
                             static_cast<unsigned>(std::countr_zero(rest));
        going_on = take(element, open);
        innocent_[word] |= std::uint64_t{1} << element % kBits;
        tried.push_back(element);
      }
    }
    for (const std::uint32_t element : tried) {
      innocent_[element / kBits] &= ~(std::uint64_t{1} << element % kBits);
    }
    return going_on;
  }

  bool take(std::uint32_t element, const BitSet& open) {
    if (steps_ == bound_.steps) return false;
    ++steps_;
    BitSet left = open;
    for (std::size_t i = 0; i < left.size(); ++i) left[i] &= ~columns_[element][i];
    const bool complete = none(left);
    // What is complete with fewer elements was found before, and no larger set is minimal.
    if (complete != (chosen_.size() + 1 == size_)) return true;
    chosen_.push_back(element);
    bool going_on = true;
    if (none_is_spare()) going_on = complete ? keep() : descend(left);
    chosen_.pop_back();
    return going_on;
  }

  bool keep() {
    if (kept_ == bound_.sets_per_size) {
      cut_ = true;
      return false;
    }
    ++kept_;
    found_.sets.push_back(chosen_);
    std::sort(found_.sets.back().begin(), found_.sets.back().end());
    return true;
  }

  SearchBound bound_;
  HittingSets& found_;
  std::vector<BitSet> conflicts_;  // over elements
  std::vector<BitSet> columns_;    // by element, over conflicts
  BitSet innocent_;                // elements that are in no set of this branch
  std::vector<std::uint32_t> chosen_;
  std::size_t size_ = 0;
  std::size_t kept_ = 0;
  std::size_t steps_ = 0;
  bool cut_ = false;
};

}  // namespace

HittingSets minimal_hitting_sets(std::span<const BitSet> conflicts, std::size_t elements,
                                 const SearchBound& bound) {
  HittingSets found;
  if (conflicts.empty()) return found;
  Search search(conflicts, elements, bound, found);
  for (std::size_t size = 1; size <= bound.largest; ++size) {
    if (search.sets_of(size)) continue;
    found.stopped_at = size;
    break;
  }
  return found;
}

}  // namespace culprit
