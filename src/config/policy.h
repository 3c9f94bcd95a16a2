// Policy: every number and switch a user may set, from culprit.toml, the environment and flags.
//
// A setting is one row of one table: its name is the flag (`--slo-ms`), the key in culprit.toml
// (`slo-ms`) and the environment variable (`CULPRIT_SLO_MS`). Flags beat the environment, which
// beats the file.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "config/path_pattern.h"
#include "culprit/error.h"
#include "culprit/ranking.h"
#include "model/gate_policy.h"
#include "model/policy.h"
#include "model/suspicion_method.h"
#include "readers/java_filter_set.h"
#include "readers/log_positions.h"

namespace culprit {

// Logs whose lines are hits.
struct LogSource {
  PathPattern path;
  LogFormat format;
};

struct Policy {
  // Where things are in a run set; all empty: by convention, see README.
  std::vector<PathPattern> coverage;
  std::vector<PathPattern> responses;
  std::vector<PathPattern> traces;
  std::vector<LogSource> logs;
  std::map<std::string, std::string> service_map;  // traces' name of a service -> coverage's

  // Source files that are not ranked: globs over their paths, or over the end of a path from a `/`
  // on. What only tests or the compiler's own headers execute is not where a fault is looked for.
  // clang finds its headers by way of its own folder.
  std::vector<std::string> exclude = {"/usr/include/*", "/usr/lib/*", "/usr/bin/../*"};

  // Raw JaCoCo data: what Java compilers add to the source that is left out, as JaCoCo's report
  // does.
  JavaFilterSet jacoco_filters = JavaFilterSet::all();
  bool jacoco_sessions_apart = false;  // each session is a run, called as it is
  bool gcov_any_block = false;         // of .gcda: a line ran where any block of it did

  std::vector<PathRewrite> path_map;  // the first row that fits a path best wins
  bool parse_source = true;           // C, C++ and Java that is shown
  std::string commit;                 // that the coverage was built from; empty: not known
  bool blame = false;                 // say who last changed the suspicious lines
  // Share of faults that lie in changed code, where a change is known.
  double change_share = 0.5;
  double age_weight = 0;  // weight of the prior of how long ago a line was changed
  // Share of faults that lie where names fit the words of failure messages.
  double message_share = 0.1;
  // Rankings of what the suspects before leave unexplained, at most.
  std::size_t rounds = 2;

  std::string formula = "posterior";
  std::optional<RollUp> roll_up;  // nullopt: max+vote for formulas
  Level level = Level::kFunction;
  std::size_t top = 10;  // 0: all

  // Whether branch outcomes are kept, which no ranking needs. Not a setting: what shows or writes
  // them asks for them.
  bool branches = false;

  GatePolicy gate;
  LabelPolicy label;
  PosteriorPolicy posterior;
  TracePolicy trace;
  // Ranks services; the code ranking takes Bayes factors whichever it is.
  SuspicionMethod suspicion = SuspicionMethod::kBayesFactor;

  [[nodiscard]] bool has_patterns() const {
    return !coverage.empty() || !responses.empty() || !traces.empty() || !logs.empty();
  }
};

struct Setting {
  std::string_view name;   // "slo-ms"
  std::string_view value;  // what it takes, for help: "MS"
  std::string_view help;
  // Empty, or when the value is none, what the setting takes in words; the policy is then
  // unchanged.
  std::string (*apply)(Policy& policy, std::string_view value);
};

[[nodiscard]] std::span<const Setting> settings();

// The error names the setting, what it takes (a range, the choices), and `origin` ("--top",
// "CULPRIT_TOP").
[[nodiscard]] Result<void> apply_setting(Policy& policy, std::string_view name,
                                         std::string_view value, std::string_view origin);

// Reads a culprit.toml: the settings as top-level keys, and [[coverage]], [[responses]], [[traces]]
// (path = pattern), [[logs]] (path, position, trace, service, text, time), [service_map] (traces'
// name of a service = coverage's),
// [[outcomes]] (run = glob, or from and to; outcome = passed, failed or unknown) and [[suppress]]
// (fingerprint, function or endpoint; reason and expires). Unknown keys are errors.
[[nodiscard]] Result<void> apply_manifest(Policy& policy, const Input& manifest);

}  // namespace culprit
