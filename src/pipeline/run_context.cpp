#include "pipeline/run_context.h"

#include "pipeline/case_choice.h"
#include "pipeline/error_places.h"
#include "pipeline/run_symptoms.h"
#include "score/executions.h"
#include "score/fuse.h"
#include "score/message_words.h"

namespace culprit {

TraceWeights failed_traces(const RunSet& set, const Labels& labels, const TraceJoin& join,
                           std::span<const Outcome> compared) {
  return trace_weights(join, set.requests, set.runs, of_compared_runs(labels, set, compared));
}

RunContext context_of(const RunSet& set, const Labels& labels, const TraceJoin& join,
                      const EventTable& events, std::span<const Outcome> compared) {
  RunContext context;
  context.failed = failed_traces(set, labels, join, compared);
  context.suspicions = events.suspect(context.failed);
  return context;
}

void add_context(const RunSet& set, const Labels& labels, std::span<const Outcome> compared,
                 const std::vector<TraceTree>& trees,
                 const std::vector<std::vector<std::size_t>>& traces_of_run,
                 const RunContext& context, const Policy& policy, Method& method) {
  method.service_shifts = service_shifts(set.spectrum, context.suspicions, policy.trace);
  method.errors = error_lines(set, compared, trees, traces_of_run);
  std::vector<double> named =
      message_shifts(set.spectrum, failure_messages(set, labels, compared), policy.message_share);
  if (!named.empty()) method.priors.push_back({"messages", std::move(named)});
}

}  // namespace culprit
