// What a query asks for beside the answer: heat, and what the source says.
#pragma once

#include "culprit/localize.h"
#include "pipeline/case_study.h"

namespace culprit {

// Fills Report::heat, and where the source was given the texts and bodies of ranked rows, those of
// clusters too. Errors: the source is no folder.
[[nodiscard]] Result<void> add_views(const Query& query, CaseStudy& study);

}  // namespace culprit
