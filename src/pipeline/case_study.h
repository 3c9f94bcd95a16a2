// One query worked through: the run set, its labels, the evidence and the report.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "culprit/localize.h"
#include "pipeline/run_set.h"
#include "score/rank.h"

namespace culprit {

struct CaseStudy {
  std::unique_ptr<RunSet> run_set;   // at a fixed address: the evidence refers to its spectrum
  std::optional<Evidence> evidence;  // nullopt when the report is undecided
  Method method;
  Report report;
  std::vector<PathRewrite> path_map;  // of the policy
  // When the newest file of the runs was written, with Query::source; nullopt: not known.
  std::optional<std::filesystem::file_time_type> recorded;
};

// Branch outcomes are in its spectrum where they are asked for.
[[nodiscard]] Result<CaseStudy> investigate(const Query& query, bool branches = false);

}  // namespace culprit
