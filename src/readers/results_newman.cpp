#include "readers/results_newman.h"

#include <string>
#include <utility>

#include "readers/dom_fields.h"
#include "readers/json_rows.h"
#include "readers/request_fields.h"
#include "readers/trace_ids.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

// The strings of a list, or the one string there is: `["api", "ok"]` -> "api/ok".
std::string joined(simdjson::simdjson_result<dom::element> parts, char separator) {
  dom::array list;
  if (parts.get_array().get(list)) return std::string(text_of(parts));
  std::string text;
  for (dom::element part : list) {
    if (!text.empty()) text += separator;
    text += text_of(std::move(part));
  }
  return text;
}

// Also of collections that have the URL as one string.
std::string url_of(simdjson::simdjson_result<dom::element> url) {
  if (const std::string_view raw = text_of(url); !raw.empty()) return std::string(raw);
  std::string text(text_of(url["protocol"]));
  text += text.empty() ? "" : "://";
  text += joined(url["host"], '.');
  if (const std::string_view port = text_of(url["port"]); !port.empty())
    text.append(":").append(port);
  return text + '/' + joined(url["path"], '/');
}

// The bytes of {"type": "Buffer", "data": [123, 34, ...]}, or of a string.
std::string body_of(simdjson::simdjson_result<dom::element> stream) {
  std::string body(text_of(stream).substr(0, kMaxBodyBytes));
  dom::array bytes;
  if (stream["data"].get_array().get(bytes)) return body;
  for (const dom::element byte : bytes) {
    std::uint64_t value = 0;
    if (byte.get_uint64().get(value) || body.size() == kMaxBodyBytes) break;
    body += static_cast<char>(value & 0xff);
  }
  return body;
}

void read_assertions(simdjson::simdjson_result<dom::element> assertions, Request& request) {
  dom::array list;
  if (assertions.get_array().get(list)) return;
  for (const dom::element assertion : list) {
    bool skipped = false;
    if (!assertion["skipped"].get_bool().get(skipped) && skipped) continue;
    dom::element error;
    if (assertion["error"].get(error) || error.is_null()) {
      if (request.verdict == Verdict::kUnknown) request.verdict = Verdict::kPassed;
      continue;
    }
    if (request.verdict == Verdict::kFailed) continue;
    request.verdict = Verdict::kFailed;
    const std::string_view message = text_of(error["message"]);
    request.error = message.empty() ? text_of(assertion["assertion"]) : message;
  }
}

void read_execution(dom::element execution, JsonRows& rows, Sink& sink) {
  dom::element sent;
  if (execution["request"].get(sent) && execution["item"]["request"].get(sent)) {
    return rows.skipped("execution without a request", "", "execution has no request; skipped");
  }
  Request request;
  request.method = text_of(sent["method"]);
  request.url = url_of(sent["url"]);
  request.endpoint = text_of(execution["item"]["name"]);
  dom::array headers;
  if (!sent["header"].get_array().get(headers)) {
    for (const dom::element header : headers) {
      auto trace = trace_of_header(text_of(header["key"]), text_of(header["value"]));
      if (!trace.empty()) request.trace = std::move(trace);
    }
  }
  read_assertions(execution["assertions"], request);
  request.status = status_of(execution["response"]["code"]).value_or(0);
  request.latency_ms = number_of(execution["response"]["responseTime"]);
  request.body = body_of(execution["response"]["stream"]);
  if (request.error.empty()) request.error = text_of(execution["requestError"]["code"]);
  if (request.error.empty()) request.error = text_of(execution["requestError"]["message"]);
  sink.request(std::move(request));
}

}  // namespace

bool accepts_newman(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.has("collection") && head.has("run");
}

Result<void> read_newman(const Input& input, Sink& sink) {
  JsonRows executions(input, sink, "/run/executions");
  for (;;) {
    const auto execution = executions.next();
    if (!execution) return fail(execution.error());
    if (!*execution) break;
    read_execution(**execution, executions, sink);
  }
  executions.finish();
  return {};
}

}  // namespace culprit
