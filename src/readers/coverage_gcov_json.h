// gcov's JSON (gcov -j, GCC 9 and newer).
//
// Paths stay as the report spells them: relative ones are not joined to
// `current_working_directory`, so that reports from two build folders name one source file alike.
// A template's or constructor's line comes once per instance, each with its owner; the counts add
// up.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_gcov_json(const Head& head);
[[nodiscard]] Result<void> read_gcov_json(const Input& input, Sink& sink);

}  // namespace culprit
