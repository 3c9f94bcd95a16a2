// What Schemathesis writes beside HAR and JUnit XML: cassettes (VCR, YAML), one interaction a
// request with the checks it went through, and its events as JSON lines (NDJSON), whose
// ScenarioFinished hold interactions and checks by case. Failed checks are the verdict.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_vcr(const Head& head);
[[nodiscard]] Result<void> read_vcr(const Input& input, Sink& sink);

[[nodiscard]] bool accepts_schemathesis(const Head& head);
[[nodiscard]] Result<void> read_schemathesis(const Input& input, Sink& sink);

}  // namespace culprit
