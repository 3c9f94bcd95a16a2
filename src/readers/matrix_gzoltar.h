// GZoltar's text matrix: spectra.csv with matrix.txt and, where present, tests.csv and counts.txt
// beside it.
//
// spectra.csv names one element a line: `pkg$Class#method(types):line` (Java) or
// `path$#function:line` (C, C++). matrix.txt has one row a test and one cell an element, then the
// outcome. counts.txt has the same shape and holds execution counts. What precedes the line number
// is one function: two spellings never share one.
#pragma once

#include <string_view>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

// Files that belong to a spectra.csv; ground_truth.json is for `culprit eval`, not for the reader.
inline constexpr std::string_view kGzoltarCompanions[] = {"matrix.txt", "tests.csv", "counts.txt",
                                                          "ground_truth.json"};

[[nodiscard]] bool accepts_gzoltar(const Head& head);
// Errors: matrix.txt missing, or files whose rows or columns do not fit each other.
[[nodiscard]] Result<void> read_gzoltar(const Input& input, Sink& sink);

}  // namespace culprit
