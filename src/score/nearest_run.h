// The run that executed most nearly the same lines as another: what a failing run is best read
// against.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "culprit/spectrum.h"

namespace culprit {

struct NearestRun {
  RunId run;
  std::vector<LineId> only_asked;    // lines that only the run asked about executed, in order
  std::vector<LineId> only_nearest;  // and only its neighbour
  std::size_t both = 0;              // lines that both executed
};

// Of the runs with `candidates[run]` the one that differs from `asked` in the fewest lines; of
// several the first. Lines that one of the two does not tell of are not compared, so a candidate
// must report every part (see Spectrum) that `asked` reports. nullopt: there is none.
// Cost: one pass over the words of the blocks with candidates, and one step per difference.
[[nodiscard]] std::optional<NearestRun> nearest_run(const Spectrum& spectrum, RunId asked,
                                                    const std::vector<bool>& candidates);

}  // namespace culprit
