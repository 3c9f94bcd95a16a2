#include "gate/suppress.h"

#include <algorithm>

#include "base/text.h"

namespace culprit {

namespace {

const std::string& named_by(const SuppressRule& rule) {
  return !rule.fingerprint.empty() ? rule.fingerprint
         : !rule.function.empty()  ? rule.function
                                   : rule.endpoint;
}

bool expired(const SuppressRule& rule, std::string_view today) { return rule.expires < today; }

bool leads(const Suspect& suspect) { return suspect.code.best_rank == 1; }

bool names(const SuppressRule& rule, const FailureCluster& cluster,
           std::span<const Suspect> suspects) {
  if (!rule.endpoint.empty()) return matches_glob(cluster.signature.endpoint, rule.endpoint);
  if (!rule.fingerprint.empty() && cluster.fingerprint.starts_with(rule.fingerprint)) return true;
  return std::any_of(suspects.begin(), suspects.end(), [&](const Suspect& suspect) {
    if (!leads(suspect)) return false;
    return rule.function.empty() ? suspect.fingerprint.starts_with(rule.fingerprint)
                                 : matches_glob(suspect.code.code.name, rule.function);
  });
}

}  // namespace

std::optional<Suppression> suppression_for(const FailureCluster& cluster,
                                           std::span<const Suspect> suspects,
                                           const GatePolicy& policy, std::string_view today) {
  for (const SuppressRule& rule : policy.suppress) {
    if (expired(rule, today) || !names(rule, cluster, suspects)) continue;
    return Suppression{named_by(rule), rule.reason, rule.expires};
  }
  for (const Suspect& suspect : suspects) {
    if (!leads(suspect) || suspect.code.ignored.empty()) continue;
    return Suppression{suspect.code.code.name, suspect.code.ignored, ""};
  }
  return std::nullopt;
}

std::vector<std::string> stale_suppressions(const Report& report,
                                            std::span<const ClusterVerdict> verdicts,
                                            const GatePolicy& policy, std::string_view today) {
  std::vector<std::string> stale;
  for (const SuppressRule& rule : policy.suppress) {
    const std::string rule_of = "[[suppress]] of " + named_by(rule);
    if (expired(rule, today)) {
      stale.push_back(rule_of + " ended on " + rule.expires + " (" + rule.reason + ")");
      continue;
    }
    const bool used =
        std::any_of(verdicts.begin(), verdicts.end(), [&](const ClusterVerdict& verdict) {
          return names(rule, report.clusters[verdict.cluster], verdict.suspects);
        });
    if (!used) stale.push_back(rule_of + " matches no failure (" + rule.reason + ")");
  }
  return stale;
}

}  // namespace culprit
