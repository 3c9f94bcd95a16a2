// Where the fault behind a failure cluster lies: in a service that is gone, in a store, in the
// time that right code takes, or in the code. Decided in that order, by what was observed; a wrong
// answer for which nothing else answers is the code's.
#pragma once

#include <span>
#include <vector>

#include "culprit/report.h"
#include "pipeline/run_set.h"
#include "score/clusters.h"
#include "score/trace_tree.h"

namespace culprit {

struct LevelFacts {
  const RunSet& set;
  std::span<const RunSymptom> symptoms;
  std::span<const TraceTree> trees;
  std::span<const std::vector<std::size_t>> traces_of_run;  // by run, positions in `trees`
};

// Sets `level` and `level_evidence` of each cluster. Reads Report::runs.
void find_levels(const LevelFacts& facts, Report& report);

}  // namespace culprit
