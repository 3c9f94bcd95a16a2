#include "readers/matrix_gzoltar.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/folded_warnings.h"
#include "readers/gzoltar_names.h"
#include "readers/matrix_elements.h"
#include "readers/text_records.h"

namespace culprit {

namespace {

constexpr std::string_view kNotAnElement =
    "not an element (`package$Class#method(types):line` or `path$#function:line`), its column is "
    "left out";
constexpr std::string_view kNotATest = "not a test (`name,PASS|FAIL|ERROR,...`), skipped";
constexpr std::string_view kContradiction =
    "the outcome differs from the one in matrix.txt, which was taken";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view take_cell(std::string_view& row) {
  std::size_t start = 0;
  while (start < row.size() && is_blank(row[start])) ++start;
  std::size_t end = start;
  while (end < row.size() && !is_blank(row[end])) ++end;
  const std::string_view cell = row.substr(start, end - start);
  row = row.substr(end);
  return cell;
}

std::size_t cells_in(std::string_view row) {
  std::size_t cells = 0;
  while (!take_cell(row).empty()) ++cells;
  return cells;
}

Result<void> read_elements(const Input& spectra, MatrixElements& elements, Sink& sink) {
  LineReader lines(spectra);
  FoldedWarnings bad(spectra.path, sink);
  if (const auto header = lines.next(); !header || trim(*header) != "name") {
    return fail(lines.error({}, "the header of a spectra.csv is `name`"));
  }
  while (const auto row = lines.next()) {
    if (trim(*row).empty()) continue;
    const auto element = parse_gzoltar_element(trim(*row));
    elements.add(element);
    if (element) continue;
    bad.skipped(kNotAnElement, [&] { return lines.error(*row, std::string(kNotAnElement)); });
  }
  bad.finish(elements.columns());
  if (elements.columns() > 0 && elements.in_file_order().empty()) {
    return fail(error_in(spectra.path, "none of its rows is an element"));
  }
  elements.sort();
  return {};
}

struct Test {
  std::string name;
  Verdict verdict = Verdict::kUnknown;
  std::uint64_t line = 0;  // in tests.csv
};

struct TestTable {
  std::vector<Test> tests;
  bool damaged = false;  // some lines were no tests: names may not fit the matrix's rows
};

TestTable read_tests(const Input& input, Sink& sink) {
  TestTable table;
  TextRecords records(input, sink);
  while (const auto row = records.next()) {
    const std::uint64_t number = records.lines().number();
    if (row->empty() || (number == 1 && row->starts_with("name,"))) continue;
    if (const auto test = parse_gzoltar_test(*row)) {
      table.tests.push_back({std::string(test->name), test->verdict, number});
    } else {
      table.damaged = true;
      records.skipped(kNotATest, *row);
    }
  }
  records.finish();
  return table;
}

// The rows of matrix.txt, one test each.
class MatrixRows {
 public:
  MatrixRows(const Input& input, std::size_t columns)
      : lines_(input), hits_(columns), columns_(columns) {}

  // False at the end.
  Result<bool> next() {
    auto line = lines_.next();
    while (line && trim(*line).empty()) line = lines_.next();
    if (!line) return false;
    std::string_view rest = *line;
    for (std::uint8_t& hit : hits_) {
      const std::string_view cell = take_cell(rest);
      if (cell.empty()) return fail(wrong_width(*line));
      if (cell != "0" && cell != "1") {
        return fail(cells_in(*line) == columns_ + 1
                        ? lines_.error(cell, "a cell is `0` (not executed) or `1` (executed)")
                        : wrong_width(*line));
      }
      hit = cell == "1" ? 1 : 0;
    }
    const std::string_view outcome = take_cell(rest);
    if (outcome.empty() || !trim(rest).empty()) return fail(wrong_width(*line));
    if (outcome == "+" || outcome == "0") {
      verdict_ = Verdict::kPassed;
    } else if (outcome == "-" || outcome == "1") {
      verdict_ = Verdict::kFailed;
    } else {
      return fail(lines_.error(outcome, "a row ends with `+` (passed) or `-` (failed)"));
    }
    ++rows_;
    return true;
  }

  [[nodiscard]] const std::vector<std::uint8_t>& hits() const { return hits_; }
  [[nodiscard]] Verdict verdict() const { return verdict_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }

 private:
  [[nodiscard]] Error wrong_width(std::string_view line) const {
    return lines_.error(line.substr(line.size()),
                        "the row has " + std::to_string(cells_in(line)) +
                            " cells where spectra.csv asks for " + std::to_string(columns_) +
                            " and an outcome",
                        lines_.unterminated() ? "the file looks cut short"
                                              : "are both files of the same recording?");
  }

  LineReader lines_;
  std::vector<std::uint8_t> hits_;
  std::size_t columns_;
  Verdict verdict_ = Verdict::kUnknown;
  std::size_t rows_ = 0;
};

// The rows of counts.txt: as matrix.txt, with or without the outcome.
class CountRows {
 public:
  CountRows(const Input& input, std::size_t columns, Sink& sink)
      : records_(input, sink), counts_(columns) {}

  Result<bool> next() {
    auto line = records_.next();
    while (line && trim(*line).empty()) line = records_.next();
    if (!line) return false;
    std::string_view rest = *line;
    for (std::uint64_t& value : counts_) {
      const std::string_view cell = take_cell(rest);
      const auto count = parse_count(cell);
      if (!count) {
        return fail(records_.error(
            cell.empty() ? line->substr(line->size()) : cell,
            cell.empty() ? "the row has fewer cells than matrix.txt" : "not an execution count"));
      }
      value = records_.count(*count, cell);
    }
    if (const std::string_view outcome = take_cell(rest); !take_cell(rest).empty()) {
      return fail(records_.error(outcome, "the row has more cells than matrix.txt"));
    }
    return true;
  }

