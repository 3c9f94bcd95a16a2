// What `llvm-cov export` writes: per source file the points where the count changes ("segments"),
// and the functions with their regions.
//
// A line is executable when a region reaches it; it ran as often as the region it begins in, or as
// the most executed one that begins on it, which is what llvm-cov's own line counts say.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_llvm_json(const Head& head);
[[nodiscard]] Result<void> read_llvm_json(const Input& input, Sink& sink);

}  // namespace culprit
