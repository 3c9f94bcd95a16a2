// From scores of lines to scores of the elements that own them.
#pragma once

#include <span>
#include <vector>

#include "culprit/ranking.h"
#include "culprit/spectrum.h"

namespace culprit {

// Scores to 10 decimals: what differs only by rounding errors is a tie. Infinities stay.
[[nodiscard]] std::vector<double> rounded(std::span<const double> scores);

// Scores of the elements of `level`. kMaxVote gives dense ranks of (max, vote) from 0 for the
// lowest. Elements without a line cannot occur in a Spectrum.
[[nodiscard]] std::vector<double> roll_up(const Spectrum& spectrum, Level level, RollUp roll_up,
                                          std::span<const double> line_scores);

}  // namespace culprit
