// OpenTelemetry traces as OTLP/JSON.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_otlp(const Head& head);
[[nodiscard]] Result<void> read_otlp(const Input& input, Sink& sink);

}  // namespace culprit
