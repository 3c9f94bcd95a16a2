// Spans as CSV with a header, a row each: the dialects in which data sets are published. AnoMod's
// SocialNetwork, Nezha, DeepTraLog and LO2 differ in the names of columns only; DeathStarBench's
// rows are calls, each of which tells of the caller as well.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_spans_csv(const Head& head);
[[nodiscard]] Result<void> read_spans_csv(const Input& input, Sink& sink);

}  // namespace culprit
