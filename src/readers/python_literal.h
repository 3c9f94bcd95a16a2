// A dictionary as Python prints it, {'http.status_code': 200, 'error': True}: read as the text it
// is, never evaluated.
#pragma once

#include <functional>
#include <string_view>

namespace culprit {

// Calls visit(key, value) for the entries whose key is a text and whose value is a text, a number,
// True, False or None (an empty value); other values are passed over. False: the text is no such
// dictionary; entries before the damage were told.
using LiteralVisitor = std::function<void(std::string_view key, std::string_view value)>;
[[nodiscard]] bool for_each_literal(std::string_view dictionary, const LiteralVisitor& visit);

}  // namespace culprit
