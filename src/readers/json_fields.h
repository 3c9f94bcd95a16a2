// JSON text -> nlohmann values, with places; and the lookups that tolerate how tools differ: a
// field by any of its names, a number written as a string.
//
// Nesting is bounded. NaN and Infinity, which Python writes, are read as null. Sources that use
// the returned values include <nlohmann/json.hpp> themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/input.h"
#include "base/json_text.h"
#include "base/text.h"
#include "culprit/error.h"

namespace culprit {

inline constexpr std::size_t kMaxJsonDepth = 256;

// The whole input as one document; the error points at the first byte that does not fit.
[[nodiscard]] Result<nlohmann::json> parse_json(const Input& input);

// The same without building a value: for readers that parse by other means and need the place of
// the damage.
[[nodiscard]] Result<void> check_json(const Input& input);

// `line` is what `lines` returned last.
[[nodiscard]] Result<nlohmann::json> parse_json_line(const LineReader& lines,
                                                     std::string_view line);

// `text` with null for every NaN and Infinity outside of strings; nullopt: there are none.
[[nodiscard]] std::optional<std::string> without_nan(std::string_view text);

// Whether `text` stops before the value it begins is complete, as the last line of a file cut short
// does.
[[nodiscard]] bool ends_early(std::string_view text);

// For those who drive the parser themselves: what it says, without its own idea of the place.
//     "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while
//     parsing value - unexpected '}'; last read: ..." -> "unexpected '}'"
[[nodiscard]] std::string parser_message(std::string_view text);
[[nodiscard]] std::string too_deep_message();

// The value of the first of `names` that `object` has and that is not null; nullptr when there is
// none. A dot in a name descends ("response.status") unless the object has the dotted key itself.
[[nodiscard]] const nlohmann::json* find_field(const nlohmann::json& object,
                                               std::span<const std::string_view> names);
[[nodiscard]] const nlohmann::json* find_field(const nlohmann::json& object, std::string_view name);

// A number, or a string that is one; nullopt for anything else.
[[nodiscard]] std::optional<double> number_of(const nlohmann::json& value);
// The same for whole numbers; nullopt outside 64 bits.
[[nodiscard]] std::optional<std::int64_t> integer_of(const nlohmann::json& value);
// A string, or a number or boolean as text; nullopt for objects, arrays and null.
[[nodiscard]] std::optional<std::string> text_of(const nlohmann::json& value);

}  // namespace culprit
