// Services by the strongest evidence against each, from traces and from code.
//
// Both are log Bayes factors, so they compare: S of the traces' events, and for code the posterior
// mass of the service's best function, without what S adds to it, over that of chance alone, by
// which all runs fail at one rate.
//
// A service's score is the greatest of these. Taking it, not their sum, counts once what shows in
// both, as an error that is logged by a line of its own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "culprit/ranking.h"
#include "score/rank.h"
#include "score/service_suspicion.h"

namespace culprit {

// The `top` first services, 0 for all: those with coverage, and those of `suspicions`. Scores are 0
// where nothing speaks against a service; `probability` is the share of e^score. `method` is a
// posterior. Unless `code_tells` failing runs from passing ones, traces alone speak. Where traces
// speak louder than code, a row has no `line`, and the counts of its strongest event.
[[nodiscard]] Ranking rank_services(const Evidence& evidence, const Method& method, bool code_tells,
                                    std::span<const ServiceSuspicion> suspicions, std::size_t top);

// The same rows as `suspicions`, in their order and with their values: what a peer says, which
// looks at traces alone. They have no counts: what weighs for S need not weigh for it.
[[nodiscard]] Ranking ranked_by_traces(std::span<const ServiceSuspicion> suspicions,
                                       std::string_view method, std::size_t top);

}  // namespace culprit
