// gcov's annotated source (*.gcov), of any GCC, and the intermediate text of gcov -i (GCC 8 and
// older).
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_gcov_text(const Head& head);
[[nodiscard]] Result<void> read_gcov_text(const Input& input, Sink& sink);

}  // namespace culprit
