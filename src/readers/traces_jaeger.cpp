#include "readers/traces_jaeger.h"

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "readers/record_values.h"
#include "readers/trace_fields.h"
#include "readers/trace_ids.h"
#include "readers/trace_rows.h"

namespace culprit {

namespace dom = simdjson::dom;

namespace {

constexpr std::array<std::string_view, 2> kLists = {"data", "errors"};

// A tag's value: {"type","value"} of the query API or {"vType","vStr"} of the storage model.
std::optional<dom::element> value_of(dom::element tag) {
  for (const char* key : {"value", "vStr", "vInt64", "vBool", "vFloat64"}) {
    if (const auto value = member(tag, key)) return value;
  }
  return std::nullopt;
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
std::optional<std::int64_t> time_of(std::optional<dom::element> value,
                                    std::optional<std::int64_t> (*from_text)(std::string_view)) {
  if (const auto ns = time_ns(value, 1000)) return ns;
  std::string_view text;
  if (value->get_string().get(text)) return std::nullopt;
  return from_text(text);
}

// The first CHILD_OF, else the first FOLLOWS_FROM, within the trace. Jaeger links other traces too.
std::string parent_of(dom::element json, const std::string& trace) {
  std::string child_of;
  std::string follows;
  for_each_element(json, "references", [&](dom::element reference, std::size_t) {
    if (!child_of.empty()) return;
    std::string scratch;
    const auto linked = member(reference, "traceID", "traceId");
    if (linked) {
      const std::string other = trace_id(text_of(*linked, scratch));
      if (!other.empty() && other != trace) return;
    }
    const auto id = member(reference, "spanID", "spanId");
    std::string parent = id ? span_id(text_of(*id, scratch)) : std::string();
    const auto type = member(reference, "refType");
    const std::string_view word = type ? text_of(*type, scratch) : std::string_view();
    if (word != "FOLLOWS_FROM" && word != "1") {
      child_of = std::move(parent);
    } else if (follows.empty()) {
      follows = std::move(parent);
    }
  });
  if (!child_of.empty()) return child_of;
  if (!follows.empty()) return follows;
  return span_id(text_of(member(json, "parentSpanID", "parentSpanId")));
}

void add_tags(dom::element json, SpanAttributes& attributes) {
  std::string scratch;
  std::string other_scratch;
  for_each_element(json, "tags", [&](dom::element tag, std::size_t) {
    const auto key = member(tag, "key");
    if (key) add_attribute(attributes, text_of(*key, scratch), value_of(tag));
  });
  // Elasticsearch may have been told to keep tags as fields.
  dom::object fields;
  if (const auto tag = member(json, "tag"); tag && !tag->get_object().get(fields)) {
    for (const auto& [key, value] : fields) {
      std::string name(key);
      for (char& c : name) c = c == '@' ? '.' : c;
      add_attribute(attributes, name, value);
    }
  }
  for_each_element(json, "logs", [&](dom::element log, std::size_t) {
    for_each_element(log, "fields", [&](dom::element field, std::size_t) {
      const auto named = member(field, "key");
      if (!named) return;
      const std::string_view key = text_of(*named, scratch);
      if (key.starts_with("exception.") || key == "stack" || key == "error.kind") {
        add_attribute(attributes, key, value_of(field));
      } else if (key == "event") {
        const auto value = value_of(field);
        if (value && equal_ignoring_case(text_of(*value, other_scratch), "error")) {
          attributes.mark_error();
        }
      }
    });
  });
}

// The services of a trace by the id of their process.
using Services = std::unordered_map<std::string_view, std::string_view>;

Services services_of(dom::element trace) {
  Services services;
  dom::object processes;
  if (const auto found = member(trace, "processes"); found && !found->get_object().get(processes)) {
    for (const auto& [id, process] : processes) {
      std::string_view name;
      if (!process["serviceName"].get_string().get(name)) services.emplace(id, name);
    }
  }
  return services;
}

std::string_view service_of(dom::element json, const Services& services) {
  std::string_view name;
  if (const auto process = member(json, "process")) {
    return (*process)["serviceName"].get_string().get(name) ? std::string_view() : name;
  }
  const auto id = member(json, "processID", "processId");
  if (!id || id->get_string().get(name)) return {};
  const auto found = services.find(name);
  return found == services.end() ? std::string_view() : found->second;
}

void read_span(dom::element json, const SpanPlace& place, const std::string& trace,
               const Services& services, SpanIntake& intake) {
  Span span;
  const auto own_trace = member(json, "traceID", "traceId");
  span.trace = own_trace ? trace_id(text_of(own_trace)) : trace;
  span.id = span_id(text_of(member(json, "spanID", "spanId")));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped("spans without ids", place,
                   span.trace.empty() ? "a span without traceID is skipped"
                                      : "a span without spanID is skipped");
    return;
  }
  const auto start = time_of(member(json, "startTime"), rfc3339_ns);
  const auto duration = time_of(member(json, "duration"), duration_text);
  if (!start || !duration) {
    intake.skipped("spans with bad times", place,
                   "a span whose start or duration is not a time in microseconds is skipped");
    return;
  }
  span.service = service_of(json, services);
  if (span.service.empty()) {
    intake.repaired("spans without service", place,
                    "the span's process names no service: it counts for none");
  }
  span.parent = parent_of(json, span.trace);
  span.operation = text_of(member(json, "operationName"));
  span.start_ns = *start;
  SpanAttributes attributes;
  add_tags(json, attributes);
  attributes.apply(span);
  intake.take(std::move(span), *duration, place);
}

// A trace, a span by itself as Elasticsearch keeps it, or what Jaeger answered instead.
bool read_row(const TraceRow& row, SpanIntake& intake) {
  const dom::element value = row.value;
  if (row.list == "errors") {
    intake.repaired("errors of Jaeger", row.place,
                    "Jaeger answered: " + printable(text_of(member(value, "msg"))));
    return true;
  }
  dom::element source;
  if (!value["_source"].get(source) && source.is_object()) {
    read_span(source, row.place, {}, {}, intake);
    return true;
  }
  dom::element spans;
  if (value["spans"].get(spans)) {
    if (member(value, "spanID", "spanId")) {
      read_span(value, row.place, {}, {}, intake);
      return true;
    }
    dom::element data;
    return !value["data"].get(data) && data.is_null();
  }
  const std::string trace = trace_id(text_of(member(value, "traceID", "traceId")));
  const Services services = services_of(value);
  for_each_element(value, "spans", [&](dom::element span, std::size_t index) {
    read_span(span, row.place.in("spans", index), trace, services, intake);
  });
  return true;
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
  if ((head.has("spanID") || head.has("spanId")) && head.has("operationName")) return true;
  if (head.has("_source")) return mentions("\"operationName\"");
  if (!head.has("data")) return false;
  return mentions("\"traceID\"") || mentions("\"processes\"") || mentions("\"processID\"") ||
         (head.has("total") && head.has("limit") && head.has("offset"));
}

Result<void> read_jaeger(const Input& input, Sink& sink) {
  SpanIntake intake(input, sink);
  auto result = for_each_trace_row(intake, kLists, "no Jaeger spans in this document",
                                   [&](const TraceRow& row) { return read_row(row, intake); });
  intake.finish();
  return result;
}

}  // namespace culprit
