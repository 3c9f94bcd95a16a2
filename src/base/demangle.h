// Names of C++ functions as people write them.
#pragma once

#include <string>
#include <string_view>

namespace culprit {

// The demangled form of an Itanium C++ symbol (`_Z5twiceIiET_S0_` becomes `int twice<int>(int)`).
// Returned as it is: what is not such a symbol, symbols above 1 KiB, and symbols whose back
// references could make a few hundred bytes grow to gigabytes.
[[nodiscard]] std::string demangle(std::string_view name);

// What a function is called in its source: "pay" of "shop::Desk::pay<int>(Json const&)" and of
// "payment.Payments#pay(Json)"; of an operator "operator", of a lambda the function it is in.
[[nodiscard]] std::string_view base_name(std::string_view name);

}  // namespace culprit
