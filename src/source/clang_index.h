// C and C++ as libclang reads them. The only place that knows it: the library is opened at run
// time, on first need, and may be absent. The header of any version that is installed builds it;
// built without one, it says so.
//
// Not for threads: one parse at a time. A parse reads what the source includes and may take
// seconds, crash or not end: see outline_in_child() for what is safe with any source.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"
#include "source/code_outline.h"

namespace culprit {

class ClangIndex {
 public:
  // Opens the first of `libraries` that is there, 14 or newer. Error: there is none.
  [[nodiscard]] static Result<ClangIndex> open(const std::vector<std::string>& libraries);
  // Version 19 first, with which this was tried most, then from the newest to the oldest.
  [[nodiscard]] static std::vector<std::string> usual_libraries();

  ClangIndex(ClangIndex&&) noexcept;
  ClangIndex& operator=(ClangIndex&&) noexcept;
  ~ClangIndex();

  // The functions and statements of `path`, whose content is `text`; of what it includes nothing.
  // `flags` as for clang, without the file.
  [[nodiscard]] Result<CodeOutline> outline(const std::string& path, std::string_view text,
                                            const std::vector<std::string>& flags) const;

  struct Library;  // what is used of libclang

 private:
  explicit ClangIndex(std::unique_ptr<Library> library);
  std::unique_ptr<Library> library_;
};

}  // namespace culprit
