#include "writers/page_data.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "writers/findings.h"
#include "writers/json_parts.h"
#include "writers/phrases.h"
#include "writers/readable_name.h"

namespace culprit {

namespace {

using Json = nlohmann::ordered_json;

// Standard spellings are shortened, nothing else.
constexpr std::size_t kWholeName = 1'000'000;
// Of a cluster; the whole ranking is there for all failing runs.
constexpr std::size_t kClusterRows = 200;
constexpr std::size_t kShownClusters = 100;
constexpr std::size_t kShownProblems = 50;

// JSON knows no infinities, and six digits are more than any view shows.
Json number(double value) {
  if (!std::isfinite(value)) return value > 0 ? "inf" : "-inf";
  if (value == std::round(value) && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  const double scale = std::pow(10, 6 - std::ceil(std::log10(std::abs(value))));
  const double rounded = std::round(value * scale) / scale;
  return std::isfinite(rounded) ? rounded : value;
}

Json as_json(const Counts& c) { return {number(c.ef), number(c.ep), number(c.nf), number(c.np)}; }

class PageData {
 public:
  explicit PageData(const Report& report) : report_(report) {}

  Json document() {
    Json json = {{"schema", "culprit.page/1"},
                 {"runs_path", report_.runs_path},
                 {"case", report_.case_name},
                 {"undecided", report_.undecided},
                 {"level", name_of(report_.ranking.level)},
                 {"formula", report_.ranking.formula},
                 {"elements", report_.ranking.elements},
                 {"summary",
                  {{"runs", report_.runs.size()},
                   {"failed", report_.failed},
                   {"passed", report_.passed},
                   {"unknown", report_.unknown},
                   {"lines", report_.lines},
                   {"functions", report_.functions},
                   {"files", report_.files},
                   {"services", report_.services},
                   {"traces", report_.traces}}}};
    // The details hold all of a ranking of functions.
    const bool whole = report_.details && report_.ranking.level == Level::kFunction;
    json["ranking"] = whole ? Json::array() : rows(report_.ranking, report_.ranking.rows.size());
    json["clusters"] = clusters();
    if (report_.gate) json["gate"] = gate_for_page(report_, json["clusters"].size(), kClusterRows);
    json["more_clusters"] = report_.clusters.size() - json["clusters"].size();
    json["heat"] = heat_rows(report_.heat);
    json["suspects"] = suspects();
    json["calls"] = Json::array();
    for (const CallRecord& call : report_.calls) {
      json["calls"].push_back({call.caller, call.callee, call.calls, call.errors});
    }
    if (report_.comparison) json["comparison"] = comparison(*report_.comparison);
    if (report_.details) add_details(*report_.details, json);
    json["notes"] = report_.notes;
    if (report_.diagnosability && !report_.diagnosability->to_split.empty()) {
      json["notes"].push_back("to split the first: " + report_.diagnosability->to_split);
    }
    json["problems"] = Json::array();
    for (const Error& problem : report_.problems) {
      if (json["problems"].size() == kShownProblems) break;
      json["problems"].push_back(to_string(problem));
    }
    json["more_problems"] = report_.problems.size() - json["problems"].size();
    json["services"] = services_;
    json["files"] = files_;
    return json;
  }

 private:
  std::size_t service(const std::string& name) {
    const auto [at, is_new] = service_at_.emplace(name, services_.size());
    if (is_new) services_.push_back(name);
    return at->second;
  }

  std::size_t file(const std::string& service_name, const std::string& path) {
    const auto [at, is_new] = file_at_.emplace(std::pair(service_name, path), files_.size());
    if (is_new) files_.push_back({service(service_name), path});
    return at->second;
  }

  Json row(const Ranked& ranked) {
    const CodeElement& code = ranked.code;
    Json json = {{"rank", {ranked.best_rank, ranked.worst_rank}},
                 {"service", service(code.service)},
                 {"title", title(code)}};
    if (!ranked.line.file.empty()) {
      json["line"] = ranked.line.first_line;
      json["in"] = file(ranked.line.service, ranked.line.file);
    }
    if (has_counts(ranked)) json["counts"] = as_json(ranked.counts);
    json["score"] = number(ranked.score);
    if (ranked.probability) json["p"] = number(*ranked.probability);
    if (!code.file.empty()) json["file"] = file(code.service, code.file);
    if (std::string name = readable_name(code.name, kWholeName); name != json["title"]) {
      json["name"] = std::move(name);
    }
    if (code.first_line != 0) json["from"] = code.first_line;
    if (code.last_line != 0) json["to"] = code.last_line;
    if (ranked.service_suspicion) json["suspicion"] = number(*ranked.service_suspicion);
    if (ranked.raised) json["raised"] = as_json(*ranked.raised);
    if (ranked.group != 0) json["group"] = ranked.group;
    if (ranked.in_change) json["relation"] = in_words(Relation::kChanged);
    if (ranked.last_change) json["blame"] = in_words(*ranked.last_change);
    return json;
  }

  Json rows(const Ranking& ranking, std::size_t most) {
    Json json = Json::array();
    for (std::size_t i = 0; i < std::min(most, ranking.rows.size()); ++i) {
      json.push_back(row(ranking.rows[i]));
    }
    return json;
  }

  Json clusters() {
    Json json = Json::array();
    for (const FailureCluster& cluster : report_.clusters) {
      if (json.size() == kShownClusters) break;
      const FailureSignature& signature = cluster.signature;
      json.push_back({{"fingerprint", cluster.fingerprint},
                      {"endpoint", signature.endpoint},
                      {"kind", signature.kind},
                      {"service", signature.service},
                      {"operation", signature.operation},
                      {"runs", cluster.runs.size()},
                      {"endpoint_runs", cluster.endpoint_runs},
                      {"undecided", cluster.undecided},
                      {"elements", cluster.ranking.elements},
                      {"rows", rows(cluster.ranking, kClusterRows)}});
      if (cluster.level != FaultLevel::kUnknown) {
        json.back()["level"] = culprit::name_of(cluster.level);
        json.back()["level_evidence"] = cluster.level_evidence;
      }
    }
    return json;
  }

  // By file in columns: its lines, how hot they are in thousandths, and who executed them.
  Json heat_rows(const std::vector<FileHeat>& files) {
    Json json = Json::array();
    for (const FileHeat& hot : files) {
      if (hot.lines.empty()) continue;
      Json numbers = Json::array();
      Json heats = Json::array();
      Json failing = Json::array();
      Json passing = Json::array();
      for (const LineHeat& line : hot.lines) {
        numbers.push_back(line.line);
        heats.push_back(std::lround(line.heat * 1000));
        failing.push_back(number(line.counts.ef));
        passing.push_back(number(line.counts.ep));
      }
      const Counts& any = hot.lines.front().counts;
      json.push_back({{"file", file(hot.service, hot.file)},
                      {"lines", std::move(numbers)},
                      {"heat", std::move(heats)},
                      {"ef", std::move(failing)},
                      {"ep", std::move(passing)},
                      {"failing", number(any.failing())},
                      {"passing", number(any.passing())}});
    }
    return json;
  }

  Json suspects() {
    Json json = Json::array();
    for (const ServiceRecord& suspect : report_.suspects) {
      json.push_back({{"service", suspect.service},
                      {"suspicion", number(suspect.suspicion)},
                      {"strongest", suspect.strongest},
                      {"counts", as_json(suspect.counts)},
                      {"covered", suspect.covered}});
    }
    return json;
  }

  Json comparison(const CaseComparison& comparison) {
    const auto places = [&](const std::vector<CodeElement>& lines) {
      Json json = Json::array();
      for (const CodeElement& line : lines) {
        json.push_back({file(line.service, line.file), line.first_line, title(line)});
      }
      return json;
    };
    return {{"run", comparison.run},
            {"passing", comparison.passing},
            {"endpoint", comparison.endpoint},
            {"both", comparison.both},
            {"only_failing", places(comparison.only_failing)},
            {"only_passing", places(comparison.only_passing)}};
  }

  void add_details(const ReportDetails& details, Json& json) {
    for (const ClusterHeat& heat : details.heat) {
      if (heat.cluster < json["clusters"].size()) {
        json["clusters"][heat.cluster]["heat"] = heat_rows(heat.files);
      }
    }
    json["heat_left_out"] = details.heat_left_out;
    json["functions"] = rows(details.functions, details.functions.rows.size());
    for (std::size_t i = 0; i < details.sizes.size(); ++i) {
      json["functions"][i]["size"] = details.sizes[i];
    }
    json["functions_left_out"] = details.functions_left_out;
    json["sources"] = Json::array();
    std::map<std::string_view, std::size_t> text_of;  // services share sources
    Json source_of = Json::object();
    for (const SourceFile& source : details.sources) {
      const auto [at, is_new] = text_of.emplace(source.path, text_of.size());
      if (is_new) json["sources"].push_back({source.path, source.text});
      source_of[std::to_string(file(source.service, source.file))] = at->second;
    }
    json["source_of"] = std::move(source_of);
    json["sources_left_out"] = details.sources_left_out;
    Json runs = Json::array();
    for (const ExecutionMatrix::Run& run : details.matrix.runs) {
      runs.push_back({run.name, run.failed ? 1 : 0,
                      run.cluster ? static_cast<int>(*run.cluster) : -1, run.cells});
    }
    Json columns = Json::array();
    for (const ExecutionMatrix::Column& column : details.matrix.columns) {
      columns.push_back({column.function, column.line});
    }
    json["matrix"] = {{"columns", std::move(columns)},
                      {"runs", std::move(runs)},
                      {"left_out", details.matrix.left_out}};
    Json compared = Json::array();
    for (const FormulaComparison::Row& row : details.formulas.rows) {
      compared.push_back({row.function, row.ranks});
    }
    json["formulas"] = {{"titles", details.formulas.formulas}, {"rows", std::move(compared)}};
    json["requests"] = Json::array();
    for (const FailingRequest& request : details.requests) {
      json["requests"].push_back(as_json(request));
    }
    json["requests_left_out"] = details.requests_left_out;
    json["graph"] = as_json(details.services);
  }

  static Json as_json(const FailingRequest& request) {
    Json spans = Json::array();
    for (const SpanRecord& span : request.spans) {
      Json row = {{"depth", span.depth},
                  {"service", span.service},
                  {"operation", span.operation},
                  {"start", number(span.start_ms)},
                  {"duration", number(span.duration_ms)}};
      if (span.error) row["error"] = true;
      if (span.http_status != 0) row["status"] = span.http_status;
      if (span.function) row["function"] = *span.function;
      if (span.line != 0) row["line"] = span.line;
      spans.push_back(std::move(row));
    }
    Json json = {{"run", request.run},
                 {"cluster", request.cluster ? static_cast<int>(*request.cluster) : -1},
                 {"reason", request.reason},
                 {"method", request.method},
                 {"url", request.url},
                 {"error", request.error},
                 {"body", request.body},
                 {"trace", request.trace},
                 {"spans", std::move(spans)},
                 {"spans_left_out", request.spans_left_out}};
    if (request.status) json["status"] = *request.status;
    if (request.latency_ms) json["latency"] = number(*request.latency_ms);
    return json;
  }

  static Json as_json(const Counts& counts) { return culprit::as_json(counts); }

  static Json as_json(const ServiceLayout& layout) {
    Json places = Json::array();
    for (const ServiceLayout::Place& place : layout.places) {
      places.push_back({place.service, number(place.layer), number(place.row)});
    }
    Json routes = Json::array();
    for (const ServiceLayout::Route& route : layout.routes) {
      routes.push_back({route.caller, route.callee, route.through});
    }
    return {{"places", std::move(places)},
            {"routes", std::move(routes)},
            {"layers", number(layout.layers)},
            {"rows", number(layout.rows)}};
  }

  const Report& report_;
  std::vector<std::string> services_;
  std::vector<std::pair<std::size_t, std::string>> files_;  // service and path
  std::map<std::string, std::size_t> service_at_;
  std::map<std::pair<std::string, std::string>, std::size_t> file_at_;
};

}  // namespace

std::string page_data(const Report& report) {
  return PageData(report).document().dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace culprit
