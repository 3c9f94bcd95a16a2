// The gate: does this run set fail in a new way, and did the code do it?
//
//   culprit::GateQuery gate;
//   gate.query.runs = "pr-1234/";
//   gate.baseline = ".culprit-baseline.jsonl";
//   culprit::Result<culprit::Report> report = culprit::check(gate);
//   bool red = report && report->gate->answer == culprit::GateVerdict::Answer::kNewFaults;
//
// Nothing of the input is executed; reruns are the caller's, through `rerun`.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "culprit/localize.h"

namespace culprit {

struct Reruns {
  std::size_t fails = 0;
  std::size_t runs = 0;  // 0: it could not be run again
};

struct GateQuery {
  Query query;           // `source` names the checkout for `base`, suppressions in it, and renames
  std::string baseline;  // file; empty: none, every failure is new
  // Adds the runs to the baseline, which is made where there is none: every failure is known then.
  bool update_baseline = false;
  std::string base;         // revision to compare the checkout with; empty: none
  std::string diff;         // a diff file in its place
  std::string confirm_dir;  // a run set with reruns; empty: none
  std::string today;        // YYYY-MM-DD, for suppressions that end
  // Runs one of a cluster's runs again, at most `times`, and no more often than it takes to see
  // `enough` fail or that they cannot. Called only for clusters that it could confirm.
  std::function<Result<Reruns>(const FailureCluster& cluster, std::size_t times,
                               std::size_t enough)>
      rerun;
};

// The report with its verdict (Report::gate). Errors: those of localize(); a baseline that is
// missing, damaged, of a newer version, or was changed meanwhile, which is then left alone; a
// revision or diff that cannot be read; what `rerun` gives.
[[nodiscard]] Result<Report> check(const GateQuery& gate);

}  // namespace culprit
