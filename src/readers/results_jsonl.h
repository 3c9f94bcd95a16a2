// Responses or test results as JSON lines, fields found by the names tools give them.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_results_jsonl(const Head& head);
[[nodiscard]] Result<void> read_results_jsonl(const Input& input, Sink& sink);

}  // namespace culprit
