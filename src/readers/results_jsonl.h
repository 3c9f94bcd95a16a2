// Requests or test results as JSON lines (or one JSON array, or one object), fields found by the
// names tools give them; AnoMod's openapi_responses.jsonl is one such file.
//
// A latency's unit is told by the suffix of its key, milliseconds without one, never by its size;
// a time's by its number of digits. A local time without a zone is no time. A row about a test
// (`test`, `nodeid`, ...; or `name` beside a verdict and no request) names its run by it.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_results_jsonl(const Head& head);
[[nodiscard]] Result<void> read_results_jsonl(const Input& input, Sink& sink);

}  // namespace culprit
