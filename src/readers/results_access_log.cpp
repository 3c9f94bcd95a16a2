#include "readers/results_access_log.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/record_values.h"
#include "readers/request_fields.h"
#include "readers/text_records.h"

namespace culprit {

namespace {

// A line in its parts: what stands in front of the request, the request, and what follows it.
struct Entry {
  std::string_view time;  // inside the brackets
  std::string_view method;
  std::string_view url;
  std::vector<std::string_view> words;  // behind the request; quotes around one are dropped
  bool time_first = false;              // as Envoy has it
};

// The next word, which quotes may hold together; `\"` does not end one.
std::optional<std::string_view> take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.empty()) return std::nullopt;
  std::size_t end = 0;
  if (text.front() == '"') {
    for (end = 1; end < text.size() && text[end] != '"'; ++end) {
      if (text[end] == '\\') ++end;
    }
    const std::string_view word = text.substr(1, std::min(end, text.size()) - 1);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
  }
  end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

bool is_method(std::string_view word) {
  return word.size() >= 3 && word.size() <= 10 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// nullopt: no line of an access log.
std::optional<Entry> entry_of(std::string_view line) {
  Entry entry;
  const std::size_t open = line.find('[');
  const std::size_t close = line.find(']', open);
  if (close == std::string_view::npos) return std::nullopt;
  entry.time = line.substr(open + 1, close - open - 1);
  entry.time_first = open == 0;
  std::string_view rest = line.substr(close + 1);
  const auto request = take_word(rest);
  if (!request || rest.empty()) return std::nullopt;
  std::string_view inside = *request;
  const std::size_t blank = inside.find(' ');
  entry.method = inside.substr(0, blank);
  // A client that sends no HTTP leaves `-`, or bytes, in place of a request.
  if (blank == std::string_view::npos || !is_method(entry.method)) {
    entry.method = {};
  } else {
    inside = trim(inside.substr(blank));
    const std::size_t protocol = inside.rfind(" HTTP/");
    entry.url = inside.substr(0, protocol);
  }
  while (const auto word = take_word(rest)) entry.words.push_back(*word);
  if (entry.words.empty()) return std::nullopt;
  return entry;
}

bool is_number_or_none(std::string_view word) { return word == "-" || consists_of(word, kDigits); }

// Envoy: status, flags, [Istio: three words on the cause,] bytes received, bytes sent, duration.
void read_envoy(const Entry& entry, RequestFields& fields, std::string& error) {
  const std::string_view flags = entry.words.size() > 1 ? entry.words[1] : "-";
  if (flags != "-") error = "Envoy response flags " + std::string(flags);
  // UT and SI and DT: timeouts of the upstream, the stream and the duration.
  for (const std::string_view timeout : {"UT", "SI", "DT"}) {
    if (flags.find(timeout) != std::string_view::npos) error = "timeout (" + error + ")";
  }
  for (std::size_t i = 2; i + 2 < entry.words.size() && i < 6; ++i) {
    if (!consists_of(entry.words[i], kDigits) || !consists_of(entry.words[i + 1], kDigits))
      continue;
    if (!is_number_or_none(entry.words[i + 2])) continue;
    fields.set(*RequestFields::find("duration_ms"), FieldValue::of(entry.words[i + 2]));
    return;
  }
}

// `rt=0.005` and the like, by the names that JSON logs have for them.
void read_named(const Entry& entry, RequestFields& fields) {
  for (const std::string_view word : entry.words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    const std::string_view key = word.substr(0, equals);
    std::string_view value = word.substr(equals + 1);
    if (value.starts_with('"')) value.remove_prefix(1);
    if (value.ends_with('"')) value.remove_suffix(1);
    if (value.empty() || value == "-") continue;
    const auto name = RequestFields::find(key == "rt" ? "request_time" : key);
    if (name) fields.set(*name, FieldValue::of(value));
  }
}

}  // namespace

bool accepts_access_log(const Head& head) {
  if (head.shape != Head::Shape::kText) return false;
  const std::string_view line = head.bytes.substr(0, head.bytes.find('\n'));
  const auto entry = entry_of(trim(line));
  return entry && (!entry->method.empty() || !entry->time_first) && entry->words[0].size() == 3 &&
         consists_of(entry->words[0], kDigits) && read_time(entry->time).ns.has_value();
}

Result<void> read_access_log(const Input& input, Sink& sink) {
  TextRecords records(input, sink);
  RequestFields fields;
  while (const auto line = records.next()) {
    if (trim(*line).empty()) continue;
    const auto entry = entry_of(*line);
    if (!entry) {
      if (records.lines().unterminated()) {
        records.cut_short(*line);
      } else {
        records.skipped("not a line of an access log; skipped", *line);
      }
      continue;
    }
    fields.clear();
    std::string error;
    read_named(*entry, fields);
    if (entry->time_first) read_envoy(*entry, fields, error);
    fields.set(*RequestFields::find("time_iso8601"), FieldValue::of(entry->time));
    fields.set(*RequestFields::find("status_code"), FieldValue::of(entry->words[0]));
    Request request;
    if (const auto problem = fields.read(request)) {
      records.skipped(problem->kind, *line);
      continue;
    }
    request.method = entry->method;
    request.url = entry->url;
    if (request.error.empty()) request.error = std::move(error);
    sink.request(std::move(request));
  }
  records.finish();
  return {};
}

}  // namespace culprit
