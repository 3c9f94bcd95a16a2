// gcov's JSON (gcov -j, GCC 9 and newer).
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_gcov_json(const Head& head);
[[nodiscard]] Result<void> read_gcov_json(const Input& input, Sink& sink);

}  // namespace culprit
