// Lines that many reports tell of in the same order, with the functions that own them: told once
// and then referred to, so that a report is no more than a row of counts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace culprit {

struct LineTable {
  static constexpr std::uint32_t kNoOwner = 0xffffffffU;

  struct File {
    std::string path;  // as clean_path() gives it
    // Where those of the next file start.
    std::uint32_t functions_end = 0;
    std::uint32_t lines_end = 0;
  };
  struct Function {
    std::string name;
    std::uint32_t first_line = 0;
    std::uint32_t last_line = 0;
  };
  struct Line {
    std::uint32_t number = 0;
    std::uint32_t owner = kNoOwner;  // index into `functions`, of the same file
  };

  std::vector<File> files;
  std::vector<Function> functions;  // by file
  std::vector<Line> lines;          // by file; one line may come several times, with its owners
};

// How often line `line` of a table ran.
struct LineCount {
  std::uint32_t line = 0;
  std::uint64_t count = 0;
};

// That an exception left a call of line `line` of a table, or that the line threw one itself.
struct LineRaise {
  std::uint32_t line = 0;
  bool throws = false;
};

}  // namespace culprit
