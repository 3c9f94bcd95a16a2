// Reports for tests of the gate, made without any run.
#pragma once

#include <string>

#include "culprit/report.h"
#include "score/clusters.h"

namespace culprit {

inline Ranked suspicious(const std::string& name, double probability, std::size_t rank = 1) {
  Ranked row;
  row.code = {Level::kFunction, "", "src/" + name + ".cc", name + "()", 10, 20};
  row.line = row.code;
  row.line.level = Level::kLine;
  row.line.first_line = 12;
  row.probability = probability;
  row.score = probability;
  row.best_rank = row.worst_rank = rank;
  return row;
}

// A cluster of level code in which `pay` leads.
inline FailureCluster failing(const std::string& endpoint, std::size_t fails, std::size_t runs) {
  FailureCluster cluster;
  cluster.signature = {endpoint, "http-5xx", "", ""};
  cluster.fingerprint = fingerprint_of(cluster.signature);
  for (std::size_t i = 0; i < fails; ++i) cluster.runs.push_back("run" + std::to_string(i));
  cluster.endpoint_runs = runs;
  cluster.level = FaultLevel::kCode;
  cluster.level_evidence = "made so";
  cluster.ranking.rows = {suspicious("pay", 0.9)};
  return cluster;
}

inline Report report_of(std::vector<FailureCluster> clusters) {
  Report report;
  for (const FailureCluster& cluster : clusters) {
    report.endpoint_runs.push_back({cluster.signature.endpoint, cluster.endpoint_runs});
  }
  report.clusters = std::move(clusters);
  return report;
}

}  // namespace culprit
