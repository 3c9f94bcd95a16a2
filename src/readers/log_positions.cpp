#include "readers/log_positions.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "base/text.h"
#include "readers/csv_records.h"
#include "readers/dom_fields.h"
#include "readers/json_rows.h"
#include "readers/record_values.h"
#include "readers/service_names.h"
#include "readers/trace_ids.h"

namespace culprit {

namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

TextPattern usual(std::string_view text) {
  std::string error;
  return *TextPattern::parse(text, error);
}

// "12:30" is a time of day: a file has an extension.
bool is_file(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  return dot != std::string_view::npos && dot + 1 < text.size() &&
         !(text[dot + 1] >= '0' && text[dot + 1] <= '9');
}

using Names = std::span<const std::string_view>;
constexpr std::string_view kTexts[] = {"log", "message", "msg", "text", "body"};
constexpr std::string_view kTraces[] = {"trace_id", "traceid", "trace", "trace.id"};
constexpr std::string_view kServices[] = {"service", "service_name", "podname",
                                          "pod",     "app",          "container"};
constexpr std::string_view kTimes[] = {"timeunixnano", "timestamp", "time", "@timestamp", "ts"};

// What the lines of one file say, before any of it is told.
class Positions {
 public:
  Positions(const Input& input, const LogFormat& format) : input_(input), format_(format) {}

  void add(std::string_view text, std::string_view trace, std::string_view service,
           std::string_view time) {
    ++lines_;
    const auto match = position_in(text);
    if (format_.trace_in_text) {
      const auto found = format_.trace_in_text->find(text);
      trace = found ? found->trace : std::string_view();
    } else if (trace.empty() && match) {
      trace = match->trace;
    }
    std::string run = trace_id(trace);
    const auto line = match ? parse_u64(match->line) : std::nullopt;
    if (!line || *line == 0 || *line > kMaxLine) {
      ++without_position_;
      return;
    }
    if (run.empty()) {
      ++without_trace_;
      return;
    }
    if (service.empty()) service = match->service;
    Trace& seen = traces_[std::move(run)];
    seen.hits[{std::string(service_of_pod(service)), std::string(match->place)}].insert(
        static_cast<std::uint32_t>(*line));
    if (const auto ns = read_time(time).ns) {
      if (!seen.time) seen.time = TimeSpan{*ns, *ns};
      seen.time->from_ns = std::min(seen.time->from_ns, *ns);
      seen.time->to_ns = std::max(seen.time->to_ns, *ns);
    }
  }

  void tell(Sink& sink) const {
    for (const auto& [trace, seen] : traces_) {
      sink.run(trace);
      sink.window({seen.time, {}, true});
      for (const auto& [where, lines] : seen.hits) {
        sink.service(where.first);
        sink.file(where.second);
        for (const std::uint32_t line : lines) sink.hit(line, true);
      }
    }
    const std::size_t lost = without_position_ + without_trace_;
    if (lost == 0) return;
    sink.warn(error_in(input_.path,
                       std::to_string(lost) + " of " + std::to_string(lines_) +
                           " log lines were left out: " + std::to_string(without_position_) +
                           " name no place, " + std::to_string(without_trace_) + " no trace"));
  }

 private:
  struct Trace {
    std::map<std::pair<std::string, std::string>, std::set<std::uint32_t>> hits;  // service, file
    std::optional<TimeSpan> time;
  };

  [[nodiscard]] std::optional<TextPattern::Match> position_in(std::string_view text) const {
    static const TextPattern kClass = usual("{class}#{line}");
    static const TextPattern kFile = usual("{file}:{line}");
    if (format_.position) return format_.position->find(text);
    const auto match = kClass.find(text);
    return match ? match : kFile.find(text);
  }

