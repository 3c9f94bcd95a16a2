// How well runs tell causes apart, in three numbers.
#pragma once

#include "culprit/diagnosis.h"
#include "score/rank.h"

namespace culprit {

// Density, diversity and uniqueness of the runs with an outcome; what is about the first suspect
// stays empty. With `executed` and `told` the cells of runs x lines that were executed, and that
// some run tells of,
//   density    = 1 - |1 - 2 executed / told|
//   diversity  = 1 - sum over rows of n (n-1) / (N (N-1)), n of the N runs having that row
//   uniqueness = ambiguity groups / lines
// after Perez, Abreu, van Deursen, ICSE 2017. Runs that tell of other services or files count as
// different rows; runs without a report are none.
// Cost: one step for each run that executed a group's first line.
[[nodiscard]] Diagnosability diagnosability(const Evidence& evidence);

}  // namespace culprit
