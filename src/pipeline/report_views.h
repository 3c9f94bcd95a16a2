// What a query asks for beside the answer: heat, and what the source says.
#pragma once

#include "culprit/localize.h"
#include "pipeline/case_study.h"

namespace culprit {

// Whether Ranked::body and Ranked::ignored of the clusters' rows are filled: only the gate asks.
enum class Bodies : bool { kSkipped, kRead };

// Fills Report::heat and Report::details, and where the source was given the texts and places of
// ranked rows, those of clusters too, and what it says of them. Errors: the source is no folder.
[[nodiscard]] Result<void> add_views(const Query& query, CaseStudy& study,
                                     Bodies bodies = Bodies::kSkipped);

}  // namespace culprit
