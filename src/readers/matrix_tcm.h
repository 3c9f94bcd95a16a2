// TCM, the test coverage matrix of FLITSR and "More Debugging in Parallel": one text file of
// sections.
//
//     #tests                          name PASSED|FAILED|ERROR [exception]
//     #uuts                           element [| bug id]...
//     #matrix                         a line a test: index of an element (from 0), count, index,
//     ...
//
// Elements are spelt as in GZoltar's spectra.csv, or `package.Class:method:line`. Of an element
// that tells no place, the place is where the file lists it. Other sections (#metadata, #groups)
// are passed over.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

[[nodiscard]] bool accepts_tcm(const Head& head);
// Errors: a section is missing, or the matrix does not fit the tests and elements.
[[nodiscard]] Result<void> read_tcm(const Input& input, Sink& sink);

}  // namespace culprit
