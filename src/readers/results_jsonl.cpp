#include "readers/results_jsonl.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/text.h"
#include "readers/folded_warnings.h"
#include "readers/json_fields.h"
#include "readers/record_values.h"
#include "readers/trace_ids.h"

namespace culprit {

namespace {

using nlohmann::json;
using Names = std::span<const std::string_view>;

// Most telling name first. A start time beats `timestamp`, which some tools write when they log.
constexpr auto kRun = std::to_array<std::string_view>({"run", "run_id", "runId"});
constexpr auto kTest = std::to_array<std::string_view>(
    {"test", "testcase", "test_case", "testCase", "test_id", "testId", "nodeid"});
constexpr auto kTime = std::to_array<std::string_view>(
    {"request_start_time", "startedDateTime", "start_time", "startTime", "timestamp", "time", "ts",
     "timeStamp", "time_iso8601", "msec"});
constexpr auto kMethod = std::to_array<std::string_view>(
    {"method", "verb", "request_type", "request_method", "http_method", "request.method"});
constexpr auto kUrl = std::to_array<std::string_view>(
    {"url", "endpoint", "path", "uri", "request_uri", "http_url", "request.url"});
constexpr auto kName = std::to_array<std::string_view>({"name", "label"});
constexpr auto kTemplate = std::to_array<std::string_view>(
    {"template", "route", "endpoint_template", "http.route", "http_route"});
constexpr auto kStatus = std::to_array<std::string_view>(
    {"status_code", "statusCode", "status", "code", "responseCode", "response_code", "http_status",
     "response.status", "response.status_code", "response.code"});
constexpr auto kVerdict = std::to_array<std::string_view>(
    {"verdict", "success", "passed", "outcome", "result", "status"});
constexpr auto kError = std::to_array<std::string_view>(
    {"error", "exception", "error_message", "errorMessage", "failureMessage", "failure_message"});
constexpr auto kTrace =
    std::to_array<std::string_view>({"trace_id", "traceId", "traceID", "traceparent", "trace",
                                     "headers.traceparent", "request.headers.traceparent"});

struct LatencyName {
  std::string_view key;
  double to_ms;
};
constexpr auto kLatency = std::to_array<LatencyName>({
    {"latency_ms", 1},     {"elapsed_ms", 1},        {"response_time_ms", 1},
    {"duration_ms", 1},    {"latencyMs", 1},         {"elapsedMs", 1},
    {"responseTimeMs", 1}, {"durationMs", 1},        {"latency_s", 1e3},
    {"elapsed_s", 1e3},    {"response_time_s", 1e3}, {"duration_s", 1e3},
    {"latency_us", 1e-3},  {"elapsed_us", 1e-3},     {"response_time_us", 1e-3},
    {"duration_us", 1e-3}, {"latency_ns", 1e-6},     {"duration_ns", 1e-6},
    {"elapsed", 1},        {"responseTime", 1},      {"response_time", 1},
    {"duration", 1},       {"latency", 1},           {"response.responseTime", 1},
    {"request_time", 1e3},  // nginx
});

// Keys of formats that have readers of their own, or whose rows are no results.
constexpr auto kForeign = std::to_array<std::string_view>(
    {"hits",       "files",         "gcc_version",   "resourceSpans",
     "scopeSpans", "spans",         "data",          "traces",
     "processes",  "localEndpoint", "annotations",   "binaryAnnotations",
     "parentId",   "parentSpanId",  "operationName", "spanId",
     "spanID",     "span_id",       "metric",        "log"});

// What is wrong with a row: the field to point at (none: the row), and why the row is skipped.
struct Problem {
  std::string_view kind;
  std::string_view field;
  std::string what;
  std::string hint = {};
};

struct Field {
  std::string_view name;
  const json* value = nullptr;

