// Parts that JSON documents are put together from.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "culprit/report.h"

namespace culprit {

// null for an empty text.
[[nodiscard]] nlohmann::ordered_json text_or_null(const std::string& text);
[[nodiscard]] nlohmann::ordered_json ranked_as_json(const Ranked& row);
[[nodiscard]] nlohmann::ordered_json element_as_json(const CodeElement& code);
[[nodiscard]] nlohmann::ordered_json counts_as_json(const Counts& counts);
[[nodiscard]] nlohmann::ordered_json diagnosability_as_json(const Diagnosability& runs);
[[nodiscard]] nlohmann::ordered_json rounds_as_json(const std::vector<Round>& rounds);
[[nodiscard]] nlohmann::ordered_json diagnosis_as_json(const Diagnosis& diagnosis);
// Of a report with Report::gate.
[[nodiscard]] nlohmann::ordered_json gate_as_json(const Report& report);
// The same for people, of the first `clusters` and the first `rows` of their rankings.
[[nodiscard]] nlohmann::ordered_json gate_for_page(const Report& report, std::size_t clusters,
                                                   std::size_t rows);

}  // namespace culprit
