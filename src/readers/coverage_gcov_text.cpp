#include "readers/coverage_gcov_text.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/demangle.h"
#include "base/text.h"
#include "readers/file_section.h"
#include "readers/text_records.h"

namespace culprit {

namespace {

constexpr std::size_t kHeaderLines = 10;

constexpr std::string_view kNotALine = "not a line of a gcov report, skipped";

struct CountColumn {
  std::string_view text;
  bool executable = false;
  CountField count = {};
};

// `12.3M`, as gcov --human-readable writes 12345678.
std::optional<CountField> parse_human_readable(std::string_view text) {
  constexpr std::string_view kUnits = "kMGTPEZY";
  const std::size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  if (unit == std::string_view::npos) return std::nullopt;
  const auto number = parse_double(text.substr(0, text.size() - 1));
  if (!number || *number < 0) return std::nullopt;
  const double value = std::round(*number * std::pow(1000.0, static_cast<double>(unit + 1)));
  constexpr double kTop = 18446744073709551616.0;
  return CountField{value < kTop ? static_cast<std::uint64_t>(value) : UINT64_MAX, false};
}

std::optional<CountColumn> parse_count_column(std::string_view text) {
  if (text == "-") return CountColumn{text, false};
  std::string_view number = text;
  if (number.ends_with('*')) number.remove_suffix(1);  // hit, though a block of it never ran
  if (number == "#####" || number == "=====") return CountColumn{text, true};
  if (number == "%%%%%" || number == "$$$$$") return CountColumn{text, true};  // blocks of gcov -a
  auto count = parse_count(number);
  if (!count) count = parse_human_readable(number);
  if (!count) return std::nullopt;
  return CountColumn{text, true, *count};
}

bool is_rule(std::string_view line) {
  return line.size() >= 10 && line.find_first_not_of('-') == std::string_view::npos;
}

// What -b and -c put between the source lines, up to GCC 15.
bool is_annotation(std::string_view line) {
  constexpr std::string_view kWords[] = {"branch ", "call ",  "unconditional ", "condition ",
                                         "path ",   "paths ", "function ",      "lambda "};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return line.starts_with(word); });
}

// Annotated source. Functions that share their lines (template instances, constructor variants) are
// told twice: first the totals, then under a rule and a heading each instance with the same source
// lines again. Only the totals count.
class AnnotatedSource {
 public:
  AnnotatedSource(const Input& input, Sink& sink) : sink_(sink), records_(input, sink) {}

  Result<void> read() {
    while (const auto line = records_.next()) {
      const bool after_rule = std::exchange(after_rule_, false);
      if (line->empty()) continue;
      if (is_rule(*line)) {
        close_instance();
        after_rule_ = true;
        continue;
      }
      std::string_view rest = *line;
      const std::string_view column = trim(take_field(rest, ':'));
      const auto count = parse_count_column(column);
      if (count && rest.data() != line->data() + line->size()) {
        if (auto done = source_line(*count, rest); !done) return done;
      } else if (after_rule && line->ends_with(':')) {
        in_instance_ = true;
        start_function(line->substr(0, line->size() - 1));
      } else if (is_annotation(*line)) {
        if (line->starts_with("function ")) function_line(line->substr(9));
        if (line->starts_with("branch ")) branch_line(*line);
      } else if (records_.lines().unterminated()) {
        records_.cut_short(*line);
      } else {
        records_.skipped(kNotALine, *line);
      }
    }
    if (!seen_source_) return fail(no_source());
    end_section();
    records_.finish();
    return {};
  }

 private:
  Error no_source() const {
    return records_.error({}, "a gcov report without a `Source:` header",
                          "the file's beginning is missing: run gcov again");
  }

  // `rest` is what follows the count column: `lineno:source`, or `lineno-block  n` with gcov -a.
  Result<void> source_line(const CountColumn& column, std::string_view rest) {
    const std::size_t end = rest.find(':');
    const std::string_view field = trim(rest.substr(0, end));
    const std::size_t block = field.find("-block");
    if (block != std::string_view::npos && parse_u64(field.substr(0, block))) return {};
    if (end == std::string_view::npos) {
      if (records_.lines().unterminated()) {
        records_.cut_short(rest);
      } else {
        records_.skipped(kNotALine, rest);
      }
      return {};
    }
    if (field == "0") {
      header(rest.substr(end + 1));
      return {};
    }
    if (!seen_source_) return fail(no_source());
    const auto number = records_.line_number(field);
    if (!number) return {};
    for (std::string& name : pending_) {
      section_.functions.push_back({std::move(name), *number, 0});
      if (in_instance_) ++instance_functions_;
    }
    pending_.clear();
    last_number_ = *number;
    branches_of_line_ = 0;
    if (in_instance_ || !column.executable) return {};
    section_.lines.push_back({*number, records_.count(column.count, column.text)});
    return {};
  }

  // `branch  0 taken 25% (fallthrough)`, with -c `branch  0 taken 9`, or `branch  0 never
  // executed`. Lines of grouped functions have theirs in the instances only.
  void branch_line(std::string_view line) {
    constexpr std::string_view kTaken = " taken ";
    const std::size_t at = line.find(kTaken);
    bool taken = false;
    if (at != std::string_view::npos) {
      std::string_view rest = line.substr(at + kTaken.size());
      const std::string_view often = take_field(rest, ' ');
      taken = often != "0" && often != "0%";
    }
    if (last_number_ != 0) {
      section_.branches.push_back({last_number_, branches_of_line_++, taken});
    }
  }

