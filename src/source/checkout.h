// The names of the files below a folder with source code. No file is opened, no symbolic link is
// followed: what a link leads to inside the folder is listed by its own name.
//
// Left out: names that start with `.`, node_modules, __pycache__, and folders that a build writes
// (beside the file that says so: CMakeCache.txt or CACHEDIR.TAG inside, target/ beside pom.xml or
// Cargo.toml, build/ beside build.gradle), which hold copies of sources.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "culprit/error.h"

namespace culprit {

struct CheckoutLimits {
  std::size_t files = 500'000;
  std::size_t folder_depth = 64;
};

struct Checkout {
  std::string folder;              // as the user named it
  std::vector<std::string> files;  // below it, sorted, separated by `/`
  std::vector<std::string> notes;  // what was left out because of a limit, or cannot be read
};

// Errors: `folder` is none, or cannot be read.
[[nodiscard]] Result<Checkout> list_checkout(const std::string& folder,
                                             const CheckoutLimits& limits = {});

}  // namespace culprit
