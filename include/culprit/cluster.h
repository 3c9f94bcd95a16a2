// Failure clusters: failing runs that show the same symptom.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

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

struct FailureCluster {
  FailureSignature signature;
  // "clc/v1:" and 32 hexadecimal digits; equal for equal signatures, whatever build they come from.
  std::string fingerprint;
  std::vector<std::string> runs;  // the failing ones, in the spectrum's order
  std::size_t endpoint_runs = 0;  // with an outcome that ask this endpoint, these included
};

}  // namespace culprit
