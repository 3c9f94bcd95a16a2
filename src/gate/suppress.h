// Failures that are accepted for a while: [[suppress]] and culprit:ignore(reason).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/report.h"
#include "model/gate_policy.h"

namespace culprit {

// The first rule that names the cluster, its endpoint or the function that leads (one of several
// that lead together), and has not expired on the day `today`; else what the source of that
// function says.
[[nodiscard]] std::optional<Suppression> suppression_for(const FailureCluster& cluster,
                                                         std::span<const Suspect> suspects,
                                                         const GatePolicy& policy,
                                                         std::string_view today);

// Rules that have expired, and rules that name nothing which fails, in words.
[[nodiscard]] std::vector<std::string> stale_suppressions(const Report& report,
                                                          std::span<const ClusterVerdict> verdicts,
                                                          const GatePolicy& policy,
                                                          std::string_view today);

}  // namespace culprit
