#include "readers/matrix_tcm.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/folded_warnings.h"
#include "readers/matrix_elements.h"
#include "readers/text_fields.h"

namespace culprit {

namespace {

constexpr std::string_view kNoVerdict =
    "a test without PASSED, FAILED or ERROR behind its name: its outcome is not known";

// `#uuts`; a file's name may begin with `#` too.
bool is_section(std::string_view line) {
  return line.starts_with('#') &&
         consists_of(line.substr(1), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

struct TextLine {
  std::string_view text;
  std::uint64_t number = 0;
};

struct TcmTest {
  std::string_view name;
  std::optional<Verdict> verdict;
};

// `name PASSED`, `name FAILED exception ...`; the name may hold blanks.
TcmTest parse_test(std::string_view row) {
  constexpr std::pair<std::string_view, Verdict> kWords[] = {
      {"PASSED", Verdict::kPassed}, {"FAILED", Verdict::kFailed}, {"ERROR", Verdict::kFailed}};
  for (std::size_t blank = row.find(' '); blank != std::string_view::npos;
       blank = row.find(' ', blank + 1)) {
    std::string_view rest = row.substr(blank + 1);
    const std::string_view word = take_field(rest, ' ');
    for (const auto& [text, verdict] : kWords) {
      if (word == text) return {trim(row.substr(0, blank)), verdict};
    }
  }
  return {row, std::nullopt};
}

std::string_view without_bug_ids(std::string_view row) {
  const std::size_t bar = row.find(" | ");
  return trim(row.substr(0, bar));
}

// `package.Class:method:line`.
std::optional<GzoltarElement> parse_class_element(std::string_view row) {
  const std::size_t last = row.rfind(':');
  if (last == std::string_view::npos) return std::nullopt;
  const auto line = parse_line_number(row.substr(last + 1));
  std::string_view method = row.substr(0, last);
  const std::string_view owner = take_field(method, ':');
  if (!line || owner.empty() || method.empty() || method.starts_with(':') ||
      owner.find_first_of("/ ") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string file(owner.substr(0, owner.find('$')));
  std::replace(file.begin(), file.end(), '.', '/');
  return GzoltarElement{file + ".java", std::string(owner) + '#' + std::string(method), *line};
}

class Tcm {
 public:
  Tcm(const Input& input, Sink& sink) : input_(input), sink_(sink), warnings_(input.path, sink) {}

  Result<void> read() {
    split();
    for (const std::string_view name : {"#tests", "#uuts", "#matrix"}) {
      if (sections_.contains(name)) continue;
      return fail(error_in(input_.path, "a TCM file without the section " + std::string(name),
                           "the file looks cut short"));
    }
    read_elements();
    read_tests();
    if (auto done = find_rows(); !done) return done;
    UniqueNames unique;
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      sink_.run(unique(std::string(tests_[i].name)));
      if (tests_[i].verdict) sink_.outcome(*tests_[i].verdict, "test matrix");
      if (auto done = read_row(rows_[i], i == 0); !done) return done;
    }
    warnings_.finish(tests_.size());
    return {};
  }

 private:
  using Entry = std::pair<std::size_t, std::uint64_t>;  // place in file order, count

  void split() {
    LineReader lines(input_);
    std::vector<TextLine>* section = nullptr;
    while (const auto line = lines.next()) {
      const std::string_view text = trim(*line);
      if (is_section(text)) {
        section = &sections_[text];
      } else if (section != nullptr) {
        section->push_back({text, lines.number()});
      }
    }
  }

  void read_elements() {
    for (const TextLine& row : sections_["#uuts"]) {
      if (row.text.empty()) continue;
      const std::string_view name = without_bug_ids(row.text);
      auto element = name.find('#') == std::string_view::npos ? parse_class_element(name)
                                                              : parse_gzoltar_element(name);
      if (!element && row.number <= kMaxLine) {
        element = {clean_path(input_.path), std::string(name),
                   static_cast<std::uint32_t>(row.number)};
      }
      elements_.add(element);
    }
    elements_.sort();
    places_.resize(elements_.columns(), elements_.in_file_order().size());
    for (std::size_t i = 0; i < elements_.in_file_order().size(); ++i) {
      places_[elements_.in_file_order()[i].column] = i;
    }
  }

  void read_tests() {
    for (const TextLine& row : sections_["#tests"]) {
      if (row.text.empty()) continue;
      tests_.push_back(parse_test(row.text));
      if (!tests_.back().verdict) {
        warnings_.repaired(kNoVerdict, [&] { return error(row.text, std::string(kNoVerdict)); });
      }
    }
  }

  // A blank line may be a test that executed nothing: it is where the others are too few.
  Result<void> find_rows() {
    const std::vector<TextLine>& matrix = sections_["#matrix"];
    const auto blank = [](const TextLine& row) { return row.text.empty(); };
    std::copy_if(matrix.begin(), matrix.end(), std::back_inserter(rows_), std::not_fn(blank));
    const std::size_t told = rows_.size();
    if (told < tests_.size() && matrix.size() >= tests_.size()) {
      const auto end = matrix.begin() + static_cast<std::ptrdiff_t>(tests_.size());
      if (std::all_of(end, matrix.end(), blank)) rows_.assign(matrix.begin(), end);
    }
    if (rows_.size() == tests_.size()) return {};
    return fail(error_in(input_.path,
                         "the matrix has " + std::to_string(told) + " rows, #tests has " +
                             std::to_string(tests_.size()) + " tests",
                         "the file looks cut short"));
  }

  Result<void> read_row(const TextLine& line, bool tell_all) {
    std::string_view rest = line.text;
    entries_.clear();
    while (!rest.empty()) {
      const std::string_view index_field = take_cell(rest);
      const std::string_view count_field = take_cell(rest);
      const auto index = parse_u64(index_field);
      const auto count = parse_count(count_field);
      if (!index || !count) {
        return fail(error(index ? count_field : index_field,
                          "a row is `index count index count ...`, in whole numbers"));
      }
      if (*index >= places_.size()) {
        return fail(error(index_field, "#uuts has " + std::to_string(places_.size()) +
                                           " elements, numbered from 0"));
      }
      if (places_[*index] < elements_.in_file_order().size()) {
        entries_.emplace_back(places_[*index], count->value);
      }
    }
    std::sort(entries_.begin(), entries_.end());
    MatrixRow row(elements_, sink_);
    auto entry = entries_.begin();
    const auto tell = [&](std::size_t place) {
      const MatrixElements::Element& element = elements_.in_file_order()[place];
      bool told = false;
      for (; entry != entries_.end() && entry->first == place; ++entry, told = true) {
        row.count(element, entry->second);
      }
      if (!told) row.count(element, 0);
    };
    if (tell_all) {
      for (std::size_t place = 0; place < elements_.in_file_order().size(); ++place) tell(place);
    } else {
      while (entry != entries_.end()) tell(entry->first);
    }
    row.finish();
    return {};
  }

  static std::string_view take_cell(std::string_view& row) {
    const std::size_t end = std::min(row.find_first_of(" \t"), row.size());
    const std::string_view cell = row.substr(0, end);
    row.remove_prefix(end);
    row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
    return cell;
  }

  [[nodiscard]] Error error(std::string_view at, std::string what) const {
    const auto offset = static_cast<std::size_t>(at.data() - input_.bytes.data());
    return error_at(input_.path, input_.bytes, offset, std::move(what));
  }

  const Input& input_;
  Sink& sink_;
  FoldedWarnings warnings_;
  std::map<std::string_view, std::vector<TextLine>> sections_;
  MatrixElements elements_;
  std::vector<std::size_t> places_;  // by column, in elements_.in_file_order(); its size: none
  std::vector<TcmTest> tests_;
  std::vector<TextLine> rows_;
  std::vector<Entry> entries_;
};

}  // namespace

bool accepts_tcm(const Head& head) {
  if (head.shape != Head::Shape::kText) return false;
  const Input input{{}, head.bytes};
  LineReader lines(input);
  auto line = lines.next();
  while (line && trim(*line).empty()) line = lines.next();
  if (!line) return false;
  const std::string_view first = trim(*line);
  return first == "#tests" || first == "#uuts" || first == "#metadata";
}

Result<void> read_tcm(const Input& input, Sink& sink) { return Tcm(input, sink).read(); }

}  // namespace culprit
