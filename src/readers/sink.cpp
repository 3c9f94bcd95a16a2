#include "readers/sink.h"

namespace culprit {

void Sink::executed(std::span<const SourceTable> tables, std::span<const std::uint64_t> bits) {
  for (const SourceTable& table : tables) {
    file(table.path);
    for (const SourceTable::Function& each : table.functions) {
      function(each.name, each.first_line, 0);
    }
    for (std::size_t i = 0; i < table.lines.size(); ++i) {
      const SourceTable::Line& line = table.lines[i];
      hit(line.number, (bits[table.first_word + i / 64] >> i % 64 & 1) != 0,
          line.function == SourceTable::kNoFunction
              ? std::string_view()
              : std::string_view(table.functions[line.function].name));
    }
  }
}

}  // namespace culprit
