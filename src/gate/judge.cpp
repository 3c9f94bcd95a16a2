#include "gate/judge.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "gate/relation.h"
#include "gate/suppress.h"
#include "score/fingerprint.h"

namespace culprit {

namespace {

constexpr double kRerunWorthwhile = 0.05;

FailRate now_of(const FailureCluster& cluster) {
  return {cluster.runs.size(), cluster.endpoint_runs};
}

FailRate before_of(const FailureCluster& cluster, const Baseline& baseline) {
  const auto known = baseline.clusters.find(cluster.fingerprint);
  const std::size_t runs = baseline.runs_of(cluster.signature.endpoint);
  const std::size_t fails = known == baseline.clusters.end() ? 0 : known->second.fails;
  return {fails, std::max(fails, runs)};
}

std::string of_runs(const FailRate& rate) {
  return std::to_string(rate.fails) + " of " + plural(rate.runs, "run");
}

std::string in_digits(double p) {
  char text[32];
  std::snprintf(text, sizeof text, p < 0.001 ? "%.1e" : "%.3f", p);
  return text;
}

// Functions with equal scores at the top of the ranking.
std::size_t leading(const Ranking& ranking) {
  return ranking.rows.empty() ? 0 : ranking.rows.front().worst_rank;
}

bool is_red(FaultLevel level, const GatePolicy& policy) {
  switch (level) {
    case FaultLevel::kService:
      return policy.red_service;
    case FaultLevel::kDatabase:
      return policy.red_database;
    case FaultLevel::kPerformance:
      return policy.red_performance;
    case FaultLevel::kCode:
      return policy.red_code;
    case FaultLevel::kUnknown:
      return false;
  }
  return false;
}

// Whether the function was held for a cause before: under its name, elsewhere under its name, or
// under another with the same body. `unsure`: without its source nothing tells it from a renamed
// one.
bool known_cause(const Suspect& suspect, const KnownCluster& known, bool& unsure) {
  for (const KnownCause& cause : known.top) {
    if (cause.fingerprint == suspect.fingerprint || cause.name == suspect.code.code.name) {
      return true;
    }
    if (!cause.body.empty() && cause.body == suspect.code.body) return true;
  }
  unsure = suspect.code.body.empty() ||
           std::any_of(known.top.begin(), known.top.end(),
                       [](const KnownCause& cause) { return cause.body.empty(); });
  return false;
}

std::vector<Suspect> suspects_of(const FailureCluster& cluster) {
  std::vector<Suspect> suspects;
  for (const Ranked& row : cluster.ranking.rows) {
    suspects.push_back({row, Relation::kNoChange, ranked_fingerprint(row), false});
  }
  return suspects;
}

class Judge {
 public:
  Judge(const Report& report, const Baseline& baseline, const GatePolicy& policy,
        const GateFacts& facts)
      : report_(report), baseline_(baseline), policy_(policy), facts_(facts) {
    if (facts.changes != nullptr) {
      relations_.emplace(*facts.changes, report.calls, report.clusters);
    }
    for (const FailureCluster& cluster : report.clusters) {
      p_values_.push_back(fisher_tail(now_of(cluster), before_of(cluster, baseline)));
      significant_.push_back(p_values_.back() <= policy.alpha);
    }
    if (policy.correct) significant_ = benjamini_hochberg(p_values_, policy.alpha);
  }

  std::vector<std::string> take_notes() { return std::move(notes_); }

  ClusterVerdict of(std::size_t index) {
    const FailureCluster& cluster = report_.clusters[index];
    ClusterVerdict verdict;
    verdict.cluster = index;
    const FailRate now = now_of(cluster);
    const FailRate before = before_of(cluster, baseline_);
    verdict.fails = now.fails;
    verdict.runs = now.runs;
    verdict.baseline_fails = before.fails;
    verdict.baseline_runs = before.runs;
    verdict.p_value = p_values_[index];
    add_suspects(cluster, verdict);
    verdict.novelty = before.fails == 0     ? Novelty::kNew
                      : significant_[index] ? Novelty::kWorse
                                            : novelty_of_cause(cluster, verdict);
    confirm(cluster, significant_[index], verdict);
    verdict.uninformative = uninformative(cluster);
    verdict.suppressed = suppression_for(cluster, verdict.suspects, policy_, facts_.today);
    decide(cluster, verdict);
    return verdict;
  }

