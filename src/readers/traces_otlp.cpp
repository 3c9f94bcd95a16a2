#include "readers/traces_otlp.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "readers/trace_fields.h"
#include "readers/trace_ids.h"
#include "readers/trace_json.h"

namespace culprit {

namespace {

using Json = nlohmann::json;

// The value of `{"key":..., "value":{"stringValue":...}}` as text; empty for arrays, maps and
// bytes.
std::string attribute_text(const Json& attribute) {
  const Json* value = find_field(attribute, "value");
  if (value == nullptr) return {};
  for (const char* type : {"stringValue", "intValue", "boolValue", "doubleValue"}) {
    if (const Json* typed = find_field(*value, type)) return text_of(typed);
  }
  return {};
}

// Nanoseconds since the epoch; 0 where the span has none, nullopt when it is no such number.
std::optional<std::int64_t> time_at(const Json& span, const char* key) {
  const Json* value = find_field(span, key);
  if (value == nullptr) return 0;
  return integer_of(*value);
}

bool is_error_status(const Json& span) {
  const Json* status = find_field(span, "status");
  if (status == nullptr) return false;
  const std::string code = text_of(find_field(*status, "code"));
  return code == "2" || equal_ignoring_case(code, "STATUS_CODE_ERROR") ||
         equal_ignoring_case(code, "ERROR");
}

void read_span(const Json& json, const std::string& service, SpanIntake& intake) {
  const std::size_t offset = offset_of(json);
  if (service.empty()) {
    intake.repaired("spans without service", offset,
                    "the span's resource names no service.name: it counts for no service");
  }
  Span span;
  span.trace = trace_id(text_of(find_field(json, "traceId")));
  span.id = span_id(text_of(find_field(json, "spanId")));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped("spans without ids", offset,
                   span.trace.empty() ? "a span without traceId is skipped"
                                      : "a span without spanId is skipped");
    return;
  }
  const auto start = time_at(json, "startTimeUnixNano");
  const auto end = time_at(json, "endTimeUnixNano");
  if (!start || !end || *start < 0 || *end < 0) {
    intake.skipped("spans with bad times", offset,
                   "a span whose times are not nanoseconds since 1970 is skipped");
    return;
  }
  span.parent = span_id(text_of(find_field(json, "parentSpanId")));
  span.service = service;
  span.operation = text_of(find_field(json, "name"));
  span.kind = span_kind(text_of(find_field(json, "kind")));
  span.start_ns = *start;

  SpanAttributes attributes;
  for (const Json& attribute : elements(json, "attributes")) {
    attributes.add(text_of(find_field(attribute, "key")), attribute_text(attribute));
  }
  for (const Json& event : elements(json, "events")) {
    for (const Json& attribute : elements(event, "attributes")) {
      if (text_of(find_field(attribute, "key")) == "exception.stacktrace") {
        attributes.add("exception.stacktrace", attribute_text(attribute));
      }
    }
  }
  if (is_error_status(json)) attributes.mark_error();
  attributes.apply(span);
  // A span that was exported unfinished has no end.
  intake.take(std::move(span), *end == 0 ? 0 : *end - *start, offset);
}

void read_resource_spans(const Json& resource_spans, SpanIntake& intake) {
  std::string service;
  if (const Json* resource = find_field(resource_spans, "resource")) {
    for (const Json& attribute : elements(*resource, "attributes")) {
      if (text_of(find_field(attribute, "key")) == "service.name")
        service = attribute_text(attribute);
    }
  }
  for (const char* scopes : {"scopeSpans", "instrumentationLibrarySpans"}) {
    for (const Json& scope : elements(resource_spans, scopes)) {
      for (const Json& span : elements(scope, "spans")) {
        read_span(span, service, intake);
      }
    }
  }
}

// False when the document holds no spans in any shape known.
bool read_document(const Json& document, SpanIntake& intake) {
  if (document.is_array()) {
    bool known = document.empty();
    for (const Json& element : document) known = read_document(element, intake) || known;
    return known;
  }
  // The protocol's own name; Tempo's older one.
  for (const char* key : {"resourceSpans", "batches"}) {
    if (!document.contains(key)) continue;
    for (const Json& resource_spans : elements(document, key)) {
      read_resource_spans(resource_spans, intake);
    }
    return true;
  }
  // Query interfaces wrap the document.
  for (const char* key : {"result", "trace"}) {
    if (const Json* inner = find_field(document, key); inner != nullptr && inner->is_object()) {
      return read_document(*inner, intake);
    }
  }
  if (document.contains("scopeSpans") || document.contains("instrumentationLibrarySpans")) {
    read_resource_spans(document, intake);
    return true;
  }
  // The collector's file exporter may write all signals to one file.
  return document.contains("resourceMetrics") || document.contains("resourceLogs");
}

}  // namespace

bool accepts_otlp(const Head& head) {
  if (!head.is_json()) return false;
  return head.has("resourceSpans") || head.has("scopeSpans") ||
         head.has("instrumentationLibrarySpans") || head.has("batches") ||
         ((head.has("result") || head.has("trace")) &&
          head.bytes.find("\"resourceSpans\"") != std::string_view::npos);
}

Result<void> read_otlp(const Input& input, Sink& sink) {
  SpanIntake intake(input, sink);
  auto result = for_each_document(
      input, intake, [&](const Json& document, std::size_t offset) -> Result<void> {
        if (read_document(document, intake)) return {};
        return fail(error_at(input.path, input.bytes, offset, "no resourceSpans in this document"));
      });
  intake.finish();
  return result;
}

}  // namespace culprit
