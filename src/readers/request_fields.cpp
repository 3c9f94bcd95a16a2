#include "readers/request_fields.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/record_values.h"
#include "readers/trace_ids.h"

namespace culprit {

namespace {

using List = std::span<const std::string_view>;

// Most telling name first. A start time beats `timestamp`, which some tools write when they log;
// nginx's `msec` beats its `time_iso8601`, which has whole seconds.
constexpr auto kRunNames = std::to_array<std::string_view>({"run", "run_id", "runId"});
constexpr auto kTestNames = std::to_array<std::string_view>(
    {"test", "testcase", "test_case", "testCase", "test_id", "testId", "nodeid"});
constexpr auto kTimeNames = std::to_array<std::string_view>(
    {"msec", "request_start_time", "startedDateTime", "start_time", "startTime", "timestamp",
     "time", "ts", "timeStamp", "time_iso8601"});
constexpr auto kMethodNames = std::to_array<std::string_view>(
    {"method", "verb", "request_type", "request_method", "http_method", "request.method"});
constexpr auto kUrlNames = std::to_array<std::string_view>(
    {"url", "endpoint", "path", "uri", "request_uri", "http_url", "request.url"});
constexpr auto kNameNames = std::to_array<std::string_view>({"name", "label"});
constexpr auto kTemplateNames = std::to_array<std::string_view>(
    {"template", "route", "endpoint_template", "http.route", "http_route"});
constexpr auto kStatusNames = std::to_array<std::string_view>(
    {"status_code", "statusCode", "status", "code", "responseCode", "response_code", "http_status",
     "response.status", "response.status_code", "response.code"});
constexpr auto kGrpcStatusNames = std::to_array<std::string_view>(
    {"grpc_status", "grpcStatus", "grpc_code", "grpc-status", "rpc.grpc.status_code"});
constexpr auto kVerdictNames = std::to_array<std::string_view>(
    {"verdict", "success", "passed", "outcome", "result", "status"});
constexpr auto kErrorNames = std::to_array<std::string_view>(
    {"error", "exception", "error_message", "errorMessage", "failureMessage", "failure_message",
     "error.message", "error.code", "error.type", "exception.message", "exception.type"});
constexpr auto kTraceNames = std::to_array<std::string_view>({"trace_id",
                                                              "traceId",
                                                              "traceID",
                                                              "traceparent",
                                                              "sw8",
                                                              "b3",
                                                              "x-b3-traceid",
                                                              "X-B3-TraceId",
                                                              "uber-trace-id",
                                                              "trace",
                                                              "headers.traceparent",
                                                              "headers.sw8",
                                                              "headers.b3",
                                                              "headers.X-B3-TraceId",
                                                              "headers.uber-trace-id",
                                                              "request.headers.traceparent",
                                                              "request.headers.sw8",
                                                              "request.headers.b3",
                                                              "request.headers.X-B3-TraceId",
                                                              "request.headers.uber-trace-id"});
constexpr auto kBodyNames =
    std::to_array<std::string_view>({"body", "response_body", "responseBody", "response.body"});

struct LatencyName {
  std::string_view key;
  double to_ms;
};
constexpr std::string_view kNginxDuration = "request_time";
constexpr auto kLatencyNames = std::to_array<LatencyName>({
    {"latency_ms", 1},     {"elapsed_ms", 1},        {"response_time_ms", 1},
    {"duration_ms", 1},    {"latencyMs", 1},         {"elapsedMs", 1},
    {"responseTimeMs", 1}, {"durationMs", 1},        {"latency_s", 1e3},
    {"elapsed_s", 1e3},    {"response_time_s", 1e3}, {"duration_s", 1e3},
    {"latency_us", 1e-3},  {"elapsed_us", 1e-3},     {"response_time_us", 1e-3},
    {"duration_us", 1e-3}, {"latency_ns", 1e-6},     {"duration_ns", 1e-6},
    {"elapsed", 1},        {"responseTime", 1},      {"response_time", 1},
    {"duration", 1},       {"latency", 1},           {"response.responseTime", 1},
    {kNginxDuration, 1e3},
});

bool has_any(List names, const std::function<bool(std::string_view)>& has) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return has(name) || has(name.substr(0, name.find('.')));
  });
}

}  // namespace

