// What the gate makes of a report: which failures are new and confirmed, and what the code says.
//
// Behaviour decides, code explains: a failure cluster fails the gate, the functions under it tell
// where to look.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "culprit/ranking.h"

namespace culprit {

// A cluster against the baseline.
enum class Novelty : std::uint8_t {
  kNew,       // the baseline has no failure like it
  kWorse,     // it has, at a significantly lower rate
  kNewCause,  // the same symptom at the same rate, but a function leads that did not
  kKnown,
};

// A suspicious function against the change under test.
enum class Relation : std::uint8_t {
  kNoChange,  // no --base or --diff was given
  kChanged,   // the change meets its body
  kReached,   // changed code calls it, or it is called by changed code, in the code or in traces
  kUnrelated,
};

struct Suspect {
  Ranked code;
  Relation relation = Relation::kNoChange;
  std::string fingerprint;  // "cle/v1:..."; survives shifted lines
  bool new_cause = false;   // passes --min-probability now, and did not in the baseline
};

struct Suppression {
  std::string what;  // the fingerprint, function or endpoint that it names
  std::string reason;
  std::string expires;  // YYYY-MM-DD; empty: written in the source, which does not expire
};

struct ClusterVerdict {
  std::size_t cluster = 0;  // its position in Report::clusters
  Novelty novelty = Novelty::kNew;
  std::size_t fails = 0, runs = 0;  // runs with an outcome that ask its endpoint
  std::size_t baseline_fails = 0, baseline_runs = 0;
  double p_value = 1;  // one-sided Fisher: so many failures or more, were the rate the baseline's
  std::optional<std::size_t> rerun_fails, reruns;  // where it was run again
  bool confirmed = false;     // else a candidate, which is reported and fails nothing
  std::string confirmation;   // by what, or what is missing, in words
  std::string uninformative;  // why its ranking tells nothing; empty: it tells something
  std::optional<Suppression> suppressed;
  bool fails_gate = false;
  std::string because;                // in one sentence: why it fails the gate, or why not
  std::vector<std::string> remedies;  // what would change that
  std::vector<Suspect> suspects;  // the first of its ranking, changed ones first among equal scores
};

// A cluster of the baseline that did not fail now though its endpoint was asked.
struct FixedCluster {
  std::string fingerprint;
  std::string endpoint;
  std::string kind;
  std::size_t runs = 0;  // now, of its endpoint
};

struct GateVerdict {
  enum class Answer : std::uint8_t { kPass, kNewFaults, kInconclusive };
  Answer answer = Answer::kPass;
  std::vector<ClusterVerdict> clusters;  // those that fail the gate first
  std::vector<FixedCluster> fixed;
  std::vector<std::string> stale;    // suppressions that have expired or match nothing
  std::vector<std::string> unasked;  // endpoints of the baseline with failures that no run asked
  std::vector<std::string> notes;
  bool updated = false;  // the runs are part of the baseline now, and every failure known
  std::string baseline;  // its file, as the user named it; empty: none
  std::string change;    // what it was compared with: a revision or a diff file; empty: nothing
};

}  // namespace culprit
