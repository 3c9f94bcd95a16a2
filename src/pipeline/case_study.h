// One query worked through: the run set, its labels, the evidence and the report.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "culprit/localize.h"
#include "label/label.h"
#include "pipeline/run_set.h"
#include "pipeline/trace_join.h"
#include "score/rank.h"
#include "score/service_suspicion.h"
#include "score/trace_tree.h"

namespace culprit {

struct CaseStudy {
  // At a fixed address: the evidence refers to its spectrum, the trees to its spans.
  std::unique_ptr<RunSet> run_set;
  Labels labels;
  TraceJoin join;
  std::vector<TraceTree> trees;
  std::vector<ServiceSuspicion> suspicions;
  std::vector<bool> changed;         // by line, where a change is known: whether it touches it
  std::optional<Evidence> evidence;  // nullopt when the report is undecided
  Method method;
  Report report;
  // With Query::details; see ReportDetails::heat.
  std::vector<ClusterHeat> cluster_heat;
  std::size_t cluster_heat_left_out = 0;
  // Of the policy, for what shows the source.
  std::vector<PathRewrite> path_map;
  bool parse_source = true;
  bool blame = false;
  std::string commit;
  GatePolicy gate;
  std::size_t top = 0;  // rows that the answer shows; 0: all
  // When the newest file of the runs was written, with Query::source; nullopt: not known.
  std::optional<std::filesystem::file_time_type> recorded;
};

// Gives rows the suspicion of their services.
void add_suspicions(const std::vector<ServiceSuspicion>& suspicions, Ranking& ranking);

// Branch outcomes are in its spectrum where they are asked for.
[[nodiscard]] Result<CaseStudy> investigate(const Query& query, bool branches = false);

}  // namespace culprit
