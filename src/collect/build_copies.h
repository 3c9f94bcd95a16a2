// What a build left behind and raw coverage cannot be read without, copied into the recording: gcov
// notes (.gcno) of the objects that ran, and Java classes. Several threads may call it at once.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"

namespace culprit {

class BuildCopies {
 public:
  // `target`: where the copies go. `folders`: where the build is, as far as the user said.
  BuildCopies(std::string target, std::vector<std::string> folders);

  // Copies the classes and archives of classes in `folders`.
  [[nodiscard]] Result<void> copy_classes();

  // `object`: path of a .gcda as the program wrote it. Copies the .gcno beside it, or else the one
  // in `folders` that has its name.
  [[nodiscard]] Result<void> copy_notes(const std::string& object);
  // Objects whose .gcno was not found.
  [[nodiscard]] const std::set<std::string>& without_notes() const { return without_notes_; }

  // A name for a file of the build without folders: its path below the folder of the build (or the
  // current folder) that it lies in, with `#` for `/`.
  [[nodiscard]] std::string flat_name(std::string_view path) const;

 private:
  Result<void> copy(const std::string& from, const std::string& name);
  [[nodiscard]] std::string find_notes(const std::string& beside) const;

  std::string target_;
  std::vector<std::string> folders_;  // absolute
  std::string current_;               // the current folder, absolute
  std::mutex mutex_;
  std::set<std::string> known_;  // objects
  std::set<std::string> without_notes_;
  std::multimap<std::string, std::string> notes_;  // name of a .gcno in folders_ -> its path
};

}  // namespace culprit
