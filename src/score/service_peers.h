// Other people's ways from traces to suspicious services, to compare with. Each gives services a
// value of its own scale; spectra/README.md has the mathematics and what was left open in it.
//
// Values are by service, of every service that has a span in a trace with an outcome; none without
// such traces. The higher, the more suspicious. Neither the order of traces nor of spans matters.
#pragma once

#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "model/suspicion_method.h"
#include "score/service_suspicion.h"
#include "score/trace_tree.h"

namespace culprit {

using ServiceValues = std::map<std::string_view, double>;

// Ochiai over traces: a trace executes a service that has a span in it.
[[nodiscard]] ServiceValues service_ochiai(std::span<const WeighedTrace> traces);

// Share of the failing traces whose deepest error is the service's; services that are equally deep
// in a trace share it.
[[nodiscard]] ServiceValues deepest_errors(std::span<const WeighedTrace> traces);

// TraceRCA: support times confidence of "an event in the service, so the trace fails".
[[nodiscard]] ServiceValues trace_rca(std::span<const WeighedTrace> traces);

// MonitorRank: where a random walk over calls stays that prefers services that behave as failing
// does.
[[nodiscard]] ServiceValues monitor_rank(std::span<const WeighedTrace> traces);

// MicroRank: the best operation's Ochiai, its counts weighed by personalised PageRank over
// operations and traces, failing and passing ones apart.
[[nodiscard]] ServiceValues micro_rank(std::span<const WeighedTrace> traces);

// Gives `rows`, which come from suspect_services(), the values of the method in place of S, and
// their order; events stay. The Bayes factor leaves them as they are.
void suspect_by(SuspicionMethod method, std::span<const TraceTree> trees,
                const TraceWeights& failed, std::vector<ServiceSuspicion>& rows);

}  // namespace culprit