struct RequestFields::Vocabulary {
  std::vector<std::string_view> names;
  std::vector<double> to_ms;  // by name; 0: no latency
  std::unordered_map<std::string_view, Name> index;
  std::array<std::vector<Name>, kMeanings> meanings;

  Vocabulary() {
    const std::pair<Meaning, List> lists[] = {
        {kRun, kRunNames},           {kTest, kTestNames},     {kTime, kTimeNames},
        {kMethod, kMethodNames},     {kUrl, kUrlNames},       {kName, kNameNames},
        {kTemplate, kTemplateNames}, {kStatus, kStatusNames}, {kGrpcStatus, kGrpcStatusNames},
        {kVerdict, kVerdictNames},   {kError, kErrorNames},   {kTrace, kTraceNames},
        {kBody, kBodyNames}};
    for (const auto& [meaning, list] : lists) {
      for (const std::string_view each : list) add(meaning, each);
    }
    for (const LatencyName& each : kLatencyNames) to_ms[add(kLatency, each.key)] = each.to_ms;
  }

  Name add(Meaning meaning, std::string_view text) {
    const auto [at, added] = index.try_emplace(text, static_cast<Name>(names.size()));
    if (added) {
      names.push_back(text);
      to_ms.push_back(0);
    }
    meanings[meaning].push_back(at->second);
    return at->second;
  }
};

const RequestFields::Vocabulary& RequestFields::vocabulary() {
  static const Vocabulary vocabulary;
  return vocabulary;
}

std::optional<RequestFields::Name> RequestFields::find(std::string_view name) {
  const auto& index = vocabulary().index;
  const auto found = index.find(name);
  return found == index.end() ? std::nullopt : std::optional(found->second);
}

std::optional<RequestFields::Name> RequestFields::find_ignoring_case(std::string_view name) {
  if (const auto exact = find(name)) return exact;
  const auto& names = vocabulary().names;
  const auto found = std::find_if(names.begin(), names.end(), [&](std::string_view each) {
    return equal_ignoring_case(each, name);
  });
  if (found == names.end()) return std::nullopt;
  return static_cast<Name>(found - names.begin());
}

bool RequestFields::is_object(std::string_view name) {
  const auto& names = vocabulary().names;
  return std::any_of(names.begin(), names.end(), [&](std::string_view each) {
    return each.size() > name.size() && each[name.size()] == '.' && each.starts_with(name);
  });
}

bool RequestFields::tell_results(const std::function<bool(std::string_view)>& has) {
  const bool subject = has_any(kRunNames, has) || has_any(kTestNames, has) ||
                       has_any(kUrlNames, has) || has_any(kTimeNames, has);
  // A `code` with a `label` can be anything.
  const auto is_status = [&](std::string_view name) {
    return (name != "code" || subject) && has(name);
  };
  const bool result = has_any(kStatusNames, is_status) || has_any(kVerdictNames, has) ||
                      has_any(kGrpcStatusNames, has) ||
                      std::any_of(kLatencyNames.begin(), kLatencyNames.end(),
                                  [&](const LatencyName& name) { return has(name.key); });
  return result && (subject || has_any(kNameNames, has));
}

void RequestFields::meet(Name name) {
  met_[name / 64] |= bit(name);
  for (std::size_t meaning = 0; meaning < kMeanings; ++meaning) {
    const std::vector<Name>& all = vocabulary().meanings[meaning];
    met_as_[meaning].clear();
    std::copy_if(all.begin(), all.end(), std::back_inserter(met_as_[meaning]),
                 [&](Name each) { return has(met_, each); });
  }
}

template <class Take>
bool RequestFields::any_of(Meaning meaning, Take&& take) const {
  for (const Name name : met_as_[meaning]) {
    if (has(set_, name) && take(name, values_[name])) return true;
  }
  return false;
}

