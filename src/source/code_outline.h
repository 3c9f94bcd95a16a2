// What the source of one file says of its functions and statements.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit {

struct OutlinedFunction {
  std::string name;  // qualified, without parameters: "shop::Cart::add"; of a lambda that of the
                     // function around it and "(lambda)"; of a class, for what compilers
                     // add to it, its own
  std::string signature;         // "Money shop::Cart::add(const Item &item)"
  std::string usr;               // clang's name for it across files; empty: it has none
  std::string mangled;           // as the linker knows it; empty: templates, lambdas and classes
  std::uint32_t name_line = 0;   // where its name stands, macros expanded; of a lambda its `[`
  std::uint32_t first_line = 0;  // return type, `template <...>` and body included
  std::uint32_t last_line = 0;
  bool is_lambda = false;
  bool is_class = false;

  bool operator==(const OutlinedFunction&) const = default;
};

struct CodeOutline {
  std::vector<OutlinedFunction> functions;  // by name_line
  // Of each line, from 1 at [0], what its first token belongs to: "if", "return", "call",
  // "signature", "brace", "declaration", ...; empty: blank lines, comments, what no kind is known
  // of.
  std::vector<std::string> statements;
  bool approximate = false;  // the parse met errors: parameter types may read `int`

  bool operator==(const CodeOutline&) const = default;
};

// As text for another process or a file, and back; nullopt for text that is none.
[[nodiscard]] std::string outline_as_text(const CodeOutline& outline);
[[nodiscard]] std::optional<CodeOutline> outline_from_text(std::string_view text);

// The function that coverage calls `name` and places at `first_line`: by the line of its name, of
// several by the name; where the line has none, the only one of that name. nullptr: none, or
// several.
[[nodiscard]] const OutlinedFunction* find_function(const CodeOutline& outline,
                                                    std::string_view name,
                                                    std::uint32_t first_line);

}  // namespace culprit
