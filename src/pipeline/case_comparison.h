// One failing run read against the passing run that did most nearly the same.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "culprit/outcome.h"
#include "culprit/report.h"
#include "pipeline/run_set.h"
#include "score/clusters.h"

namespace culprit {

// Of the first run that `compared` has as failed and that has coverage: the nearest passing run
// that asked one of its endpoints, or where there is none, of all. nullopt: no two can be compared.
[[nodiscard]] std::optional<CaseComparison> compare_case(const RunSet& set,
                                                         std::span<const Outcome> compared,
                                                         std::span<const RunSymptom> symptoms);

}  // namespace culprit
