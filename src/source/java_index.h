// Java as tree-sitter reads it. The only place that knows it; built without tree-sitter or its
// grammar, it says so. tree-sitter 0.20 damages its memory on 200,000 open brackets: see
// outline_in_children() for what is safe with any source.
#pragma once

#include <string>
#include <string_view>

#include "culprit/error.h"
#include "source/code_outline.h"

namespace culprit {

// Error: built without tree-sitter.
[[nodiscard]] Result<void> java_grammar();

// The methods and statements of the file at `path`, whose content is `text`. Names are as coverage
// spells them, without parameters: `payment.Cards$Card#masked`, `#<init>`, `#<clinit>`; what has a
// number there, such as `Cards$1`, has none here. Errors: takes over 2 s to parse; no grammar.
[[nodiscard]] Result<CodeOutline> outline_java(const std::string& path, std::string_view text);

// The method that coverage calls `name`, around `line`, one of its lines. nullptr: none, or
// several.
[[nodiscard]] const OutlinedFunction* find_java_method(const CodeOutline& outline,
                                                       std::string_view name, std::uint32_t line);

}  // namespace culprit
