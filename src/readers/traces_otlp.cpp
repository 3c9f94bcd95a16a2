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

constexpr std::array<std::string_view, 1> kValue = {"value"};

// What is in {"stringValue":...}; nullopt for arrays, maps and bytes.
std::optional<dom::element> inside(dom::element value) {
  dom::object typed;
  if (value.get_object().get(typed)) return std::nullopt;
  for (const auto& [type, inner] : typed) {
    if (type == "stringValue" || type == "intValue" || type == "boolValue" ||
        type == "doubleValue") {
      return inner;
    }
  }
  return std::nullopt;
}

// A span's members that are of use, found in one pass.
struct Members {
  using Member = std::optional<dom::element>;
  Member trace, id, parent, name, kind, start, end, attributes, events, status;

  explicit Members(dom::element json) {
    take_members(json, [this](std::string_view key) { return named(key); });
  }

 private:
  Member* named(std::string_view key) {
    if (key == "traceId") return &trace;
    if (key == "spanId") return &id;
    if (key == "parentSpanId") return &parent;
    if (key == "name") return &name;
    if (key == "kind") return &kind;
    if (key == "startTimeUnixNano") return &start;
    if (key == "endTimeUnixNano") return &end;
    if (key == "attributes") return &attributes;
    if (key == "events") return &events;
    if (key == "status") return &status;
    return nullptr;
  }
};

bool is_error_status(dom::element status) {
  const std::string code = text_of(member(status, "code"));
  return code == "2" || equal_ignoring_case(code, "STATUS_CODE_ERROR") ||
         equal_ignoring_case(code, "ERROR");
}

void read_span(dom::element json, const SpanPlace& place, std::string_view service,
               SpanIntake& intake) {
  if (service.empty()) {
    intake.repaired("spans without service", place,
                    "the span's resource names no service.name: it counts for no service");
  }
  const Members members(json);
  std::string scratch;
  const auto text = [&](const Members::Member& member) {
    return member ? text_of(*member, scratch) : std::string_view();
  };
  Span span;
  span.trace = trace_id(text(members.trace));
  span.id = span_id(text(members.id));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped("spans without ids", place,
                   span.trace.empty() ? "a span without traceId is skipped"
                                      : "a span without spanId is skipped");
    return;
  }
  const auto start = time_ns(members.start, 1);
  const auto end = time_ns(members.end, 1);
  if (!start || !end || *start < 0 || *end < 0) {
    intake.skipped("spans with bad times", place,
                   "a span whose times are not nanoseconds since 1970 is skipped");
    return;
  }
  span.parent = span_id(text(members.parent));
  span.service = service;
  span.operation = text(members.name);
  span.kind = span_kind(text(members.kind));
  span.start_ns = *start;

  SpanAttributes attributes;
  for_each_pair(members.attributes, kValue, [&](std::string_view key, dom::element value) {
    if (SpanAttributes::knows(key)) add_attribute(attributes, key, inside(value));
  });
  dom::array events;
  if (members.events && !members.events->get_array().get(events)) {
    for (const dom::element event : events) {
      for_each_pair(member(event, "attributes"), kValue,
                    [&](std::string_view key, dom::element value) {
                      if (key.starts_with("exception.")) {
                        add_attribute(attributes, key, inside(value));
                      }
                    });
    }
  }
  if (members.status) {
    if (is_error_status(*members.status)) attributes.mark_error();
    add_attribute(attributes, "status.message", member(*members.status, "message"));
  }
  attributes.apply(span);
  // A span that was exported unfinished has no end.
  intake.take(std::move(span), *end == 0 ? 0 : *end - *start, place);
}

void read_resource_spans(dom::element resource_spans, const SpanPlace& place, SpanIntake& intake) {
  std::string service;
  if (const auto resource = member(resource_spans, "resource")) {
    for_each_pair(member(*resource, "attributes"), kValue,
                  [&](std::string_view key, dom::element value) {
                    if (key == "service.name") service = text_of(inside(value));
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
