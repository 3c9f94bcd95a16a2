#include "readers/traces_csv.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "readers/csv_records.h"
#include "readers/python_literal.h"
#include "readers/record_values.h"
#include "readers/service_names.h"
#include "readers/span_intake.h"
#include "readers/trace_fields.h"
#include "readers/trace_ids.h"
#include "readers/trace_rows.h"

namespace culprit {

namespace {

using Column = std::optional<std::size_t>;
using Names = std::initializer_list<std::string_view>;

Column column(const CsvHeader& header, Names names) {
  return header.find(std::span<const std::string_view>(names.begin(), names.size()));
}

// Where a dialect keeps what; by name, whatever the case.
struct Columns {
  Column trace, span, parent, service, pod, operation, start, end, duration_us;
  Column kind, error, status, method, url, tags;
  // Of the caller, where a row is a call.
  Column caller_service, caller_operation, caller_duration_us, trace_start;

  explicit Columns(const CsvHeader& header)
      : trace(column(header, {"trace_id", "TraceID", "Trace ID"})),
        span(column(header, {"span_id", "SpanID", "Span ID", "childId"})),
        parent(column(header, {"parent_span_id", "ParentID", "ParentSpan"})),
        service(column(header, {"service", "childMS"})),
        pod(column(header, {"PodName"})),
        operation(column(
            header, {"operation", "OperationName", "Operation Name", "childOperation", "URL"})),
        start(column(header, {"StartTimeUnixNano", "start_time", "StartTime", "Start Time"})),
        end(column(header, {"EndTimeUnixNano", "end_time", "EndTime", "End Time"})),
        duration_us(column(header, {"duration_us", "childDuration", "Duration"})),
        kind(column(header, {"SpanType"})),
        error(column(header, {"IsError"})),
        status(column(header, {"http_status_code"})),
        method(column(header, {"http_method"})),
        url(column(header, {"http_url", "URL"})),
        tags(column(header, {"Tags"})),
        caller_service(column(header, {"parentMS"})),
        caller_operation(column(header, {"parentOperation"})),
        caller_duration_us(column(header, {"parentDuration"})),
        trace_start(column(header, {"traceTime"})) {}
};

// LO2 keeps a service's spans in `traces_{service}.csv`.
std::string_view service_of_file(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (!name.starts_with("traces_")) return {};
  name.remove_prefix(7);
  return name.substr(0, name.find('.'));
}

SpanKind kind_of(std::string_view type) {
  if (equal_ignoring_case(type, "Entry")) return SpanKind::kServer;
  if (equal_ignoring_case(type, "Exit")) return SpanKind::kClient;
  if (equal_ignoring_case(type, "Local")) return SpanKind::kInternal;
  return span_kind(type);
}

class SpansCsv {
 public:
  SpansCsv(const Input& input, Sink& sink)
      : records_(input, sink),
        intake_(input, sink),
        columns_(records_.header()),
        file_service_(service_of_file(input.path)) {}

  void read() {
    while (records_.next()) read_record();
    tell_callers();
    records_.finish();
    intake_.finish();
  }

 private:
  [[nodiscard]] std::string_view field(Column column) const { return records_.field(column); }

  // A point in time; those without a zone are read as UTC: within a file they still tell the order.
  std::optional<std::int64_t> time(Column column) {
    const std::string_view text = field(column);
    if (text.empty()) return 0;
    const TimeReading reading = read_time(text);
    if (reading.ns || !reading.problem.empty()) return reading.ns;
    intake_.repaired("times without a zone", records_.record(),
                     "a time that names no zone is read as UTC");
    return read_time(std::string(text) + "Z").ns;
  }

  void read_record() {
    Span span;
    span.trace = trace_id(field(columns_.trace));
    span.id = span_id(field(columns_.span));
    if (span.trace.empty() || span.id.empty()) {
      intake_.skipped("spans without ids", records_.record(),
                      span.trace.empty() ? "a span without a trace's id is skipped"
                                         : "a span without an id is skipped");
      return;
    }
    const auto start = time(columns_.start);
    const auto end = time(columns_.end);
    const std::string_view microseconds = field(columns_.duration_us);
    const auto duration_us = parse_double(microseconds);
    const bool bad_duration =
        !microseconds.empty() && (!duration_us || !(std::abs(*duration_us) < 9e15));
    if (!start || !end || bad_duration) {
      intake_.skipped("spans with bad times", records_.record(),
                      "a span whose start, end or duration is none is skipped");
      return;
    }
    std::int64_t duration = *end == 0 ? 0 : *end - *start;
    if (*end == 0 && duration_us) duration = static_cast<std::int64_t>(*duration_us * 1e3);
    const std::string_view parent = field(columns_.parent);
    if (!equal_ignoring_case(parent, "root") && parent != "-1") span.parent = span_id(parent);
    span.service = service();
    span.operation = field(columns_.operation);
    span.start_ns = *start;
    describe(span);
    if (columns_.caller_service) note_call(span);
    intake_.take(std::move(span), duration, records_.record());
  }

