// Tells a sink of a table of lines one by one: for sinks that take no tables, and for what only goes
// with single lines.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "readers/sink.h"

namespace culprit {

// Tells each file and its functions, and calls `tell(i, owner)` for each of its lines; `owner` is
// the name of the function that has it, or empty.
template <class Tell>
void tell_table(const LineTable& table, Sink& sink, Tell&& tell) {
  std::size_t at_function = 0;
  std::size_t at_line = 0;
  for (const LineTable::File& at : table.files) {
    sink.file(at.path);
    for (; at_function < at.functions_end; ++at_function) {
      const LineTable::Function& known = table.functions[at_function];
      sink.function(known.name, known.first_line, known.last_line);
    }
    for (; at_line < at.lines_end; ++at_line) {
      const std::uint32_t owner = table.lines[at_line].owner;
      tell(at_line, owner == LineTable::kNoOwner ? std::string_view()
                                                 : std::string_view(table.functions[owner].name));
    }
  }
}

// By line of the table; saturating.
inline std::vector<std::uint64_t> sums_by_line(const LineTable& table,
                                               std::span<const LineCount> executed) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::uint64_t> sums(table.lines.size());
  for (const LineCount& ran : executed) {
    std::uint64_t& sum = sums[ran.line];
    sum = ran.count > kMost - sum ? kMost : sum + ran.count;
  }
  return sums;
}

}  // namespace culprit
