// GZoltar's text matrix: spectra.csv with matrix.txt, tests.csv and, where present, counts.txt beside it.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_gzoltar(const Head& head);
[[nodiscard]] Result<void> read_gzoltar(const Input& input, Sink& sink);

}  // namespace culprit
