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

// Of {"value"} as the query API has it, or {"vStr"} of the storage model.
constexpr std::array<std::string_view, 5> kValues = {"value", "vStr", "vInt64", "vBool",
                                                     "vFloat64"};

// A span's members that are of use, found in one pass.
struct Members {
  using Member = std::optional<dom::element>;
  Member trace, id, parent, references, name, start, duration, process, process_id, tags, tag, logs;

  explicit Members(dom::element json) {
    take_members(json, [this](std::string_view key) { return named(key); });
  }

 private:
  Member* named(std::string_view key) {
    if (key == "traceID" || key == "traceId") return &trace;
    if (key == "spanID" || key == "spanId") return &id;
    if (key == "parentSpanID" || key == "parentSpanId") return &parent;
    if (key == "references") return &references;
    if (key == "operationName") return &name;
    if (key == "startTime") return &start;
    if (key == "duration") return &duration;
    if (key == "process") return &process;
    if (key == "processID" || key == "processId") return &process_id;
    if (key == "tags") return &tags;
    if (key == "tag") return &tag;
    if (key == "logs") return &logs;
    return nullptr;
  }
};

template <class Visit>
void for_each_in(const Members::Member& list, Visit&& visit) {
  dom::array array;
  if (!list || list->get_array().get(array)) return;
  for (const dom::element element : array) visit(element);
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
std::string parent_of(const Members& members, const std::string& trace) {
  std::string child_of;
  std::string follows;
  for_each_in(members.references, [&](dom::element reference) {
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
  return span_id(text_of(members.parent));
}

void add_tags(const Members& members, SpanAttributes& attributes) {
  for_each_pair(members.tags, kValues, [&](std::string_view key, dom::element value) {
    add_attribute(attributes, key, value);
  });
  // Elasticsearch may have been told to keep tags as fields.
  dom::object fields;
  if (members.tag && !members.tag->get_object().get(fields)) {
    for (const auto& [key, value] : fields) {
      std::string name(key);
      for (char& c : name) c = c == '@' ? '.' : c;
      add_attribute(attributes, name, value);
    }
  }
  std::string scratch;
  for_each_in(members.logs, [&](dom::element log) {
    for_each_pair(member(log, "fields"), kValues, [&](std::string_view key, dom::element value) {
      if (key.starts_with("exception.") || key == "stack" || key == "error.kind") {
        add_attribute(attributes, key, value);
      } else if (key == "event" && equal_ignoring_case(text_of(value, scratch), "error")) {
        attributes.mark_error();
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

std::string_view service_of(const Members& members, const Services& services) {
  std::string_view name;
  if (members.process) {
    return (*members.process)["serviceName"].get_string().get(name) ? std::string_view() : name;
  }
  if (!members.process_id || members.process_id->get_string().get(name)) return {};
  const auto found = services.find(name);
  return found == services.end() ? std::string_view() : found->second;
}

void read_span(dom::element json, const SpanPlace& place, const std::string& trace,
               const Services& services, SpanIntake& intake) {
  const Members members(json);
  std::string scratch;
  const auto text = [&](const Members::Member& member) {
    return member ? text_of(*member, scratch) : std::string_view();
  };
  Span span;
  span.trace = members.trace ? trace_id(text(members.trace)) : trace;
  span.id = span_id(text(members.id));
  if (span.trace.empty() || span.id.empty()) {
    intake.skipped("spans without ids", place,
                   span.trace.empty() ? "a span without traceID is skipped"
                                      : "a span without spanID is skipped");
    return;
  }
  const auto start = time_of(members.start, rfc3339_ns);
  const auto duration = time_of(members.duration, duration_text);
  if (!start || !duration) {
    intake.skipped("spans with bad times", place,
                   "a span whose start or duration is not a time in microseconds is skipped");
    return;
  }
  span.service = service_of(members, services);
  if (span.service.empty()) {
    intake.repaired("spans without service", place,
                    "the span's process names no service: it counts for none");
  }
  span.parent = parent_of(members, span.trace);
  span.operation = text(members.name);
  span.start_ns = *start;
  SpanAttributes attributes;
  add_tags(members, attributes);
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
