// The folder a recording is written to. A run appears in it whole or not at all: it is put together
// in `.partial/`, which nobody reads, and moved into place at the end.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "culprit/error.h"

namespace culprit {

// A run being put together; removed again unless it is finished.
class RunFolder {
 public:
  RunFolder(std::string partial, std::string target);
  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  ~RunFolder();

  // `name`: path below the run's folder. Where it is taken already, `.2` and so on goes in front of
  // the suffix: parts that add up.
  [[nodiscard]] Result<void> add(std::string_view name, std::string_view bytes);
  [[nodiscard]] Result<void> finish();
  // What the run is called.
  [[nodiscard]] std::string_view name() const {
    return std::string_view(target_).substr(target_.rfind('/') + 1);
  }

 private:
  std::string partial_;
  std::string target_;
  std::set<std::string> names_;
  std::set<std::string> folders_;  // that were made
};

class Recording {
 public:
  // Makes the folder. One that holds something already is an error unless `resume`; one that
  // another recorder is at work in always is. What a killed recorder left in `.partial/` goes.
  [[nodiscard]] static Result<Recording> open(const std::string& folder, bool resume);
  Recording(Recording&& other) noexcept;
  Recording& operator=(Recording&&) = delete;
  ~Recording();

  // Whether the run is there, whole.
  [[nodiscard]] bool has(std::string_view run) const;
  [[nodiscard]] Result<RunFolder> start(std::string_view run) const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  Recording(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}

  std::string folder_;
  int lock_;
};

// A name that is safe as a folder's, and new: characters that shells or file systems mind become
// `_`, and `taken` keeps equal ones apart.
[[nodiscard]] std::string folder_name(std::string_view name, std::set<std::string>& taken);

}  // namespace culprit
