// Failing runs grouped by what they look like from outside.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/cluster.h"
#include "culprit/outcome.h"
#include "culprit/request.h"
#include "score/trace_tree.h"

namespace culprit {

// How fingerprints of clusters begin.
inline constexpr std::string_view kClusterVersion = "clc/v1:";

// kClusterVersion and the first 32 hexadecimal digits of the SHA-256 of the signature's four
// fields, joined by the unit separator (0x1F).
[[nodiscard]] std::string fingerprint_of(const FailureSignature& signature);

// How a request failed, as FailureSignature::kind has it: by its status and error where they tell a
// failure, else by what its outcome rests on.
[[nodiscard]] std::string_view kind_of_failure(const Request& request, const Outcome& outcome);

// The first span in error that calls none in error, as its position in `tree`. A 4xx is an error of
// a client span and usual in many systems: it counts only for failures of kind http-4xx.
[[nodiscard]] std::optional<std::uint32_t> first_failing_span(const TraceTree& tree,
                                                              std::string_view kind);

// The spans from the root down to the one at `span`; of damaged traces, whose parents may go in a
// circle, the lower end.
[[nodiscard]] std::vector<TraceStep> way_to(const TraceTree& tree, std::uint32_t span);

// A span's name without what changes from request to request.
[[nodiscard]] std::string operation_of(const SpanFacts& span);

// A run with an outcome: the endpoints it asked, and how it failed if it did.
struct RunSymptom {
  std::string run;
  std::vector<std::string> endpoints;  // of a failing run its signature's too; sorted, each once
  std::optional<FailureSignature> signature;  // nullopt: passed
};

// Largest first, equal ones by signature.
[[nodiscard]] std::vector<FailureCluster> cluster_failures(std::span<const RunSymptom> runs);
// By endpoint.
[[nodiscard]] std::vector<EndpointRuns> runs_by_endpoint(std::span<const RunSymptom> runs);

}  // namespace culprit
