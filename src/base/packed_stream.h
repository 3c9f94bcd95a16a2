// Packed content as libarchive streams it: the entries of a tar or zip, or one compressed file.
#pragma once

#include <locale.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "culprit/error.h"

struct archive;
struct archive_entry;

namespace culprit {

enum class Packing { kNone, kGzip, kXz, kZstd, kBzip2, kTar, kZip };

inline constexpr std::size_t kPackingHead = 512;  // as many bytes as packing_of looks at

// What the first bytes of a file say it is; names play no part.
[[nodiscard]] Packing packing_of(std::string_view head);

// Used by one thread: while it lives, that thread's names are UTF-8, whatever the locale.
class PackedStream {
 public:
  // Both `bytes` and `file` stay the caller's. A stream that could not be opened is kBroken at
  // once.
  PackedStream(std::string_view bytes, Packing packing);
  PackedStream(int file, Packing packing);
  ~PackedStream();
  PackedStream(const PackedStream&) = delete;
  PackedStream& operator=(const PackedStream&) = delete;

  enum class Step { kOk, kEnd, kBadEntry, kBroken };
  // The entry belongs to the stream.
  [[nodiscard]] Step next(archive_entry*& entry);
  [[nodiscard]] Step next_block(std::string_view& data, std::uint64_t& offset);

  // Compressed content is a tar as against a single file; known after next().
  [[nodiscard]] bool is_tar() const;
  // An entry that is not read costs nothing: each is packed by itself.
  [[nodiscard]] bool is_zip() const;
  // libarchive's reason for the last step that failed, as an error in `path`.
  [[nodiscard]] Error damage(std::string_view path) const;

 private:
  explicit PackedStream(Packing packing);
  [[nodiscard]] Step step(int result) const;

  std::unique_ptr<archive, int (*)(archive*)> archive_;
  bool open_ = false;
  locale_t locale_before_;
};

}  // namespace culprit
