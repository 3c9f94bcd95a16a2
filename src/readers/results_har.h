// HTTP archives (HAR), as browsers, proxies and Schemathesis write them. A negative `time` is "not
// known", status 0 a request without a response.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_har(const Head& head);
[[nodiscard]] Result<void> read_har(const Input& input, Sink& sink);

}  // namespace culprit
