#include "readers/traces_otlp.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "readers/trace_fields.h"
#include "readers/trace_ids.h"
#include "readers/trace_rows.h"

namespace culprit {

namespace dom = simdjson::dom;

namespace {

// The protocol's own name and Tempo's older one, and what query interfaces wrap them in.
constexpr std::array<std::string_view, 4> kLists = {"resourceSpans", "batches", "result", "trace"};

// The value of `{"key":..., "value":{"stringValue":...}}`; nullopt for arrays, maps and bytes.
std::optional<dom::element> value_of(dom::element attribute) {
  const auto value = member(attribute, "value");
  if (!value) return std::nullopt;
  dom::object typed;
  if (value->get_object().get(typed)) return std::nullopt;
  for (const auto& [type, inner] : typed) {
    if (type == "stringValue" || type == "intValue" || type == "boolValue" ||
        type == "doubleValue") {
      return inner;
    }
  }
  return std::nullopt;
}

bool is_error_status(dom::element span) {
  const auto status = member(span, "status");
  if (!status) return false;
  const std::string code = text_of(member(*status, "code"));
  return code == "2" || equal_ignoring_case(code, "STATUS_CODE_ERROR") ||
         equal_ignoring_case(code, "ERROR");
}

void read_span(dom::element json, const SpanPlace& place, std::string_view service,
               SpanIntake& intake) {
  if (service.empty()) {
    intake.repaired("spans without service", place,
                    "the span's resource names no service.name: it counts for no service");
  }
  Span span;
  span.trace = trace_id(text_of(member(json, "traceId")));
  span.id = span_id(text_of(member(json, "spanId")));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped("spans without ids", place,
                   span.trace.empty() ? "a span without traceId is skipped"
                                      : "a span without spanId is skipped");
    return;
  }
  const auto start = time_ns(member(json, "startTimeUnixNano"), 1);
  const auto end = time_ns(member(json, "endTimeUnixNano"), 1);
  if (!start || !end || *start < 0 || *end < 0) {
    intake.skipped("spans with bad times", place,
                   "a span whose times are not nanoseconds since 1970 is skipped");
    return;
  }
  span.parent = span_id(text_of(member(json, "parentSpanId")));
  span.service = service;
  span.operation = text_of(member(json, "name"));
  span.kind = span_kind(text_of(member(json, "kind")));
  span.start_ns = *start;

  SpanAttributes attributes;
  std::string scratch;
  for_each_element(json, "attributes", [&](dom::element attribute, std::size_t) {
    const auto key = member(attribute, "key");
    if (key) add_attribute(attributes, text_of(*key, scratch), value_of(attribute));
  });
  for_each_element(json, "events", [&](dom::element event, std::size_t) {
    for_each_element(event, "attributes", [&](dom::element attribute, std::size_t) {
      const std::string key(text_of(member(attribute, "key")));
      if (key.starts_with("exception.")) add_attribute(attributes, key, value_of(attribute));
    });
  });
  if (is_error_status(json)) attributes.mark_error();
  if (const auto status = member(json, "status")) {
    add_attribute(attributes, "status.message", member(*status, "message"));
  }
  attributes.apply(span);
  // A span that was exported unfinished has no end.
  intake.take(std::move(span), *end == 0 ? 0 : *end - *start, place);
}

void read_resource_spans(dom::element resource_spans, const SpanPlace& place, SpanIntake& intake) {
  std::string service;
  if (const auto resource = member(resource_spans, "resource")) {
    for_each_element(*resource, "attributes", [&](dom::element attribute, std::size_t) {
      if (text_of(member(attribute, "key")) == "service.name")
        service = text_of(value_of(attribute));
    });
  }
  for (const char* scopes : {"scopeSpans", "instrumentationLibrarySpans"}) {
    for_each_element(resource_spans, scopes, [&](dom::element scope, std::size_t at) {
      const SpanPlace scope_place = place.in(scopes, at);
      for_each_element(scope, "spans", [&](dom::element span, std::size_t index) {
        read_span(span, scope_place.in("spans", index), service, intake);
      });
    });
  }
}

bool read_row(const TraceRow& row, SpanIntake& intake) {
  const auto has = [&](std::string_view key) {
    dom::element value;
    return !row.value[key].get(value);
  };
  if (row.list == "resourceSpans" || row.list == "batches" || has("scopeSpans") ||
      has("instrumentationLibrarySpans")) {
    read_resource_spans(row.value, row.place, intake);
    return true;
  }
  // The collector's file exporter may write all signals to one file; a document may be empty.
  return has("resourceMetrics") || has("resourceLogs") || has("resourceSpans") || has("batches");
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
  auto result = for_each_trace_row(intake, kLists, "no resourceSpans in this document",
                                   [&](const TraceRow& row) { return read_row(row, intake); });
  intake.finish();
  return result;
}

}  // namespace culprit
