// SkyWalking traces: what its GraphQL query queryTrace answers, that answer as the collectors of
// the AnoMod data set rewrite it, and their rows of segments, which say of no span what called it.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_skywalking(const Head& head);
[[nodiscard]] Result<void> read_skywalking(const Input& input, Sink& sink);

}  // namespace culprit
