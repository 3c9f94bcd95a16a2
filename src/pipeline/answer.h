// The answer for one choice of failing runs: evidence, method and ranking.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/policy.h"
#include "culprit/outcome.h"
#include "culprit/ranking.h"
#include "culprit/report.h"
#include "label/label.h"
#include "pipeline/run_set.h"
#include "pipeline/trace_join.h"
#include "score/rank.h"
#include "score/service_suspicion.h"
#include "score/trace_tree.h"

namespace culprit {

// What is known before any run is compared with another.
struct Facts {
  const RunSet& set;
  const Policy& policy;
  const Labels& labels;
  const TraceJoin& join;
  const std::vector<TraceTree>& trees;
  EventTable events;
  std::vector<std::vector<std::size_t>> traces_of_run;
  std::size_t cluster_rows;  // of a cluster's ranking
};

// The answer for one choice of failing runs.
struct Answer {
  Evidence evidence;
  Method method;
  TraceWeights failed;
  std::vector<ServiceSuspicion> suspicions;
  std::string undecided;
  Ranking ranking;
};

// `report` tells how many runs there are of each outcome. `method` is completed by what traces and
// messages of these runs say. `top`: rows, 0 for all.
[[nodiscard]] Answer answer_for(const Facts& facts, const Report& report,
                                std::span<const Outcome> compared, Method method, std::size_t top);

}  // namespace culprit
