#include "readers/trace_fields.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "readers/sink.h"

namespace culprit {

namespace {

// clang-format off
constexpr auto kKnownKeys = std::to_array<std::string_view>({
    "http.response.status_code", "http.status_code", "status_code", "client_status_code",
    "rpc.grpc.status_code", "grpc.status_code", "grpc.status", "rpc.response.status_code",
    "error", "otel.status_code", "span.kind",
    "code.function.name", "code.function", "code.namespace",
    "code.file.path", "code.filepath", "code.line.number", "code.lineno",
    "exception.stacktrace", "stack", "exception.type", "exception.message", "error.message",
    "error.kind", "otel.status_description", "status.message",
    "db.system.name", "db.system", "db.type",
    "http.request.method", "http.method", "http.route", "url.path", "http.target", "http.path",
    "url.full", "http.url", "url"});
// clang-format on

// The table's own copy of a key; empty: there is none. Most keys of a span are of no use, and few
// of those in the table have their length.
std::string_view known_key(std::string_view key) {
  static const auto kByLength = [] {
    std::array<std::vector<std::string_view>, 32> keys;
    for (const std::string_view each : kKnownKeys) keys[each.size()].push_back(each);
    return keys;
  }();
  if (key.size() >= kByLength.size()) return {};
  const auto& candidates = kByLength[key.size()];
  const auto known = std::find(candidates.begin(), candidates.end(), key);
  return known == candidates.end() ? std::string_view() : *known;
}

bool is_jvm_source(std::string_view file) {
  return file.ends_with(".java") || file.ends_with(".kt") || file.ends_with(".scala") ||
         file.ends_with(".groovy");
}

std::uint32_t line_number(std::string_view text) {
  const auto line = parse_u64(text);
  return line && *line <= kMaxLine ? static_cast<std::uint32_t>(*line) : 0;
}

// "at java.base/java.util.List.of(List.java:12)"
std::optional<CodePlace> java_frame(std::string_view line) {
  if (!line.starts_with("at ")) return std::nullopt;
  const std::size_t open = line.find('(');
  const std::size_t close = line.find(')', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  const std::string_view source = line.substr(open + 1, close - open - 1);
  const std::string_view file = source.substr(0, source.find(':'));
  if (!is_jvm_source(file)) return std::nullopt;

  std::string_view method = trim(line.substr(3, open - 3));
  method.remove_prefix(method.rfind('/') + 1);  // the module; npos + 1 is 0
  CodePlace place{std::string(file), std::string(method), 0};
  if (file.size() < source.size()) place.line = line_number(source.substr(file.size() + 1));
  const std::size_t class_end = method.rfind('.');
  const std::size_t package_end = class_end == std::string_view::npos || class_end == 0
                                      ? class_end
                                      : method.rfind('.', class_end - 1);
  if (package_end != std::string_view::npos && package_end != class_end) {
    std::string folder(method.substr(0, package_end));
    std::replace(folder.begin(), folder.end(), '.', '/');
    place.file = folder + '/' + place.file;
  }
  return place;
}

// `File "x.py", line 3, in f`
std::optional<CodePlace> python_frame(std::string_view line) {
  constexpr std::string_view kLine = "\", line ";
  constexpr std::string_view kIn = ", in ";
  if (!line.starts_with("File \"")) return std::nullopt;
  line.remove_prefix(6);
  const std::size_t quote = line.find(kLine);
  if (quote == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(quote + kLine.size());
  const std::size_t comma = std::min(rest.find(','), rest.size());
  CodePlace place{clean_path(line.substr(0, quote)), {}, line_number(rest.substr(0, comma))};
  rest.remove_prefix(comma);
  if (rest.starts_with(kIn)) place.function = rest.substr(kIn.size());
  return place;
}

// `file:line` or `file:line:column` at the end of `text`, which it is cut off from.
std::optional<CodePlace> place_at_end(std::string_view& text) {
  const std::size_t blank = text.rfind(' ');
  const std::string_view word = blank == std::string_view::npos ? text : text.substr(blank + 1);
  std::size_t colon = word.find(':');
  if (colon == 1) colon = word.find(':', 2);  // a drive
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view numbers = word.substr(colon + 1);
  const std::uint32_t line = line_number(numbers.substr(0, numbers.find(':')));
  if (line == 0) return std::nullopt;
  text = trim(text.substr(0, blank == std::string_view::npos ? 0 : blank));
  return CodePlace{clean_path(word.substr(0, colon)), {}, line};
}

// "#1 0x55 in ns::f(int) /src/a.cc:3:5" of sanitizers, "#1  ns::f (x=3) at a.cc:3" of gdb, and
// "1# ns::f(int) at /src/a.cc:3" of Boost and std::stacktrace.
std::optional<CodePlace> cpp_frame(std::string_view line) {
  const bool marked = line.starts_with('#');
  if (marked) line.remove_prefix(1);
  const std::size_t digits = std::min(line.find_first_not_of(kDigits), line.size());
  if (digits == 0) return std::nullopt;
  line.remove_prefix(digits);
  if (!marked && !line.starts_with('#')) return std::nullopt;
  line = trim(line.substr(marked ? 0 : 1));
  if (line.starts_with("0x")) {
    const std::size_t in = line.find(" in ");
    if (in == std::string_view::npos) return std::nullopt;
    line = trim(line.substr(in + 4));
  }
  auto place = place_at_end(line);
  if (!place) return std::nullopt;
  if (line.ends_with(" at")) {
    line = trim(line.substr(0, line.size() - 3));
    // gdb shows the arguments' values.
    line = line.substr(0, line.find(" ("));
  }
  if (line.empty()) return std::nullopt;
  place->function = line;
  return place;
}

// What throws and ends programs, below the function that is looked for.
bool is_cpp_library(const CodePlace& place) {
  constexpr std::array<std::string_view, 8> kNames = {"std::",    "__gnu_cxx::", "__cxa_", "__cxx",
                                                      "_Unwind_", "boost::",     "abort",  "__GI_"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view name) { return place.function.starts_with(name); }) ||
         place.file.starts_with("/usr/");
}

bool is_library(const CodePlace& place) {
  constexpr std::array<std::string_view, 7> kJvm = {"java.",    "javax.",  "jdk.",  "sun.",
                                                    "com.sun.", "kotlin.", "scala."};
  return std::any_of(kJvm.begin(), kJvm.end(),
                     [&](std::string_view name) { return place.function.starts_with(name); }) ||
         place.file.find("/site-packages/") != std::string::npos ||
         place.file.find("/lib/python") != std::string::npos || place.file.starts_with("<frozen");
}

}  // namespace

SpanKind span_kind(std::string_view text) {
  std::string word = lower(text);
  if (word.starts_with("span_kind_")) word.erase(0, 10);
  if (word == "internal" || word == "1") return SpanKind::kInternal;
  if (word == "server" || word == "2") return SpanKind::kServer;
  if (word == "client" || word == "3") return SpanKind::kClient;
  if (word == "producer" || word == "4") return SpanKind::kProducer;
  if (word == "consumer" || word == "5") return SpanKind::kConsumer;
  return SpanKind::kUnknown;
}

std::optional<CodePlace> throwing_frame(std::string_view stack_trace) {
  std::optional<CodePlace> java;
  std::optional<CodePlace> python;
  std::optional<CodePlace> cpp;
  while (!stack_trace.empty()) {
    const std::size_t end = std::min(stack_trace.find('\n'), stack_trace.size());
    const std::string_view line = trim(stack_trace.substr(0, end));
    stack_trace.remove_prefix(std::min(end + 1, stack_trace.size()));
    if (auto frame = java_frame(line)) {
      if (!java || (is_library(*java) && !is_library(*frame))) java = std::move(frame);
    } else if (auto other = python_frame(line)) {
      if (!python || is_library(*python) || !is_library(*other)) python = std::move(other);
    } else if (auto native = cpp_frame(line)) {
      if (!cpp || (is_cpp_library(*cpp) && !is_cpp_library(*native))) cpp = std::move(native);
    }
  }
  return java ? java : python ? python : cpp;
}

bool SpanAttributes::knows(std::string_view key) { return !known_key(key).empty(); }

void SpanAttributes::add(std::string_view key, std::string_view value) {
  const std::string_view known = known_key(key);
  if (!known.empty()) known_.emplace_back(known, value);
}

std::string_view SpanAttributes::first_of(std::initializer_list<std::string_view> keys) const {
  for (const std::string_view key : keys) {
    for (const auto& [name, value] : known_) {
      if (name == key && !value.empty()) return value;
    }
  }
  return {};
}

namespace {

// "/orders/7" of "https://shop:8080/orders/7?full=1".
std::string_view path_of(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    const std::size_t path = url.find('/', scheme + 3);
    url = path == std::string_view::npos ? std::string_view("/") : url.substr(path);
  }
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace

void SpanAttributes::apply(Span& span) const {
  if (const std::string_view kind = first_of({"span.kind"}); !kind.empty()) {
    span.kind = span_kind(kind);
  }
  const auto http = parse_u64(first_of(
      {"http.response.status_code", "http.status_code", "status_code", "client_status_code"}));
  if (http && *http >= 100 && *http < 600) span.http_status = static_cast<int>(*http);
  span.http_method = first_of({"http.request.method", "http.method"});
  const std::string_view route = first_of({"http.route"});
  span.http_path = !route.empty() ? route
                                  : path_of(first_of({"url.path", "http.target", "http.path",
                                                      "url.full", "http.url", "url"}));
  const std::string_view grpc = first_of(
      {"rpc.grpc.status_code", "grpc.status_code", "grpc.status", "rpc.response.status_code"});
  const std::string status = lower(first_of({"otel.status_code"}));
  span.error = error_ || equal_ignoring_case(first_of({"error"}), "true") || status == "error" ||
               status == "status_code_error" || status == "2" || span.http_status >= 500 ||
               (span.http_status >= 400 && span.kind == SpanKind::kClient) ||
               !(grpc.empty() || grpc == "0" || equal_ignoring_case(grpc, "ok"));
  span.store = first_of({"db.system.name", "db.system", "db.type"});
  if (span.error) span.error_text = error_text();
  apply_code(span);
}

std::string SpanAttributes::error_text() const {
  constexpr std::size_t kMaxBytes = 300;
  const std::string_view type = first_of({"exception.type", "error.kind"});
  const std::string_view message =
      first_of({"exception.message", "error.message", "otel.status_description", "status.message"});
  std::string text(type);
  if (!type.empty() && !message.empty()) text += ": ";
  text += message;
  if (text.size() > kMaxBytes) text.resize(kMaxBytes);
  return text;
}

void SpanAttributes::apply_code(Span& span) const {
  const std::string_view file = first_of({"code.file.path", "code.filepath"});
  const std::string_view name = first_of({"code.function.name", "code.function"});
  if (!file.empty() || !name.empty()) {
    const std::string_view scope = first_of({"code.namespace"});
    span.code_file = clean_path(file);
    span.code_function = name;
    if (!scope.empty() && !name.empty() && !name.starts_with(scope)) {
      const bool is_cpp = scope.find("::") != std::string_view::npos;
      span.code_function = std::string(scope) + (is_cpp ? "::" : ".") + std::string(name);
    }
    span.code_line = line_number(first_of({"code.line.number", "code.lineno"}));
    return;
  }
  if (auto frame = throwing_frame(first_of({"exception.stacktrace", "stack"}))) {
    span.code_file = std::move(frame->file);
    span.code_function = std::move(frame->function);
    span.code_line = frame->line;
  }
}

}  // namespace culprit
