// JaCoCo's XML report.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_jacoco_xml(const Head& head);
[[nodiscard]] Result<void> read_jacoco_xml(const Input& input, Sink& sink);
// The same without the scanner for reports exactly as JaCoCo writes them; what it is tested
// against.
[[nodiscard]] Result<void> read_jacoco_xml_strictly(const Input& input, Sink& sink);

}  // namespace culprit
