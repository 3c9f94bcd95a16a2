// Which failing runs are compared with passing ones: those that `--case` points at, one or the runs
// of a cluster; else all but the consequences of others.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "culprit/cluster.h"
#include "label/label.h"
#include "pipeline/run_set.h"

namespace culprit {

// Sets the failing runs that `name` does not mean aside (as unknown), and returns what it means as
// reports call it. A run is meant by its name or by a trace of its requests, a cluster by its
// fingerprint or the beginning of one. Errors: no such run or cluster, a run that did not fail,
// several clusters.
[[nodiscard]] Result<std::string> choose_case(const std::string& name,
                                              std::span<const FailureCluster> clusters,
                                              const RunSet& set, std::vector<Outcome>& outcomes);

// Sets the failing runs of other clusters aside.
void keep_cluster(const FailureCluster& cluster, const RunSet& set, std::vector<Outcome>& outcomes);

// Sets the failing runs aside whose failing requests all follow from those of other failing runs
// with coverage, as causes_of_failures() has it, unless those are most. Returns a note of them;
// empty: there are none.
[[nodiscard]] std::string leave_out_consequences(const RunSet& set, const Labels& labels,
                                                 std::vector<Outcome>& outcomes);

// The labels without those of runs that are set aside, and of their requests.
[[nodiscard]] Labels of_compared_runs(Labels labels, const RunSet& set,
                                      std::span<const Outcome> compared);

}  // namespace culprit
