#include "readers/traces_skywalking.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "readers/record_values.h"
#include "readers/trace_fields.h"
#include "readers/trace_ids.h"
#include "readers/trace_rows.h"

namespace culprit {

namespace dom = simdjson::dom;

namespace {

constexpr std::array<std::string_view, 4> kLists = {"data", "trace", "traces", "queryTraces"};
constexpr std::int64_t kMillisecond = 1'000'000;

// A span's id is unique within its segment only. An id in parts is kept as it is, in lower case.
std::string span_key(std::string_view segment, std::string_view number) {
  if (segment.empty() || number.empty()) return {};
  return lower(std::string(segment).append(":").append(number));
}

SpanKind kind_of(std::string_view type) {
  if (equal_ignoring_case(type, "Entry")) return SpanKind::kServer;
  if (equal_ignoring_case(type, "Exit")) return SpanKind::kClient;
  if (equal_ignoring_case(type, "Local")) return SpanKind::kInternal;
  return span_kind(type);
}

bool is_true(std::optional<dom::element> value) {
  const std::string text = text_of(value);
  return equal_ignoring_case(text, "true") || text == "1";
}

// Of the own segment, else the one that a reference names first.
std::string parent_of(dom::element json, std::string_view segment) {
  if (const auto named = member(json, "parent_node_id")) return lower(trim(text_of(*named)));
  const auto own = member(json, "parentSpanId", "parent_span_id");
  const std::string number = text_of(own);
  if (!number.empty() && !number.starts_with('-')) return span_key(segment, number);
  std::string parent;
  for_each_element(json, "refs", [&](dom::element reference, std::size_t) {
    if (!parent.empty()) return;
    parent = span_key(text_of(member(reference, "parentSegmentId", "parent_segment_id")),
                      text_of(member(reference, "parentSpanId", "parent_span_id")));
  });
  return parent;
}

void add_tags(dom::element json, SpanAttributes& attributes) {
  std::string scratch;
  for_each_element(json, "tags", [&](dom::element tag, std::size_t) {
    const auto key = member(tag, "key");
    if (key) add_attribute(attributes, text_of(*key, scratch), member(tag, "value"));
  });
  dom::object map;
  if (const auto tags = member(json, "tags_map"); tags && !tags->get_object().get(map)) {
    for (const auto& [key, value] : map) add_attribute(attributes, key, value);
  }
  for_each_element(json, "logs", [&](dom::element log, std::size_t) {
    for_each_element(log, "data", [&](dom::element field, std::size_t) {
      const auto key = member(field, "key");
      if (key && text_of(*key, scratch) == "stack") {
        add_attribute(attributes, "stack", member(field, "value"));
      }
    });
    if (const auto data = member(log, "data"))
      add_attribute(attributes, "stack", member(*data, "stack"));
  });
}

void read_span(dom::element json, const SpanPlace& place, const std::string& trace,
               SpanIntake& intake) {
  Span span;
  span.trace = trace_id(text_of(member(json, "traceId", "trace_id")));
  if (span.trace.empty()) span.trace = trace;
  const std::string segment = text_of(member(json, "segmentId", "segment_id"));
  const auto node = member(json, "node_id");
  span.id = node ? lower(trim(text_of(node)))
                 : span_key(segment, text_of(member(json, "spanId", "span_id")));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped("spans without ids", place,
                   span.trace.empty() ? "a span without a trace's id is skipped"
                                      : "a span without segmentId and spanId is skipped");
    return;
  }
  const auto start = time_ns(member(json, "startTime", "start_timestamp_ms"), kMillisecond);
  const auto end = time_ns(member(json, "endTime", "end_timestamp_ms"), kMillisecond);
  if (!start || !end || *start < 0 || *end < 0) {
    intake.skipped("spans with bad times", place,
                   "a span whose times are not milliseconds since 1970 is skipped");
    return;
  }
  span.service = text_of(member(json, "serviceCode", "service_code"));
  if (span.service.empty()) {
    intake.repaired("spans without service", place,
                    "the span names no service: it counts for none");
  }
  span.parent = parent_of(json, segment);
  if (span.parent == span.id) span.parent.clear();
  span.operation = text_of(member(json, "endpointName", "endpoint_name"));
  span.kind = kind_of(text_of(member(json, "type")));
  span.start_ns = *start;
  SpanAttributes attributes;
  add_tags(json, attributes);
  if (is_true(member(json, "isError", "is_error"))) attributes.mark_error();
  attributes.apply(span);
  intake.take(std::move(span), *end == 0 ? 0 : *end - *start, place);
}

// The service's name in base64, and whether it is a real one: "dHMtb3JkZXI=.1".
std::string service_of_id(std::string_view id) {
  return decoded_base64(id.substr(0, id.find('.'))).value_or("");
}

// A time in any unit that its digits tell, or written out.
std::optional<std::int64_t> any_time(std::optional<dom::element> value) {
  if (!value) return 0;
  return read_time(text_of(value)).ns;
}

void read_segment(dom::element json, const SpanPlace& place, SpanIntake& intake) {
  Span span;
  span.trace = trace_id(text_of(member(json, "trace_id", "traceId")));
  span.id = lower(trim(text_of(member(json, "segment_id", "segmentId"))));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped("segments without ids", place,
                   span.trace.empty() ? "a segment without trace_id is skipped"
                                      : "a segment without segment_id is skipped");
    return;
  }
  const auto start = any_time(member(json, "start_time"));
  const auto latency = time_ns(member(json, "latency"), kMillisecond);
  if (!start || !latency) {
    intake.skipped("segments with bad times", place,
                   "a segment whose start_time or latency is none is skipped");
    return;
  }
  span.service = text_of(member(json, "service_name"));
  if (span.service.empty()) span.service = service_of_id(text_of(member(json, "service_id")));
  if (span.service.empty()) {
    intake.repaired("spans without service", place,
                    "the segment names no service: it counts for none");
  }
  span.operation = text_of(member(json, "endpoint_name"));
  span.kind = SpanKind::kServer;
  span.start_ns = *start;
  span.error = is_true(member(json, "is_error"));
  intake.take(std::move(span), *latency, place);
}

