// From the statements of a file, as a parser places them, to what each of its lines begins with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace culprit {

// A statement's bytes in the file, the last one excluded.
struct StatementExtent {
  std::size_t first = 0, last = 0;
  std::string_view kind;
};

// Of each line of `text` the kind of the smallest statement around its first token: see
// CodeOutline::statements. Of those with the same extent the later one counts.
[[nodiscard]] std::vector<std::string> statement_lines(std::string_view text,
                                                       std::vector<StatementExtent> statements);

}  // namespace culprit