  const Input& input_;
  const LogFormat& format_;
  std::map<std::string, Trace> traces_;
  std::size_t lines_ = 0;
  std::size_t without_position_ = 0;
  std::size_t without_trace_ = 0;
};

std::optional<std::size_t> column(const CsvHeader& header, const std::string& name, Names usual) {
  if (!name.empty()) return header.find(name);
  return header.find(usual);
}

// What [[logs]] names and the file has not.
void warn_of_missing(const Input& input, const LogFormat& format,
                     const std::array<std::pair<const char*, bool>, 4>& told, const char* what,
                     Sink& sink) {
  const std::array<const std::string*, 4> names = {&format.text, &format.trace, &format.service,
                                                   &format.time};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i]->empty() || told[i].second) continue;
    sink.warn(error_in(input.path, std::string("has no ") + what + " `" + printable(*names[i]) +
                                       "`, which [[logs]] names as its " + told[i].first));
  }
}

Result<void> read_csv(const Input& input, const LogFormat& format, Sink& sink, Positions& found) {
  CsvRecords records(input, sink);
  const auto text = column(records.header(), format.text, kTexts);
  const auto trace = column(records.header(), format.trace, kTraces);
  const auto service = column(records.header(), format.service, kServices);
  const auto time = column(records.header(), format.time, kTimes);
  const std::array<std::pair<const char*, bool>, 4> told = {{{"text", text.has_value()},
                                                             {"trace", trace.has_value()},
                                                             {"service", service.has_value()},
                                                             {"time", time.has_value()}}};
  warn_of_missing(input, format, told, "column", sink);
  while (records.next()) {
    found.add(records.field(text), records.field(trace), records.field(service),
              records.field(time));
  }
  records.finish();
  return {};
}

Result<void> read_json(const Input& input, const LogFormat& format, Sink& sink, Positions& found) {
  JsonRows rows(input, sink);
  std::array<std::string, 4> texts;
  const auto value = [&](simdjson::dom::element row, const std::string& name, Names usual,
                         std::string& text) -> std::string_view {
    text.clear();
    simdjson::dom::object object;
    if (row.get_object().get(object)) return text;
    for (const auto& [key, member] : object) {
      const bool wanted = name.empty() ? std::any_of(usual.begin(), usual.end(),
                                                     [&, k = key](std::string_view each) {
                                                       return equal_ignoring_case(k, each);
                                                     })
                                       : key == name;
      if (!wanted) continue;
      std::string_view word;
      std::int64_t number = 0;
      if (!member.get_string().get(word)) {
        text = word;
      } else if (!member.get_int64().get(number)) {
        text = std::to_string(number);
      }
      if (!text.empty()) break;
    }
    return text;
  };
  std::array<std::pair<const char*, bool>, 4> told = {
      {{"text", false}, {"trace", false}, {"service", false}, {"time", false}}};
  bool any = false;
  for (;;) {
    for (std::size_t i = 0; i < told.size(); ++i) {
      told[i].second = told[i].second || !texts[i].empty();
    }
    const auto row = rows.next();
    if (!row) return fail(row.error());
    if (!*row) break;
    any = true;
    found.add(value(**row, format.text, kTexts, texts[0]),
              value(**row, format.trace, kTraces, texts[1]),
              value(**row, format.service, kServices, texts[2]),
              value(**row, format.time, kTimes, texts[3]));
  }
  rows.finish();
  if (any) warn_of_missing(input, format, told, "member", sink);
  return {};
}

}  // namespace

std::optional<TextPattern> TextPattern::parse(std::string_view text, std::string& error) {
  constexpr std::array<std::pair<std::string_view, Hole>, 5> kHoles = {
      {{"class", Hole::kPlace},
       {"file", Hole::kFile},
       {"line", Hole::kLine},
       {"trace", Hole::kTrace},
       {"service", Hole::kService}}};
  TextPattern pattern;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) {
      pattern.parts_.push_back({Hole::kNone, std::string(text.substr(0, open))});
      text.remove_prefix(std::min(open, text.size()));
      continue;
    }
    const std::size_t close = text.find('}');
    const std::string_view name = text.substr(1, close == std::string_view::npos ? 0 : close - 1);
    const auto* const hole = std::find_if(kHoles.begin(), kHoles.end(),
                                          [&](const auto& each) { return each.first == name; });
    if (hole == kHoles.end()) {
      error = "a pattern's holes are {class}, {file}, {line}, {trace} and {service}";
      return std::nullopt;
    }
    if (!pattern.parts_.empty() && pattern.parts_.back().hole != Hole::kNone) {
      error = "two holes need a text between them";
      return std::nullopt;
    }
    pattern.parts_.push_back({hole->second, {}});
    text.remove_prefix(close + 1);
  }
  if (std::all_of(pattern.parts_.begin(), pattern.parts_.end(),
                  [](const Part& part) { return part.hole == Hole::kNone; }) ||
      pattern.parts_.size() < 2) {
    error = "a pattern has a text and a hole, such as {class}#{line}";
    return std::nullopt;
  }
  return pattern;
}

