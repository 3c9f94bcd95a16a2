// What git says before any run does: code that changed lately is at fault more often.
#pragma once

#include <string>
#include <vector>

#include "config/policy.h"
#include "culprit/localize.h"
#include "culprit/ranking.h"
#include "culprit/spectrum.h"
#include "model/policy.h"

namespace culprit {

// By line, the log of how much more often than others it is at fault if that halves with each year
// since it was last changed, down to a sixteenth: the damping of Graves, Karr, Marron, Siy,
// "Predicting fault incidence using software change history", TSE 2000; times
// Policy::age_weight. Of the files of the first rows of `first`, at most 32 and for at most 5 s; 0
// for the others. Empty where none is known; `notes` says why.
[[nodiscard]] std::vector<double> age_shifts(const Query& query, const Policy& policy,
                                             const Spectrum& spectrum, const Ranking& first,
                                             std::vector<std::string>& notes);

}  // namespace culprit
