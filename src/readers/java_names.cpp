#include "readers/java_names.h"

#include <algorithm>

namespace culprit {

namespace {

std::string_view primitive(char code) {
  switch (code) {
    case 'B':
      return "byte";
    case 'C':
      return "char";
    case 'D':
      return "double";
    case 'F':
      return "float";
    case 'I':
      return "int";
    case 'J':
      return "long";
    case 'S':
      return "short";
    case 'Z':
      return "boolean";
    default:
      return {};
  }
}

// Takes one type off the front of `rest` and appends its simple name.
bool take_type(std::string_view& rest, std::string& text) {
  std::size_t dimensions = 0;
  while (rest.starts_with('[')) {
    rest.remove_prefix(1);
    ++dimensions;
  }
  if (rest.empty() || dimensions > 255) return false;
  if (rest.front() == 'L') {
    const std::size_t end = rest.find(';');
    if (end == std::string_view::npos || end == 1) return false;
    const std::string_view name = rest.substr(1, end - 1);
    text += name.substr(name.rfind('/') + 1);
    rest.remove_prefix(end + 1);
  } else {
    const std::string_view name = primitive(rest.front());
    if (name.empty()) return false;
    text += name;
    rest.remove_prefix(1);
  }
  for (; dimensions > 0; --dimensions) text += "[]";
  return true;
}

}  // namespace

std::optional<std::string> java_parameters(std::string_view descriptor) {
  if (!descriptor.starts_with('(')) return std::nullopt;
  std::string_view rest = descriptor.substr(1);
  std::string text;
  while (!rest.starts_with(')')) {
    if (!text.empty()) text += ',';
    if (!take_type(rest, text)) return std::nullopt;
  }
  rest.remove_prefix(1);
  std::string result_type;
  if (rest != "V" && (!take_type(rest, result_type) || !rest.empty())) return std::nullopt;
  return text;
}

std::string java_method_name(std::string_view class_name, std::string_view method,
                             std::string_view descriptor) {
  std::string name(class_name);
  std::replace(name.begin(), name.end(), '/', '.');
  name += '#';
  name += method;
  if (const auto parameters = java_parameters(descriptor)) {
    name += '(' + *parameters + ')';
  } else {
    name += descriptor;
  }
  return name;
}

}  // namespace culprit
