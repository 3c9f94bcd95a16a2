// Every number and switch a user may set, with its default. `config` fills it from culprit.toml,
// the environment and flags; the floors below read the part that is theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "culprit/outcome.h"
#include "model/api_contract.h"

namespace culprit {

// [[outcomes]]: says what runs or time windows are where no response does. The first row that
// matches wins.
struct OutcomeRule {
  std::string run = "*";                // glob over run names: `*` any text, `?` one character
  std::optional<std::int64_t> from_ns;  // a window of request times, inclusive, epoch UTC
  std::optional<std::int64_t> to_ns;
  Verdict verdict = Verdict::kUnknown;
};

// --fail-when: a response whose body meets it failed, whatever its status.
struct BodyRule {
  enum class Test { kEqual, kNotEqual, kLess, kAtMost, kGreater, kAtLeast, kExists, kMissing };
  std::string text;     // as the user wrote it: "body.status==0"
  std::string pointer;  // "/status"
  Test test = Test::kExists;
  std::string value;  // what it compares with; quotes dropped
};

// How responses become outcomes; rules in the order they are asked.
struct LabelPolicy {
  std::vector<OutcomeRule> outcomes;
  std::vector<BodyRule> fail_when;
  ApiContract contract;           // --openapi; without operations: none was given
  bool use_verdict = true;        // what the tool itself said
  bool use_status = true;         // 5xx, 0, timeout, gRPC other than OK: failed
  bool use_client_errors = true;  // 4xx: failed where the endpoint seldom gives it or no contract
                                  // declares it
  bool use_latency = true;        // soft: a weight, not a verdict
  bool use_retries = true;        // of several attempts the last counts
  bool use_consequences = false;  // failures that follow from another at the same resource are
                                  // compared as well
  double rare_client_error_share =
      0.05;  // 4xx fails when at most this share of the endpoint's requests give it
  std::size_t baseline_samples = 20;  // fewer requests than this make no baseline
  std::optional<double> slo_ms;       // replaces the latency baseline
  // The requests that do not count because the system was warming up: of each endpoint the first
  // so many, or all within so many seconds of the first.
  std::size_t warm_up_requests = 0;
  double warm_up_seconds = 0;
  // A run of at least so many requests is judged by the share of them that failed; 0: none is.
  std::size_t window_requests = 50;
};

// Numbers of the posterior; spectra/README.md derives them.
struct PosteriorPolicy {
  enum class Model {
    kAveraged,  // a run that executes the fault fails with some chance, or each execution does
    kRuns,      // the former only, without the gate on omissions and the prior of shapes
  };
  Model model = Model::kAveraged;
  double a = 1, b = 1;            // Beta prior of the failure rate of runs that meet the fault
  std::optional<double> a0 = {};  // and of runs that do not; by default as the model has it
  double b0 = 1;
  double omission = 0.1;    // prior share of faults that show as code no longer executed
  double count_weight = 3;  // weight of the execution count contrast in the score of a line
  // and in what a line gives its function, where the chance of each execution has seen the counts
  double averaged_count_weight = 2;
  // An omission is possible when more than this share of the failing runs is covered by no line
  // that failing runs execute more than passing ones: a fault that was executed would cover them.
  double unexplained = 0.05;
  double structure = 1;  // weight of the prior of a line's place in its function; 0: none
  // Of faults that raise an error, the share that lies where the error arose; 0: no such
  // hypothesis. 40 % of bugs with a stack trace were mended in its first frame (Schroeter,
  // Bettenburg, Premraj, MSR 2010).
  double raised_share = 0.4;
  // A function's mass from an ambiguity group of n lines grows as n^this; by default as the model
  // has it.
  std::optional<double> group_exponent = {};

  [[nodiscard]] bool averaged() const { return model == Model::kAveraged; }
  [[nodiscard]] bool hears_errors() const { return averaged() && raised_share > 0; }
  [[nodiscard]] double noise_a() const { return a0.value_or(averaged() ? 0.2 : 0.5); }
  // Columns of counts differ where columns of hits do not, so groups of the former are smaller.
  [[nodiscard]] double exponent(bool by_counts) const {
    return group_exponent.value_or(averaged() && by_counts ? 0.25 : 0.5);
  }
};

struct TracePolicy {
  double weight = 0.3;  // share of the traces' log odds that reaches the code ranking
  double floor = 0.1;   // probability spread evenly over all services, so that misleading traces
                        // cannot bury the fault
  // How far the clocks of the requests' recorder and of the services may be apart where a trace is
  // joined to a request by endpoint and time.
  double skew_ms = 10;
};

// --path-map: paths of reports that begin with `from`, at a folder's border, lie below `to` of the
// folder with the source code.
struct PathRewrite {
  std::string from;
  std::string to;  // below that folder, without `..`; empty: the folder itself
};

}  // namespace culprit
