// Failure clusters: failing runs that show the same symptom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/ranking.h"

namespace culprit {

// What a failing run looks like from outside. Nothing in it changes from run to run: no ids, ports
// or times.
struct FailureSignature {
  std::string endpoint;  // "POST /orders/{}/cancel", or the name of a test
  // http-5xx, http-4xx, grpc-error, no-response, timeout, body, assertion, latency, trace-error,
  // stated
  std::string kind;
  // The deepest span in error of its trace, the first of several; empty: no trace tells one.
  std::string service;
  std::string operation;

  auto operator<=>(const FailureSignature&) const = default;
};

// Where a fault lies, coarsest first.
enum class FaultLevel : std::uint8_t { kUnknown, kService, kDatabase, kPerformance, kCode };

// One span on the way to a failure; its place in the code where the trace tells one.
struct TraceStep {
  std::string service;
  std::string operation;
  bool error = false;
  std::string file;        // as the span spells it; empty: not told
  std::uint32_t line = 0;  // 0: not told
};

struct FailureCluster {
  FailureSignature signature;
  // "clc/v1:" and 32 hexadecimal digits; equal for equal signatures, whatever build they come from.
  std::string fingerprint;
  std::vector<std::string> runs;  // the failing ones, in the spectrum's order
  std::size_t endpoint_runs = 0;  // with an outcome that ask this endpoint, these included
  FaultLevel level = FaultLevel::kUnknown;
  std::string level_evidence;  // in words: what that rests on
  Ranking ranking;             // of these failing runs against the passing ones
  std::string undecided;       // why there is no ranking; empty when there is one
  // From the root of a failing run's trace to the first span in error; empty: no trace has one.
  std::vector<TraceStep> trace;
};

// Runs with an outcome that ask one endpoint.
struct EndpointRuns {
  std::string endpoint;  // as FailureSignature::endpoint
  std::size_t runs = 0;
};

// "service", "database", "performance", "code" or "unknown".
[[nodiscard]] std::string_view name_of(FaultLevel level);

}  // namespace culprit
