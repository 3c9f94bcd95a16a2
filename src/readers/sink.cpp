#include "readers/sink.h"

#include <vector>

#include "readers/table_walk.h"

namespace culprit {

void Sink::hits(const LineTable& table, std::span<const std::uint64_t> executed) {
  tell_table(table, *this, [&](std::size_t i, std::string_view owner) {
    hit(table.lines[i].number, (executed[i / 64] >> i % 64 & 1) != 0, owner);
  });
}

void Sink::counts(const LineTable& table, std::span<const LineCount> executed) {
  const std::vector<std::uint64_t> sums = sums_by_line(table, executed);
  tell_table(table, *this, [&](std::size_t i, std::string_view owner) {
    line(table.lines[i].number, sums[i], owner);
  });
}

}  // namespace culprit
