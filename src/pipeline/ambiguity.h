// What the compared runs cannot tell apart at the head of a ranking, and what would.
#pragma once

#include <span>

#include "culprit/diagnosis.h"
#include "culprit/ranking.h"
#include "score/clusters.h"
#include "score/rank.h"

namespace culprit {

// `ranking` is of `evidence` and has a row.
[[nodiscard]] Diagnosability diagnosability_of(const Evidence& evidence, const Ranking& ranking,
                                               std::span<const RunSymptom> symptoms);

}  // namespace culprit
