#include "readers/file_section.h"

#include <algorithm>

namespace culprit {

void FileSection::tell(Sink& sink) {
  if (path.empty()) return;
  sink.file(path);
  for (const Function& function : functions) {
    sink.function(function.name, function.first_line, function.last_line);
  }
  const auto by_line = [](const Branch& a, const Branch& b) { return a.line < b.line; };
  std::stable_sort(branches.begin(), branches.end(), by_line);
  std::vector<bool> told(branches.size());  // of the first branch of each line: a line may recur
  for (const Line& line : lines) {
    sink.line(line.number, line.count);
    if (branches.empty()) continue;
    const auto [first, last] =
        std::equal_range(branches.begin(), branches.end(), Branch{line.number}, by_line);
    if (first == last) continue;
    const auto index = static_cast<std::size_t>(first - branches.begin());
    if (told[index]) continue;
    told[index] = true;
    for (auto branch = first; branch != last; ++branch) {
      if (branch->number < kMaxBranches) sink.branch(branch->number, branch->taken);
    }
  }
}

}  // namespace culprit
