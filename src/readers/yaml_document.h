// YAML -> nlohmann values, through libyaml. The only unit that knows it.
//
// Nesting is bounded as that of JSON. Plain scalars that read as null, true, false or a number
// become these; keys and quoted scalars stay text. An alias is read as null: expanding them could
// make any amount of a few bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

// The first document of the input.
[[nodiscard]] Result<nlohmann::json> parse_yaml(const Input& input);

// Calls `take` for each element of the list that the document's member `key` is, one at a time,
// with its line; nothing else of the document is kept. True: there is such a list.
using TakeYamlElement = std::function<void(const nlohmann::json& element, std::uint64_t line)>;
[[nodiscard]] Result<bool> for_each_yaml_element(const Input& input, std::string_view key,
                                                 const TakeYamlElement& take);

}  // namespace culprit
