// gcov's raw counters (.gcda), with the notes (.gcno) of the same build: what gcov would print of
// them, read at the speed of the disk. The arithmetic is in gcov_flow.h and gcov_lines.h.
//
// Layouts of GCC 8 to 14 and of clang; tried against gcov 11 and 12 and llvm-cov 14 and 19.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_gcov_data(const Head& head);
[[nodiscard]] Result<void> read_gcov_data(const Input& input, Sink& sink);

// How often functions were entered, by mangled name; those that never were are not among them.
using GcovEntries = std::map<std::string, std::uint64_t>;
[[nodiscard]] Result<GcovEntries> gcov_entries(const Input& input);

}  // namespace culprit
