// Names of C++ functions as people write them.
#pragma once

#include <string>
#include <string_view>

namespace culprit {

// The demangled form of an Itanium C++ symbol (`_Z5twiceIiET_S0_` becomes `int twice<int>(int)`).
// Returned as it is: what is not such a symbol, symbols above 1 KiB, and symbols whose back
// references could make a few hundred bytes grow to gigabytes.
[[nodiscard]] std::string demangle(std::string_view name);

}  // namespace culprit
