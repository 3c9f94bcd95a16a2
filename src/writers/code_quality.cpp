// Findings as GitLab's Code Quality report, and as reviewdog's rdjson.
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "writers/findings.h"
#include "writers/writers.h"

namespace culprit {

namespace {

using Json = nlohmann::ordered_json;

std::string_view gitlab_severity(FindingLevel level) {
  return level == FindingLevel::kError     ? "major"
         : level == FindingLevel::kWarning ? "minor"
                                           : "info";
}

std::string_view rdjson_severity(FindingLevel level) {
  return level == FindingLevel::kError     ? "ERROR"
         : level == FindingLevel::kWarning ? "WARNING"
                                           : "INFO";
}

std::string printed(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string findings_as_gitlab(const Report& report, const Style&) {
  Json rows = Json::array();
  // Of equal fingerprints GitLab shows the first only.
  std::map<std::string, std::size_t> seen;
  for (const Finding& finding : findings_of(report)) {
    if (finding.suppressed() || finding.path.empty()) continue;
    const std::size_t occurrence = ++seen[finding.fingerprint];
    rows.push_back({{"description", finding.text()},
                    {"check_name", finding.rule->id},
                    {"fingerprint", finding.fingerprint + ":" + std::to_string(occurrence)},
                    {"severity", gitlab_severity(finding.level)},
                    {"location", {{"path", finding.path}, {"lines", {{"begin", finding.line}}}}}});
  }
  return printed(rows);
}

std::string findings_as_rdjson(const Report& report, const Style&) {
  Json diagnostics = Json::array();
  for (const Finding& finding : findings_of(report)) {
    if (finding.suppressed() || finding.path.empty()) continue;
    Json start = {{"line", finding.line}, {"column", finding.column}};
    Json end = {{"line", finding.line}, {"column", finding.end_column}};
    Json range = {{"start", std::move(start)}, {"end", std::move(end)}};
    Json row = {{"message", finding.text()},
                {"location", {{"path", finding.path}, {"range", std::move(range)}}},
                {"severity", rdjson_severity(finding.level)},
                {"code", {{"value", finding.rule->id}}}};
    if (finding.first_line != 0 && finding.first_line != finding.line) {
      range = {{"start", {{"line", finding.first_line}}}};
      row["related_locations"] =
          Json::array({{{"message", finding.subject + " begins here"},
                        {"location", {{"path", finding.path}, {"range", std::move(range)}}}}});
    }
    diagnostics.push_back(std::move(row));
  }
  return printed({{"source", {{"name", "culprit"}}}, {"diagnostics", std::move(diagnostics)}});
}

}  // namespace culprit