RequestFields::Found RequestFields::first(Meaning meaning) const {
  for (const Name name : met_as_[meaning]) {
    if (has(set_, name)) return {name, &values_[name]};
  }
  return {};
}

void RequestFields::read_text(Meaning meaning, std::string& text) const {
  const Found field = first(meaning);
  if (!field) return;
  if (field.value->kind == FieldValue::Kind::kText) {
    text.assign(field.value->text);
  } else {
    text = text_of(*field.value).value_or("");
  }
}

std::optional<FieldProblem> RequestFields::read(Request& request) const {
  request.error = error_text();
  if (auto problem = read_run(request)) return problem;
  if (auto problem = read_status(request)) return problem;
  read_grpc_status(request);
  if (auto problem = read_verdict(request)) return problem;
  if (auto problem = read_time(request)) return problem;
  if (auto problem = read_latency(request)) return problem;
  read_endpoint(request);
  read_trace(request);
  if (const Found body = first(kBody)) {
    if (body.value->kind == FieldValue::Kind::kStructure) {
      request.body = body.value->text.substr(0, kMaxBodyBytes);
    } else {
      read_text(kBody, request.body);
      if (request.body.size() > kMaxBodyBytes) request.body.resize(kMaxBodyBytes);
    }
  }
  const bool says_something = request.status || request.grpc_status || request.latency_ms ||
                              !request.error.empty() || request.verdict != Verdict::kUnknown ||
                              first(kVerdict);
  if (says_something) return std::nullopt;
  return FieldProblem{"no result", "", "row has no status, verdict, latency or error"};
}

// A header's value holds more than the id, and each header has its own form.
void RequestFields::read_trace(Request& request) const {
  any_of(kTrace, [&](Name id, const FieldValue& value) {
    const std::string text = text_of(value).value_or("");
    if (is_nothing(trim(text))) return false;
    const std::string_view name = vocabulary().names[id];
    const std::string_view header = name.substr(name.rfind('.') + 1);
    request.trace = is_trace_header(header) ? trace_of_header(header, text) : trace_id(text);
    return !request.trace.empty();
  });
}

std::string RequestFields::error_text() const {
  std::string text;
  bool is_structure = false;
  any_of(kError, [&](Name, const FieldValue& value) {
    if (value.kind == FieldValue::Kind::kFlag) {
      text = value.flag ? "error" : "";
    } else if (value.kind == FieldValue::Kind::kStructure) {
      is_structure = true;
      return false;  // its members may say more
    } else {
      text = text_of(value).value_or("");
    }
    return true;
  });
  if (text.empty() && is_structure) return "error";
  return is_nothing(trim(text)) ? std::string() : text;
}

std::optional<FieldProblem> RequestFields::read_run(Request& request) const {
  Found run = first(kRun);
  if (!run) run = first(kTest);
  if (!run) return std::nullopt;
  auto text = text_of(*run.value);
  if (!text) {
    return FieldProblem{"bad run", vocabulary().names[run.name],
                        "run name is neither text nor a number"};
  }
  request.run = std::move(*text);
  return std::nullopt;
}

std::optional<FieldProblem> RequestFields::read_status(Request& request) const {
  const Found status = first(kStatus);
  if (!status) return std::nullopt;
  const std::string_view name = vocabulary().names[status.name];
  if (const auto number = integer_of(*status.value)) {
    if (*number < 0 || *number > 999) {
      return FieldProblem{"bad status", name, "HTTP status is not in 0..999"};
    }
    request.status = static_cast<int>(*number);
    return std::nullopt;
  }
  const std::string text = text_of(*status.value).value_or("{}");
  // read_verdict() takes a word.
  if (is_nothing(trim(text)) || verdict_of_word(text)) return std::nullopt;
  // JMeter's word for "no response came".
  if (text.starts_with("Non HTTP response code")) {
    request.status = 0;
    if (request.error.empty()) request.error = text;
    return std::nullopt;
  }
  return FieldProblem{"bad status", name, "status is neither a number nor a verdict"};
}

