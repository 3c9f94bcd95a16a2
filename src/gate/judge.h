// From a report and a baseline to a verdict: see culprit/verdict.h.
//
// Order: is a cluster new or worse than the baseline, is it confirmed, is it accepted for now, does
// its ranking tell something, is its level one that counts, and does the change explain it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "culprit/report.h"
#include "gate/baseline.h"
#include "gate/significance.h"
#include "model/changes.h"
#include "model/gate_policy.h"

namespace culprit {

struct GateFacts {
  const Changes* changes = nullptr;        // null: not known
  std::map<std::string, FailRate> reruns;  // by fingerprint of a cluster
  std::string today;                       // YYYY-MM-DD, for suppressions that expire
};

// Clusters that a rerun could confirm, as positions in Report::clusters: those that the baseline
// does not know, or that fail more than it at 5 %, that statistics do not confirm, and that no
// suppression covers.
[[nodiscard]] std::vector<std::size_t> rerun_candidates(const Report& report,
                                                        const Baseline& baseline,
                                                        const GatePolicy& policy,
                                                        const GateFacts& facts);

// Slow code that the change touches is the code's fault: sets the level of such clusters.
void blame_changed_code(const Changes& changes, Report& report);

[[nodiscard]] GateVerdict judge(const Report& report, const Baseline& baseline,
                                const GatePolicy& policy, const GateFacts& facts);

}  // namespace culprit
