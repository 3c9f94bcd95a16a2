#include "writers/table.h"

#include <algorithm>

namespace culprit {

namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

// The first `columns` columns of the text, in bytes.
std::size_t bytes_of(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (starts_code_point(text[at]) && columns-- == 0) break;
    ++at;
  }
  return at;
}

}  // namespace

std::string inked(std::string_view text, Ink ink, bool color) {
  if (!color || ink == Ink::kPlain || text.empty()) return std::string(text);
  const char* const code = ink == Ink::kBold  ? "1"
                           : ink == Ink::kDim ? "2"
                           : ink == Ink::kRed ? "1;31"
                                              : "33";
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

std::string shortened(std::string_view text, std::size_t width) {
  const std::size_t all = width_of(text);
  if (all <= width || width < 4) return std::string(text);
  const std::size_t head = (width - 1) * 2 / 3;
  const std::size_t tail = width - 1 - head;
  return std::string(text.substr(0, bytes_of(text, head))) + "…" +
         std::string(text.substr(bytes_of(text, all - tail)));
}

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {
  for (std::string& heading : headings_) {
    right_.push_back(heading.starts_with('>'));
    if (right_.back()) heading.erase(0, 1);
  }
}

void Table::add(std::vector<std::string> cells, Ink ink) {
  rows_.push_back({std::move(cells), ink});
}

void Table::add_note(std::string text) { rows_.push_back({{std::move(text)}, Ink::kDim, true}); }

std::string Table::text(bool color, std::size_t width, std::size_t column) const {
  std::vector<std::size_t> widths;
  for (const std::string& heading : headings_) widths.push_back(width_of(heading));
  for (const Row& row : rows_) {
    for (std::size_t i = 0; !row.note && i < row.cells.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row.cells[i]));
    }
  }
  std::size_t total = 0;
  for (const std::size_t w : widths) total += w + 2;
  if (width != 0 && total > width + 2) {
    const std::size_t over = total - width - 2;
    widths[column] = std::max<std::size_t>(20, widths[column] - std::min(widths[column], over));
  }
  std::string result;
  const auto print = [&](const std::vector<std::string>& cells, Ink ink) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = shortened(cells[i], widths[i]);
      const std::string blanks(widths[i] - std::min(widths[i], width_of(cell)), ' ');
      if (i > 0) line += "  ";
      line += right_[i] ? blanks + cell : cell + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += inked(line, ink, color) + "\n";
  };
  print(headings_, Ink::kBold);
  for (const Row& row : rows_) {
    if (row.note) {
      result += inked(row.cells.front(), row.ink, color) + "\n";
    } else {
      print(row.cells, row.ink);
    }
  }
  return result;
}

}  // namespace culprit