  explicit operator bool() const { return value != nullptr; }
};

Field first_of(const json& row, Names names) {
  for (const std::string_view name : names) {
    if (const json* value = find_field(row, name)) return {name, value};
  }
  return {};
}

std::string first_text(const json& row, Names names) {
  const Field field = first_of(row, names);
  return field ? text_of(*field.value).value_or("") : std::string();
}

std::string error_text(const json& row) {
  const json* value = first_of(row, kError).value;
  if (value == nullptr) return {};
  if (value->is_boolean()) return value->get<bool>() ? "error" : "";
  if (value->is_object()) {
    constexpr auto kParts = std::to_array<std::string_view>({"message", "code", "type"});
    const std::string text = first_text(*value, kParts);
    return text.empty() ? "error" : text;
  }
  return text_of(*value).value_or("");
}

std::optional<Problem> read_run(const json& row, Request& request) {
  Field run = first_of(row, kRun);
  if (!run) run = first_of(row, kTest);
  if (!run) return std::nullopt;
  const auto text = text_of(*run.value);
  if (!text) return Problem{"bad run", run.name, "run name is neither text nor a number"};
  request.run = *text;
  return std::nullopt;
}

std::optional<Problem> read_status(const json& row, Request& request) {
  const Field status = first_of(row, kStatus);
  if (!status) return std::nullopt;
  if (const auto number = integer_of(*status.value)) {
    if (*number < 0 || *number > 999) {
      return Problem{"bad status", status.name, "HTTP status is not in 0..999"};
    }
    request.status = static_cast<int>(*number);
    return std::nullopt;
  }
  const std::string text = text_of(*status.value).value_or("");
  if (verdict_of_word(text)) return std::nullopt;  // read_verdict takes it
  // JMeter's word for "no response came".
  if (text.starts_with("Non HTTP response code")) {
    request.status = 0;
    if (request.error.empty()) request.error = text;
    return std::nullopt;
  }
  return Problem{"bad status", status.name, "status is neither a number nor a verdict"};
}

std::optional<Problem> read_verdict(const json& row, Request& request) {
  for (const std::string_view name : kVerdict) {
    const json* value = find_field(row, name);
    if (value == nullptr || value->is_structured()) continue;
    if (value->is_number()) {
      // A numeric `result` may be an exit code, where 0 is good.
      if (name != "success" && name != "passed") continue;
      request.verdict = number_of(*value) != 0.0 ? Verdict::kPassed : Verdict::kFailed;
      return std::nullopt;
    }
    const std::string word = text_of(*value).value_or("");
    if (const auto verdict = verdict_of_word(word)) {
      request.verdict = *verdict;
      return std::nullopt;
    }
    if (name == "result" || name == "status") continue;  // often the payload, or a number as text
    return Problem{"bad verdict", name, '`' + printable(word, 40) + "` is not a verdict",
                   "write pass, fail, error, skipped, true or false"};
  }
  return std::nullopt;
}

std::optional<Problem> read_time_field(const json& row, Request& request) {
  for (const std::string_view name : kTime) {
    const json* value = find_field(row, name);
    if (value == nullptr) continue;
    TimeReading time{{}, "time is neither a number nor text"};
    if (value->is_number_float()) {
      time = read_time(value->get<double>());
    } else if (const auto text = text_of(*value)) {
      time = read_time(std::string_view(*text));
    }
    if (!time.problem.empty()) return Problem{"bad time", name, time.problem};
    if (!time.ns) continue;  // a local time: another field may know better
    request.time_ns = time.ns;
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Problem> read_latency(const json& row, Request& request) {
  // A HAR entry: its `time` is how long it took.
  if (const json* time = find_field(row, "time"); time && find_field(row, "startedDateTime")) {
    if (const auto ms = number_of(*time); ms && *ms >= 0) request.latency_ms = ms;
    return std::nullopt;
  }
  for (const LatencyName& name : kLatency) {
    const json* value = find_field(row, name.key);
    if (value == nullptr) continue;
    const auto number = number_of(*value);
    if (!number) {
      const std::string text = lower(trim(text_of(*value).value_or("-")));
      if (text.empty() || text == "-" || text == "n/a" || text == "nan" || text == "inf") continue;
      return Problem{"bad latency", name.key, "latency is not a number"};
    }
    // Tools write -1 for "not measured".
    if (*number >= 0 && std::isfinite(*number * name.to_ms)) {
      request.latency_ms = *number * name.to_ms;
      return std::nullopt;
    }
  }
  return std::nullopt;
}

void read_endpoint(const json& row, Request& request) {
  request.method = first_text(row, kMethod);
  std::transform(request.method.begin(), request.method.end(), request.method.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  request.url = first_text(row, kUrl);
  request.endpoint = first_text(row, kTemplate);
  const std::string name = first_text(row, kName);
  if (name.empty()) return;
  const bool about_request = !request.url.empty() || !request.method.empty() || request.status;
  if (!about_request && request.verdict != Verdict::kUnknown && request.run.empty()) {
    request.run = name;
    return;
  }
  const bool is_url = name.starts_with('/') || name.find("://") != std::string::npos;
  if (request.url.empty()) request.url = name;
  if (request.endpoint.empty() && !is_url) request.endpoint = name;
}

std::optional<Problem> read_row(const json& row, Request& request) {
  if (!row.is_object()) return Problem{"not an object", "", "row is not a JSON object"};
  request.error = error_text(row);
  if (auto problem = read_run(row, request)) return problem;
  if (auto problem = read_status(row, request)) return problem;
  if (auto problem = read_verdict(row, request)) return problem;
  if (auto problem = read_time_field(row, request)) return problem;
  if (auto problem = read_latency(row, request)) return problem;
  read_endpoint(row, request);
  request.trace = trace_id(first_text(row, kTrace));
  const bool says_something = request.status || request.latency_ms || !request.error.empty() ||
                              request.verdict != Verdict::kUnknown ||
                              find_field(row, kVerdict) != nullptr;
  if (!says_something) {
    return Problem{"no result", "", "row has no status, verdict, latency or error"};
  }
  return std::nullopt;
}

class ResultsJsonl {
 public:
  ResultsJsonl(const Input& input, Sink& sink)
      : input_(input), sink_(sink), warnings_(input.path, sink) {}

  Result<void> read() {
    const std::string_view text = trim(input_.bytes);
    const std::string_view first_line = trim(text.substr(0, text.find('\n')));
    // A list, or one object written over several lines.
    const bool is_document = text.starts_with('[') || first_line == "{";
    Result<void> result = is_document ? read_document() : read_lines();
    if (result) warnings_.finish(records_);
    return result;
  }

 private:
  Result<void> read_document() {
    auto document = parse_json(input_);
    if (!document) return fail(std::move(document.error()));
    const auto error_in_row = [this](const std::string& pointer, const Problem& problem) {
      const auto at = locate(input_.bytes, pointer).data() - input_.bytes.data();
      return error_at(input_.path, input_.bytes, static_cast<std::size_t>(at),
                      problem.what + "; skipped", problem.hint);
    };
    if (!document->is_array()) {
      take(*document, [&](const std::string& field, const Problem& problem) {
        return error_in_row(field, problem);
      });
      return {};
    }
    std::size_t index = 0;
    for (const json& row : *document) {
      take(row, [&](const std::string& field, const Problem& problem) {
        return error_in_row('/' + std::to_string(index) + field, problem);
      });
      ++index;
    }
    return {};
  }

  Result<void> read_lines() {
    LineReader lines(input_);
    while (const auto line = lines.next()) {
      if (trim(*line).empty()) continue;
      auto row = parse_json_line(lines, *line);
      if (!row) {
        if (lines.unterminated() && ends_early(*line)) {
          sink_.warn(lines.error(*line, "the last record is cut short; the " +
                                            std::to_string(records_) + " before it were kept"));
          break;
        }
        ++records_;
        warnings_.skipped("line is not JSON", [&] { return std::move(row.error()); });
        continue;
      }
      take(*row, [&](const std::string& field, const Problem& problem) {
        return lines.error(locate(*line, field), problem.what + "; skipped", problem.hint);
      });
    }
    return {};
  }

  // `place(pointer, problem)` makes the error for a field of this row.
  template <class MakeError>
  void take(const json& row, MakeError&& place) {
    ++records_;
    Request request;
    if (const auto problem = read_row(row, request)) {
      warnings_.skipped(problem->kind, [&] {
        std::string pointer = problem->field.empty() ? "" : '/' + std::string(problem->field);
        std::replace(pointer.begin(), pointer.end(), '.', '/');
        return place(pointer, *problem);
      });
      return;
    }
    sink_.request(std::move(request));
  }

  const Input& input_;
  Sink& sink_;
  FoldedWarnings warnings_;
  std::size_t records_ = 0;
};

bool has_any(const Head& head, Names names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return head.has(name.substr(0, name.find('.')));
  });
}

}  // namespace

bool accepts_results_jsonl(const Head& head) {
  if (!head.is_json()) return false;
  if (has_any(head, kForeign)) return false;
  const bool has_latency = std::any_of(kLatency.begin(), kLatency.end(),
                                       [&](const auto& name) { return head.has(name.key); });
  const bool has_result = has_latency || has_any(head, kStatus) || has_any(head, kVerdict);
  const bool has_subject = has_any(head, kRun) || has_any(head, kTest) || has_any(head, kUrl) ||
                           has_any(head, kName) || has_any(head, kTime);
  return has_result && has_subject;
}

Result<void> read_results_jsonl(const Input& input, Sink& sink) {
  return ResultsJsonl(input, sink).read();
}

}  // namespace culprit
