// The report of Web Fuzzing Commons, as EvoMaster writes it: which tests found faults at which
// endpoint, and which statuses each got. A test is a run, called file.name as in JUnit reports.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_wfc(const Head& head);
[[nodiscard]] Result<void> read_wfc(const Input& input, Sink& sink);

}  // namespace culprit
