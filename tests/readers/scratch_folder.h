// What tests need that run compilers: a place for their output, and whether they ran.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace culprit {

// A folder that goes with the object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "culprit-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline bool runs(const std::string& command) { return std::system(command.c_str()) == 0; }

}  // namespace culprit
