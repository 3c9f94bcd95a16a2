// JUnit XML: one run a test case.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_junit(const Head& head);
[[nodiscard]] Result<void> read_junit(const Input& input, Sink& sink);

}  // namespace culprit