void RequestFields::read_grpc_status(Request& request) const {
  const Found status = first(kGrpcStatus);
  if (!status) return;
  if (const auto text = text_of(*status.value)) request.grpc_status = grpc_status_of_word(*text);
}

std::optional<FieldProblem> RequestFields::read_verdict(Request& request) const {
  std::optional<FieldProblem> problem;
  any_of(kVerdict, [&](Name id, const FieldValue& value) {
    using Kind = FieldValue::Kind;
    if (value.kind == Kind::kStructure) return false;
    const std::string_view name = vocabulary().names[id];
    if (value.kind == Kind::kInteger || value.kind == Kind::kNumber) {
      // A numeric `result` may be an exit code, where 0 is good.
      if (name != "success" && name != "passed") return false;
      request.verdict = number_of(value) != 0.0 ? Verdict::kPassed : Verdict::kFailed;
      return true;
    }
    const std::string word = *text_of(value);
    if (const auto verdict = verdict_of_word(word)) {
      request.verdict = *verdict;
      return true;
    }
    // Often the payload, or a number as text.
    if (name == "result" || name == "status" || is_nothing(trim(word))) return false;
    problem = {"bad verdict", name, '`' + printable(word, 40) + "` is not a verdict",
               "write pass, fail, error, skipped, true or false"};
    return true;
  });
  return problem;
}

std::optional<FieldProblem> RequestFields::read_time(Request& request) const {
  std::optional<FieldProblem> problem;
  any_of(kTime, [&](Name id, const FieldValue& value) {
    using Kind = FieldValue::Kind;
    TimeReading time{{}, "time is neither a number nor text"};
    if (value.kind == Kind::kNumber) {
      time = culprit::read_time(value.number);
    } else if (value.kind == Kind::kInteger) {
      time = culprit::read_time(value.integer);
    } else if (value.kind == Kind::kText) {
      time = culprit::read_time(value.text);
    }
    if (!time.problem.empty()) {
      problem = {"bad time", vocabulary().names[id], std::move(time.problem)};
      return true;
    }
    request.time_ns = time.ns;
    return time.ns.has_value();  // a local time: another field may know better
  });
  return problem;
}

std::optional<FieldProblem> RequestFields::read_latency(Request& request) const {
  static const Name kTimeOfHar = *find("time");
  static const Name kStartOfHar = *find("startedDateTime");
  static const Name kDurationOfNginx = *find(kNginxDuration);
  // A HAR entry: its `time` is how long it took.
  if (has(set_, kTimeOfHar) && has(set_, kStartOfHar)) {
    if (const auto ms = number_of(values_[kTimeOfHar]); ms && *ms >= 0) request.latency_ms = ms;
    return std::nullopt;
  }
  std::optional<FieldProblem> problem;
  any_of(kLatency, [&](Name name, const FieldValue& value) {
    const auto number = number_of(value);
    if (!number) {
      if (is_nothing(trim(text_of(value).value_or("{}")))) return false;
      problem = {"bad latency", vocabulary().names[name], "latency is not a number"};
      return true;
    }
    const double ms = *number * vocabulary().to_ms[name];
    // Tools write -1 for "not measured".
    if (*number < 0 || !std::isfinite(ms)) return false;
    request.latency_ms = ms;
    // nginx writes a request down when it is done.
    if (name == kDurationOfNginx) request.time_ns = start_of(request.time_ns, ms);
    return true;
  });
  return problem;
}

void RequestFields::read_endpoint(Request& request) const {
  read_text(kMethod, request.method);
  for (char& c : request.method) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  read_text(kUrl, request.url);
  read_text(kTemplate, request.endpoint);
  std::string name;
  read_text(kName, name);
  if (name.empty()) return;
  const bool about_request = !request.url.empty() || !request.method.empty() || request.status;
  if (!about_request && request.verdict != Verdict::kUnknown && request.run.empty()) {
    request.run = std::move(name);
    return;
  }
  const bool is_url = name.starts_with('/') || name.find("://") != std::string::npos;
  if (request.url.empty()) request.url = name;
  if (request.endpoint.empty() && !is_url) request.endpoint = std::move(name);
}

}  // namespace culprit
