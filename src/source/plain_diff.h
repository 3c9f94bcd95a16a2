// What `diff -u` writes, in the form that git reads.
#pragma once

#include <string>
#include <string_view>

namespace culprit {

// The files of a unified diff (`diff -u`, `diff -ru`, `svn diff`) as a patch of git's; empty where
// there are none. Names lose what follows a tab (a time, a revision), and of two that differ
// (`old/src/a.c`, `new/src/a.c`) the folders at their end that they share are taken, of none the
// new name. Text between files is left out.
[[nodiscard]] std::string as_git_patch(std::string_view diff);

}  // namespace culprit
