#include "readers/traces_jaeger.h"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "readers/record_values.h"
#include "readers/trace_fields.h"
#include "readers/trace_ids.h"
#include "readers/trace_json.h"

namespace culprit {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMaxTime = std::numeric_limits<std::int64_t>::max();

// The member under the query API's name or the storage model's.
const Json* either(const Json& value, const char* api_key, const char* model_key) {
  const Json* found = find_field(value, api_key);
  return found != nullptr ? found : find_field(value, model_key);
}

// A tag's value as text: {"type","value"} of the query API or {"vType","vStr"} of the storage
// model.
std::string tag_text(const Json& tag) {
  for (const char* key : {"value", "vStr", "vInt64", "vBool", "vFloat64"}) {
    if (const Json* value = find_field(tag, key)) return text_of(value);
  }
  return {};
}

std::optional<std::int64_t> scaled(std::int64_t value, std::int64_t factor) {
  if (value > kMaxTime / factor || value < -kMaxTime / factor) return std::nullopt;
  return value * factor;
}

std::optional<std::int64_t> nanoseconds(double value) {
  if (!(std::abs(value) < 9.2e18)) return std::nullopt;
  return static_cast<std::int64_t>(std::llround(value));
}

// "100000ns", "0.1s"
std::optional<std::int64_t> duration_text(std::string_view text) {
  const std::size_t unit_at = text.find_first_not_of("+-.0123456789");
  if (unit_at == std::string_view::npos) return std::nullopt;
  const auto value = parse_double(text.substr(0, unit_at));
  const std::string_view unit = text.substr(unit_at);
  const double factor = unit == "ns"   ? 1
                        : unit == "us" ? 1e3
                        : unit == "ms" ? 1e6
                        : unit == "s"  ? 1e9
                                       : 0;
  if (!value || factor == 0) return std::nullopt;
  return nanoseconds(*value * factor);
}

// Microseconds as a number, or the storage model's text; 0 where there is none.
std::optional<std::int64_t> time_of(const Json* value,
                                    std::optional<std::int64_t> (*from_text)(std::string_view)) {
  if (value == nullptr) return 0;
  if (value->is_number_float()) return nanoseconds(value->get<double>() * 1e3);
  if (const auto microseconds = integer_of(*value)) return scaled(*microseconds, 1000);
  if (value->is_string()) return from_text(value->get_ref<const std::string&>());
  return std::nullopt;
}

// The first CHILD_OF, else the first FOLLOWS_FROM, within the trace. Jaeger links other traces too.
std::string parent_of(const Json& json, const std::string& trace) {
  std::string follows;
  for (const Json& reference : elements(json, "references")) {
    const std::string linked = trace_id(text_of(either(reference, "traceID", "traceId")));
    if (!linked.empty() && linked != trace) continue;
    const std::string parent = span_id(text_of(either(reference, "spanID", "spanId")));
    const std::string type = text_of(find_field(reference, "refType"));
    if (type != "FOLLOWS_FROM" && type != "1") return parent;
    if (follows.empty()) follows = parent;
  }
  if (!follows.empty()) return follows;
  return span_id(text_of(either(json, "parentSpanID", "parentSpanId")));
}

void add_tags(const Json& json, SpanAttributes& attributes) {
  for (const Json& tag : elements(json, "tags")) {
    attributes.add(text_of(find_field(tag, "key")), tag_text(tag));
  }
  for (const Json& log : elements(json, "logs")) {
    for (const Json& field : elements(log, "fields")) {
      const std::string key = text_of(find_field(field, "key"));
      if (key == "event" && equal_ignoring_case(tag_text(field), "error")) attributes.mark_error();
      if (key == "exception.stacktrace" || key == "stack") attributes.add(key, tag_text(field));
    }
  }
}

const Json* process_of(const Json& json, const Json* processes) {
  if (const Json* process = find_field(json, "process")) return process;
  const std::string id = text_of(either(json, "processID", "processId"));
  return processes == nullptr ? nullptr : find_field(*processes, id.c_str());
}

void read_span(const Json& json, const Json& trace, SpanIntake& intake) {
  const std::size_t offset = offset_of(json);
  Span span;
  const Json* own_trace = either(json, "traceID", "traceId");
  span.trace =
      trace_id(text_of(own_trace != nullptr ? own_trace : either(trace, "traceID", "traceId")));
  span.id = span_id(text_of(either(json, "spanID", "spanId")));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped("spans without ids", offset,
                   span.trace.empty() ? "a span without traceID is skipped"
                                      : "a span without spanID is skipped");
    return;
  }
  const auto start = time_of(find_field(json, "startTime"), rfc3339_ns);
  const auto duration = time_of(find_field(json, "duration"), duration_text);
  if (!start || !duration) {
    intake.skipped("spans with bad times", offset,
                   "a span whose start or duration is not a time in microseconds is skipped");
    return;
  }
  if (const Json* process = process_of(json, find_field(trace, "processes"))) {
    span.service = text_of(find_field(*process, "serviceName"));
  }
  if (span.service.empty()) {
    intake.repaired("spans without service", offset,
                    "the span's process names no service: it counts for none");
  }
  span.parent = parent_of(json, span.trace);
  span.operation = text_of(find_field(json, "operationName"));
  span.start_ns = *start;
  SpanAttributes attributes;
  add_tags(json, attributes);
  attributes.apply(span);
  intake.take(std::move(span), *duration, offset);
}

bool read_trace(const Json& trace, SpanIntake& intake) {
  if (!trace.is_object() || !trace.contains("spans")) return false;
  for (const Json& span : elements(trace, "spans")) {
    read_span(span, trace, intake);
  }
  return true;
}

// False when the document holds no traces in any shape known.
bool read_document(const Json& document, std::size_t offset, SpanIntake& intake) {
  if (document.is_object() && document.contains("data")) {
    const Json* data = find_field(document, "data");
    for (const Json& error : elements(document, "errors")) {
      intake.repaired("errors of Jaeger", offset,
                      "Jaeger answered: " + printable(text_of(find_field(error, "msg"))));
    }
    return data == nullptr || read_document(*data, offset, intake);
  }
  if (!document.is_array()) return read_trace(document, intake);
  bool known = document.empty();
  for (const Json& trace : document) known = read_trace(trace, intake) || known;
  return known;
}

}  // namespace

bool accepts_jaeger(const Head& head) {
  if (!head.is_json()) return false;
  const auto mentions = [&](std::string_view key) {
    return head.bytes.find(key) != std::string_view::npos;
  };
  if (head.has("spans")) {
    return head.has("traceID") || mentions("\"traceID\"") || mentions("\"operationName\"");
  }
  if (!head.has("data")) return false;
  return mentions("\"traceID\"") || mentions("\"processes\"") || mentions("\"processID\"") ||
         (head.has("total") && head.has("limit") && head.has("offset"));
}

Result<void> read_jaeger(const Input& input, Sink& sink) {
  SpanIntake intake(input, sink);
  auto result = for_each_document(
      input, intake, [&](const Json& document, std::size_t offset) -> Result<void> {
        if (read_document(document, offset, intake)) return {};
        return fail(error_at(input.path, input.bytes, offset, "no Jaeger spans in this document"));
      });
  intake.finish();
  return result;
}

}  // namespace culprit
