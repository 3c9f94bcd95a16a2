// What k6 run --out json=FILE writes: JSON lines, of which the points of http_req_duration and
// grpc_req_duration are requests. Their time is that of the end.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_k6(const Head& head);
[[nodiscard]] Result<void> read_k6(const Input& input, Sink& sink);

}  // namespace culprit
