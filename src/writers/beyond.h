// What goes beyond one ranking, as text: what would split the first ambiguity group, what the first
// suspects leave unexplained, and sets of faults that explain every failure.
#pragma once

#include <string>

#include "culprit/report.h"
#include "writers/writers.h"

namespace culprit {

// Each empty where there is nothing to say.
[[nodiscard]] std::string split_as_text(const Report& report, const Style& style);
[[nodiscard]] std::string rounds_as_text(const Report& report, const Style& style);
[[nodiscard]] std::string diagnosis_as_text(const Report& report, const Style& style);

// "8 of 21 failing runs are not explained by the first suspect".
[[nodiscard]] std::string in_words(const Report& report, const Round& round);

}  // namespace culprit
