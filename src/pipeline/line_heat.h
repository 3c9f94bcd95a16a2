// How suspicious each executable line is, for views of the source.
#pragma once

#include <vector>

#include "culprit/report.h"
#include "score/rank.h"

namespace culprit {

// Every line, by service and file. The heat is the line's probability against the highest one, or
// under a formula its score between the lowest and the highest.
[[nodiscard]] std::vector<FileHeat> line_heat(const Evidence& evidence, const Method& method);

}  // namespace culprit
