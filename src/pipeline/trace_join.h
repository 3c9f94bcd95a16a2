// Which run each trace belongs to, and which request it served.
//
// In order: the request that carries its id; the run in whose folder it lies or whose name it is;
// the only request that carries no id, has the method and path of the trace's first HTTP span, and
// was under way at the same time. Where several such requests are all of one run, the run.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

#include "culprit/request.h"
#include "label/label.h"
#include "score/service_suspicion.h"
#include "score/trace_tree.h"

namespace culprit {

struct TraceJoin {
  std::map<std::string, std::size_t> request_of_trace;  // by endpoint and time; index of a request
  std::map<std::string, std::string> run_of_trace;      // by place, or by endpoint and time

  std::size_t traces = 0;
  std::size_t by_id = 0;
  std::size_t by_place = 0;
  std::size_t by_endpoint = 0;  // and time
  std::size_t in_no_request = 0;
  std::size_t in_several_runs = 0;
  std::size_t without_endpoint = 0;

  [[nodiscard]] std::size_t lost() const {
    return in_no_request + in_several_runs + without_endpoint;
  }
};

// `run_of_trace`: by place. Clocks are taken to differ by at most `skew_ms`.
[[nodiscard]] TraceJoin join_traces(std::span<const TraceTree> trees,
                                    std::span<const Request> requests,
                                    std::map<std::string, std::string> run_of_trace,
                                    double skew_ms);

// How many could not be joined and why, and how many only by time; empty when all told their run.
[[nodiscard]] std::string in_words(const TraceJoin& join, double skew_ms);

// How surely each trace failed: its request, else its run.
[[nodiscard]] TraceWeights trace_weights(const TraceJoin& join, std::span<const Request> requests,
                                         std::span<const RunFacts> runs, const Labels& labels);

}  // namespace culprit
