#include "readers/traces_zipkin.h"

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

constexpr std::array<std::string_view, 2> kLists = {"traces", "data"};
constexpr std::int64_t kMicrosecond = 1000;

std::string service_at(std::optional<dom::element> endpoint) {
  return endpoint ? text_of(member(*endpoint, "serviceName")) : std::string();
}

// What both versions say alike; nullopt: the record was skipped.
std::optional<Span> begun(dom::element json, const SpanPlace& place, SpanIntake& intake) {
  Span span;
  span.trace = trace_id(text_of(member(json, "traceId")));
  span.id = span_id(text_of(member(json, "id")));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped(
        "spans without ids", place,
        span.trace.empty() ? "a span without traceId is skipped" : "a span without id is skipped");
    return std::nullopt;
  }
  const auto start = time_ns(member(json, "timestamp"), kMicrosecond);
  const auto duration = time_ns(member(json, "duration"), kMicrosecond);
  if (!start || !duration || *start < 0) {
    intake.skipped("spans with bad times", place,
                   "a span whose timestamp or duration is not in microseconds is skipped");
    return std::nullopt;
  }
  span.parent = span_id(text_of(member(json, "parentId")));
  span.operation = text_of(member(json, "name"));
  span.start_ns = *start;
  span.duration_ns = *duration;
  return span;
}

void take(Span&& span, std::int64_t duration_ns, const SpanPlace& place, SpanIntake& intake) {
  if (span.service.empty()) {
    intake.repaired("spans without service", place,
                    "the span's endpoint names no service: it counts for none");
  }
  intake.take(std::move(span), duration_ns, place);
}

// Spring's tags name the handler; a later pair of them is that of its error page.
void place_in_controller(std::string_view type, std::string_view method, Span& span) {
  if (!span.code_function.empty() || type.empty() || method.empty()) return;
  span.code_function = std::string(type).append(".").append(method);
}

void read_v2(dom::element json, const SpanPlace& place, SpanIntake& intake) {
  auto span = begun(json, place, intake);
  if (!span) return;
  span->service = service_at(member(json, "localEndpoint"));
  span->kind = span_kind(text_of(member(json, "kind")));
  SpanAttributes attributes;
  std::string_view type;
  std::string_view method;
  dom::object tags;
  if (const auto found = member(json, "tags"); found && !found->get_object().get(tags)) {
    for (const auto& [key, value] : tags) {
      std::string_view text;
      if (key == "error") {
        // That it is there means an error, whatever its text.
        attributes.mark_error();
      } else if (key == "mvc.controller.class") {
        if (!value.get_string().get(text)) type = text;
      } else if (key == "mvc.controller.method") {
        if (!value.get_string().get(text)) method = text;
      } else {
        add_attribute(attributes, key, value);
      }
    }
  }
  attributes.apply(*span);
  place_in_controller(type, method, *span);
  const std::int64_t duration = span->duration_ns;
  take(std::move(*span), duration, place, intake);
}

// One side of a call, as the annotations of version 1 tell of it.
struct Side {
  SpanKind kind;
  std::string_view begin;
  std::string_view end;
  std::optional<std::int64_t> begin_ns = {};
  std::optional<std::int64_t> end_ns = {};
  std::string service = {};

  [[nodiscard]] bool is_there() const { return begin_ns || end_ns; }
};

// What binary annotations say of one side; those of other services are of the other side.
void describe(dom::element json, const std::string& service, bool alone, Span& span) {
  SpanAttributes attributes;
  std::string type;
  std::string method;
  std::string key;
  for_each_element(json, "binaryAnnotations", [&](dom::element annotation, std::size_t) {
    const std::string owner = service_at(member(annotation, "endpoint"));
    if (!alone && !owner.empty() && owner != service) return;
    const auto named = member(annotation, "key");
    const auto value = member(annotation, "value");
    if (!named) return;
    const std::string_view name = text_of(*named, key);
    if (name == "error") {
      attributes.mark_error();
    } else if (name == "mvc.controller.class") {
      if (type.empty()) type = text_of(value);
    } else if (name == "mvc.controller.method") {
      if (method.empty()) method = text_of(value);
    } else {
      add_attribute(attributes, name, value);
    }
  });
  attributes.apply(span);
  place_in_controller(type, method, span);
}

