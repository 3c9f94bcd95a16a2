// Eadro's traces: for each second and each pair of services the latencies of the calls in it,
// {"1650000000": {"web-cart": [1200, 900]}}. From documentation: the unit is taken for Jaeger's,
// µs.
//
// A second becomes a trace that is a run, each latency a span of the service called. That is enough
// to suspect services, and no more: there is no coverage, no code and no tree of calls.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_eadro(const Head& head);
[[nodiscard]] Result<void> read_eadro(const Input& input, Sink& sink);

// "a-b" of names that have dashes themselves, by pair: caller and callee. Of all ways to cut a pair
// the one whose sides most other pairs have too, in doubt as callers and as callees, then the one
// nearest to the middle.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> split_pairs(
    const std::vector<std::string_view>& pairs);

}  // namespace culprit
