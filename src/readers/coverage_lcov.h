// lcov tracefiles (.info), of lcov 1.x and 2.x and of the tools that write the format.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_lcov(const Head& head);
[[nodiscard]] Result<void> read_lcov(const Input& input, Sink& sink);

}  // namespace culprit