void read_v1(dom::element json, const SpanPlace& place, SpanIntake& intake) {
  const auto common = begun(json, place, intake);
  if (!common) return;
  std::array<Side, 4> sides = {{{SpanKind::kClient, "cs", "cr"},
                                {SpanKind::kServer, "sr", "ss"},
                                {SpanKind::kProducer, "ms", "ws"},
                                {SpanKind::kConsumer, "mr", "wr"}}};
  std::string any_service;
  for_each_element(json, "annotations", [&](dom::element annotation, std::size_t) {
    const std::string value = text_of(member(annotation, "value"));
    const auto time = time_ns(member(annotation, "timestamp"), kMicrosecond);
    const std::string service = service_at(member(annotation, "endpoint"));
    if (any_service.empty()) any_service = service;
    const bool good = time && *time >= 0;
    for (Side& side : sides) {
      if (value != side.begin && value != side.end) continue;
      (value == side.begin ? side.begin_ns : side.end_ns) = good ? *time : common->start_ns;
      if (side.service.empty()) side.service = service;
    }
  });
  std::size_t found = 0;
  for (const Side& side : sides) found += side.is_there() ? 1 : 0;
  for (Side& side : sides) {
    if (!side.is_there()) continue;
    Span span = *common;
    span.kind = side.kind;
    span.service = side.service.empty() ? any_service : side.service;
    span.start_ns = side.begin_ns.value_or(common->start_ns);
    std::int64_t duration = common->duration_ns;
    if (side.begin_ns && side.end_ns) duration = *side.end_ns - *side.begin_ns;
    if (found > 1 && side.kind == SpanKind::kServer && sides[0].is_there()) span.parent = span.id;
    describe(json, span.service, found == 1, span);
    span.kind = side.kind;
    take(std::move(span), duration, place, intake);
  }
  if (found != 0) return;
  // Work inside of one service: whose it is, say the binary annotations.
  Span span = *common;
  for_each_element(json, "binaryAnnotations", [&](dom::element annotation, std::size_t) {
    if (any_service.empty()) any_service = service_at(member(annotation, "endpoint"));
  });
  span.service = any_service;
  describe(json, span.service, true, span);
  take(std::move(span), common->duration_ns, place, intake);
}

bool read_row(const TraceRow& row, SpanIntake& intake) {
  const auto has = [&](std::string_view key) {
    dom::element value;
    return !row.value[key].get(value);
  };
  if (!has("traceId") && !has("id")) return false;
  bool is_v1 = has("binaryAnnotations");
  if (!is_v1 && !has("localEndpoint")) {
    for_each_element(row.value, "annotations", [&](dom::element annotation, std::size_t) {
      is_v1 = is_v1 || member(annotation, "endpoint").has_value();
    });
  }
  is_v1 ? read_v1(row.value, row.place, intake) : read_v2(row.value, row.place, intake);
  return true;
}

}  // namespace

bool accepts_zipkin(const Head& head) {
  if (!head.is_json() || !head.has("traceId") || !head.has("id")) return false;
  if (head.has("localEndpoint") || head.has("binaryAnnotations")) return true;
  return head.has("annotations") ||
         (head.has("name") && (head.has("timestamp") || head.has("duration")));
}

Result<void> read_zipkin(const Input& input, Sink& sink) {
  SpanIntake intake(input, sink);
  auto result = for_each_trace_row(intake, kLists, "no Zipkin spans in this document",
                                   [&](const TraceRow& row) { return read_row(row, intake); });
  intake.finish();
  return result;
}

}  // namespace culprit
