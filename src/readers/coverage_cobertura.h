// Cobertura XML, as gcovr and others write it.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_cobertura(const Head& head);
[[nodiscard]] Result<void> read_cobertura(const Input& input, Sink& sink);

}  // namespace culprit
