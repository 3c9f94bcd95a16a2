// Files on disk: the only calls of the operating system's file interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "culprit/error.h"

namespace culprit {

// A file open for reading; closes itself.
class OpenFile {
 public:
  [[nodiscard]] static Result<OpenFile> open(const std::string& path);
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool is_regular() const { return regular_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }  // 0 where it is not regular
  // The first bytes, at most `max_bytes`; the read position stays at the start. Regular files only.
  [[nodiscard]] Result<std::string> head(std::size_t max_bytes) const;
  // Everything, as stored.
  [[nodiscard]] Result<std::string> read_all(std::uint64_t max_bytes) const;

 private:
  OpenFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;
  bool regular_ = false;
  std::uint64_t size_ = 0;
};

// As write_file(), but only where the file still holds `expected` (nullopt: does not exist), so
// that of two writers at a time one is told. Holds a lock of the folder meanwhile.
[[nodiscard]] Result<void> update_file(const std::string& path,
                                       const std::optional<std::string>& expected,
                                       const std::string& bytes);

// Writes a file that does not exist yet, without the care of write_file(): for parts of a folder
// that is moved into place as a whole.
[[nodiscard]] Result<void> create_file(const std::string& path, std::string_view bytes);

// "cannot be opened: Permission denied", with errno's text.
[[nodiscard]] Error system_error(const std::string& path, const std::string& what);

// That nothing is at `path`; suggests the nearest name that is.
[[nodiscard]] Error missing_error(const std::string& path);

}  // namespace culprit
