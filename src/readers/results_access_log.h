// Access logs as text: the common and combined form of nginx and Apache, with or without
// `name=value` fields behind (`rt=0.005`, `traceparent=...`), and the default formats of Envoy and
// Istio. nginx writes a request down when it is done and takes seconds, Envoy has the time of its
// start and takes milliseconds. JSON access logs are JSON lines of responses.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_access_log(const Head& head);
[[nodiscard]] Result<void> read_access_log(const Input& input, Sink& sink);

}  // namespace culprit
