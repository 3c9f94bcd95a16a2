// How well any formula could do: a bound for what counts of failing and passing runs can tell.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "culprit/counts.h"
#include "culprit/spectrum.h"
#include "score/evaluate.h"

namespace culprit {

// What it is called among formulas.
inline constexpr std::string_view kOracle = "oracle";

// The best that a formula of one line's counts can make of it, where more failing executions raise
// its score and more passing ones lower it (as of Ochiai, D*2 and Op2), and an element scores the
// best of its lines: chosen for this fault and each figure by somebody who knows it. What is sure
// to beat a faulty line is ahead of it, equal counts are ties, the rest is behind. `faulty` are
// elements of `level`, at least one.
//
// That one line is above another under all such formulas is the partial order of Naish, Lee,
// Ramamohanarao, "A model for spectra-based software diagnosis", TOSEM 20(3) 2011, and of Xie,
// Chen, Kuo, Xu, "A theoretical analysis of the risk evaluation formulas", TOSEM 22(4) 2013.
[[nodiscard]] Measure best_of_all_formulas(const Spectrum& spectrum, std::span<const Counts> counts,
                                           Level level, std::span<const std::uint32_t> faulty);

}  // namespace culprit
