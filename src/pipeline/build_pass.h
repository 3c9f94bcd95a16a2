// The pass before runs are read: what the build left behind, found and loaded.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "readers/build_files.h"

namespace culprit {

struct BuildPass {
  BuildFiles files;
  std::map<std::string_view, std::size_t> read;  // how many, by the name of their format
  std::set<const FileTree::Entry*> entries;      // of the run set; they belong to no run
  std::vector<Error> problems;
};

// A folder or archive in which only files that are called like a build's matter.
[[nodiscard]] Result<FileTree> open_build(const std::string& path);

// Loads the build files of the run set (those of `tree` below `folder`) and of other folders.
// `folders` come from open_build().
void load_build_files(const FileTree& tree, std::string_view folder,
                      std::span<const FileTree> folders, unsigned jobs, BuildPass& pass);

}  // namespace culprit
