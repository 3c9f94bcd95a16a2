// What is known to fail: the file that a gate compares with.
//
// One JSON object a line, the first and the last saying what the file is, those between sorted:
//   {"schema":"culprit.baseline/1"}
//   {"endpoint":"POST /orders","runs":138}
//   {"fp":"clc/v1:...","endpoint":"POST /orders","kind":"http-5xx","service":"payment",
//    "operation":"POST /payments","fails":3,"top":[{"fp":"cle/v1:...","name":"pay(Json)"}]}
//   {"end":"culprit.baseline/1"}
// No totals, line numbers or dates are in it, so that two branches merge.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/input.h"
#include "culprit/cluster.h"
#include "culprit/error.h"
#include "culprit/report.h"
#include "model/gate_policy.h"

namespace culprit {

// A function that was held for the cause of a cluster.
struct KnownCause {
  std::string fingerprint;  // cle/v1
  std::string name;
  std::string body;  // hash of its source as it was; empty: not known

  auto operator<=>(const KnownCause&) const = default;
};

struct KnownCluster {
  FailureSignature signature;
  std::size_t fails = 0;
  std::vector<KnownCause> top;  // by fingerprint
};

struct Baseline {
  std::map<std::string, std::size_t> runs;       // by endpoint
  std::map<std::string, KnownCluster> clusters;  // by fingerprint

  [[nodiscard]] std::size_t runs_of(const std::string& endpoint) const;
};

// Rows that stand twice, as a merge by lines leaves them, count once: the one with more runs or
// fails. Errors: not a baseline, one of a newer version, cut short, conflict markers, a wrong row;
// more than 64 MiB.
[[nodiscard]] Result<Baseline> read_baseline(const Input& input);

[[nodiscard]] std::string to_text(const Baseline& baseline);

// Adds the runs and failures of a report. An endpoint keeps the weight of a thousand runs: beyond
// that its counts are scaled down, so that what was mended long ago is forgotten and comes back as
// new.
void add_to_baseline(Baseline& baseline, const Report& report, const GatePolicy& policy);

}  // namespace culprit
