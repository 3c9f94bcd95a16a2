#include "readers/coverage_hits_jsonl.h"

#include <simdjson.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "readers/dom_fields.h"
#include "readers/folded_warnings.h"
#include "readers/json_fields.h"
#include "readers/record_values.h"
#include "readers/trace_ids.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

// A string, or the digits of a whole number.
std::optional<std::string> name_of(dom::element value) {
  std::string_view text;
  if (!value.get_string().get(text)) return std::string(text);
  std::int64_t number = 0;
  if (!value.get_int64().get(number)) return std::to_string(number);
  return std::nullopt;
}

class HitsJsonl {
 public:
  HitsJsonl(const Input& input, Sink& sink)
      : input_(input),
        sink_(sink),
        lines_(input),
        padded_(input.bytes),
        warnings_(input.path, sink) {}

  Result<void> read() {
    while (const auto line = lines_.next()) {
      line_ = *line;
      if (trim(line_).empty()) continue;
      ++runs_;
      ++records_;
      // The copy is padded for the parser; a line of it is followed by the rest of the file.
      const auto offset = static_cast<std::size_t>(line_.data() - input_.bytes.data());
      dom::element record;
      if (const auto error =
              parser_.parse(padded_.data() + offset, line_.size(), false).get(record)) {
        if (!bad_json(error)) break;
      } else {
        read_record(record);
      }
    }
    warnings_.finish(records_);
    return {};
  }

 private:
  // False: the file ends in the middle of a record.
  bool bad_json(simdjson::error_code error) {
    if (lines_.unterminated() && ends_early(line_)) {
      sink_.warn(lines_.error(line_, "the last record is cut short; the " +
                                         std::to_string(runs_ - 1) + " before it were kept"));
      return false;
    }
    warnings_.skipped("line is not JSON", [&] {
      auto parsed = parse_json_line(lines_, line_);
      return parsed ? lines_.error(line_, simdjson::error_message(error))
                    : std::move(parsed.error());
    });
    return true;
  }

  void read_record(dom::element record) {
    dom::element value;
    std::optional<std::string> run;
    dom::array hits;
    if (!record["run"].get(value)) run = name_of(value);
    if (!run || run->empty()) return skip_record("/run", "record has no run name; skipped");
    if (record["hits"].get_array().get(hits)) {
      return skip_record("/hits", "record has no list `hits`; skipped");
    }
    sink_.run(*run);
    read_service(record);
    dom::array unknown;
    if (!record["unknown"].get_array().get(unknown)) {
      for (const dom::element path : unknown) {
        std::string_view text;
        if (!path.get_string().get(text) && !text.empty()) sink_.lost(text);
      }
    }
    const Verdict verdict = read_verdict(record);
    read_request(record, *run, verdict);

    file_ = {};
    std::size_t index = 0;
    for (const dom::element hit : hits) read_hit(hit, index++);
  }

  void read_service(dom::element record) {
    dom::element value;
    std::optional<std::string> service;
    if (!record["service"].get(value)) service = name_of(value);
    if (service || has_named_service_) sink_.service(service.value_or(""));
    if (service) has_named_service_ = true;
  }

  Verdict read_verdict(dom::element record) {
    dom::element value;
    if (record["verdict"].get(value) || value.is_null()) return Verdict::kUnknown;
    bool passed = false;
    std::string_view word;
    if (!value.get_bool().get(passed)) {
      word = passed ? "true" : "false";
    } else if (value.get_string().get(word)) {
      word = {};
    }
    const auto verdict = verdict_of_word(word);
    if (!verdict) {
      warnings_.repaired("verdict is no verdict", [&] {
        return lines_.error(locate(line_, "/verdict"), "not a verdict; taken as unknown",
                            "write pass, fail, error, true or false");
      });
      return Verdict::kUnknown;
    }
    std::string_view reason;
    const bool told = !record["reason"].get_string().get(reason) && !trim(reason).empty();
    sink_.outcome(*verdict, told ? std::string(reason) : "verdict " + printable(word, 40));
    return *verdict;
  }

  void read_request(dom::element record, const std::string& run, Verdict verdict) {
    Request request;
    request.run = run;
    request.verdict = verdict;
    request.time_ns = read_time_field(record);
    std::string_view trace;
    if (!record["trace"].get_string().get(trace)) request.trace = trace_id(trace);
    if (!request.time_ns && request.trace.empty()) return;
    // A run has one record for each of its services, but made one request.
    std::string key = run + '\n' + request.trace;
    if (request.time_ns) key += '\n' + std::to_string(*request.time_ns);
    if (requests_.insert(std::move(key)).second) sink_.request(std::move(request));
  }

