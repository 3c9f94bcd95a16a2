// What hey -o csv writes: a line a request. It tells neither the URL nor a time of day.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_hey(const Head& head);
[[nodiscard]] Result<void> read_hey(const Input& input, Sink& sink);

}  // namespace culprit
