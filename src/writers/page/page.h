// The page's own code, from page.html, which `npm run build` makes of the sources beside it.
#pragma once

#include <string_view>

namespace culprit {

[[nodiscard]] std::string_view page_bytes();

}  // namespace culprit
