// Parsing in a child process: source may make a parser run for ever, take all memory or crash, and
// what it includes may be a device. The child has ten seconds of a processor, 4 GiB, no files to
// write and no descriptors but its answer's.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"
#include "source/code_outline.h"

namespace culprit {

struct OutlineTask {
  std::string path;
  std::string_view text;
  std::vector<std::string> flags;  // of C and C++
};
using Outliner = std::function<Result<CodeOutline>(const OutlineTask& task)>;

// One answer a task, several parsed at a time; `outline` is called in the child. Errors: too long,
// crashed, could not be parsed.
[[nodiscard]] std::vector<Result<CodeOutline>> outline_in_children(
    const Outliner& outline, const std::vector<OutlineTask>& tasks, unsigned jobs,
    double seconds = 10);

}  // namespace culprit
