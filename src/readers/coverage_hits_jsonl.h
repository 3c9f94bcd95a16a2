// Hits as JSON lines, one run or one run and service a line: the format to write when a tool has
// none.
//
//     {"run":"r17","service":"order","hits":[{"file":"src/a.cc","line":12,"count":3}]}
//
// `count` may be missing (the line ran) or 0 (executable, did not run); a hit may carry `function`
// with its `first_line` and `last_line`, and `branches`: how often each way out of the line was
// taken, as [3,0], or how many were, as {"taken":1,"of":2}; a record `verdict`,
// with a `reason`, `time` and `trace`. A time or a trace also makes the record a request, for
// labelling by time window and for joining traces. Once a record of the file has named a service, a
// record without one belongs to the unnamed service.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_hits_jsonl(const Head& head);
[[nodiscard]] Result<void> read_hits_jsonl(const Input& input, Sink& sink);

}  // namespace culprit
