#include "source/code_outline.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/demangle.h"

namespace culprit {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kAnonymous = "(anonymous namespace)";

// Walks the parts of a name that are no template arguments: tell(character) for each; '(' begins
// the parameters, and ends the walk when `tell` returns false.
template <class Tell>
void outside_arguments(std::string_view name, Tell tell) {
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view before = name.substr(0, i);
    const bool is_operator = before.ends_with("operator") || before.ends_with("operator<") ||
                             before.ends_with("operator>") || before.ends_with("operator-") ||
                             before.ends_with("operator<=");
    if (name[i] == '<' && !is_operator) {
      ++depth;
    } else if (name[i] == '>' && !is_operator && depth > 0) {
      --depth;
    } else if (depth == 0) {
      if (name.substr(i).starts_with(kAnonymous)) {
        for (const char c : std::string_view("[anonymous]")) tell(i, c);
        i += kAnonymous.size() - 1;
      } else if (!tell(i, name[i])) {
        return;
      }
    }
  }
}

// "shop::Cart::add" of "Money shop::Cart<int>::add<3>(Item const&) const": no template arguments,
// parameters and result, which compilers spell each in its own way.
std::string bare_name(std::string_view name) {
  std::string bare;
  bool is_call = false;  // operator()
  outside_arguments(name, [&](std::size_t at, char c) {
    if (c == '(' && bare.ends_with("operator") && name.substr(at).starts_with("()")) is_call = true;
    if (c == '(' && !is_call) return false;
    bare += c;
    if (c == ')') return false;
    return true;
  });
  // The result of a template's instance stands before its name.
  const std::size_t blank = bare.rfind(' ', bare.find("operator"));
  if (blank != std::string::npos) bare.erase(0, blank + 1);
  return bare;
}

std::string_view last_part(std::string_view name) {
  const std::size_t colons = name.rfind("::");
  return colons == std::string_view::npos ? name : name.substr(colons + 2);
}

// Not "run<f()::{lambda(int)#1}>(...)", to which a lambda is an argument.
bool is_lambda_name(std::string_view name) {
  int depth = 0;  // of parameters
  bool found = false;
  outside_arguments(name, [&](std::size_t at, char c) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    found = found || (depth == 0 && name.substr(at).starts_with("{lambda"));
    return !found;
  });
  return found;
}

}  // namespace

std::string outline_as_text(const CodeOutline& outline) {
  Json functions = Json::array();
  for (const OutlinedFunction& f : outline.functions) {
    functions.push_back({f.name, f.signature, f.usr, f.mangled, f.name_line, f.first_line,
                         f.last_line, f.is_lambda, f.is_class});
  }
  return Json{{"functions", std::move(functions)},
              {"statements", outline.statements},
              {"approximate", outline.approximate}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<CodeOutline> outline_from_text(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("functions") || !json["functions"].is_array() ||
      !json.contains("statements") || !json["statements"].is_array() ||
      !json.contains("approximate") || !json["approximate"].is_boolean()) {
    return std::nullopt;
  }
  CodeOutline outline;
  for (const Json& row : json["functions"]) {
    if (!row.is_array() || row.size() != 9) return std::nullopt;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool fits = i < 4   ? row[i].is_string()
                        : i < 7 ? row[i].is_number_unsigned()
                                : row[i].is_boolean();
      if (!fits) return std::nullopt;
    }
    outline.functions.push_back(
        {row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8]});
  }
  for (const Json& kind : json["statements"]) {
    if (!kind.is_string()) return std::nullopt;
    outline.statements.push_back(kind);
  }
  outline.approximate = json["approximate"];
  return outline;
}

const OutlinedFunction* find_function(const CodeOutline& outline, std::string_view name,
                                      std::uint32_t first_line) {
  const std::string bare = bare_name(name);
  const bool lambda = is_lambda_name(name);
  const auto fits_by_name = [&](const OutlinedFunction& f) {
    if (lambda || f.is_lambda) return lambda && f.is_lambda;
    if (!f.mangled.empty() && (f.mangled == name || demangle(f.mangled) == name)) return true;
    return bare_name(f.name) == bare;
  };
  std::vector<const OutlinedFunction*> there;
  for (const OutlinedFunction& f : outline.functions) {
    if (f.name_line == first_line) there.push_back(&f);
  }
  const auto only = [](const std::vector<const OutlinedFunction*>& found) {
    return found.size() == 1 ? found.front() : nullptr;
  };
  const auto those = [&](auto fits) {
    std::vector<const OutlinedFunction*> found;
    std::copy_if(there.begin(), there.end(), std::back_inserter(found),
                 [&](const OutlinedFunction* f) { return fits(*f); });
    return found;
  };
  if (auto named = those(fits_by_name); !named.empty()) {
    // Of several that share even the name, such as overloads that a macro makes, the linker's.
    const auto exact = those([&](const OutlinedFunction& f) {
      return !f.mangled.empty() && (f.mangled == name || demangle(f.mangled) == name);
    });
    return exact.empty() ? only(named) : exact.front();
  }
  // Names may be spelled in ways that do not compare: the line decides, between real functions
  // first.
  if (!lambda) {
    if (auto real = those([](const auto& f) { return !f.is_lambda && !f.is_class; });
        !real.empty()) {
      return only(real);
    }
    if (auto classes = those([&](const auto& f) { return f.is_class; }); !classes.empty()) {
      for (const OutlinedFunction* f : classes) {
        if (last_part(bare_name(f->name)) == last_part(bare)) return f;
      }
      return only(classes);
    }
  }
  if (!there.empty() && lambda) return nullptr;
  there.clear();
  for (const OutlinedFunction& f : outline.functions) {
    if (!lambda && !f.is_class && fits_by_name(f)) there.push_back(&f);
  }
  return only(there);
}

}  // namespace culprit
