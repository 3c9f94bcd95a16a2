// Archives and compressed files for tests, made by libarchive's writers and zlib.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace culprit {

struct Member {
  std::string name;
  std::string content;
  unsigned type = AE_IFREG;
  std::string link = {};  // where a link leads; AE_IFREG: a hard link
  bool sparse = false;    // a hole of 1 MiB before the content's last byte
};

using Filter = int (*)(archive*);

inline std::string pack(int (*format)(archive*), Filter filter,
                        const std::vector<Member>& members) {
  std::string bytes(8 << 20, '\0');
  std::size_t used = 0;
  archive* const a = archive_write_new();
  format(a);
  if (filter != nullptr) filter(a);
  archive_write_set_bytes_in_last_block(a, 1);
  archive_write_open_memory(a, bytes.data(), bytes.size(), &used);
  for (const Member& member : members) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.type);
    archive_entry_set_perm(entry, 0644);
    std::string content = member.content;
    if (member.sparse) content.insert(content.size() - 1, 1 << 20, '\0');
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    if (member.sparse) {
      archive_entry_sparse_add_entry(entry, 0, static_cast<la_int64_t>(member.content.size() - 1));
      archive_entry_sparse_add_entry(entry, static_cast<la_int64_t>(content.size() - 1), 1);
    }
    if (!member.link.empty() && member.type == AE_IFREG) {
      archive_entry_set_hardlink(entry, member.link.c_str());
    } else if (!member.link.empty()) {
      archive_entry_set_symlink(entry, member.link.c_str());
    }
    archive_write_header(a, entry);
    archive_write_data(a, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  bytes.resize(used);
  return bytes;
}

inline std::string tar(const std::vector<Member>& members, Filter filter = nullptr) {
  return pack(archive_write_set_format_pax_restricted, filter, members);
}
inline std::string zip(const std::vector<Member>& members) {
  return pack(archive_write_set_format_zip, nullptr, members);
}
// One compressed file.
inline std::string compressed(const std::string& content, Filter filter) {
  return pack(archive_write_set_format_raw, filter, {{"content", content}});
}

inline std::string gzip(const std::string& content) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string bytes(deflateBound(&stream, content.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  deflate(&stream, Z_FINISH);
  bytes.resize(bytes.size() - stream.avail_out);
  deflateEnd(&stream);
  return bytes;
}

// Text that hardly compresses.
inline std::string noise(std::size_t size) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < size) {
    state = state * 1664525U + 1013904223U;
    text += static_cast<char>('!' + (state >> 24) % 90);
  }
  return text;
}

// A folder of its own for one test, removed with what is in it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "culprit-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path(const std::string& name = "") const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace culprit
