// The gate's verdict in JSON.
#include <nlohmann/json.hpp>

#include "writers/json_parts.h"

namespace culprit {

namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(const std::optional<std::size_t>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string_view name_of(Novelty novelty) {
  switch (novelty) {
    case Novelty::kNew:
      return "new";
    case Novelty::kWorse:
      return "worse";
    case Novelty::kNewCause:
      return "new-cause";
    case Novelty::kKnown:
      return "known";
  }
  return "";
}

std::string_view name_of(Relation relation) {
  switch (relation) {
    case Relation::kNoChange:
      return "no-change";
    case Relation::kChanged:
      return "changed";
    case Relation::kReached:
      return "reached-from-changed";
    case Relation::kUnrelated:
      return "unrelated";
  }
  return "";
}

std::string_view name_of(GateVerdict::Answer answer) {
  switch (answer) {
    case GateVerdict::Answer::kPass:
      return "pass";
    case GateVerdict::Answer::kNewFaults:
      return "new-faults";
    case GateVerdict::Answer::kInconclusive:
      return "inconclusive";
  }
  return "";
}

Json as_json(const Suspect& suspect) {
  Json json = ranked_as_json(suspect.code);
  json["relation"] = name_of(suspect.relation);
  json["fingerprint"] = suspect.fingerprint;
  json["new_cause"] = suspect.new_cause;
  return json;
}

Json as_json(const FixedCluster& fixed) {
  return {{"fingerprint", fixed.fingerprint},
          {"endpoint", fixed.endpoint},
          {"kind", fixed.kind},
          {"runs", fixed.runs}};
}

Json as_json(const ClusterVerdict& verdict, const Report& report) {
  Json suspects = Json::array();
  for (const Suspect& suspect : verdict.suspects) suspects.push_back(as_json(suspect));
  Json json = {{"cluster", report.clusters.at(verdict.cluster).fingerprint},
               {"novelty", name_of(verdict.novelty)},
               {"fails", verdict.fails},
               {"runs", verdict.runs},
               {"baseline_fails", verdict.baseline_fails},
               {"baseline_runs", verdict.baseline_runs},
               {"p_value", verdict.p_value},
               {"rerun_fails", number_or_null(verdict.rerun_fails)},
               {"reruns", number_or_null(verdict.reruns)},
               {"confirmed", verdict.confirmed},
               {"confirmation", verdict.confirmation},
               {"uninformative", text_or_null(verdict.uninformative)},
               {"suppressed", nullptr},
               {"fails_gate", verdict.fails_gate},
               {"because", verdict.because},
               {"remedies", verdict.remedies},
               {"suspects", suspects}};
  if (verdict.suppressed) {
    json["suppressed"] = {{"what", verdict.suppressed->what},
                          {"reason", verdict.suppressed->reason},
                          {"expires", text_or_null(verdict.suppressed->expires)}};
  }
  return json;
}

}  // namespace

Json gate_as_json(const Report& report) {
  const GateVerdict& gate = *report.gate;
  Json clusters = Json::array();
  for (const ClusterVerdict& verdict : gate.clusters) {
    if (verdict.cluster < report.clusters.size()) clusters.push_back(as_json(verdict, report));
  }
  Json fixed = Json::array();
  for (const FixedCluster& cluster : gate.fixed) fixed.push_back(as_json(cluster));
  return {{"answer", name_of(gate.answer)},
          {"baseline", text_or_null(gate.baseline)},
          {"change", text_or_null(gate.change)},
          {"clusters", std::move(clusters)},
          {"fixed", fixed},
          {"stale_suppressions", gate.stale},
          {"unasked", gate.unasked},
          {"baseline_updated", gate.updated},
          {"notes", gate.notes}};
}

}  // namespace culprit
