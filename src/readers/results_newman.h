// What newman's JSON reporter writes. Its assertions are the verdict of a request that has some;
// one that could not be sent has no response. No request tells its time, only their order.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_newman(const Head& head);
[[nodiscard]] Result<void> read_newman(const Input& input, Sink& sink);

}  // namespace culprit