bool read_row(const TraceRow& row, SpanIntake& intake) {
  dom::element spans;
  if (row.value["spans"].get(spans)) {
    if (member(row.value, "segment_id")) {
      read_segment(row.value, row.place, intake);
      return true;
    }
    // What it answers of a trace that it does not know.
    dom::element answer;
    return !row.value["trace"].get(answer) && answer.is_null();
  }
  std::string trace = trace_id(text_of(member(row.value, "trace_id", "traceId")));
  if (const auto summary = member(row.value, "summary"); summary && trace.empty()) {
    trace = trace_id(text_of(member(*summary, "trace_id")));
  }
  for_each_element(row.value, "spans", [&](dom::element span, std::size_t index) {
    read_span(span, row.place.in("spans", index), trace, intake);
  });
  return true;
}

}  // namespace

bool accepts_skywalking(const Head& head) {
  if (!head.is_json()) return false;
  const auto mentions = [&](std::string_view key) {
    return head.bytes.find(key) != std::string_view::npos;
  };
  if (head.has("traces")) {
    return head.has("metadata") || mentions("\"segment_id\"") || mentions("\"node_id\"");
  }
  if (head.has("data")) return mentions("\"segmentId\"") || mentions("\"queryTraces\"");
  return (head.has("spans") && mentions("\"segmentId\"")) ||
         (head.has("segment_id") && head.has("trace_id"));
}

Result<void> read_skywalking(const Input& input, Sink& sink) {
  SpanIntake intake(input, sink);
  auto result = for_each_trace_row(intake, kLists, "no SkyWalking spans in this document",
                                   [&](const TraceRow& row) { return read_row(row, intake); });
  intake.finish();
  return result;
}

}  // namespace culprit
