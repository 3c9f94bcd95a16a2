#include "collect/test_list.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "readers/ignoring_sink.h"
#include "readers/results_junit.h"

namespace culprit {

namespace {

using Lines = std::vector<std::string_view>;

// "  Test  #12: name" -> 12 and name.
std::optional<ListedTest> ctest_line(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("Test")) return std::nullopt;
  line = trim(line.substr(4));
  if (!line.starts_with('#')) return std::nullopt;
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos || !parse_u64(line.substr(1, colon - 1))) return std::nullopt;
  return ListedTest{std::string(trim(line.substr(colon + 2))),
                    std::string(line.substr(1, colon - 1))};
}

std::string_view without_comment(std::string_view line) {
  return line.substr(0, line.find("  # "));
}

bool is_gtest_suite(std::string_view line) {
  line = trim(without_comment(line));
  return line.ends_with('.') && line.find(' ') == std::string_view::npos;
}

std::vector<std::string> gtest_names(const Lines& lines) {
  std::vector<std::string> names;
  std::string suite;
  for (const std::string_view line : lines) {
    if (line.starts_with("  ")) {
      const std::string_view name = trim(without_comment(line));
      // Listed, and not run.
      const bool disabled = name.starts_with("DISABLED_") || suite.starts_with("DISABLED_");
      if (!suite.empty() && !disabled) names.push_back(suite + std::string(name));
    } else {
      suite = is_gtest_suite(line) ? std::string(trim(without_comment(line))) : "";
    }
  }
  return names;
}

// Takes the names of the cases from a JUnit report.
class CaseNames : public IgnoringSink {
 public:
  std::vector<std::string> names;

  void request(Request&& request) override { names.push_back(std::move(request.run)); }
};

std::vector<ListedTest> counted(const std::vector<std::string>& names) {
  std::vector<ListedTest> tests;
  for (const std::string& name : names) tests.push_back({name, std::to_string(tests.size() + 1)});
  return tests;
}

std::vector<ListedTest> tests_of(const Lines& lines) {
  std::vector<ListedTest> tests;
  for (const std::string_view line : lines) {
    if (auto test = ctest_line(line)) tests.push_back(std::move(*test));
  }
  if (!tests.empty()) return tests;
  const auto suite = std::find_if(lines.begin(), lines.end(), is_gtest_suite);
  if (suite != lines.end() && suite + 1 != lines.end() && (suite + 1)->starts_with("  ")) {
    return counted(gtest_names(lines));
  }
  std::vector<std::string> names;
  const bool pytest = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return line.find(".py::") != std::string_view::npos;
  });
  for (const std::string_view line : lines) {
    if (!pytest || line.find("::") != std::string_view::npos) names.emplace_back(trim(line));
  }
  return counted(names);
}

}  // namespace

Result<std::vector<ListedTest>> parse_test_list(std::string_view output) {
  const Input input{"the list of tests", output};
  std::vector<ListedTest> tests;
  if (trim(output).starts_with('<')) {
    CaseNames cases;
    if (auto read = read_junit(input, cases); !read) return fail(read.error());
    tests = counted(cases.names);
  } else {
    Lines lines;
    LineReader reader(input);
    while (const auto line = reader.next()) {
      if (!trim(*line).empty()) lines.push_back(*line);
    }
    tests = tests_of(lines);
  }
  // A test that is listed twice would be run twice under one name.
  std::set<std::string> seen;
  std::erase_if(tests, [&](const ListedTest& test) { return !seen.insert(test.name).second; });
  if (tests.empty()) return fail(error_in(input.path, "names no test"));
  return tests;
}

}  // namespace culprit
