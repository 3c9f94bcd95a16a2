// gcov's counters, as far as a recorder looks into them.
#pragma once

#include <string_view>

namespace culprit {

// Whether the .gcda file says that anything ran. What cannot be made out counts as yes: it is the
// reader's to complain about. (src/collect/gcov_window.c asks the same, on its own.)
[[nodiscard]] bool counts_anything(std::string_view gcda);

}  // namespace culprit
