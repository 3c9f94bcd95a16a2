// Jaeger traces as its query API and UI give them.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_jaeger(const Head& head);
[[nodiscard]] Result<void> read_jaeger(const Input& input, Sink& sink);

}  // namespace culprit
