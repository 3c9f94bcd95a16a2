// How often each block and arc of a flow graph ran, from the counters of a few of its arcs: what
// flows into a block flows out of it. Which sum gives which arc does not depend on the counters,
// so it is found once and evaluated for every run.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "readers/gcov_notes.h"

namespace culprit {

// Values live in slots: the counters first, in the order of arcs off the spanning tree, then one
// for each step, in order. A step's value is the sum of some earlier slots less that of others.
struct GcovFlow {
  struct Step {
    std::uint32_t first = 0;  // of `terms`: those added, then those taken away
    std::uint32_t taken = 0;
    std::uint32_t last = 0;
  };
  std::uint32_t counters = 0;
  std::vector<Step> steps;
  std::vector<std::uint32_t> terms;
  std::vector<std::uint32_t> arc_slot;
  std::vector<std::uint32_t> block_slot;
};

// Arcs by block. Empty where the counters do not determine every block and arc.
[[nodiscard]] std::optional<GcovFlow> solve_flow(std::uint32_t blocks,
                                                 std::span<const GcovArc> arcs);

// Which arcs lie at which block: those of block b are arcs[first[b]] to arcs[first[b + 1]].
struct ArcsAtBlocks {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> arcs;

  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t block) const {
    return std::span(arcs).subspan(first[block], first[block + 1] - first[block]);
  }
};
[[nodiscard]] ArcsAtBlocks arcs_into(std::uint32_t blocks, std::span<const GcovArc> arcs);
[[nodiscard]] ArcsAtBlocks arcs_out_of(std::uint32_t blocks, std::span<const GcovArc> arcs);

}  // namespace culprit
