// What is known of the failing runs beside their coverage: what traces say of services and of where
// errors arose, what failure messages say in words.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "config/policy.h"
#include "label/label.h"
#include "pipeline/run_set.h"
#include "pipeline/trace_join.h"
#include "score/rank.h"
#include "score/service_suspicion.h"
#include "score/trace_tree.h"

namespace culprit {

struct RunContext {
  TraceWeights failed;
  std::vector<ServiceSuspicion> suspicions;
};

// How surely each trace failed, of the runs in `compared`.
[[nodiscard]] TraceWeights failed_traces(const RunSet& set, const Labels& labels,
                                         const TraceJoin& join, std::span<const Outcome> compared);

// Of the failing runs in `compared`, by run as `set.runs`. `events` are of the traces of all runs.
[[nodiscard]] RunContext context_of(const RunSet& set, const Labels& labels, const TraceJoin& join,
                                    const EventTable& events, std::span<const Outcome> compared);

// Lets the posterior know it.
void add_context(const RunSet& set, const Labels& labels, std::span<const Outcome> compared,
                 const std::vector<TraceTree>& trees,
                 const std::vector<std::vector<std::size_t>>& traces_of_run,
                 const RunContext& context, const Policy& policy, Method& method);

}  // namespace culprit
