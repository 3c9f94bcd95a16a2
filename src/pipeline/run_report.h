// What a report says of its runs, beside the ranking.
#pragma once

#include <span>
#include <string>

#include "culprit/report.h"
#include "model/policy.h"
#include "pipeline/run_set.h"
#include "score/rank.h"

namespace culprit {

// Fills Report::runs and the counts of runs and code. `compared`: the outcomes without those that
// --case sets aside.
void describe_runs(const RunSet& set, std::span<const Outcome> labels,
                   std::span<const Outcome> compared, Report& report);

// Why no ranking of the runs in `compared` would mean anything, or empty. Reads Report::runs.
[[nodiscard]] std::string undecided(const Report& report, std::span<const Outcome> compared,
                                    const Evidence& evidence);

// Notes of requests that came to no run; they count for what is usual of their endpoints only.
void note_lost_requests(const RunSet& set, Report& report);
// Of runs without coverage or without an outcome, of rules without a run, and of reports that
// failing runs lack.
void note_gaps(const RunSet& set, std::span<const OutcomeRule> rules, Report& report);

}  // namespace culprit
