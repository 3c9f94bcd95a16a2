// Ambiguity groups: lines with identical columns, which no formula over hits can tell apart.
#pragma once

#include <cstdint>
#include <vector>

#include "culprit/spectrum.h"
#include "score/counts.h"

namespace culprit {

// By line: the number of its group, groups numbered from 0 by their first line. Two lines share a
// group when the same counting runs executed them and the same counting runs have a report of them.
[[nodiscard]] std::vector<std::uint32_t> column_groups(const Spectrum& spectrum, const Jury& jury);

// The runs of a block that have a report of any service.
[[nodiscard]] std::uint64_t reporting_runs(const Spectrum& spectrum, std::size_t block);

}  // namespace culprit
