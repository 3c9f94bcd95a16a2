#include "readers/results_har.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "readers/dom_fields.h"
#include "readers/json_rows.h"
#include "readers/record_values.h"
#include "readers/request_fields.h"
#include "readers/trace_ids.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

// What the headers of a request tell of it.
void read_headers(simdjson::simdjson_result<dom::element> headers, Request& request) {
  dom::array list;
  if (headers.get_array().get(list)) return;
  for (const dom::element header : list) {
    const std::string_view name = text_of(header["name"]);
    const std::string_view value = text_of(header["value"]);
    if (auto trace = trace_of_header(name, value); !trace.empty()) request.trace = std::move(trace);
    if (equal_ignoring_case(name, "x-evomaster-run-id")) request.run = value;
  }
}

void read_entry(dom::element entry, JsonRows& rows, Sink& sink) {
  Request request;
  request.method = text_of(entry["request"]["method"]);
  request.url = text_of(entry["request"]["url"]);
  if (request.url.empty()) {
    return rows.skipped("entry without a URL", "/request", "entry has no URL; skipped");
  }
  read_headers(entry["request"]["headers"], request);
  const TimeReading time = read_time(text_of(entry["startedDateTime"]));
  if (!time.problem.empty()) {
    rows.repaired("unusable time", "/startedDateTime", time.problem + "; left out");
  }
  request.time_ns = time.ns;
  if (const auto ms = number_of(entry["time"]); ms && *ms >= 0) request.latency_ms = ms;
  request.status = status_of(entry["response"]["status"]).value_or(0);
  request.error = text_of(entry["response"]["_error"]);  // Chromium's word
  request.body = text_of(entry["response"]["content"]["text"]).substr(0, kMaxBodyBytes);
  sink.request(std::move(request));
}

}  // namespace

bool accepts_har(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.has("log");
}

Result<void> read_har(const Input& input, Sink& sink) {
  JsonRows entries(input, sink, "/log/entries");
  for (;;) {
    const auto entry = entries.next();
    if (!entry) return fail(entry.error());
    if (!*entry) break;
    read_entry(**entry, entries, sink);
  }
  entries.finish();
  return {};
}

}  // namespace culprit
