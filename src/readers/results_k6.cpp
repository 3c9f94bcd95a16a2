#include "readers/results_k6.h"

#include <string>
#include <utility>

#include "readers/dom_fields.h"
#include "readers/json_rows.h"
#include "readers/record_values.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

// k6 calls a response expected when its status is 200 to 399, unless the script says which are.
// Only where the two differ has somebody said something.
Verdict verdict_of(std::string_view expected, std::optional<int> status) {
  const bool good = status && *status >= 200 && *status < 400;
  if (expected == "true" && !good) return Verdict::kPassed;
  if (expected == "false" && good) return Verdict::kFailed;
  return Verdict::kUnknown;
}

void read_point(dom::element point, bool is_grpc, JsonRows& rows, Sink& sink) {
  const auto data = point["data"];
  const auto tags = data["tags"];
  const auto ms = number_of(data["value"]);
  if (!ms || *ms < 0) {
    return rows.skipped("bad duration", "/data/value", "duration is no number of ms; skipped");
  }
  const TimeReading time = read_time(text_of(data["time"]));
  if (!time.problem.empty()) {
    return rows.skipped("bad time", "/data/time", time.problem + "; skipped");
  }
  Request request;
  request.method = text_of(tags["method"]);
  request.url = text_of(tags["url"]);
  if (const std::string_view name = text_of(tags["name"]); name != request.url) {
    request.endpoint = name;
  }
  request.latency_ms = ms;
  request.time_ns = start_of(time.ns, *ms);
  request.error = text_of(tags["error"]);
  if (request.error.empty()) {
    if (const std::string_view code = text_of(tags["error_code"]); !code.empty()) {
      request.error = "k6 error_code " + std::string(code);
    }
  }
  if (is_grpc) {
    request.grpc_status = grpc_status_of_word(text_of(tags["status"]));
  } else {
    request.status = status_of(tags["status"]);
    request.verdict = verdict_of(text_of(tags["expected_response"]), request.status);
  }
  sink.request(std::move(request));
}

}  // namespace

bool accepts_k6(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.has("type") && head.has("metric") &&
         head.has("data");
}

Result<void> read_k6(const Input& input, Sink& sink) {
  JsonRows rows(input, sink);
  for (;;) {
    const auto row = rows.next();
    if (!row) return fail(row.error());
    if (!*row) break;
    if (text_of((**row)["type"]) != "Point") continue;
    const std::string_view metric = text_of((**row)["metric"]);
    if (metric == "http_req_duration") read_point(**row, false, rows, sink);
    if (metric == "grpc_req_duration") read_point(**row, true, rows, sink);
  }
  rows.finish();
  return {};
}

}  // namespace culprit