  void finish() { records_.finish(); }
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }
  [[nodiscard]] Error error(std::string what) const {
    return records_.error({}, std::move(what), "are both files of the same recording?");
  }

 private:
  TextRecords records_;
  std::vector<std::uint64_t> counts_;
};

// A row's events. `counts` is null when no counts were recorded. The first row tells every element.
void tell_row(const MatrixElements& elements, const std::vector<std::uint8_t>& hits,
              const std::vector<std::uint64_t>* counts, bool tell_all, Sink& sink) {
  MatrixRow row(elements, sink);
  for (const MatrixElements::Element& element : elements.in_file_order()) {
    const bool executed = hits[element.column] != 0;
    if (!tell_all && !executed) continue;
    const std::uint64_t count = counts != nullptr ? (*counts)[element.column] : 0;
    if (counts != nullptr && (!executed || count > 0)) {
      row.count(element, executed ? count : 0);
    } else {
      row.hit(element, executed);
    }
  }
  row.finish();
}

class Folder {
 public:
  Folder(const Input& spectra, Sink& sink)
      : spectra_(spectra),
        sink_(sink),
        prefix_(spectra.path.substr(0, spectra.path.rfind('/') + 1)) {}

  Result<void> read() {
    if (auto done = read_elements(spectra_, elements_, sink_); !done) return done;
    const auto matrix = content("matrix.txt");
    if (!matrix) {
      return fail(error_in(spectra_.path, "there is no matrix.txt beside it",
                           "spectra.csv names the elements; matrix.txt says which test ran them"));
    }
    const std::string tests_path = prefix_ + "tests.csv";
    const auto tests_bytes = content("tests.csv");
    TestTable table;
    if (tests_bytes) table = read_tests({tests_path, *tests_bytes}, sink_);
    const std::string matrix_path = prefix_ + "matrix.txt";
    const Input matrix_input{matrix_path, *matrix};
    if (tests_bytes) {
      if (auto done = check_tests(table, matrix_input, tests_path); !done) return done;
    }
    return read_rows(matrix_input, tests_path, table.tests);
  }

 private:
  [[nodiscard]] std::optional<std::string> content(std::string_view name) const {
    return spectra_.neighbour ? spectra_.neighbour(name) : std::nullopt;
  }

  // Clears the table when its rows cannot be matched to those of the matrix.
  Result<void> check_tests(TestTable& table, const Input& matrix, const std::string& tests_path) {
    std::size_t rows = 0;
    LineReader lines(matrix);
    while (const auto line = lines.next()) rows += trim(*line).empty() ? 0 : 1;
    if (rows == table.tests.size()) return {};
    const std::string what = "the matrix has " + std::to_string(rows) + " rows, tests.csv has " +
                             std::to_string(table.tests.size()) + " tests";
    if (!table.damaged) {
      return fail(lines.error({}, what, "are both files of the same recording?"));
    }
    sink_.warn(error_in(tests_path, what, "its names were not used: the tests are t1, t2, ..."));
    table.tests.clear();
    return {};
  }

  Result<void> read_rows(const Input& matrix_input, const std::string& tests_path,
                         const std::vector<Test>& tests) {
    const std::string counts_path = prefix_ + "counts.txt";
    const auto counts_bytes = content("counts.txt");
    const Input counts_input{counts_path, counts_bytes ? *counts_bytes : std::string_view()};
    MatrixRows matrix(matrix_input, elements_.columns());
    CountRows counts(counts_input, elements_.columns(), sink_);
    FoldedWarnings contradictions(tests_path, sink_);
    UniqueNames unique;
    for (std::size_t row = 0;; ++row) {
      const Result<bool> more = matrix.next();
      if (!more) return fail(more.error());
      if (counts_bytes) {
        const Result<bool> more_counts = counts.next();
        if (!more_counts) return fail(more_counts.error());
        if (*more != *more_counts) {
          return fail(counts.error("the rows of matrix.txt and counts.txt differ in number"));
        }
      }
      if (!*more) break;
      sink_.run(unique(row < tests.size() ? tests[row].name : "t" + std::to_string(row + 1)));
      sink_.outcome(matrix.verdict(), "test matrix");
      if (row < tests.size() && tests[row].verdict != matrix.verdict()) {
        contradictions.repaired(kContradiction, [&] {
          return Error{{tests_path, tests[row].line, 0},
                       "`" + printable(tests[row].name) + "`: " + std::string(kContradiction)};
        });
      }
      tell_row(elements_, matrix.hits(), counts_bytes ? &counts.counts() : nullptr, row == 0,
               sink_);
    }
    counts.finish();
    contradictions.finish(matrix.rows());
    if (matrix.rows() == 0) sink_.warn(error_in(matrix_input.path, "holds no test"));
    return {};
  }

  const Input& spectra_;
  Sink& sink_;
  std::string prefix_;
  MatrixElements elements_;
};

}  // namespace

bool accepts_gzoltar(const Head& head) {
  const Input input{head.path, head.bytes};
  LineReader lines(input);
  const auto header = lines.next();
  if (!header || trim(*header) != "name") return false;
  if (head.file_name() == "spectra.csv") return true;
  const auto element = lines.next();
  return element && parse_gzoltar_element(trim(*element));
}

Result<void> read_gzoltar(const Input& input, Sink& sink) { return Folder(input, sink).read(); }

}  // namespace culprit
