// The requests a recording sends, as JSON lines or a HAR file list them.
//
//   {"run": "optional name", "method": "POST", "path": "/orders", "headers": {"x-user": "7"},
//    "body": {...} or "text", "expect": {"status": 201, "body": {"/total_cents": 12300}}}
//
// `expect` is the caller's own knowledge of the right answer: a status or a list of them, and
// values at JSON pointers into the body. It gives the run its verdict.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

struct PlannedRequest {
  std::string name;  // of the run; empty: made from the request
  std::string method = "GET";
  std::string path;  // with the query; below the base URL
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string expect;  // JSON; empty: nothing is expected
};

// Errors: a line that is no request, with its place; no request at all.
[[nodiscard]] Result<std::vector<PlannedRequest>> parse_requests(const Input& file);

// What of `expect` a reply does not meet, in words; empty: it meets all of it.
[[nodiscard]] std::string unmet(const std::string& expect, int status, const std::string& body);

}  // namespace culprit
