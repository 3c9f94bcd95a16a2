#include <cmath>
#include <nlohmann/json.hpp>

#include "writers/annotated_line.h"
#include "writers/json_parts.h"
#include "writers/phrases.h"
#include "writers/writers.h"

namespace culprit {

namespace {

using Json = nlohmann::ordered_json;

// JSON knows no infinities: they are written as "inf" and "-inf".
Json number(double value) {
  if (std::isfinite(value)) return value;
  return value > 0 ? "inf" : "-inf";
}

template <class Value>
Json optional(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUnknown:
      return "unknown";
    case Verdict::kPassed:
      return "passed";
    case Verdict::kFailed:
      return "failed";
  }
  return "";
}

std::string_view name_of(RollUp roll_up) {
  switch (roll_up) {
    case RollUp::kMax:
      return "max";
    case RollUp::kVote:
      return "vote";
    case RollUp::kMaxVote:
      return "max+vote";
  }
  return "";
}

Json as_json(const Counts& c) { return {{"ef", c.ef}, {"ep", c.ep}, {"nf", c.nf}, {"np", c.np}}; }

Json as_json(const CodeElement& code) {
  Json json = {{"level", name_of(code.level)}};
  if (!code.service.empty()) json["service"] = code.service;
  if (!code.file.empty()) json["file"] = code.file;
  if (!code.name.empty()) json["function"] = code.name;
  if (code.first_line != 0) json["first_line"] = code.first_line;
  if (code.last_line != 0) json["last_line"] = code.last_line;
  return json;
}

Json as_json(const Ranked& row) {
  Json json = {
      {"best_rank", row.best_rank}, {"worst_rank", row.worst_rank}, {"element", as_json(row.code)}};
  if (row.line.first_line != 0) json["line"] = row.line.first_line;
  json["score"] = number(row.score);
  json["probability"] = optional(row.probability);
  if (has_counts(row)) json["counts"] = as_json(row.counts);
  if (row.line.file != row.code.file) json["line_file"] = row.line.file;
  if (row.service_suspicion) json["service_suspicion"] = *row.service_suspicion;
  if (row.raised) json["raised"] = as_json(*row.raised);
  if (row.group != 0) json["group"] = row.group;
  if (!row.source.empty()) json["source"] = row.source;
  if (row.source_place) {
    json["source_path"] = row.source_place->path;
    if (row.source_place->line != 0) json["source_line"] = row.source_place->line;
  }
  if (row.in_change) json["in_change"] = true;
  if (row.last_change) {
    json["last_change"] = {{"commit", row.last_change->commit},
                           {"time", row.last_change->time_s},
                           {"summary", row.last_change->summary}};
  }
  if (row.facts) {
    if (!row.facts->signature.empty()) {
      json["signature"] = row.facts->signature;
      json["approximate_signature"] = row.facts->approximate;
      json["usr"] = row.facts->usr;
      json["source_first_line"] = row.facts->first_line;
      json["source_last_line"] = row.facts->last_line;
    }
    if (!row.facts->statement.empty()) json["statement"] = row.facts->statement;
  }
  return json;
}

Json as_json(const CaseComparison& comparison) {
  const auto lines = [](const std::vector<CodeElement>& elements) {
    Json rows = Json::array();
    for (const CodeElement& element : elements) rows.push_back(as_json(element));
    return rows;
  };
  return {{"run", comparison.run},
          {"reason", comparison.reason},
          {"passing", comparison.passing},
          {"endpoint", comparison.endpoint},
          {"both", comparison.both},
          {"only_failing", lines(comparison.only_failing)},
          {"only_passing", lines(comparison.only_passing)}};
}

Json as_json(const RunRecord& run) {
  Json json = {{"run", run.name},
               {"outcome", name_of(run.outcome.verdict)},
               {"weight", run.outcome.weight},
               {"reason", run.outcome.reason},
               {"reports", run.reports},
               {"compared", run.compared}};
  if (!run.missing.empty()) json["missing"] = run.missing;
  return json;
}

Json as_json(const Error& error) {
  Json json = {{"what", error.what}};
  if (!error.place.path.empty()) json["path"] = error.place.path;
  if (error.place.line != 0) json["line"] = error.place.line;
  if (error.place.column != 0) json["column"] = error.place.column;
  if (!error.hint.empty()) json["hint"] = error.hint;
  return json;
}

Json as_json(const EndpointRecord& row) {
  Json rules = Json::array();
  for (const auto& [reason, count] : row.rules)
    rules.push_back({{"reason", reason}, {"count", count}});
  return {{"method", row.method},
          {"endpoint", row.endpoint},
          {"requests", row.requests},
          {"failed", row.failed},
          {"slow", row.slow},
          {"warm_up", row.warm_up},
          {"median_ms", optional(row.median_ms)},
          {"threshold_ms", optional(row.threshold_ms)},
          {"rules", rules}};
}

Json as_json(const ServiceRecord& row) {
  return {{"service", row.service},
          {"suspicion", number(row.suspicion)},
          {"strongest_event", row.strongest},
          {"counts", as_json(row.counts)},
          {"covered", row.covered}};
}

Json as_json(const CallRecord& row) {
  return {
      {"caller", row.caller}, {"callee", row.callee}, {"calls", row.calls}, {"errors", row.errors}};
}

Json as_json(const TraceStep& step);
Json as_json(const FailureCluster& cluster);
Json as_json(const InputRecord& row);

template <class Row>
Json rows_of(const std::vector<Row>& rows) {
  Json list = Json::array();
  for (const Row& row : rows) list.push_back(as_json(row));
  return list;
}

Json as_json(const TraceStep& step) {
  Json json = {{"service", step.service}, {"operation", step.operation}, {"error", step.error}};
  if (!step.file.empty()) json["file"] = step.file;
  if (step.line != 0) json["line"] = step.line;
  return json;
}

Json as_json(const FailureCluster& cluster) {
  const FailureSignature& signature = cluster.signature;
  return {{"fingerprint", cluster.fingerprint},
          {"endpoint", signature.endpoint},
          {"kind", signature.kind},
          {"service", signature.service},
          {"operation", signature.operation},
          {"failing_runs", cluster.runs},
          {"endpoint_runs", cluster.endpoint_runs},
          {"level", name_of(cluster.level)},
          {"level_evidence", cluster.level_evidence},
          {"trace", rows_of(cluster.trace)},
          {"undecided", text_or_null(cluster.undecided)},
          {"ranking", rows_of(cluster.ranking.rows)}};
}

Json as_json(const InputRecord& row) {
  if (row.format.empty()) return {{"not_read", row.title}, {"files", row.files}};
  return {{"format", row.format}, {"files", row.files}};
}

Json heading(const Report& report, std::string_view schema) {
  return {{"schema", schema},
          {"runs_path", report.runs_path},
          {"case", text_or_null(report.case_name)},
          {"summary",
           {{"runs", report.runs.size()},
            {"failed", report.failed},
            {"passed", report.passed},
            {"unknown", report.unknown},
            {"lines", report.lines},
            {"functions", report.functions},
            {"files", report.files},
            {"excluded_files", report.excluded_files},
            {"services", report.services},
            {"traces", report.traces}}},
          {"undecided", text_or_null(report.undecided)}};
}

void add_closing(const Report& report, Json& json) {
  json["inputs"] = rows_of(report.inputs);
  json["notes"] = report.notes;
  json["problems"] = rows_of(report.problems);
}

// Bytes of a path or name that are not UTF-8 become U+FFFD.
std::string printed(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json ranked_as_json(const Ranked& row) { return as_json(row); }

Json element_as_json(const CodeElement& code) { return as_json(code); }

Json counts_as_json(const Counts& counts) { return as_json(counts); }

std::string ranking_as_json(const Report& report, const Style&) {
  Json json = heading(report, "culprit.report/1");
  const Ranking& ranking = report.ranking;
  json["level"] = name_of(ranking.level);
  json["formula"] = ranking.formula;
  json["roll_up"] = ranking.roll_up ? Json(name_of(*ranking.roll_up)) : Json(nullptr);
  json["elements"] = ranking.elements;
  json["ranking"] = rows_of(ranking.rows);
  if (report.diagnosability) {
    json["diagnosability"] = diagnosability_as_json(*report.diagnosability);
  }
  json["rounds"] = rounds_as_json(report.rounds);
  if (report.diagnosis) json["diagnosis"] = diagnosis_as_json(*report.diagnosis);
  json["service_suspicion"] = rows_of(report.suspects);
  json["service_calls"] = rows_of(report.calls);
  json["clusters"] = rows_of(report.clusters);
  if (report.gate) json["gate"] = gate_as_json(report);
  if (report.comparison) json["comparison"] = as_json(*report.comparison);
  json["runs"] = rows_of(report.runs);
  add_closing(report, json);
  return printed(json);
}

std::string explanation_as_json(const Report& report, const Explanation& explanation,
                                const Style&) {
  Json json = heading(report, "culprit.explanation/1");
  if (report.undecided.empty()) {
    json["formula"] = report.ranking.formula;
    json["element"] = as_json(explanation.element);
    const Arithmetic& sum = explanation.arithmetic;
    json["count_weight"] = sum.count_weight;
    json["owner_count_weight"] = sum.function_count_weight;
    json["commission_prior"] = sum.commission_prior;
    json["omission_prior"] = number(sum.omission_prior);
    json["service_shift"] = sum.service_shift;
    Json parts = Json::array();
    for (const MassPart& part : explanation.parts) {
      parts.push_back({{"lines", part.lines}, {"mass", number(part.mass)}, {"bonus", part.bonus}});
    }
    json["parts"] = std::move(parts);
    Json lines = Json::array();
    for (const LineDetail& line : explanation.lines) {
      Json row = {{"line", line.line.first_line},    {"counts", as_json(line.counts)},
                  {"best_rank", line.best_rank},     {"worst_rank", line.worst_rank},
                  {"score", number(line.score)},     {"commission", number(line.commission)},
                  {"count_contrast", line.contrast}, {"omission", number(line.omission)},
                  {"group_size", line.group_size},   {"per_execution", number(line.per_execution)},
                  {"structure", line.structure},     {"owner_mass", number(line.function_mass)},
                  {"raised", number(line.raised)}};
      for (const auto& [name, shift] : line.priors) row["priors"][name] = shift;
      for (const BranchDetail& branch : line.branches) {
        row["branches"].push_back({{branch.counting ? "at_least" : "branch", branch.number},
                                   {"counts", as_json(branch.counts)}});
      }
      if (!line.source.empty()) row["source"] = line.source;
      if (!line.statement.empty()) row["statement"] = line.statement;
      lines.push_back(std::move(row));
    }
    json["lines"] = lines;
    json["failing_executed"] = rows_of(explanation.failing_executed);
    json["failing_not_executed"] = rows_of(explanation.failing_not_executed);
    json["passing_executed"] = explanation.passing_executed;
    json["passing_not_executed"] = explanation.passing_not_executed;
    json["missing"] = explanation.missing;
  }
  add_closing(report, json);
  return printed(json);
}

std::string labels_as_json(const Report& report, const Style&) {
  Json json = heading(report, "culprit.labels/1");
  json.erase("undecided");
  json["runs"] = rows_of(report.runs);
  json["endpoints"] = rows_of(report.endpoints);
  add_closing(report, json);
  return printed(json);
}

std::string annotation_as_json(const Report& report, const Annotation& annotation, const Style&) {
  Json json = heading(report, "culprit.annotation/1");
  Json files = Json::array();
  for (const AnnotatedFile& file : annotation.files) {
    Json row = {{"file", file.heat.file}};
    if (!file.heat.service.empty()) row["service"] = file.heat.service;
    if (!file.heat.source.empty()) row["source"] = file.heat.source;
    row["functions"] = rows_of(file.functions);
    Json lines = Json::array();
    for (const LineRange& range : file.shown) {
      for (std::uint32_t number = range.first; number <= range.last; ++number) {
        const LineHeat* const heat = heat_of(file, number);
        if (file.text.empty() && heat == nullptr) continue;
        Json line = {{"line", number}};
        if (heat != nullptr) {
          line["heat"] = heat->heat;
          line["counts"] = as_json(heat->counts);
        }
        if (number <= file.text.size()) line["text"] = file.text[number - 1];
        lines.push_back(std::move(line));
      }
    }
    row["lines"] = std::move(lines);
    files.push_back(std::move(row));
  }
  json["files"] = std::move(files);
  add_closing(report, json);
  return printed(json);
}

}  // namespace culprit
