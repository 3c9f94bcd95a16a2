#include "writers/readable_name.h"

#include "writers/table.h"

namespace culprit {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

// Leaves out what stands between outermost `open` and `close`. Names that do not balance
// (operator<) stay as they are.
std::string without_contents(const std::string& name, char open, char close) {
  std::string result;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == close && --depth < 0) return name;
    if (depth == 0) result += name[i];
    const bool empty = i + 1 < name.size() && name[i + 1] == close;
    if (name[i] == open && depth++ == 0 && !empty) result += "…";
  }
  return depth == 0 ? result : name;
}

}  // namespace

std::string readable_name(std::string_view name, std::size_t width) {
  std::string result(name);
  replace_all(result,
              "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
              "std::string");
  replace_all(result, "std::basic_string_view<char, std::char_traits<char> >", "std::string_view");
  if (width_of(result) <= width) return result;
  // Not a parameter list.
  constexpr std::string_view kAnonymous = "(anonymous namespace)";
  constexpr std::string_view kStandIn = "\x01";
  replace_all(result, kAnonymous, kStandIn);
  std::string shorter = without_contents(result, '(', ')');
  replace_all(shorter, kStandIn, kAnonymous);
  if (width_of(shorter) <= width || name.find("operator<") != name.npos ||
      name.find("operator>") != name.npos || name.find("operator-") != name.npos) {
    return shorter;
  }
  return without_contents(shorter, '<', '>');
}

}  // namespace culprit
