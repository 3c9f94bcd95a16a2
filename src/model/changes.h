// The change under test: which lines of which files it touches.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace culprit {

struct ChangedFile {
  std::string path;      // below the repository, after the change; of a deleted file before it
  std::string old_path;  // before it; the same, but for renamed files; empty: added
  // First and last line of each part that is new or different, after the change. Where lines were
  // only taken out: the lines on both sides of the gap.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lines;
  std::string added;  // the text of the lines it adds
};

struct Changes {
  std::string name;  // a revision or a diff file, as the user named it
  std::vector<ChangedFile> files;
};

}  // namespace culprit
