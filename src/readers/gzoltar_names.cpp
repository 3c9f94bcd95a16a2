#include "readers/gzoltar_names.h"

#include <algorithm>

#include "base/text.h"
#include "readers/text_fields.h"

namespace culprit {

namespace {

std::optional<Verdict> parse_verdict(std::string_view word) {
  if (equal_ignoring_case(word, "PASS")) return Verdict::kPassed;
  if (equal_ignoring_case(word, "FAIL") || equal_ignoring_case(word, "ERROR")) {
    return Verdict::kFailed;
  }
  return std::nullopt;
}

// Cuts `:line`, or `:line:bugid`, off the row.
std::optional<std::uint32_t> take_line(std::string_view& row) {
  const std::size_t last = row.rfind(':');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const std::size_t before = row.rfind(':', last - 1);
  if (before != std::string_view::npos) {
    if (const auto line = parse_line_number(row.substr(before + 1, last - before - 1))) {
      row = row.substr(0, before);
      return line;
    }
  }
  const auto line = parse_line_number(row.substr(last + 1));
  row = row.substr(0, last);
  return line;
}

}  // namespace

std::optional<GzoltarElement> parse_gzoltar_element(std::string_view row) {
  const auto line = take_line(row);
  if (!line) return std::nullopt;

  // Scala and Kotlin have classes named `Object$`, so `$#` alone does not make a path.
  const std::size_t path_end = row.find("$#");
  if (path_end != std::string_view::npos && path_end > 0) {
    const std::string_view path = row.substr(0, path_end);
    if (path.find('$') == std::string_view::npos || path.find('/') != std::string_view::npos) {
      return GzoltarElement{clean_path(path), std::string(row.substr(path_end + 2)), *line};
    }
  }

  const std::size_t package_end = row.find('$');
  if (package_end == std::string_view::npos) return std::nullopt;
  const std::string_view package = row.substr(0, package_end);
  const std::string_view code = row.substr(package_end + 1);
  const std::string_view nested_class = code.substr(0, code.find('#'));
  const std::string_view outer_class = nested_class.substr(0, nested_class.find('$', 1));
  if (outer_class.empty()) return std::nullopt;

  GzoltarElement element{std::string(package), std::string(package), *line};
  std::replace(element.file.begin(), element.file.end(), '.', '/');
  if (!package.empty()) {
    element.file += '/';
    element.function += '.';
  }
  element.file.append(outer_class).append(".java");
  element.function += code;
  return element;
}

std::string format_gzoltar_element(const GzoltarElement& element) {
  const std::string line = ":" + std::to_string(element.line);
  if (element.file.ends_with(".java")) {
    const std::size_t folder = element.file.rfind('/');
    std::string package = folder == std::string::npos ? "" : element.file.substr(0, folder);
    std::replace(package.begin(), package.end(), '/', '.');
    const std::size_t code = package.empty() ? 0 : package.size() + 1;
    if (element.function.size() > code) {
      const std::string row = package + '$' + element.function.substr(code) + line;
      if (parse_gzoltar_element(row) == element) return row;
    }
  }
  return element.file + "$#" + element.function + line;
}

std::optional<GzoltarTest> parse_gzoltar_test(std::string_view row) {
  for (std::size_t comma = row.find(','); comma != std::string_view::npos;
       comma = row.find(',', comma + 1)) {
    std::string_view rest = row.substr(comma + 1);
    if (const auto verdict = parse_verdict(take_field(rest, ','))) {
      if (comma == 0) return std::nullopt;
      return GzoltarTest{row.substr(0, comma), *verdict};
    }
  }
  return std::nullopt;
}

}  // namespace culprit
