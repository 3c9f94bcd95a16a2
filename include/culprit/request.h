// One API request, or one test case, as a results file tells of it: the record that outcomes are
// derived from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "culprit/outcome.h"

namespace culprit {

struct Request {
  std::string run;     // run id the row carries; empty: the file's place in the run set decides
  std::string method;  // GET, POST, ...; empty where the format has none
  std::string url;     // as sent
  // Template: an explicit route or name, else the path with ids replaced by `{}`.
  std::string endpoint;
  std::optional<int> status;       // HTTP status; 0: no response came; nullopt: the format has none
  std::optional<int> grpc_status;  // 0: OK
  std::optional<double> latency_ms;
  std::optional<std::int64_t> time_ns;  // since the epoch, UTC
  std::string error;                    // "timeout", "connect", or the tool's own text; empty: none
  Verdict verdict = Verdict::kUnknown;  // only what the tool itself said
  std::string trace;                    // trace id, lower-case hex, or empty
  std::string body;                     // of the response, or its start; empty: the format has none
  std::optional<std::uint32_t> failing_body;  // the rule of --fail-when that its body meets
  std::uint64_t count = 1;  // requests this record stands for: one, but in aggregates

  bool operator==(const Request&) const = default;
};

}  // namespace culprit
