// JaCoCo's XML report.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_jacoco_xml(const Head& head);
[[nodiscard]] Result<void> read_jacoco_xml(const Input& input, Sink& sink);

}  // namespace culprit
