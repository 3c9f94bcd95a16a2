// Archives and compressed files, taken apart in memory. Entry names are only ever names: nothing is
// written to disk, and names that lead out of the archive are refused.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/packed_stream.h"
#include "culprit/error.h"

namespace culprit {

// Whether it is a tar (compressed or not) or a zip, as against one compressed file or a plain one.
// By content; the name decides only where damage hides what is inside.
[[nodiscard]] bool is_archive(int file, Packing packing, std::string_view name);
[[nodiscard]] bool is_archive(std::string_view bytes, std::string_view name);

// `name` without the suffix its packing goes by: .gz, .xz, ...; of archives .tar.gz, .tgz, .zip,
// ...
[[nodiscard]] std::string_view without_compression_suffix(std::string_view name);
[[nodiscard]] std::string_view without_archive_suffix(std::string_view name);

// The content of a compressed file; other content comes back as it is. `path` is for errors.
[[nodiscard]] Result<std::string> decompress(std::string_view path, std::string bytes,
                                             const Limits& limits);

// Whether content expands more than `limits` allow.
[[nodiscard]] bool exceeds_ratio(std::uint64_t unpacked, std::uint64_t packed,
                                 const Limits& limits);
[[nodiscard]] Error ratio_error(std::string_view path, const Limits& limits);

// The path by which the user knows a file in a folder or archive.
[[nodiscard]] std::string joined(std::string_view folder, std::string_view name);

struct ArchiveEntry {
  std::string path;     // prefix and cleaned name; a compressed file's without the suffix
  std::string origin;   // prefix and cleaned name
  std::string content;  // still compressed where the entry was a compressed file
};

// Reads archives, nested ones too, one after the other; archive_bytes and archive_entries count
// over all of them.
class ArchiveReader {
 public:
  explicit ArchiveReader(const Limits& limits) : limits_(limits) {}

  // The entries of the archive, their paths put behind `prefix` ("" or "folder/"). `shown` is the
  // archive's name in errors. Of a damaged archive the entries before the damage are kept and the
  // damage is a warning, unless there are none; an archive beyond a limit gives an error and no
  // entries. Both `file` and `bytes` stay the caller's.
  [[nodiscard]] Result<std::vector<ArchiveEntry>> read(int file, std::uint64_t file_bytes,
                                                       Packing packing, const std::string& shown,
                                                       const std::string& prefix);
  [[nodiscard]] Result<std::vector<ArchiveEntry>> read(std::string_view bytes,
                                                       const std::string& shown,
                                                       const std::string& prefix, int nesting = 1);

  // What was skipped in the archives read so far.
  std::vector<Error> warnings;

 private:
  struct Level {
    std::string shown;
    std::string prefix;
    std::uint64_t packed_bytes;
    int nesting;
    std::uint64_t unpacked_bytes = 0;
    std::vector<ArchiveEntry> entries = {};
    std::map<std::string, std::uint64_t> refused = {};  // how often, by reason
  };

  Result<void> read_entries(PackedStream& stream, Level& level);
  // kBroken: the archive ends here. A single bad entry is a warning and kOk.
  Result<PackedStream::Step> read_entry(PackedStream& stream, archive_entry& entry, Level& level);
  Result<void> count_bytes(std::uint64_t bytes, Level& level);
  void keep(const std::string& name, std::string content, Level& level);
  void refuse(std::string_view name, const std::string& reason, Level& level);
  Result<std::vector<ArchiveEntry>> read_level(PackedStream& stream, Level level);

  Limits limits_;
  std::uint64_t bytes_ = 0;
  std::uint64_t entries_ = 0;
};

}  // namespace culprit
