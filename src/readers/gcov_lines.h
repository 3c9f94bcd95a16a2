// Which lines of an object can run, and which blocks and arcs of its functions say how often.
//
// gcov's rule: a block belongs to the last line of each place it has code of. A line with blocks
// ran as often as control entered them from elsewhere, plus the times it went round among them; a
// line without blocks as often as the blocks that name it. Lines are of their file, whichever
// functions have code there; but functions that start on one line of one file (instances of a
// template, constructors) keep their own lines apart.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "readers/gcov_notes.h"
#include "readers/line_table.h"

namespace culprit {

// What of gcov's raw data is wanted.
struct GcovMode {
  bool any_block = false;  // a line ran as often as the block of it that ran most
  bool branches = false;
  // Source files whose lines nobody wants, by path; may be empty. Most of what an object holds is
  // of the system's headers.
  std::function<bool(std::string_view path)> excludes = {};
};

// The lines of those functions of an object that one program contains: the linker keeps one copy of
// an inline function, and drops what nobody calls.
struct GcovLines {
  static constexpr std::uint32_t kNoLine = 0xffffffffU;

  LineTable table;
  // By index into GcovNotes::line_numbers: the line of the table, kNoLine where the function is not
  // in the program, or the file is excluded.
  std::vector<std::uint32_t> line_of;
  std::vector<bool> has_blocks;  // by line of the table

  struct Branch {
    std::uint32_t line = 0;    // of the table
    std::uint32_t number = 0;  // within the line
    std::uint32_t function = 0;
    std::uint32_t arc = 0;  // of the function
  };
  std::vector<Branch> branches;  // by function; empty unless wanted
};

// `present`: indices of functions.
[[nodiscard]] GcovLines find_gcov_lines(const GcovNotes& notes,
                                        std::span<const std::uint32_t> present,
                                        const GcovMode& mode);

// Calls attach(mention) for each line of the location that its block belongs to; `mention` indexes
// GcovNotes::line_numbers.
template <class Attach>
void attach_block(const GcovNotes& notes, const GcovFunction& function, const GcovLocation& at,
                  Attach&& attach) {
  // Where a function is entered there is no code of its own; nor is there for GCC in the last
  // block.
  if (at.block == GcovNotes::kEntry) return;
  if (!notes.header.clang && at.block + 1 == function.blocks) return;
  std::uint32_t last = at.first;
  for (std::uint32_t i = at.first; i < at.last; ++i) {
    if (notes.header.clang) attach(i);
    if (notes.line_numbers[i] >= notes.line_numbers[last]) last = i;
  }
  if (!notes.header.clang) attach(last);
}

}  // namespace culprit
