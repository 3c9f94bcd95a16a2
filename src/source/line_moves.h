// Where the lines of one version of a file are in another.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace culprit {

class LineMoves {
 public:
  // Lines that differ in blanks at their ends alone are the same. Texts over 64 MiB: no line moves.
  LineMoves(std::string_view before, std::string_view after);

  // Where line `before` (1-based) is; nullopt: gone, or another.
  [[nodiscard]] std::optional<std::uint32_t> after(std::uint32_t before) const;
  // The same, or where the line stood that is gone: the last one before it that is still there; at
  // least 1.
  [[nodiscard]] std::uint32_t nearest(std::uint32_t before) const;

 private:
  struct Hunk {
    std::uint32_t first = 0, lines = 0;  // taken out; without lines: put in after `first`
    std::uint32_t after_first = 0, after_lines = 0;  // put in
  };
  std::vector<Hunk> hunks_;
};

}  // namespace culprit
