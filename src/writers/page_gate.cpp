// The gate's verdict on the HTML page.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "writers/findings.h"
#include "writers/json_parts.h"
#include "writers/phrases.h"

namespace culprit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownLines = 100;  // of each list

std::string_view state_of(const ClusterVerdict& verdict) {
  if (verdict.fails_gate) return "red";
  if (verdict.novelty == Novelty::kKnown) return "known";
  if (verdict.suppressed) return "suppressed";
  return verdict.confirmed ? "confirmed" : "candidate";
}

// What the change has to do with rows of the cluster's ranking: their positions, and that in words.
Json relations_of(const ClusterVerdict& verdict, const FailureCluster& cluster, std::size_t rows) {
  Json list = Json::array();
  const std::vector<Ranked>& ranked = cluster.ranking.rows;
  for (const Suspect& suspect : verdict.suspects) {
    if (suspect.relation == Relation::kNoChange) continue;
    const auto at = std::find_if(ranked.begin(), ranked.end(),
                                 [&](const Ranked& row) { return row.code == suspect.code.code; });
    const auto position = static_cast<std::size_t>(at - ranked.begin());
    if (position < std::min(rows, ranked.size())) {
      list.push_back({position, in_words(suspect.relation)});
    }
  }
  return list;
}

// The function to begin with is told by its short name: the page leads to it.
std::vector<std::string> remedies_of(const ClusterVerdict& verdict) {
  std::vector<std::string> remedies = verdict.remedies;
  if (verdict.suspects.empty()) return remedies;
  const CodeElement& first = verdict.suspects.front().code.code;
  for (std::string& remedy : remedies) {
    const std::size_t at = first.name.empty() ? std::string::npos : remedy.find(first.name);
    if (at != std::string::npos) remedy.replace(at, first.name.size(), title(first));
  }
  return remedies;
}

Json first_of(const std::vector<std::string>& lines) {
  Json list = Json::array();
  for (const std::string& line : lines) {
    if (list.size() == kShownLines) break;
    list.push_back(line);
  }
  return list;
}

}  // namespace

Json gate_for_page(const Report& report, std::size_t clusters, std::size_t rows) {
  const GateVerdict& gate = *report.gate;
  const GateHeadline headline = headline_of(gate);
  Json verdicts = Json::array();
  for (const ClusterVerdict& verdict : gate.clusters) {
    if (verdict.cluster >= clusters) continue;
    verdicts.push_back(
        {{"cluster", verdict.cluster},
         {"state", state_of(verdict)},
         {"novelty", in_words(verdict.novelty)},
         {"because", verdict.because},
         {"remedies", remedies_of(verdict)},
         {"relations", relations_of(verdict, report.clusters[verdict.cluster], rows)}});
  }
  std::vector<std::string> fixed;
  for (const FixedCluster& one : gate.fixed) fixed.push_back(in_words(one));
  return {{"answer", headline.answer},     {"red", gate.answer == GateVerdict::Answer::kNewFaults},
          {"headline", headline.rest},     {"baseline", gate.baseline},
          {"change", gate.change},         {"clusters", std::move(verdicts)},
          {"fixed", first_of(fixed)},      {"unasked", first_of(gate.unasked)},
          {"stale", first_of(gate.stale)}, {"notes", first_of(gate.notes)}};
}

}  // namespace culprit
