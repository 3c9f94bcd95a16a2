// The files of a run set: a folder, or an archive read in place as if it were one.
//
// Only this unit opens files. Archives (tar, compressed tar, zip; known by content, not by name)
// are unpacked into memory and appear as folders named without the suffix: x/tier.tar.xz as
// x/tier/; the root archive adds no folder. Entry names are only ever names: no entry touches the
// disk. A single compressed file (.gz, .xz, .zst, .bz2) appears under its name without the suffix
// and is decompressed when read. Text in UTF-16 is read as UTF-8. Every size is bounded, see
// Limits.
//
// Skipped silently: files and folders whose name starts with `.`, and empty folders. Skipped with a
// warning: links inside archives, symbolic links to folders or out of the root, devices, names that
// lead out of their archive, what exceeds a limit, what cannot be read. Where two files come to the
// same path (a.info beside a.info.gz) the plain one stays and the other is a warning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

struct Limits {
  std::uint64_t file_bytes = 1ULL << 30;     // one file in memory, decompressed
  std::uint64_t stream_bytes = 64ULL << 30;  // one file read a part at a time, decompressed
  std::uint64_t large_bytes = 32ULL << 20;   // a file of so many is a large one; packed, of a 16th
  std::uint64_t archive_bytes = 4ULL << 30;  // all entries of all archives of a tree, decompressed
  std::uint64_t archive_entries = 1'000'000;
  std::uint64_t expansion_ratio = 2000;  // decompressed : compressed, once past 1 MiB
  int nesting = 4;                       // an archive on disk is 1, one inside it 2
  int folder_depth = 64;
};

// The content of a file on disk, decompressed when it is a single compressed file; UTF-16 as UTF-8.
[[nodiscard]] Result<std::string> read_file(const std::string& path, const Limits& limits = {});

// Writes the whole file or nothing: a temporary file beside it, synced, then renamed over it; an
// existing file keeps its permissions, a link stays a link. Devices and pipes are written directly.
[[nodiscard]] Result<void> write_file(const std::string& path, const std::string& bytes);

// Makes the folder and those above it, where they are not there yet.
[[nodiscard]] Result<void> make_folder(const std::string& path);

class FileTree {
 public:
  // Lists the folder, or reads the archive, at `path`; any other file is a tree of one. Unreadable
  // parts become warnings; an unreadable root is an error.
  // Where `wanted` is given, files and archives below the root whose name it refuses are not looked
  // at; it sees a file's last component as it is on disk or in an archive.
  using Wanted = std::function<bool(std::string_view file_name)>;
  [[nodiscard]] static Result<FileTree> open(const std::string& path, const Limits& limits = {},
                                             const Wanted& wanted = {});

  struct Entry {
    std::string path;     // relative to the root, `/`-separated, `.gz` dropped
    std::string on_disk;  // where the bytes are; empty: in `content`
    std::string content;  // as stored: read() decompresses
  };

  // Sorted by path.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] const Entry* find(std::string_view path) const;
  // The entry's bytes, decompressed. Several threads may read at once.
  [[nodiscard]] Result<std::string> read(const Entry& entry) const;
  // The same a part at a time, of a large file on disk; null: a file to read(), as all others are.
  // One thread may use a stream.
  [[nodiscard]] Result<std::unique_ptr<TextStream>> stream(const Entry& entry) const;
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