 private:
  void add_suspects(const FailureCluster& cluster, ClusterVerdict& verdict) {
    verdict.suspects = suspects_of(cluster);
    for (Suspect& suspect : verdict.suspects) {
      if (relations_) suspect.relation = relations_->of(suspect.code);
    }
    std::stable_sort(
        verdict.suspects.begin(), verdict.suspects.end(), [](const Suspect& a, const Suspect& b) {
          return std::pair(a.code.best_rank, a.relation) < std::pair(b.code.best_rank, b.relation);
        });
  }

  // The same symptom at no worse a rate: what leads may be another function than it was.
  Novelty novelty_of_cause(const FailureCluster& cluster, ClusterVerdict& verdict) {
    const KnownCluster& known = baseline_.clusters.at(cluster.fingerprint);
    if (known.top.empty()) return Novelty::kKnown;
    bool found = false;
    for (Suspect& suspect : verdict.suspects) {
      if (suspect.code.probability.value_or(0) < policy_.min_probability) continue;
      bool unsure = false;
      if (known_cause(suspect, known, unsure)) return Novelty::kKnown;
      if (unsure) {
        const std::string& endpoint = cluster.signature.endpoint;
        const bool is_read = !suspect.code.body.empty();  // else the baseline's was not
        notes_.push_back("a known failure" + (endpoint.empty() ? "" : " of " + endpoint) +
                         " is taken for the same though " + suspect.code.code.name +
                         " leads now, which did not before: " +
                         (is_read ? "the baseline was made without --source, which would tell "
                                    "whether it was renamed; update it with --source"
                                  : "--source would tell whether it was renamed"));
        continue;
      }
      suspect.new_cause = true;
      found = true;
    }
    return found ? Novelty::kNewCause : Novelty::kKnown;
  }

  void confirm(const FailureCluster& cluster, bool significant, ClusterVerdict& verdict) {
    const auto rerun = facts_.reruns.find(cluster.fingerprint);
    std::string reruns;
    if (rerun != facts_.reruns.end() && rerun->second.runs != 0) {
      const FailRate& again = rerun->second;
      verdict.rerun_fails = again.fails;
      verdict.reruns = again.runs;
      reruns = "failed in " + std::to_string(again.fails) + " of " + plural(again.runs, "rerun");
      if (again.fails >= policy_.rerun_fails &&
          again.fails * policy_.reruns >= again.runs * policy_.rerun_fails) {
        verdict.confirmed = true;
        verdict.confirmation = reruns;
        return;
      }
    }
    if (baseline_.runs.empty() && !verdict.reruns) {
      verdict.confirmation = of_runs({verdict.fails, verdict.runs}) +
                             "; without a baseline to compare with, only reruns confirm";
      return;
    }
    const std::string rates = of_runs({verdict.fails, verdict.runs}) + ", baseline " +
                              of_runs({verdict.baseline_fails, verdict.baseline_runs}) +
                              ", p = " + in_digits(verdict.p_value);
    const bool enough = verdict.fails >= policy_.min_failing;
    // A new cause fails no more often than the old one did: that it leads is the finding.
    if (enough && (significant || verdict.novelty == Novelty::kNewCause)) {
      verdict.confirmed = true;
      verdict.confirmation = rates;
      return;
    }
    verdict.confirmation = rates;
    if (!reruns.empty()) verdict.confirmation += ", " + reruns;
    if (verdict.baseline_runs == 0) {
      verdict.confirmation += "; the baseline has no run of this endpoint";
    } else if (!enough) {
      verdict.confirmation += "; fewer than " + plural(policy_.min_failing, "failing run");
    }
  }