  std::string service() {
    std::string_view name = field(columns_.service);
    if (name.empty()) name = service_of_pod(field(columns_.pod));
    if (name.empty()) name = file_service_;
    if (name.empty()) {
      intake_.repaired("spans without service", records_.record(),
                       "the span names no service: it counts for none");
    }
    return std::string(name);
  }

  void describe(Span& span) {
    SpanAttributes attributes;
    const std::string_view tags = field(columns_.tags);
    if (!tags.empty() && !add_json_tags(tags, attributes) &&
        !for_each_literal(tags, [&](std::string_view key, std::string_view value) {
          attributes.add(key, value);
        })) {
      intake_.repaired("tags that cannot be read", records_.record(),
                       "the span's tags are neither JSON nor a Python dictionary: left out");
    }
    attributes.add("http.status_code", field(columns_.status));
    attributes.add("http.method", field(columns_.method));
    const std::string_view url = field(columns_.url);
    if (url.starts_with('/') || url.find("://") != std::string_view::npos) {
      attributes.add("http.url", url);
    }
    const std::string_view error = field(columns_.error);
    if (error == "1" || equal_ignoring_case(error, "true")) attributes.mark_error();
    span.kind = kind_of(field(columns_.kind));
    attributes.apply(span);
  }

  // False: the text is no JSON.
  bool add_json_tags(std::string_view text, SpanAttributes& attributes) {
    simdjson::dom::element value;
    padded_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    padded_.assign(text);
    if (parser_.parse(padded_.data(), padded_.size(), false).get(value)) return false;
    simdjson::dom::object object;
    if (!value.get_object().get(object)) {
      for (const auto& [key, each] : object) add_attribute(attributes, key, each);
    }
    return true;
  }

  struct Caller {
    Span span;
    std::int64_t duration_ns = 0;
    std::string_view record;
  };

  // A caller that is never called has no row of its own.
  void note_call(const Span& span) {
    called_.emplace(span.trace, span.id);
    if (span.parent.empty()) return;
    const auto [at, added] = callers_.try_emplace({span.trace, span.parent});
    if (!added) return;
    Caller& caller = at->second;
    caller.span.trace = span.trace;
    caller.span.id = span.parent;
    caller.span.service = field(columns_.caller_service);
    caller.span.operation = field(columns_.caller_operation);
    caller.span.start_ns = time(columns_.trace_start).value_or(0);
    caller.duration_ns = static_cast<std::int64_t>(
        std::clamp(parse_double(field(columns_.caller_duration_us)).value_or(0), 0.0, 9e15) * 1e3);
    caller.record = records_.record();
  }

  void tell_callers() {
    for (auto& [key, caller] : callers_) {
      if (called_.contains(key)) continue;
      intake_.take(std::move(caller.span), caller.duration_ns, caller.record);
    }
  }

  using Key = std::pair<std::string, std::string>;  // trace, span
  CsvRecords records_;
  SpanIntake intake_;
  Columns columns_;
  std::string_view file_service_;
  simdjson::dom::parser parser_;
  std::string padded_;
  std::map<Key, Caller> callers_;
  std::set<Key> called_;
};

}  // namespace

bool accepts_spans_csv(const Head& head) {
  if (head.shape != Head::Shape::kText) return false;
  const CsvHeader header = CsvHeader::of(head.bytes);
  const Columns columns(header);
  return columns.trace && columns.span && columns.operation && columns.start;
}

Result<void> read_spans_csv(const Input& input, Sink& sink) {
  const CsvHeader header = CsvHeader::of(input.bytes);
  const Columns columns(header);
  if (!columns.trace || !columns.span) {
    return fail(error_at(input.path, input.bytes, 0,
                         "no header with columns for the ids of traces and spans"));
  }
  SpansCsv(input, sink).read();
  return {};
}

}  // namespace culprit
