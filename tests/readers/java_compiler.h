// Compiled Java classes for tests, made by the JDK's own compiler.
#pragma once

#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "base/file_tree.h"
#include "readers/scratch_folder.h"

namespace culprit {

// The classes of one source file, by their path below the class folder; none, and a word on stderr,
// where there is no compiler.
inline const std::map<std::string, std::string>& compiled(
    const std::string& file_name, const std::string& source,
    const std::string& options = "--release 11") {
  // The compiler takes a second each time.
  static std::map<std::string, std::map<std::string, std::string>> known;
  const auto [at, added] = known.try_emplace(options + '\n' + source);
  std::map<std::string, std::string>& classes = at->second;
  if (!added) return classes;
  if (!runs("command -v javac >/dev/null")) {
    std::cerr << "skipped: no javac\n";
    return classes;
  }
  const ScratchFolder folder;
  std::ofstream(folder.path() / file_name) << source;
  if (!runs("cd '" + folder.path().string() + "' && javac -nowarn -Xlint:-options -d out " +
            options + " " + file_name + " 2>javac.log || { cat javac.log >&2; false; }")) {
    return classes;
  }
  const Result<FileTree> tree = FileTree::open((folder.path() / "out").string());
  if (!tree) return classes;
  for (const FileTree::Entry& entry : tree->entries()) classes[entry.path] = *tree->read(entry);
  return classes;
}

}  // namespace culprit
