// Zipkin spans as JSON, version 2 and version 1; what is which is decided span by span.
//
// Both sides of a call may share one id. Version 1 has them in one record, which becomes two spans,
// the server's parent being the client's. In version 2 the server's record says `shared`, and
// whoever builds the tree finds the client by the id, if it was reported at all.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_zipkin(const Head& head);
[[nodiscard]] Result<void> read_zipkin(const Input& input, Sink& sink);

}  // namespace culprit
