// The failing requests and their traces, each span with the code it leads to.
#pragma once

#include "culprit/details.h"
#include "pipeline/case_study.h"

namespace culprit {

// Fills `requests` from `functions`, some of each failure cluster.
void add_failing_requests(const CaseStudy& study, ReportDetails& details);

}  // namespace culprit
