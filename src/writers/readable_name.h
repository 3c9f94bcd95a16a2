// Function names as people say them.
#pragma once

#include <string>
#include <string_view>

namespace culprit {

// `name` with the standard library's long spellings shortened, and, while it is longer than
// `width`, with the contents of its parameter list and then of its template arguments left out:
//   a::f(std::__cxx11::basic_string<char, ...> const&, int) -> a::f(std::string const&, int) ->
//   a::f(…)
[[nodiscard]] std::string readable_name(std::string_view name, std::size_t width = 64);

}  // namespace culprit
