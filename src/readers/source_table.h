// Source files whose lines are the same in every run of a build: told once, by reference, with one
// bit a line for each run. Raw data read with the files of its build comes so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace culprit {

struct SourceTable {
  struct Function {
    std::string name;
    std::uint32_t first_line = 0;  // 0: not known
  };
  struct Line {
    std::uint32_t number = 0;
    std::uint32_t function = 0;  // index; kNoFunction: none
  };
  static constexpr std::uint32_t kNoFunction = 0xffffffff;

  std::string path;
  std::vector<Function> functions;
  std::vector<Line> lines;       // by number
  std::uint32_t first_word = 0;  // lines[i] is bit i % 64 of word first_word + i / 64
};

}  // namespace culprit
