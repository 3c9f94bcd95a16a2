// What the HTML page shows, as JSON: the page's own form of a report, shared strings told once.
#pragma once

#include <string>

#include "culprit/report.h"

namespace culprit {

// One document; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string page_data(const Report& report);

}  // namespace culprit