  std::optional<std::int64_t> read_time_field(dom::element record) {
    dom::element value;
    if (record["time"].get(value) || value.is_null()) return std::nullopt;
    std::string_view text;
    std::int64_t whole = 0;
    double number = 0;
    TimeReading time{{}, "time is neither a number nor text"};
    if (!value.get_string().get(text)) {
      time = read_time(text);
    } else if (!value.get_int64().get(whole)) {
      time = read_time(std::to_string(whole));
    } else if (!value.get_double().get(number)) {
      time = read_time(number);
    }
    if (!time.problem.empty()) {
      warnings_.repaired("bad time, ignored", [&] {
        return lines_.error(locate(line_, "/time"), time.problem + "; ignored");
      });
    }
    return time.ns;
  }

  void read_hit(dom::element hit, std::size_t index) {
    ++records_;
    dom::object object;
    if (hit.get_object().get(object)) {
      return skip_hit(index, "", R"(hit is not an object {"file", "line"}; skipped)");
    }
    std::string_view file;
    std::string_view function;
    std::optional<std::uint32_t> first_line;
    std::uint32_t last_line = 0;
    std::optional<std::uint32_t> number;
    std::optional<dom::element> count;
    std::optional<dom::element> branches;
    for (const auto [key, value] : object) {
      if (key == "file") {
        if (value.get_string().get(file)) file = {};
      } else if (key == "line") {
        number = line_number_of(value);
      } else if (key == "count") {
        if (!value.is_null()) count = value;
      } else if (key == "branches") {
        branches = value;
      } else if (key == "function") {
        if (value.get_string().get(function)) function = {};
      } else if (key == "first_line") {
        first_line = line_number_of(value);
      } else if (key == "last_line") {
        last_line = line_number_of(value).value_or(0);
      }
    }
    if (file.empty()) return skip_hit(index, "file", "hit has no file; skipped");
    if (!number) {
      return skip_hit(index, "line",
                      "hit has no line number in 1.." + std::to_string(kMaxLine) + "; skipped");
    }
    std::optional<std::uint64_t> times;
    if (count && !(times = read_count(*count, index))) return;

    if (file != file_) {
      sink_.file(clean_path(file));
      file_ = file;
    }
    if (first_line && !function.empty()) sink_.function(function, *first_line, last_line);
    if (times) {
      sink_.line(*number, *times, function);
    } else {
      sink_.hit(*number, true, function);
    }
    if (branches) read_branches(*branches);
  }

  // How often each way out of the line was taken, or how many of them were.
  void read_branches(dom::element value) {
    dom::array ways;
    if (!value.get_array().get(ways)) {
      std::uint32_t branch = 0;
      for (const dom::element way : ways) {
        if (branch == kMaxBranches) break;
        const auto often = count_of(way);
        sink_.branch(branch++, often && often->value > 0);
      }
      return;
    }
    std::uint64_t taken = 0;
    std::uint64_t of = 0;
    if (value["taken"].get_uint64().get(taken) || value["of"].get_uint64().get(of)) return;
    if (of <= kMaxBranches && taken <= of) {
      sink_.branches(static_cast<std::uint32_t>(taken), static_cast<std::uint32_t>(of));
    }
  }

  // nullopt: no count, which has been said.
  std::optional<std::uint64_t> read_count(dom::element value, std::size_t index) {
    const auto count = count_of(value);
    if (!count) {
      skip_hit(index, "count", "count is not a whole number; hit skipped");
      return std::nullopt;
    }
    if (count->negative) {
      warnings_.repaired("negative count, taken as 0", [&] {
        return lines_.error(locate(line_, pointer_to(index, "count")),
                            "count is negative; taken as 0");
      });
    }
    return count->value;
  }

  static std::string pointer_to(std::size_t hit, std::string_view field) {
    std::string pointer = "/hits/" + std::to_string(hit);
    if (!field.empty()) pointer += '/' + std::string(field);
    return pointer;
  }

  void skip_record(std::string_view pointer, std::string what) {
    warnings_.skipped("record without run or hits",
                      [&] { return lines_.error(locate(line_, pointer), std::move(what)); });
  }

  // Points at the field, or at the hit that lacks it.
  void skip_hit(std::size_t index, std::string_view field, std::string what) {
    warnings_.skipped("bad hit", [&] {
      std::string_view at = locate(line_, pointer_to(index, field));
      if (at.size() == line_.size()) at = locate(line_, pointer_to(index, ""));
      return lines_.error(at, std::move(what));
    });
  }

  const Input& input_;
  Sink& sink_;
  LineReader lines_;
  simdjson::padded_string padded_;
  dom::parser parser_;
  FoldedWarnings warnings_;
  std::string_view line_;
  std::size_t runs_ = 0;     // lines that are not blank
  std::size_t records_ = 0;  // and the hits in them
  bool has_named_service_ = false;
  std::string_view file_;
  std::unordered_set<std::string> requests_;
};

}  // namespace

bool accepts_hits_jsonl(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.has("run") && head.has("hits");
}

Result<void> read_hits_jsonl(const Input& input, Sink& sink) {
  return HitsJsonl(input, sink).read();
}

}  // namespace culprit
