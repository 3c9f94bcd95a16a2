#include "readers/gcov_flow.h"

#include <array>

namespace culprit {

namespace {

constexpr std::uint32_t kUnknown = 0xffffffffU;

ArcsAtBlocks arcs_by(std::uint32_t blocks, std::span<const GcovArc> arcs,
                     std::uint32_t GcovArc::*end) {
  ArcsAtBlocks at;
  at.first.assign(std::size_t{blocks} + 1, 0);
  at.arcs.resize(arcs.size());
  for (const GcovArc& arc : arcs) ++at.first[arc.*end + 1];
  for (std::uint32_t b = 0; b < blocks; ++b) at.first[b + 1] += at.first[b];
  std::vector<std::uint32_t> next(at.first.begin(), at.first.end() - 1);
  for (std::uint32_t a = 0; a < arcs.size(); ++a) at.arcs[next[arcs[a].*end]++] = a;
  return at;
}

class Solver {
 public:
  Solver(std::uint32_t blocks, std::span<const GcovArc> arcs)
      : arcs_(arcs), sides_{arcs_out_of(blocks, arcs), arcs_into(blocks, arcs)} {
    flow_.arc_slot.assign(arcs.size(), kUnknown);
    flow_.block_slot.assign(blocks, kUnknown);
    for (std::vector<std::uint32_t>& side : unknown_) side.assign(blocks, 0);
    queued_.assign(blocks, true);
  }

  std::optional<GcovFlow> solve() {
    const auto blocks = static_cast<std::uint32_t>(flow_.block_slot.size());
    for (std::uint32_t a = 0; a < arcs_.size(); ++a) {
      if ((arcs_[a].flags & GcovArc::kOnTree) == 0) {
        flow_.arc_slot[a] = flow_.counters++;
      } else {
        ++unknown_[kOut][arcs_[a].from];
        ++unknown_[kIn][arcs_[a].to];
      }
    }
    for (std::uint32_t b = 0; b < blocks; ++b) queue_.push_back(b);
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const std::uint32_t block = queue_[i];
      queued_[block] = false;
      settle(block);
    }
    for (const std::uint32_t slot : flow_.arc_slot) {
      if (slot == kUnknown) return std::nullopt;
    }
    for (const std::uint32_t slot : flow_.block_slot) {
      if (slot == kUnknown) return std::nullopt;
    }
    return std::move(flow_);
  }

 private:
  enum Side { kOut, kIn };

  // Where a function is entered and left one side is not in the graph.
  static bool is_open(std::uint32_t block, Side side) {
    return block == (side == kIn ? GcovNotes::kEntry : GcovNotes::kExit);
  }

  void settle(std::uint32_t block) {
    for (const Side side : {kOut, kIn}) {
      if (flow_.block_slot[block] != kUnknown) break;
      if (is_open(block, side) || unknown_[side][block] != 0) continue;
      const std::uint32_t first = here();
      for (const std::uint32_t arc : sides_[side].of(block)) add(flow_.arc_slot[arc]);
      flow_.block_slot[block] = end(first, here());
    }
    if (flow_.block_slot[block] == kUnknown) return;
    for (const Side side : {kOut, kIn}) {
      if (is_open(block, side) || unknown_[side][block] != 1) continue;
      const std::uint32_t first = here();
      add(flow_.block_slot[block]);
      const std::uint32_t taken = here();
      std::uint32_t missing = kUnknown;
      for (const std::uint32_t arc : sides_[side].of(block)) {
        if (flow_.arc_slot[arc] == kUnknown) {
          missing = arc;
        } else {
          add(flow_.arc_slot[arc]);
        }
      }
      flow_.arc_slot[missing] = end(first, taken);
      --unknown_[kOut][arcs_[missing].from];
      --unknown_[kIn][arcs_[missing].to];
      look_again(arcs_[missing].from);
      look_again(arcs_[missing].to);
    }
  }

  void look_again(std::uint32_t block) {
    if (queued_[block]) return;
    queued_[block] = true;
    queue_.push_back(block);
  }

  [[nodiscard]] std::uint32_t here() const {
    return static_cast<std::uint32_t>(flow_.terms.size());
  }
  void add(std::uint32_t slot) { flow_.terms.push_back(slot); }
  std::uint32_t end(std::uint32_t first, std::uint32_t taken) {
    // A sum of one is what it sums.
    if (here() == first + 1 && taken == here()) {
      const std::uint32_t slot = flow_.terms.back();
      flow_.terms.pop_back();
      return slot;
    }
    flow_.steps.push_back({first, taken, here()});
    return flow_.counters + static_cast<std::uint32_t>(flow_.steps.size()) - 1;
  }

  std::span<const GcovArc> arcs_;
  std::array<ArcsAtBlocks, 2> sides_;
  std::array<std::vector<std::uint32_t>, 2> unknown_;  // arcs by block
  std::vector<std::uint32_t> queue_;
  std::vector<bool> queued_;
  GcovFlow flow_;
};

}  // namespace

ArcsAtBlocks arcs_into(std::uint32_t blocks, std::span<const GcovArc> arcs) {
  return arcs_by(blocks, arcs, &GcovArc::to);
}

ArcsAtBlocks arcs_out_of(std::uint32_t blocks, std::span<const GcovArc> arcs) {
  return arcs_by(blocks, arcs, &GcovArc::from);
}

std::optional<GcovFlow> solve_flow(std::uint32_t blocks, std::span<const GcovArc> arcs) {
  return Solver(blocks, arcs).solve();
}

}  // namespace culprit
