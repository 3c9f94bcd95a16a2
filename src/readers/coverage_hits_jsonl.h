// Hits as JSON lines: one run, or one run and service, a line. The format to write when a tool has none.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_hits_jsonl(const Head& head);
[[nodiscard]] Result<void> read_hits_jsonl(const Input& input, Sink& sink);

}  // namespace culprit
