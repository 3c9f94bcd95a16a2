// Findings as SARIF 2.1.0, as GitHub's code scanning takes it: its required fields, its limits, and
// its own hash of lines or none.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/percent.h"
#include "base/text.h"
#include "writers/findings.h"
#include "writers/writers.h"

namespace culprit {

namespace {

using Json = nlohmann::ordered_json;

// GitHub keeps so many of a run, the most severe ones.
constexpr std::size_t kResults = 5000;
constexpr std::size_t kSteps = 1000;
constexpr std::size_t kNotifications = 100;
constexpr std::size_t kExtentId = 0;  // of the function among a result's related locations

// In SARIF's messages brackets make a link.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

// The runner resolves it against the checkout.
Json artifact(const std::string& path) {
  return {{"uri", percent_encoded(path)}, {"uriBaseId", "%SRCROOT%"}};
}

Json rule_as_json(const Rule& rule) {
  const std::string_view severity = rule.level == FindingLevel::kError     ? "error"
                                    : rule.level == FindingLevel::kWarning ? "warning"
                                                                           : "recommendation";
  return {{"id", rule.id},
          {"name", rule.name},
          {"shortDescription", {{"text", std::string(rule.summary) + "."}}},
          {"fullDescription", {{"text", rule.description}}},
          {"help", {{"text", rule.help}, {"markdown", rule.help}}},
          {"defaultConfiguration", {{"level", name_of(rule.level)}}},
          {"properties",
           {{"precision", rule.precision},
            {"problem.severity", severity},
            {"tags", {"fault-localization", "tests"}}}}};
}

Json extent_of(const Finding& finding) {
  const std::uint32_t first = finding.first_line == 0 ? finding.line : finding.first_line;
  return {{"startLine", first}, {"endLine", std::max(first, finding.last_line)}};
}

// Spans that tell their place in the code, then the suspect.
Json flow_of(const Finding& finding, const Json& location) {
  Json steps = Json::array();
  if (finding.clusters.empty()) return steps;
  for (const TraceStep& step : finding.clusters.front()->trace) {
    const std::string path = below_the_root(step.file);
    if (path.empty() || step.line == 0 || steps.size() == kSteps) continue;
    const std::string text = printable(step.service) + ": " + printable(step.operation, 200) +
                             (step.error ? " (an error arises here)" : "");
    steps.push_back(
        {{"location",
          {{"physicalLocation",
            {{"artifactLocation", artifact(path)}, {"region", {{"startLine", step.line}}}}},
           {"message", {{"text", escaped(text)}}}}},
         {"importance", step.error ? "essential" : "important"}});
  }
  if (steps.empty()) return steps;
  Json last = location;
  last["message"] = {{"text", escaped(finding.subject) + ", the suspect"}};
  steps.push_back({{"location", std::move(last)}, {"importance", "essential"}});
  return steps;
}

std::string_view baseline_state(Novelty novelty) {
  switch (novelty) {
    case Novelty::kNew:
    case Novelty::kNewCause:
      return "new";
    case Novelty::kWorse:
      return "updated";
    case Novelty::kKnown:
      return "unchanged";
  }
  return "none";
}

Json suppressions_of(const ClusterVerdict& verdict) {
  Json list = Json::array();
  if (!verdict.suppressed) return list;
  const Suppression& suppression = *verdict.suppressed;
  std::string why = suppression.reason;
  if (!suppression.expires.empty()) why += " (until " + suppression.expires + ")";
  list.push_back({{"kind", suppression.expires.empty() ? "inSource" : "external"},
                  {"status", "accepted"},
                  {"justification", why}});
  return list;
}

Json result_of(const Finding& finding, const Report& report) {
  const Ranked& row = *finding.code;
  Json location = {{"physicalLocation",
                    {{"artifactLocation", artifact(finding.path)},
                     {"region",
                      {{"startLine", finding.line},
                       {"startColumn", finding.column},
                       {"endLine", finding.line},
                       {"endColumn", finding.end_column_utf16}}}}}};
  if (!row.source.empty()) {
    location["physicalLocation"]["region"]["snippet"] = {{"text", row.source}};
  }
  if (!row.code.name.empty()) {
    location["logicalLocations"] =
        Json::array({{{"fullyQualifiedName", row.code.name}, {"kind", "function"}}});
  }
  Json fingerprints;
  if (row.source_place && !row.source_place->line_hash.empty()) {
    fingerprints["primaryLocationLineHash"] = row.source_place->line_hash;
  }
  fingerprints["culpritElement/v1"] = finding.fingerprint;

  const Rule& rule = *finding.rule;
  Json result = {
      {"ruleId", rule.id},
      {"ruleIndex", &rule - rules().data()},
      {"level", name_of(finding.level)},
      {"message",
       {{"text", fmt::format("[{}]({}): {}.", escaped(finding.subject), kExtentId,
                             escaped(finding.message))}}},
      {"locations", Json::array({location})},
      {"relatedLocations", Json::array({{{"id", kExtentId},
                                         {"physicalLocation",
                                          {{"artifactLocation", artifact(finding.path)},
                                           {"region", extent_of(finding)}}},
                                         {"message", {{"text", escaped(finding.subject)}}}}})},
      {"partialFingerprints", std::move(fingerprints)}};
  if (Json steps = flow_of(finding, location); !steps.empty()) {
    result["codeFlows"] =
        Json::array({{{"threadFlows", Json::array({{{"locations", std::move(steps)}}})}}});
  }
  if (finding.verdict != nullptr) {
    if (!report.gate->baseline.empty()) {
      result["baselineState"] = baseline_state(finding.verdict->novelty);
    }
    result["suppressions"] = suppressions_of(*finding.verdict);
  }
  Json& properties = result["properties"];
  properties["bestRank"] = row.best_rank;
  properties["worstRank"] = row.worst_rank;
  if (row.probability) properties["probability"] = *row.probability;
  if (!row.code.service.empty()) properties["service"] = row.code.service;
  if (!finding.clusters.empty()) {
    properties["clusters"] = Json::array();
    for (const FailureCluster* cluster : finding.clusters) {
      properties["clusters"].push_back(cluster->fingerprint);
    }
  }
  return result;
}

Json notification(std::string_view level, std::string text) {
  return {{"level", level}, {"message", {{"text", escaped(text)}}}};
}

// What has no place in the code, and what could not be read.
Json notifications_of(const std::vector<Finding>& findings, const Report& report,
                      std::size_t left_out) {
  Json list = Json::array();
  const auto add = [&](std::string_view level, std::string text) {
    if (list.size() < kNotifications) list.push_back(notification(level, std::move(text)));
  };
  if (left_out != 0) add("warning", fmt::format("{} more results were left out", left_out));
  if (!report.undecided.empty()) add("warning", printable(report.undecided, 1000));
  for (const Finding& finding : findings) {
    if (!finding.path.empty() || finding.suppressed()) continue;
    add(name_of(finding.level), finding.text());
  }
  for (const std::string& note : report.notes) add("note", printable(note, 1000));
  for (const Error& problem : report.problems) add("warning", one_line(to_string(problem), 1000));
  return list;
}

}  // namespace

std::string findings_as_sarif(const Report& report, const Style&) {
  std::vector<Finding> findings = findings_of(report);
  Json results = Json::array();
  std::size_t left_out = 0;
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.level > b.level; });
  for (const Finding& finding : findings) {
    if (finding.path.empty()) continue;
    if (results.size() == kResults) {
      ++left_out;
    } else {
      results.push_back(result_of(finding, report));
    }
  }
  Json described = Json::array();
  for (const Rule& rule : rules()) described.push_back(rule_as_json(rule));
  const std::string_view category = report.gate ? "culprit/gate/" : "culprit/rank/";
  Json run = {{"tool",
               {{"driver",
                 {{"name", "culprit"},
                  {"semanticVersion", CULPRIT_VERSION},
                  {"rules", std::move(described)}}}}},
              {"automationDetails", {{"id", category}}},
              {"originalUriBaseIds",
               {{"%SRCROOT%",
                 {{"description", {{"text", "The root of the repository that was tested."}}}}}}},
              {"invocations", Json::array({{{"executionSuccessful", true},
                                            {"toolExecutionNotifications",
                                             notifications_of(findings, report, left_out)}}})},
              {"columnKind", "utf16CodeUnits"},
              {"results", std::move(results)}};
  const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({std::move(run)})}};
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace culprit
