#include "readers/sink.h"

#include <limits>
#include <vector>

namespace culprit {

namespace {

// `tell(i, owner)` for each line of the table, after its file and the functions of that.
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

}  // namespace

void Sink::hits(const LineTable& table, std::span<const std::uint64_t> executed) {
  tell_table(table, *this, [&](std::size_t i, std::string_view owner) {
    hit(table.lines[i].number, (executed[i / 64] >> i % 64 & 1) != 0, owner);
  });
}

void Sink::counts(const LineTable& table, std::span<const LineCount> executed) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::uint64_t> sums(table.lines.size());
  for (const LineCount& ran : executed) {
    std::uint64_t& sum = sums[ran.line];
    sum = ran.count > kMost - sum ? kMost : sum + ran.count;
  }
  tell_table(table, *this, [&](std::size_t i, std::string_view owner) {
    line(table.lines[i].number, sums[i], owner);
  });
}

}  // namespace culprit