bool TextPattern::takes(Hole hole, char c) {
  if (hole == Hole::kLine) return c >= '0' && c <= '9';
  if (is_alphanumeric(c) || c == '_' || c == '.') return true;
  if (hole == Hole::kPlace) return c == '$';
  if (hole == Hole::kFile)
    return c == '/' || c == '\\' || c == '-' || c == '+' || c == '@' || c == '~';
  return c == '-';
}

void TextPattern::set(Hole hole, std::string_view value, Match& match) {
  if (hole == Hole::kPlace || hole == Hole::kFile) match.place = value;
  if (hole == Hole::kLine) match.line = value;
  if (hole == Hole::kTrace) match.trace = value;
  if (hole == Hole::kService) match.service = value;
}

bool TextPattern::match_from(std::size_t part, std::string_view text, std::size_t at,
                             Match& match) const {
  for (; part < parts_.size(); ++part) {
    if (parts_[part].hole == Hole::kNone) {
      if (!text.substr(at).starts_with(parts_[part].literal)) return false;
      at += parts_[part].literal.size();
      continue;
    }
    const std::size_t start = at;
    while (at < text.size() && takes(parts_[part].hole, text[at])) ++at;
    if (at == start) return false;
    if (parts_[part].hole == Hole::kFile && !is_file(text.substr(start, at - start))) return false;
    set(parts_[part].hole, text.substr(start, at - start), match);
  }
  return true;
}

std::optional<TextPattern::Match> TextPattern::find(std::string_view text) const {
  const bool leads = parts_.front().hole != Hole::kNone;
  const std::string& literal = parts_[leads ? 1 : 0].literal;
  for (std::size_t at = text.find(literal); at != std::string_view::npos;
       at = text.find(literal, at + 1)) {
    Match match;
    if (leads) {
      std::size_t start = at;
      while (start > 0 && takes(parts_[0].hole, text[start - 1])) --start;
      if (start == at) continue;
      if (parts_[0].hole == Hole::kFile && !is_file(text.substr(start, at - start))) continue;
      set(parts_[0].hole, text.substr(start, at - start), match);
    }
    if (match_from(leads ? 1 : 0, text, at, match)) return match;
  }
  return std::nullopt;
}

bool TextPattern::has(Hole hole) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [&](const Part& part) { return part.hole == hole; });
}

bool TextPattern::has_position() const {
  return (has(Hole::kPlace) || has(Hole::kFile)) && has(Hole::kLine);
}

bool TextPattern::has_trace() const { return has(Hole::kTrace); }

Result<void> read_logs(const Input& input, const LogFormat& format, Sink& sink) {
  Positions found(input, format);
  const std::string_view start = trim(input.bytes.substr(0, 256));
  const CsvHeader header = CsvHeader::of(input.bytes);
  Result<void> done;
  if (start.starts_with('{') || start.starts_with("[{")) {
    done = read_json(input, format, sink, found);
  } else if (column(header, format.text, kTexts) && header.names().size() > 1) {
    done = read_csv(input, format, sink, found);
  } else {
    LineReader lines(input);
    while (const auto line = lines.next()) {
      if (!trim(*line).empty()) found.add(*line, {}, {}, {});
    }
  }
  if (done) found.tell(sink);
  return done;
}

bool accepts_log_positions(const Head&) { return false; }

Result<void> read_log_positions(const Input& input, Sink& sink) {
  return read_logs(input, {}, sink);
}

}  // namespace culprit
