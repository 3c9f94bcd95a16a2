// The change under test, from git or from a diff file; the one place that knows libgit2.
#pragma once

#include <string>

#include "base/input.h"
#include "culprit/error.h"
#include "model/changes.h"

namespace culprit {

// What the files of the repository around `folder` differ in from the revision `base` or, where
// HEAD has left it, from where both parted (the merge base, so that what others merged meanwhile
// is no change), with `commit` up to that one, else up to what is on disk. Renamed files are
// recognised; changes that are not committed count, files that git does not track do not. Errors:
// no repository; no such revision, which a shallow clone lacks.
[[nodiscard]] Result<Changes> changes_since(const std::string& folder, const std::string& base,
                                            const std::string& commit = "");

// From a diff as `git diff` or `diff -u` writes it. Errors: it is none, or larger than 256 MiB.
[[nodiscard]] Result<Changes> changes_of_diff(const Input& diff);

}  // namespace culprit
