// What views of a whole report show beside the answer: see culprit/details.h.
#pragma once

#include "culprit/details.h"
#include "pipeline/case_study.h"
#include "pipeline/checkout_text.h"

namespace culprit {

// `source`: the source code, or nullptr. Reads the files that the ranking names.
[[nodiscard]] ReportDetails report_details(CaseStudy& study, CheckoutText* source);

}  // namespace culprit
