// Parts that JSON documents are put together from.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "culprit/report.h"

namespace culprit {

// null for an empty text.
[[nodiscard]] nlohmann::ordered_json text_or_null(const std::string& text);
[[nodiscard]] nlohmann::ordered_json ranked_as_json(const Ranked& row);
// Of a report with Report::gate.
[[nodiscard]] nlohmann::ordered_json gate_as_json(const Report& report);

}  // namespace culprit
