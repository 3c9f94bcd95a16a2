#include "pipeline/build_pass.h"

#include <algorithm>

#include "base/archive.h"
#include "base/workers.h"
#include "readers/detect.h"

namespace culprit {

namespace {

// By name: most of what lies in a build folder is large and no business of ours.
bool is_build_file(std::string_view file_name) {
  return std::ranges::any_of(readers(), [&](const Reader& reader) {
    return reader.load != nullptr && fits_name(reader, file_name);
  });
}

struct BuildFile {
  const FileTree* tree;
  const FileTree::Entry* entry;
  std::string shown;
  bool of_run_set;
};

// What came of one file; by file, so that the order of messages does not depend on threads.
struct Loaded {
  const Reader* reader = nullptr;
  std::vector<Error> problems;
};

Loaded load(const BuildFile& file, BuildFiles& build) {
  Loaded loaded;
  const Result<std::string> bytes = file.tree->read(*file.entry);
  if (!bytes) {
    loaded.problems.push_back(bytes.error());
    return loaded;
  }
  const Input input{file.shown, *bytes};
  const Result<const Reader*> reader = detect(input);
  // What only is called so is left to the pass over the runs.
  if (!reader || (*reader)->load == nullptr) return loaded;
  loaded.reader = *reader;
  if (const auto done = (*reader)->load(input, build); !done) {
    loaded.problems.push_back(done.error());
  }
  return loaded;
}

}  // namespace

Result<FileTree> open_build(const std::string& path) {
  return FileTree::open(path, {}, is_build_file);
}

void load_build_files(const FileTree& tree, std::string_view folder,
                      std::span<const FileTree> folders, unsigned jobs, BuildPass& pass) {
  std::vector<BuildFile> files;
  for (const FileTree::Entry& entry : tree.entries()) {
    const std::string_view path = entry.path;
    if (!path.starts_with(folder) || !is_build_file(path.substr(path.rfind('/') + 1))) continue;
    files.push_back({&tree, &entry, std::string(path.substr(folder.size())), true});
  }
  for (const FileTree& other : folders) {
    const std::size_t before = files.size();
    for (const FileTree::Entry& entry : other.entries()) {
      files.push_back({&other, &entry, joined(other.root(), entry.path), false});
    }
    pass.problems.insert(pass.problems.end(), other.warnings().begin(), other.warnings().end());
    if (files.size() == before) {
      pass.problems.push_back(
          error_in(other.root(), "holds nothing that a build leaves for coverage",
                   "such as .gcno files beside the objects, or Java's .class files and .jar"));
    }
  }
  std::vector<Loaded> results(files.size());
  for_each_index(files.size(), jobs, [&](unsigned, std::size_t index) {
    results[index] = load(files[index], pass.files);
  });
  pass.files.finish();
  for (std::size_t i = 0; i < files.size(); ++i) {
    Loaded& loaded = results[i];
    if (loaded.reader != nullptr && files[i].of_run_set) pass.entries.insert(files[i].entry);
    if (loaded.reader != nullptr && loaded.problems.empty()) ++pass.read[loaded.reader->name];
    for (Error& problem : loaded.problems) pass.problems.push_back(std::move(problem));
  }
}

}  // namespace culprit
