// libgit2's handles, each freed by its owner; the one place that includes it.
#pragma once

#include <git2.h>

#include <memory>
#include <string>

#include "base/text.h"
#include "culprit/error.h"

namespace culprit::git {

template <class T, void (*kFree)(T*)>
struct Freed {
  void operator()(T* pointer) const { kFree(pointer); }
};
using Repository = std::unique_ptr<git_repository, Freed<git_repository, git_repository_free>>;
using Object = std::unique_ptr<git_object, Freed<git_object, git_object_free>>;
using Commit = std::unique_ptr<git_commit, Freed<git_commit, git_commit_free>>;
using Tree = std::unique_ptr<git_tree, Freed<git_tree, git_tree_free>>;
using TreeEntry = std::unique_ptr<git_tree_entry, Freed<git_tree_entry, git_tree_entry_free>>;
using Blob = std::unique_ptr<git_blob, Freed<git_blob, git_blob_free>>;
using Diff = std::unique_ptr<git_diff, Freed<git_diff, git_diff_free>>;
using Blame = std::unique_ptr<git_blame, Freed<git_blame, git_blame_free>>;

// libgit2 counts how often it is set up.
class Library {
 public:
  Library() { git_libgit2_init(); }
  ~Library() { git_libgit2_shutdown(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

inline std::string last_message() {
  const git_error* const error = git_error_last();
  return error == nullptr ? "no reason given" : printable(error->message, 200);
}

// Why a repository could not be opened.
inline Error not_opened(const std::string& folder, std::string hint) {
  const std::string why = last_message();
  if (why.find("safe.directory") != std::string::npos ||
      why.find("not owned") != std::string::npos) {
    return error_in(folder, "is another user's git repository, which git does not trust",
                    "git config --global --add safe.directory DIR");
  }
  return error_in(folder, "is in no git repository: " + why, std::move(hint));
}

}  // namespace culprit::git
