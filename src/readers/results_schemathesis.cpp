#include "readers/results_schemathesis.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/text.h"
#include "readers/dom_fields.h"
#include "readers/folded_warnings.h"
#include "readers/json_fields.h"
#include "readers/json_rows.h"
#include "readers/record_values.h"
#include "readers/request_fields.h"
#include "readers/trace_ids.h"
#include "readers/yaml_document.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;
using nlohmann::json;

std::string text_at(const json& value, std::string_view name) {
  const json* const field = find_field(value, name);
  return field == nullptr ? std::string() : text_of(*field).value_or("");
}

bool is_success(std::string_view word) { return verdict_of_word(word) == Verdict::kPassed; }
bool is_failure(std::string_view word) { return verdict_of_word(word) == Verdict::kFailed; }

// {"traceparent": ["00-..."]}
void read_headers(const json* headers, Request& request) {
  if (headers == nullptr || !headers->is_object()) return;
  for (const auto& [name, values] : headers->items()) {
    const json& value = values.is_array() && !values.empty() ? values.front() : values;
    auto trace = trace_of_header(name, text_of(value).value_or(""));
    if (!trace.empty()) request.trace = std::move(trace);
  }
}

// The first check that failed; without checks the interaction's own word.
void read_checks(const json& interaction, Request& request) {
  const json* const checks = find_field(interaction, "checks");
  if (checks != nullptr && checks->is_array() && !checks->empty()) {
    request.verdict = Verdict::kPassed;
    for (const json& check : *checks) {
      if (!is_failure(text_at(check, "status"))) continue;
      request.verdict = Verdict::kFailed;
      request.error = text_at(check, "name");
      const std::string message = text_at(check, "message");
      if (!message.empty() && message != "null") request.error += ": " + message;
      return;
    }
    return;
  }
  const std::string status = text_at(interaction, "status");
  if (is_success(status)) request.verdict = Verdict::kPassed;
  if (is_failure(status)) request.verdict = Verdict::kFailed;
}

Request request_of_interaction(const json& interaction) {
  Request request;
  request.method = text_at(interaction, "request.method");
  request.url = text_at(interaction, "request.uri");
  read_headers(find_field(interaction, "request.headers"), request);
  read_checks(interaction, request);
  // A name as it may be in a YAML mapping or, of VCR for Ruby, one level up.
  const json* code = find_field(interaction, "response.status.code");
  if (code == nullptr) code = find_field(interaction, "response.status");
  const auto status = code == nullptr ? std::nullopt : integer_of(*code);
  request.status = status && *status >= 0 && *status <= 999 ? static_cast<int>(*status) : 0;
  const json* elapsed = find_field(interaction, "response.elapsed");
  if (elapsed == nullptr) elapsed = find_field(interaction, "elapsed");
  if (const auto seconds = elapsed == nullptr ? std::nullopt : number_of(*elapsed)) {
    if (*seconds >= 0) request.latency_ms = *seconds * 1000;
  }
  request.time_ns = read_time(text_at(interaction, "recorded_at")).ns;
  request.body = text_at(interaction, "response.body.string").substr(0, kMaxBodyBytes);
  return request;
}

void read_checks(simdjson::simdjson_result<dom::element> checks, Request& request) {
  dom::array list;
  if (checks.get_array().get(list)) return;
  for (const dom::element check : list) {
    if (request.verdict == Verdict::kUnknown) request.verdict = Verdict::kPassed;
    if (!is_failure(text_of(check["status"]))) continue;
    request.verdict = Verdict::kFailed;
    request.error = text_of(check["name"]);
    const auto message = text_of(check["failure_info"]["failure"]["message"]);
    if (!message.empty()) request.error.append(": ").append(message);
    return;
  }
}

void read_interaction(dom::element interaction, Request& request) {
  const auto sent = interaction["request"];
  const auto response = interaction["response"];
  if (const auto method = text_of(sent["method"]); !method.empty()) request.method = method;
  if (const auto uri = text_of(sent["uri"]); !uri.empty()) request.url = uri;
  request.status = status_of(response["status_code"]).value_or(0);
  const auto seconds = number_of(response["elapsed"]);
  if (seconds && *seconds >= 0) request.latency_ms = *seconds * 1000;
  if (const auto epoch = number_of(interaction["timestamp"])) {
    request.time_ns = read_time(*epoch).ns;
  }
  dom::object headers;
  if (sent["headers"].get_object().get(headers)) return;
  for (const auto [name, values] : headers) {
    dom::array list;
    if (values.get_array().get(list) || list.size() == 0) continue;
    auto trace = trace_of_header(name, text_of(list.at(0)));
    if (!trace.empty()) request.trace = std::move(trace);
  }
}

void read_scenario(dom::element scenario, Sink& sink) {
  const auto recorder = scenario["recorder"];
  Request named;  // by a label such as "POST /orders/{id}"
  const std::string_view label = text_of(recorder["label"]);
  const std::size_t blank = label.find(" /");
  named.endpoint = label;
  if (blank != std::string_view::npos) {
    named.method = label.substr(0, blank);
    named.endpoint = named.url = label.substr(blank + 1);
  }
  dom::object interactions;
  dom::object checks;
  if (!recorder["interactions"].get_object().get(interactions)) {
    for (const auto [id, interaction] : interactions) {
      Request request = named;
      read_interaction(interaction, request);
      read_checks(recorder["checks"][id], request);
      sink.request(std::move(request));
    }
  } else if (!recorder["checks"].get_object().get(checks)) {
    for (const auto [id, list] : checks) {
      Request request = named;
      read_checks(recorder["checks"][id], request);
      sink.request(std::move(request));
    }
  }
}

}  // namespace

bool accepts_vcr(const Head& head) {
  return head.shape == Head::Shape::kText &&
         (head.bytes.starts_with("http_interactions:") ||
          head.bytes.find("\nhttp_interactions:") != std::string_view::npos);
}

Result<void> read_vcr(const Input& input, Sink& sink) {
  FoldedWarnings warnings(input.path, sink);
  std::size_t records = 0;
  const auto done = for_each_yaml_element(
      input, "http_interactions", [&](const json& interaction, std::uint64_t line) {
        ++records;
        Request request = request_of_interaction(interaction);
        if (!request.url.empty()) return sink.request(std::move(request));
        warnings.skipped("interaction without a request", [&] {
          Error error = error_in(input.path, "interaction has no request.uri; skipped");
          error.place.line = line;
          return error;
        });
      });
  if (!done) return fail(done.error());
  if (!*done) return fail(error_in(input.path, "has no list `http_interactions`"));
  warnings.finish(records);
  return {};
}

bool accepts_schemathesis(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.keys.size() == 1 &&
         (head.has("Initialize") || head.has("LoadingStarted") || head.has("EngineStarted") ||
          head.has("ScenarioStarted") || head.has("ScenarioFinished"));
}

Result<void> read_schemathesis(const Input& input, Sink& sink) {
  JsonRows rows(input, sink);
  for (;;) {
    const auto row = rows.next();
    if (!row) return fail(row.error());
    if (!*row) break;
    dom::element scenario;
    if ((**row)["ScenarioFinished"].get(scenario)) continue;
    read_scenario(scenario, sink);
  }
  rows.finish();
  return {};
}

}  // namespace culprit
