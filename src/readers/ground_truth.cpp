#include "readers/ground_truth.h"

#include <nlohmann/json.hpp>

#include "readers/json_fields.h"
#include "readers/sink.h"

namespace culprit {

Result<GroundTruth> read_ground_truth(const Input& input) {
  const Result<nlohmann::json> json = parse_json(input);
  if (!json) return fail(json.error());
  GroundTruth truth;
  truth.suite = json->is_object() ? json->value("suite", "other") : "other";
  const nlohmann::json* const lines = find_field(*json, "lines");
  if (lines == nullptr || !lines->is_array()) {
    return fail(error_in(input.path, "names no faulty `lines`",
                         "it should read {\"lines\": [{\"file\": \"a.cc\", \"line\": 7}]}"));
  }
  for (const nlohmann::json& row : *lines) {
    const nlohmann::json* const file = find_field(row, "file");
    const nlohmann::json* const line = find_field(row, "line");
    const auto number = line == nullptr ? std::nullopt : integer_of(*line);
    if (file == nullptr || !file->is_string() || !number || *number < 1 || *number > kMaxLine) {
      return fail(error_in(input.path, "a faulty line is not {\"file\": text, \"line\": number}"));
    }
    truth.lines.push_back({file->get<std::string>(), static_cast<std::uint32_t>(*number)});
  }
  return truth;
}

}  // namespace culprit
