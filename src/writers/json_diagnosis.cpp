// What goes beyond one ranking, as JSON.
#include <nlohmann/json.hpp>

#include "writers/json_parts.h"

namespace culprit {

namespace {

using Json = nlohmann::ordered_json;

Json faults_of(const DiagnosisCandidate& candidate) {
  Json faults = Json::array();
  for (const DiagnosedFault& fault : candidate.faults) {
    faults.push_back({{"element", element_as_json(fault.code)},
                      {"line", fault.line.first_line},
                      {"lines", fault.lines},
                      {"functions", fault.functions},
                      {"counts", counts_as_json(fault.counts)},
                      {"health", fault.health}});
  }
  return faults;
}

}  // namespace

Json diagnosability_as_json(const Diagnosability& runs) {
  Json group = Json::array();
  for (const AmbiguousFunction& function : runs.top_group) {
    group.push_back({{"element", element_as_json(function.code)}, {"lines", function.lines}});
  }
  return {{"density", runs.density},           {"diversity", runs.diversity},
          {"uniqueness", runs.uniqueness},     {"ddu", runs.ddu()},
          {"top_group", std::move(group)},     {"top_group_functions", runs.top_functions},
          {"top_group_lines", runs.top_lines}, {"to_split", text_or_null(runs.to_split)}};
}

Json rounds_as_json(const std::vector<Round>& rounds) {
  Json json = Json::array();
  for (const Round& round : rounds) {
    Json rows = Json::array();
    for (const Ranked& row : round.ranking.rows) rows.push_back(ranked_as_json(row));
    json.push_back(
        {{"failing", round.failing}, {"such_as", round.runs}, {"ranking", std::move(rows)}});
  }
  return json;
}

Json diagnosis_as_json(const Diagnosis& diagnosis) {
  Json candidates = Json::array();
  for (const DiagnosisCandidate& candidate : diagnosis.candidates) {
    candidates.push_back({{"share", candidate.share},
                          {"log_likelihood", candidate.log_likelihood},
                          {"faults", faults_of(candidate)}});
  }
  return {{"failing", diagnosis.failing},         {"passing", diagnosis.passing},
          {"unexplained", diagnosis.unexplained}, {"found", diagnosis.found},
          {"largest", diagnosis.largest},         {"bounds", diagnosis.bounds},
          {"candidates", std::move(candidates)}};
}

}  // namespace culprit