  void header(std::string_view text) {
    if (!text.starts_with("Source:")) return;
    end_section();
    section_ = {};
    last_number_ = 0;
    section_.path = clean_path(text.substr(7));
    seen_source_ = !section_.path.empty();
  }

  // `<name> called 3 returned 100% blocks executed 75%`. A demangled name may hold anything.
  void function_line(std::string_view text) {
    const std::size_t end = text.rfind(" called ");
    if (end == std::string_view::npos || end == 0) {
      records_.skipped(kNotALine, text);
      return;
    }
    start_function(text.substr(0, end));
  }

  // The function's line is the next source line. An instance is named by its heading and, with -b,
  // by a function line too.
  void start_function(std::string_view name) {
    std::string readable = demangle(name);
    if (in_instance_ && !pending_.empty() && pending_.back() == readable) return;
    pending_.push_back(std::move(readable));
  }

  void close_instance() {
    for (; instance_functions_ > 0; --instance_functions_) {
      section_.functions[section_.functions.size() - instance_functions_].last_line = last_number_;
    }
    in_instance_ = false;
  }

  void end_section() {
    close_instance();
    for (std::string& name : pending_) section_.functions.push_back({std::move(name), 0, 0});
    pending_.clear();
    section_.tell(sink_);
  }

  Sink& sink_;
  TextRecords records_;
  FileSection section_;
  std::vector<std::string> pending_;  // functions whose source line is yet to come
  bool seen_source_ = false;
  bool after_rule_ = false;
  bool in_instance_ = false;
  std::size_t instance_functions_ = 0;  // at the end of section_.functions
  std::uint32_t last_number_ = 0;
  std::uint32_t branches_of_line_ = 0;  // told since that line
};

// The text of gcov -i up to GCC 8: `file:`, `function:`, `lcount:`, `branch:` records. Repeated
// lines (template instances) add up.
class IntermediateText {
 public:
  IntermediateText(const Input& input, Sink& sink) : sink_(sink), records_(input, sink) {}

  Result<void> read() {
    while (const auto line = records_.next()) {
      if (line->empty()) continue;
      std::string_view fields = *line;
      const std::string_view key = take_field(fields, ':');
      if (records_.lines().unterminated()) {
        records_.cut_short(*line);
      } else if (key == "file") {
        section_.tell(sink_);
        section_ = {};
        section_.path = clean_path(fields);
      } else if (key == "lcount" || key == "function" || key == "branch") {
        if (section_.path.empty()) {
          return fail(records_.error(*line, "a record before the first `file:` record",
                                     "the file's beginning is missing: run gcov again"));
        }
        key == "lcount"     ? line_record(fields)
        : key == "function" ? function_record(fields)
                            : branch_record(fields);
      } else if (key != "version" && key != "cwd") {
        records_.skipped(kNotALine, *line);
      }
    }
    section_.tell(sink_);
    records_.finish();
    return {};
  }

 private:
  // `line,count`, since GCC 8 `line,count,unexecuted_block`.
  void line_record(std::string_view fields) {
    const auto number = records_.line_number(take_field(fields, ','));
    if (!number) return;
    const auto count = records_.count(take_field(fields, ','));
    if (count) section_.lines.push_back({*number, *count});
    branch_line_ = 0;
  }

  // `line,notexec|taken|nottaken`, after its line's record.
  void branch_record(std::string_view fields) {
    const auto number = records_.line_number(take_field(fields, ','));
    if (!number) return;
    if (branch_line_ != *number) branches_of_line_ = 0;
    branch_line_ = *number;
    section_.branches.push_back({*number, branches_of_line_++, fields == "taken"});
  }

  // `line,count,name`, since GCC 8 `line,end_line,count,name`. Names may hold commas.
  void function_record(std::string_view fields) {
    const std::string_view first_field = take_field(fields, ',');
    const auto first = records_.line_number(first_field);
    if (!first) return;
    const std::string_view second_field = take_field(fields, ',');
    std::uint32_t last = 0;
    std::string_view rest = fields;
    if (parse_count(take_field(rest, ',')) && !rest.empty()) {
      last = parse_line_number(second_field).value_or(0);
      fields = rest;
    }
    if (fields.empty()) {
      records_.skipped(kNotALine, first_field);
      return;
    }
    section_.functions.push_back({demangle(fields), *first, last < *first ? 0 : last});
  }

  Sink& sink_;
  TextRecords records_;
  FileSection section_;
  std::uint32_t branch_line_ = 0;  // of the branch record before
  std::uint32_t branches_of_line_ = 0;
};

bool is_intermediate(std::string_view bytes) {
  const Input input{{}, bytes};
  LineReader lines(input);
  auto line = lines.next();
  while (line && (line->empty() || line->starts_with("version:"))) line = lines.next();
  if (!line || !line->starts_with("file:")) return false;
  line = lines.next();
  return !line || line->starts_with("function:") || line->starts_with("lcount:") ||
         line->starts_with("branch:") || line->starts_with("file:");
}

}  // namespace

bool accepts_gcov_text(const Head& head) {
  if (is_intermediate(head.bytes)) return true;
  const Input input{{}, head.bytes};
  LineReader lines(input);
  for (std::size_t i = 0; i < kHeaderLines; ++i) {
    const auto line = lines.next();
    if (!line) return false;
    std::string_view rest = *line;
    if (trim(take_field(rest, ':')) != "-") continue;
    if (trim(take_field(rest, ':')) == "0" && rest.starts_with("Source:")) return true;
  }
  return false;
}

Result<void> read_gcov_text(const Input& input, Sink& sink) {
  if (is_intermediate(input.bytes)) return IntermediateText(input, sink).read();
  return AnnotatedSource(input, sink).read();
}

}  // namespace culprit
