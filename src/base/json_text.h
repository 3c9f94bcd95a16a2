// Values inside of JSON text, found without building it: for messages, and for texts that may be
// cut short.
#pragma once

#include <optional>
#include <string_view>

namespace culprit {

// The value that `text` begins with, blanks before it aside; nullopt: it does not end. Brackets and
// quotes are followed, nothing else is checked.
[[nodiscard]] std::optional<std::string_view> first_json_value(std::string_view text);

// The part of `text` that is the value at `pointer` ("/hits/3/line"; keys without escapes), nullopt
// when there is none. `text` should be JSON; of any other text some part or none.
[[nodiscard]] std::optional<std::string_view> json_at(std::string_view text,
                                                      std::string_view pointer);

// The same for the place of an error: all of `text` when there is no such value.
[[nodiscard]] std::string_view locate(std::string_view text, std::string_view pointer);

}  // namespace culprit
