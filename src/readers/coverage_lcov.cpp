#include "readers/coverage_lcov.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/demangle.h"
#include "base/text.h"
#include "readers/file_section.h"
#include "readers/folded_warnings.h"
#include "readers/text_fields.h"

namespace culprit {

namespace {

constexpr std::string_view kNegative = "a negative count, taken as 0";
constexpr std::string_view kLineNumber = "no line number from 1 to 10000000, skipped";
constexpr std::string_view kNotACount = "not an execution count, skipped";
constexpr std::string_view kNoName = "a function record without a name, skipped";
constexpr std::string_view kNoFunction = "no FNL record has this index, skipped";
constexpr std::string_view kUnknown = "not a record of a tracefile, skipped";
constexpr std::string_view kOutside = "a record outside SF ... end_of_record, skipped";
constexpr std::string_view kCutShort = "the file ends within a record, which was skipped";
constexpr std::string_view kUnclosed =
    "no end_of_record before this: the section may be incomplete";

// Records that hold nothing culprit uses: summaries are recounted, branches are not elements.
bool is_known_record(std::string_view key) {
  constexpr std::string_view kKeys[] = {"TN",  "VER",  "FNDA", "FNF", "FNH", "BRDA",
                                        "BRF", "BRH",  "LF",   "LH",  "BA",  "BF",
                                        "BH",  "MCDC", "MCF",  "MCH", "MRF", "MRH"};
  return std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

class Tracefile {
 public:
  Tracefile(const Input& input, Sink& sink)
      : path_(input.path), sink_(sink), lines_(input), bad_(input.path, sink) {}

  Result<void> read() {
    while (const auto text = lines_.next()) {
      const std::string_view line = trim(*text);
      if (line.empty() || line.starts_with('#')) continue;
      if (line == "end_of_record") {
        end_section();
        continue;
      }
      if (lines_.unterminated()) {
        bad_.skipped(kCutShort, [&] { return lines_.error(line, std::string(kCutShort)); });
        continue;
      }
      record(line);
    }
    if (open_) {
      sink_.warn(error_in(path_,
                          "cut short: no end_of_record closes the section of `" +
                              printable(section_.path) + "`; its complete records were taken",
                          "record the coverage again"));
      end_section();
    }
    bad_.finish(lines_.number());
    return {};
  }

 private:
  struct Extent {
    std::uint32_t first_line = 0;
    std::uint32_t last_line = 0;
  };

  void record(std::string_view line) {
    std::string_view fields = line;
    const std::string_view key = take_field(fields, ':');
    if (key == "SF") {
      if (open_) {
        bad_.repaired(kUnclosed, [&] { return lines_.error(line, std::string(kUnclosed)); });
        end_section();
      }
      open_ = true;
      section_.path = clean_path(fields);
    } else if (is_known_record(key)) {
      return;
    } else if (key != "DA" && key != "FN" && key != "FNL" && key != "FNA") {
      bad_.skipped(kUnknown, [&] { return lines_.error(line, std::string(kUnknown)); });
    } else if (!open_) {
      bad_.skipped(kOutside, [&] { return lines_.error(line, std::string(kOutside)); });
    } else if (key == "DA") {
      line_record(fields);
    } else if (key == "FN") {
      function_record(fields);
    } else if (key == "FNL") {
      extent_record(fields);
    } else {
      alias_record(fields);
    }
  }

  // `line,count[,checksum]`. Records of one line (template instances in lcov 1.x) add up.
  void line_record(std::string_view fields) {
    const std::string_view number_field = take_field(fields, ',');
    const auto number = parse_line_number(number_field);
    if (!number) return skip(kLineNumber, number_field);
    const std::string_view count_field = take_field(fields, ',');
    const auto count = parse_count(count_field);
    if (!count) return skip(kNotACount, count_field);
    if (count->negative)
      bad_.repaired(kNegative, [&] { return lines_.error(count_field, std::string(kNegative)); });
    section_.lines.push_back({*number, count->value});
  }

  // `line,name`, since lcov 2.0 `line,end,name`. Names may hold commas, so a number is an end line
  // only when something follows it.
  void function_record(std::string_view fields) {
    const std::string_view first_field = take_field(fields, ',');
    const auto first = first_field == "0" ? 0U : parse_line_number(first_field);
    if (!first) return skip(kLineNumber, first_field);
    std::string_view rest = fields;
    auto last = parse_line_number(take_field(rest, ','));
    if (rest.empty()) last.reset();
    if (last) fields = rest;
    if (fields.empty()) return skip(kNoName, first_field);
    add_function(fields, {*first, last.value_or(0)});
  }

  // `index,line[,end]`, lcov 2.2 and newer; the names follow in FNA records.
  void extent_record(std::string_view fields) {
    const std::string_view index_field = take_field(fields, ',');
    const auto index = parse_u64(index_field);
    const std::string_view first_field = take_field(fields, ',');
    const auto first = parse_line_number(first_field);
    if (!index || !first) return skip(kLineNumber, first_field);
    extents_[*index] = {*first, parse_line_number(fields).value_or(0)};
  }

  // `index,count,name`, several for one index.
  void alias_record(std::string_view fields) {
    const std::string_view index_field = take_field(fields, ',');
    const auto index = parse_u64(index_field);
    const auto extent = index ? extents_.find(*index) : extents_.end();
    if (extent == extents_.end()) return skip(kNoFunction, index_field);
    static_cast<void>(take_field(fields, ','));
    if (fields.empty()) return skip(kNoName, index_field);
    add_function(fields, extent->second);
  }

  void add_function(std::string_view name, Extent extent) {
    if (extent.last_line < extent.first_line) extent.last_line = 0;
    section_.functions.push_back({demangle(name), extent.first_line, extent.last_line});
  }

  void skip(std::string_view kind, std::string_view at) {
    bad_.skipped(kind, [&] { return lines_.error(at, std::string(kind)); });
  }

  void end_section() {
    if (open_) section_.tell(sink_);
    open_ = false;
    section_ = {};
    extents_.clear();
  }

  std::string_view path_;
  Sink& sink_;
  LineReader lines_;
  FoldedWarnings bad_;
  bool open_ = false;
  FileSection section_;
  std::map<std::uint64_t, Extent> extents_;
};

}  // namespace

bool accepts_lcov(const Head& head) {
  const Input input{{}, head.bytes};
  LineReader lines(input);
  auto line = lines.next();
  while (line && (trim(*line).empty() || line->starts_with('#'))) line = lines.next();
  return line && (line->starts_with("TN:") || line->starts_with("SF:"));
}

Result<void> read_lcov(const Input& input, Sink& sink) { return Tracefile(input, sink).read(); }

}  // namespace culprit
