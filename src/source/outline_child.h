// Parsing in a child process: source may make a compiler run for ever, take all memory or crash,
// and what it includes may be a device. The child has ten seconds, 4 GiB, no files to write and no
// descriptors but its answer's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"
#include "source/clang_index.h"
#include "source/code_outline.h"

namespace culprit {

struct OutlineTask {
  std::string path;
  std::string_view text;
  std::vector<std::string> flags;
};

// One answer a task, several parsed at a time. Errors: too long, crashed, could not be parsed.
[[nodiscard]] std::vector<Result<CodeOutline>> outline_in_children(
    const ClangIndex& clang, const std::vector<OutlineTask>& tasks, unsigned jobs,
    double seconds = 10);

}  // namespace culprit
