// What a report says of one source file, for readers whose formats mix functions and lines: it is
// collected first, because a sink is to hear of functions before their lines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "readers/sink.h"

namespace culprit {

struct FileSection {
  struct Function {
    std::string name;
    std::uint32_t first_line = 0;  // 0: not known
    std::uint32_t last_line = 0;
  };
  struct Line {
    std::uint32_t number = 0;
    std::uint64_t count = 0;
  };

  struct Branch {
    std::uint32_t line = 0;
    std::uint32_t number = 0;
    bool taken = false;
  };

  std::string path;
  std::vector<Function> functions;
  std::vector<Line> lines;
  std::vector<Branch> branches;  // in any order; of lines that are none they are not told

  // Nothing when the path is empty; a file without lines is told too.
  void tell(Sink& sink);
};

}  // namespace culprit