  std::string uninformative(const FailureCluster& cluster) const {
    if (!cluster.undecided.empty()) return cluster.undecided;
    const std::size_t functions = leading(cluster.ranking);
    if (functions <= policy_.max_ambiguity) return {};
    return plural(functions, "function") + " lead together, more than " +
           std::to_string(policy_.max_ambiguity) + ": the runs do not tell them apart";
  }

  // Whether the change under test touches none of what the ranking names.
  bool unattributed(const ClusterVerdict& verdict) const {
    return relations_ && std::all_of(verdict.suspects.begin(), verdict.suspects.end(),
                                     [](const Suspect& suspect) {
                                       return suspect.relation == Relation::kUnrelated;
                                     });
  }

  void decide(const FailureCluster& cluster, ClusterVerdict& verdict) const {
    const auto because = [&](std::string why) { verdict.because = std::move(why); };
    const auto remedy = [&](std::string what) { verdict.remedies.push_back(std::move(what)); };
    const std::string accept =
        "accept it: --update-baseline, or [[suppress]] in culprit.toml with a reason and a date";
    if (verdict.novelty == Novelty::kKnown) {
      because("known: the baseline has this failure at a rate that is not lower (" +
              of_runs({verdict.baseline_fails, verdict.baseline_runs}) + ")");
      remedy(
          "it would be red if it failed significantly more often, or if a function led that "
          "did not in the baseline");
      return;
    }
    const std::string what = verdict.novelty == Novelty::kNew ? "new"
                             : verdict.novelty == Novelty::kWorse
                                 ? "worse than in the baseline"
                                 : "a new cause of a known failure";
    if (verdict.suppressed) {
      because(what + ", but suppressed: " + verdict.suppressed->reason);
      remedy("it would be red without the suppression" +
             (verdict.suppressed->expires.empty()
                  ? std::string()
                  : ", which ends on " + verdict.suppressed->expires));
      return;
    }
    if (!verdict.confirmed) {
      because(what + ", not confirmed: " + verdict.confirmation);
      remedy("it would be confirmed by " + std::to_string(policy_.rerun_fails) + " failures in " +
             plural(policy_.reruns, "rerun") + " (--rerun-cmd or --confirm-dir), or by at least " +
             plural(policy_.min_failing, "failing run") + " with p <= " + in_digits(policy_.alpha));
      return;
    }
    if (cluster.level != FaultLevel::kUnknown && !is_red(cluster.level, policy_)) {
      because(what + " and confirmed, but a fault of level " + std::string(name_of(cluster.level)) +
              ", not code: " + cluster.level_evidence);
      remedy("--levels code," + std::string(name_of(cluster.level)) + " would make it red");
      return;
    }
    if (!verdict.uninformative.empty()) {
      because(what + " and confirmed, but inconclusive: " + verdict.uninformative);
      remedy(
          "it would be red if its functions could be named: record coverage of failing and "
          "passing runs of this endpoint");
      return;
    }
    if (cluster.level == FaultLevel::kUnknown) {
      because(what + " and confirmed, but nothing tells its level: " + cluster.level_evidence);
      remedy("coverage and traces of the failing runs would tell");
      return;
    }
    if (unattributed(verdict) && !policy_.unattributed_fails) {
      because(what + " and confirmed, but the change is not implicated: none of the first " +
              plural(verdict.suspects.size(), "function") + " is changed or reached by it");
      remedy("--unattributed fail would make it red");
      return;
    }
    verdict.fails_gate = true;
    because(what + " and confirmed: " + verdict.confirmation);
    remedy("mend it, beginning at " + verdict.suspects.front().code.code.name);
    remedy(accept);
  }

