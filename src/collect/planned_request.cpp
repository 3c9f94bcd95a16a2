#include "collect/planned_request.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "readers/json_fields.h"

namespace culprit {

namespace {

using nlohmann::json;

constexpr std::size_t kShownValue = 120;

// What is set by the client itself, whatever a recorded request had.
bool is_connection_header(const std::string& name) {
  const std::string lowered = lower(name);
  return lowered.starts_with(':') || lowered == "host" || lowered == "connection" ||
         lowered == "content-length" || lowered == "accept-encoding" || lowered == "traceparent" ||
         lowered == "transfer-encoding";
}

// "/a?b=c" of "http://host:80/a?b=c".
std::string path_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const std::size_t slash = url.find('/', scheme + 3);
  return slash == std::string::npos ? "/" : url.substr(slash);
}

std::string text_at(const json& object, std::string_view name) {
  const json* const value = find_field(object, name);
  return value == nullptr ? "" : text_of(*value).value_or("");
}

// What is wrong with the pointers or the shape of `expect`; empty: nothing.
std::string wrong_expectation(const json& expect) {
  if (!expect.is_object()) return "`expect` takes an object";
  for (const auto& [key, value] : expect.items()) {
    if (key == "status") {
      const bool list =
          value.is_array() && std::all_of(value.begin(), value.end(),
                                          [](const json& v) { return v.is_number_integer(); });
      if (!value.is_number_integer() && !list) return "`status` takes a number or a list of them";
    } else if (key == "body" && value.is_object()) {
      for (const auto& [pointer, ignored] : value.items()) {
        if (!pointer.empty() && pointer.front() != '/') {
          return "`" + printable(pointer) + "` is no JSON pointer: it starts with `/`";
        }
      }
    } else {
      return "`expect` has `status` and `body`, an object of JSON pointers and values";
    }
  }
  return "";
}

// Fills `request` from a row of ours; what is wrong with it, or empty.
std::string from_row(const json& row, PlannedRequest& request) {
  if (!row.is_object()) return "a request is an object";
  request.name = text_at(row, "run");
  if (const std::string method = text_at(row, "method"); !method.empty()) request.method = method;
  request.path = path_of(text_at(row, row.contains("path") ? "path" : "url"));
  if (!request.path.starts_with('/')) return "`path` starts with `/`";
  if (!consists_of(request.method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return "`method` is no HTTP method";
  if (const json* const headers = find_field(row, "headers")) {
    if (!headers->is_object()) return "`headers` takes an object";
    for (const auto& [name, value] : headers->items()) {
      request.headers.emplace_back(name, text_of(value).value_or(""));
    }
  }
  if (const json* const body = find_field(row, "body")) {
    request.body = body->is_string() ? body->get<std::string>() : body->dump();
    const bool typed =
        std::any_of(request.headers.begin(), request.headers.end(),
                    [](const auto& header) { return lower(header.first) == "content-type"; });
    if (!body->is_string() && !typed) {
      request.headers.emplace_back("content-type", "application/json");
    }
  }
  if (row.contains("expect")) {
    request.expect = row["expect"].dump();
    return wrong_expectation(row["expect"]);
  }
  return "";
}

std::string from_har(const json& entry, PlannedRequest& request) {
  const json* const sent = find_field(entry, "request");
  if (sent == nullptr || !sent->is_object()) return "an entry without `request`";
  request.method = text_at(*sent, "method");
  request.path = path_of(text_at(*sent, "url"));
  if (!request.path.starts_with('/')) return "a request whose `url` has no path";
  if (const json* const headers = find_field(*sent, "headers"); headers && headers->is_array()) {
    for (const json& header : *headers) {
      request.headers.emplace_back(text_at(header, "name"), text_at(header, "value"));
    }
  }
  request.body = text_at(*sent, "postData.text");
  return "";
}

void finish(PlannedRequest& request) {
  std::erase_if(request.headers,
                [](const auto& header) { return is_connection_header(header.first); });
}

bool is_har(const Input& file) {
  const std::string_view head = file.bytes.substr(0, 4096);
  return head.find("\"log\"") != std::string_view::npos && trim(head).starts_with('{');
}

Result<std::vector<PlannedRequest>> parse_har(const Input& file) {
  const Result<json> document = parse_json(file);
  if (!document) return fail(document.error());
  const json* const entries = find_field(*document, "log.entries");
  if (entries == nullptr || !entries->is_array()) {
    return fail(error_in(file.path, "a HAR file without `log.entries`"));
  }
  std::vector<PlannedRequest> requests;
  for (const json& entry : *entries) {
    PlannedRequest request;
    const std::string problem = from_har(entry, request);
    if (!problem.empty()) {
      return fail(
          error_in(file.path, "entry " + std::to_string(requests.size() + 1) + ": " + problem));
    }
    finish(request);
    requests.push_back(std::move(request));
  }
  return requests;
}

// nullptr: there is none. A pointer with a wrong escape or index points at nothing.
const json* value_at(const json& document, const std::string& pointer) {
  try {
    return &document.at(json::json_pointer(pointer));
  } catch (const json::exception&) {
    return nullptr;
  }
}

std::string shown(const json& value) { return printable(value.dump(), kShownValue); }

}  // namespace

Result<std::vector<PlannedRequest>> parse_requests(const Input& file) {
  std::vector<PlannedRequest> requests;
  if (is_har(file)) {
    Result<std::vector<PlannedRequest>> from_file = parse_har(file);
    if (!from_file) return from_file;
    requests = std::move(*from_file);
  } else {
    LineReader lines(file);
    while (const auto line = lines.next()) {
      if (trim(*line).empty()) continue;
      const Result<json> row = parse_json_line(lines, *line);
      if (!row) return fail(row.error());
      PlannedRequest request;
      if (std::string problem = from_row(*row, request); !problem.empty()) {
        return fail(lines.error(*line, std::move(problem)));
      }
      finish(request);
      requests.push_back(std::move(request));
    }
  }
  if (requests.empty()) return fail(error_in(file.path, "lists no request"));
  return requests;
}

std::string unmet(const std::string& expect, int status, const std::string& body) {
  if (expect.empty()) return "";
  const json wants = json::parse(expect);
  if (const auto wanted = wants.find("status"); wanted != wants.end()) {
    const bool met = wanted->is_array()
                         ? std::find(wanted->begin(), wanted->end(), status) != wanted->end()
                         : *wanted == status;
    if (!met) return "expected status " + shown(*wanted) + ", got " + std::to_string(status);
  }
  const auto values = wants.find("body");
  if (values == wants.end()) return "";
  const json document = json::parse(body, nullptr, false);
  if (document.is_discarded()) return "expected a JSON body, got " + printable(body, kShownValue);
  for (const auto& [pointer, wanted] : values->items()) {
    const json* const found = value_at(document, pointer);
    if (found != nullptr && *found == wanted) continue;
    return "expected " + (pointer.empty() ? "the body" : pointer) + " = " + shown(wanted) +
           ", got " + (found == nullptr ? "nothing there" : shown(*found));
  }
  return "";
}

}  // namespace culprit
