// Text tables: columns as wide as their widest cell, colours that do not count as width.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace culprit {

enum class Ink : std::uint8_t { kPlain, kBold, kDim, kRed, kYellow };

// `text` in colour when `color` is set.
[[nodiscard]] std::string inked(std::string_view text, Ink ink, bool color);

// Columns of a terminal that UTF-8 text takes, counting one a code point.
[[nodiscard]] std::size_t width_of(std::string_view text);

// At most `width` columns of `text`; what is cut out of its middle becomes an ellipsis.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);

class Table {
 public:
  // One column a heading. `>` before a heading aligns the column to the right.
  explicit Table(std::vector<std::string> headings);

  void add(std::vector<std::string> cells, Ink ink = Ink::kPlain);
  // A line of its own under the last row.
  void add_note(std::string text);
  // Cuts the cells of `column` so that rows fit into `width` columns (0: no limit).
  [[nodiscard]] std::string text(bool color, std::size_t width, std::size_t column) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    Ink ink = Ink::kPlain;
    bool note = false;
  };
  std::vector<std::string> headings_;
  std::vector<bool> right_;
  std::vector<Row> rows_;
};

}  // namespace culprit