  const Report& report_;
  const Baseline& baseline_;
  const GatePolicy& policy_;
  const GateFacts& facts_;
  std::optional<ChangeRelations> relations_;
  std::vector<double> p_values_;
  std::vector<bool> significant_;
  std::vector<std::string> notes_;
};

void compare_with_baseline(const Report& report, const Baseline& baseline, GateVerdict& verdict) {
  std::map<std::string_view, std::size_t> asked;
  for (const EndpointRuns& row : report.endpoint_runs) asked[row.endpoint] = row.runs;
  for (const auto& row : baseline.clusters) {
    const std::string& fingerprint = row.first;
    const KnownCluster& known = row.second;
    const bool fails_now = std::any_of(
        report.clusters.begin(), report.clusters.end(),
        [&](const FailureCluster& cluster) { return cluster.fingerprint == fingerprint; });
    if (fails_now) continue;
    const auto runs = asked.find(known.signature.endpoint);
    if (runs == asked.end()) {
      verdict.unasked.push_back(known.signature.endpoint);
    } else {
      verdict.fixed.push_back(
          {fingerprint, known.signature.endpoint, known.signature.kind, runs->second});
    }
  }
  std::sort(verdict.unasked.begin(), verdict.unasked.end());
  verdict.unasked.erase(std::unique(verdict.unasked.begin(), verdict.unasked.end()),
                        verdict.unasked.end());
}

}  // namespace

std::vector<std::size_t> rerun_candidates(const Report& report, const Baseline& baseline,
                                          const GatePolicy& policy, const GateFacts& facts) {
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < report.clusters.size(); ++i) {
    const FailureCluster& cluster = report.clusters[i];
    const FailRate before = before_of(cluster, baseline);
    const double p = fisher_tail(now_of(cluster), before);
    if (before.fails != 0 && p >= kRerunWorthwhile) continue;
    // What statistics confirm needs no rerun.
    const bool confirmed = cluster.runs.size() >= policy.min_failing && p <= policy.alpha;
    if (confirmed && !policy.correct) continue;
    if (suppression_for(cluster, suspects_of(cluster), policy, facts.today)) continue;
    candidates.push_back(i);
  }
  return candidates;
}

void blame_changed_code(const Changes& changes, Report& report) {
  const ChangeRelations relations(changes, report.calls, report.clusters);
  for (FailureCluster& cluster : report.clusters) {
    if (cluster.level != FaultLevel::kPerformance) continue;
    for (const Ranked& row : cluster.ranking.rows) {
      if (relations.of(row) != Relation::kChanged) continue;
      cluster.level = FaultLevel::kCode;
      cluster.level_evidence = "slow, and the change touches " + row.code.name;
      break;
    }
  }
}

GateVerdict judge(const Report& report, const Baseline& baseline, const GatePolicy& policy,
                  const GateFacts& facts) {
  GateVerdict verdict;
  if (facts.changes != nullptr) verdict.change = facts.changes->name;
  Judge judge(report, baseline, policy, facts);
  bool inconclusive = false;
  for (std::size_t i = 0; i < report.clusters.size(); ++i) {
    ClusterVerdict one = judge.of(i);
    const FaultLevel level = report.clusters[i].level;
    if (one.fails_gate) verdict.answer = GateVerdict::Answer::kNewFaults;
    inconclusive = inconclusive || (one.confirmed && one.novelty != Novelty::kKnown &&
                                    !one.suppressed && !one.uninformative.empty() &&
                                    (level == FaultLevel::kUnknown || is_red(level, policy)));
    verdict.clusters.push_back(std::move(one));
  }
  if (inconclusive && verdict.answer == GateVerdict::Answer::kPass) {
    verdict.answer = GateVerdict::Answer::kInconclusive;
  }
  const auto order = [](const ClusterVerdict& one) {
    return std::tuple(!one.fails_gate, one.novelty == Novelty::kKnown, !one.confirmed);
  };
  std::stable_sort(
      verdict.clusters.begin(), verdict.clusters.end(),
      [&](const ClusterVerdict& a, const ClusterVerdict& b) { return order(a) < order(b); });
  compare_with_baseline(report, baseline, verdict);
  verdict.stale = stale_suppressions(report, verdict.clusters, policy, facts.today);
  verdict.notes = judge.take_notes();
  return verdict;
}

}  // namespace culprit
