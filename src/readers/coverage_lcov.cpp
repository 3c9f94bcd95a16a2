#include "readers/coverage_lcov.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/demangle.h"
#include "base/text.h"
#include "readers/file_section.h"
#include "readers/text_records.h"

namespace culprit {

namespace {

constexpr std::string_view kNoName = "a function record without a name, skipped";
constexpr std::string_view kNoIndex = "not the index of a function, skipped";
constexpr std::string_view kNoFunction = "no FNL record has this index, skipped";
constexpr std::string_view kNoBranch = "not a branch (`line,block,branch,taken`), skipped";
constexpr std::string_view kUnknown = "not a record of a tracefile, skipped";
constexpr std::string_view kOutside = "a record outside SF ... end_of_record, skipped";
constexpr std::string_view kUnclosed =
    "no end_of_record before this: the section may be incomplete";
constexpr std::string_view kNoPath = "not the path of a source file, its section is skipped";

// Records that hold nothing culprit uses: summaries are recounted.
bool is_known_record(std::string_view key) {
  constexpr std::string_view kKeys[] = {"TN",   "VER", "FNDA", "FNF", "FNH", "BRF",
                                        "BRH",  "LF",  "LH",   "BA",  "BF",  "BH",
                                        "MCDC", "MCF", "MCH",  "MRF", "MRH"};
  return std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

// Records of versions to come look like this; what looks otherwise was another record once.
bool may_be_a_key(std::string_view key, std::string_view line) {
  return key.size() > 1 && key.size() < line.size() &&
         std::ranges::all_of(key, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool may_be_a_path(std::string_view text) {
  return !text.empty() &&
         std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

class Tracefile {
 public:
  Tracefile(const Input& input, Sink& sink)
      : path_(input.path), sink_(sink), records_(input, sink) {}

  Result<void> read() {
    while (const auto text = records_.next()) {
      const std::string_view line = trim(*text);
      if (line.empty() || line.starts_with('#')) continue;
      if (line == "end_of_record") {
        end_section();
        continue;
      }
      if (records_.lines().unterminated()) {
        if (!open_) return fail(cut_between_sections());
        records_.cut_short(line);
        continue;
      }
      record(line);
    }
    if (announced_ && sections_ > 0) return fail(cut_between_sections());
    if (open_) {
      sink_.warn(error_in(
          path_,
          "cut short: no end_of_record closes the section of `" + printable(section_.path) + "`",
          "record the coverage again"));
      is_damaged_ = false;  // and more than that
      const std::string path(section_.path);
      end_section();
      sink_.lost(path);
    }
    warn_of_losses();
    records_.finish();
    return {};
  }

 private:
  struct Extent {
    std::uint32_t first_line = 0;
    std::uint32_t last_line = 0;
  };

  // What the sections that are missing tell of is not known.
  [[nodiscard]] Error cut_between_sections() const {
    return error_in(path_, "cut short after " + plural(sections_, "section"),
                    "record the coverage again");
  }

  void record(std::string_view line) {
    std::string_view fields = line;
    const std::string_view key = take_field(fields, ':');
    // A test's name comes before each section.
    announced_ = key == "TN";
    if (key == "SF") {
      if (open_) {
        records_.repaired(kUnclosed, line);
        is_damaged_ = true;
        end_section();
      }
      open_ = true;
      if (may_be_a_path(fields)) {
        section_.path = clean_path(fields);
      } else {
        records_.skipped(kNoPath, line);
        is_damaged_ = true;
      }
    } else if (is_known_record(key)) {
      return;
    } else if (key != "DA" && key != "FN" && key != "FNL" && key != "FNA" && key != "BRDA") {
      records_.skipped(kUnknown, line);
      is_damaged_ = is_damaged_ || (open_ && !may_be_a_key(key, line));
    } else if (!open_) {
      // Of a section whose SF is damaged.
      records_.skipped(kOutside, line);
      if (unnamed_++ == 0) sink_.lost({});
    } else if (key == "DA") {
      line_record(fields);
    } else if (key == "BRDA") {
      branch_record(fields);
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
    const std::string_view line = take_field(fields, ',');
    const auto number = records_.line_number(line);
    const auto count = number ? records_.count(take_field(fields, ',')) : std::nullopt;
    if (count) {
      section_.lines.push_back({*number, *count});
    } else if (line != "0") {  // which compilers give code without a line
      is_damaged_ = true;
    }
  }

  // `line,block,branch,taken`. Block and branch only tell branches apart, and the branch may be an
  // expression with commas (lcov 2.x). `-`: the block never ran.
  void branch_record(std::string_view fields) {
    const std::string_view whole = fields;
    const auto number = records_.line_number(take_field(fields, ','));
    if (!number) return;
    const std::size_t end = fields.rfind(',');
    const std::string_view taken = fields.substr(end == std::string_view::npos ? 0 : end + 1);
    const auto count = taken == "-" ? CountField() : parse_count(taken);
    if (end == std::string_view::npos || !count) return records_.skipped(kNoBranch, whole);
    auto& names = branches_[*number];
    const auto [at, added] =
        names.try_emplace(fields.substr(0, end), static_cast<std::uint32_t>(names.size()));
    section_.branches.push_back({*number, at->second, count->value > 0});
  }

  // `line,name`, since lcov 2.0 `line,end,name`. Names may hold commas, so a number is an end line
  // only when something follows it.
  void function_record(std::string_view fields) {
    const std::string_view first_field = take_field(fields, ',');
    const auto first = first_field == "0" ? 0U : records_.line_number(first_field);
    if (!first) return;
    std::string_view rest = fields;
    auto last = parse_line_number(take_field(rest, ','));
    if (rest.empty()) last.reset();
    if (last) fields = rest;
    if (fields.empty()) return records_.skipped(kNoName, first_field);
    add_function(fields, {*first, last.value_or(0)});
  }

  // `index,line[,end]`, lcov 2.2 and newer; the names follow in FNA records.
  void extent_record(std::string_view fields) {
    const std::string_view index_field = take_field(fields, ',');
    const auto index = parse_u64(index_field);
    if (!index) return records_.skipped(kNoIndex, index_field);
    const auto first = records_.line_number(take_field(fields, ','));
    if (first) extents_[*index] = {*first, parse_line_number(fields).value_or(0)};
  }

  // `index,count,name`, several for one index.
  void alias_record(std::string_view fields) {
    const std::string_view index_field = take_field(fields, ',');
    const auto index = parse_u64(index_field);
    const auto extent = index ? extents_.find(*index) : extents_.end();
    if (extent == extents_.end()) return records_.skipped(kNoFunction, index_field);
    static_cast<void>(take_field(fields, ','));
    if (fields.empty()) return records_.skipped(kNoName, index_field);
    add_function(fields, extent->second);
  }

  void add_function(std::string_view name, Extent extent) {
    if (extent.last_line < extent.first_line) extent.last_line = 0;
    section_.functions.push_back({demangle(name), extent.first_line, extent.last_line});
  }

  void end_section() {
    if (open_) {
      section_.tell(sink_);
      ++sections_;
      if (is_damaged_) lose_section();
    }
    open_ = false;
    is_damaged_ = false;
    section_ = {};
    extents_.clear();
    branches_.clear();
  }

  // A line that it would have told of must not count as one that never ran.
  void lose_section() {
    if (section_.path.empty()) {
      if (unnamed_++ == 0) sink_.lost({});
      return;
    }
    sink_.lost(section_.path);
    if (lost_++ == 0) first_lost_ = section_.path;
  }

  void warn_of_losses() {
    if (lost_ != 0) {
      sink_.warn(error_in(path_, "what the run did in `" + printable(first_lost_) + "`" +
                                     (lost_ == 1 ? "" : " and " + plural(lost_ - 1, "more file")) +
                                     " is not known: records of it are damaged"));
    }
    if (unnamed_ != 0) {
      sink_.warn(error_in(path_,
                          "records of a source file that is not named: what the run did in "
                          "it is not known"));
    }
  }

  std::string_view path_;
  Sink& sink_;
  TextRecords records_;
  bool open_ = false;
  bool is_damaged_ = false;  // the section that is open
  std::size_t lost_ = 0;     // sections
  std::size_t unnamed_ = 0;  // records and sections of files whose names are not known
  std::string first_lost_;
  bool announced_ = false;
  std::size_t sections_ = 0;
  FileSection section_;
  std::map<std::uint64_t, Extent> extents_;
  // By line: block and branch, and their number within the line.
  std::unordered_map<std::uint32_t, std::map<std::string_view, std::uint32_t>> branches_;
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
