// How well any formula could do: a bound for what counts of failing and passing runs can tell.
#pragma once

#include <cstdint>
#include <span>

#include "culprit/counts.h"
#include "culprit/spectrum.h"
#include "score/evaluate.h"

namespace culprit {

// The best that a formula of one line's counts can make of it, where more failing and fewer passing
// executions never lower its score (as under all published ones that expect a fault to be
// executed), and an element scores the best of its lines: chosen for this fault and each figure
// by somebody who knows it. Whatever a faulty line is sure to beat is behind it, whatever is sure
// to beat it is ahead, equal counts are ties; the rest is behind. `faulty` are elements of `level`,
// at least one.
//
// That one line is above another under all such formulas is the partial order of Naish, Lee,
// Ramamohanarao, "A model for spectra-based software diagnosis", TOSEM 20(3) 2011, and of Xie,
// Chen, Kuo, Xu, "A theoretical analysis of the risk evaluation formulas", TOSEM 22(4) 2013.
[[nodiscard]] Measure best_of_all_formulas(const Spectrum& spectrum, std::span<const Counts> counts,
                                           Level level, std::span<const std::uint32_t> faulty);

}  // namespace culprit
