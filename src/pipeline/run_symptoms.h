// What each run asked and how it failed: the runs as failure clusters see them.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "label/label.h"
#include "pipeline/run_set.h"
#include "pipeline/trace_join.h"
#include "score/clusters.h"

namespace culprit {

// One row a run with an outcome, in the order of `set.runs`. A failing run's signature is that of
// its surest failing request; of equal ones of the first whose status failed, then of the first.
// Runs without requests, or whose rows name none, are their own endpoint, as tests are, but for
// numbers of four digits and more in their names.
[[nodiscard]] std::vector<RunSymptom> run_symptoms(const RunSet& set, const Labels& labels,
                                                   const TraceJoin& join,
                                                   std::span<const TraceTree> trees);

// What the policy says of the runs; where latency is all that can be wrong, by the routes of the
// requests that services say they served.
[[nodiscard]] Labels labels_of(const RunSet& set, const LabelPolicy& policy);

// The positions in `trees` of each run's traces, by run as `set.runs`.
[[nodiscard]] std::vector<std::vector<std::size_t>> traces_of_runs(
    const RunSet& set, const TraceJoin& join, std::span<const TraceTree> trees);

// By run, as `set.runs`: the position in `set.requests` of the failing request that its signature
// is of.
[[nodiscard]] std::vector<std::optional<std::size_t>> worst_requests(const RunSet& set,
                                                                     const Labels& labels);

// What tools said of the failing runs that are compared: of their failing requests, else of the
// outcomes that were stated.
[[nodiscard]] std::vector<std::string> failure_messages(const RunSet& set, const Labels& labels,
                                                        std::span<const Outcome> compared);

}  // namespace culprit
