// The files of a run set: a folder, or an archive read in place as if it were one.
//
// Only this unit opens files. Archives (.tar, .tar.*, .zip, read by libarchive) are unpacked into
// memory, nested ones as if they were folders; entry names are only ever names: no entry touches
// the disk. A single compressed file (.gz) appears under its name without the suffix. Every size is
// bounded, see Limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "culprit/error.h"

namespace culprit {

struct Limits {
  std::uint64_t file_bytes = 1ULL << 30;     // one file, decompressed
  std::uint64_t archive_bytes = 4ULL << 30;  // all entries of all archives of a tree, decompressed
  std::uint64_t archive_entries = 1'000'000;
  std::uint64_t expansion_ratio = 2000;  // decompressed : compressed, once past 1 MiB
  int nesting = 4;                       // archives inside archives, folders excepted
  int folder_depth = 64;
};

// The content of a file on disk, decompressed when it is gzip.
[[nodiscard]] Result<std::string> read_file(const std::string& path, const Limits& limits = {});

// Writes the whole file or nothing: a temporary file beside it, synced, then renamed over it.
[[nodiscard]] Result<void> write_file(const std::string& path, const std::string& bytes);

class FileTree {
 public:
  // Lists the folder, or reads the archive, at `path`. Unreadable parts become warnings; an
  // unreadable root is an error.
  [[nodiscard]] static Result<FileTree> open(const std::string& path, const Limits& limits = {});

  struct Entry {
    std::string path;     // relative to the root, `/`-separated, `.gz` dropped
    std::string on_disk;  // where the bytes are; empty: in `content`
    std::string content;
  };

  // Sorted by path.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] const Entry* find(std::string_view path) const;
  // The entry's bytes, decompressed.
  [[nodiscard]] Result<std::string> read(const Entry& entry) const;
  [[nodiscard]] const std::vector<Error>& warnings() const { return warnings_; }
  // Root as the user named it.
  [[nodiscard]] const std::string& root() const { return root_; }

 private:
  std::string root_;
  std::vector<Entry> entries_;
  std::vector<Error> warnings_;
  Limits limits_;
};

}  // namespace culprit
