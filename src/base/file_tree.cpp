#include "base/file_tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/archive.h"
#include "base/disk.h"
#include "base/file_stream.h"
#include "base/utf16.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

// Where two files come to the same path the plainer one stays.
enum class Plainness { kFromArchive, kCompressed, kPlain };

struct Found {
  FileTree::Entry entry;
  std::string origin;  // the path the user knows it by, suffixes and all
  Plainness plainness;
};

// What compilers and virtual machines write for themselves, a thousand files a run: nobody calls an
// archive so, and opening each only to see that it is none takes as long as reading it.
bool is_never_packed(std::string_view name) {
  constexpr std::array<std::string_view, 3> kExtensions = {".gcda", ".gcno", ".class"};
  return std::ranges::any_of(kExtensions,
                             [&](auto extension) { return name.ends_with(extension); });
}

class Listing {
 public:
  Listing(std::string root, const Limits& limits, const FileTree::Wanted& wanted)
      : root_(std::move(root)), limits_(limits), wanted_(wanted), archives_(limits) {
    std::error_code ignored;
    real_root_ = fs::canonical(root_, ignored);
  }

  Result<void> folder(const fs::path& path, const std::string& prefix, int depth) {
    std::error_code error;
    std::vector<fs::directory_entry> files;
    for (fs::directory_iterator file(path, error), end; !error && file != end;
         file.increment(error)) {
      files.push_back(*file);
    }
    // The order of a folder on disk is any; that of warnings must not be.
    std::sort(files.begin(), files.end());
    for (const fs::directory_entry& file : files) visit(file, prefix, depth);
    if (error) return fail(error_in(path.string(), "cannot be read: " + error.message()));
    return {};
  }

  // `name`: path in the tree, before suffixes go. `prefix`: what the entries of an archive get.
  Result<void> file(const std::string& path, const std::string& name,
                    const std::optional<std::string>& prefix) {
    const Result<OpenFile> file = OpenFile::open(path);
    if (!file) return fail(file.error());
    if (!file->is_regular()) return fail(error_in(path, "neither a file nor a folder"));
    const Result<std::string> head = file->head(kPackingHead);
    if (!head) return fail(head.error());
    const Packing packing = packing_of(*head);
    if (packing == Packing::kNone) {
      found.push_back({{name, path, {}}, path, Plainness::kPlain});
      return {};
    }
    if (!is_archive(file->descriptor(), packing, name)) {
      found.push_back({{std::string(without_compression_suffix(name)), path, {}},
                       path,
                       Plainness::kCompressed});
      return {};
    }
    return archive(path, packing,
                   prefix ? *prefix : std::string(without_archive_suffix(name)) + '/');
  }

  std::vector<Found> found;
  std::vector<Error> warnings;

 private:
  void visit(const fs::directory_entry& file, const std::string& prefix, int depth) {
    const std::string name = file.path().filename().string();
    if (name.starts_with('.')) return;
    const std::string path = file.path().string();
    std::error_code error;
    // What listing the folder told is known without asking again.
    const fs::file_type type = file.is_symlink(error)        ? fs::file_type::symlink
                               : file.is_directory(error)    ? fs::file_type::directory
                               : file.is_regular_file(error) ? fs::file_type::regular
                                                             : fs::file_type::unknown;
    Result<void> result;
    if (type == fs::file_type::directory) {
      result = depth < limits_.folder_depth
                   ? folder(file.path(), prefix + name + '/', depth + 1)
                   : fail(error_in(path, "deeper than " + std::to_string(limits_.folder_depth) +
                                             " folders, the limit folder_depth; skipped"));
    } else if (wanted_ && !wanted_(name)) {
      return;
    } else if (type == fs::file_type::symlink) {
      result = link(file.path(), prefix + name);
    } else if (type == fs::file_type::regular && is_never_packed(name)) {
      found.push_back({{prefix + name, path, {}}, path, Plainness::kPlain});
    } else if (type == fs::file_type::regular) {
      result = this->file(path, prefix + name, std::nullopt);
    } else {
      result = fail(error_in(path, error ? "cannot be read: " + error.message()
                                         : "neither a file nor a folder; skipped"));
    }
    if (!result) warnings.push_back(std::move(result.error()));
  }

  Result<void> link(const fs::path& path, const std::string& name) {
    std::error_code error;
    const fs::path target = fs::canonical(path, error);
    if (error) {
      return fail(
          error_in(path.string(), "a symbolic link that leads nowhere: " + error.message()));
    }
    const auto [root_end, unused] =
        std::mismatch(real_root_.begin(), real_root_.end(), target.begin(), target.end());
    if (root_end != real_root_.end()) {
      return fail(error_in(path.string(), "a symbolic link out of the folder read; skipped"));
    }
    if (!fs::is_regular_file(target, error)) {
      return fail(error_in(path.string(), "a symbolic link to a folder; skipped"));
    }
    return file(target.string(), name, std::nullopt);
  }

  Result<void> archive(const std::string& path, Packing packing, const std::string& prefix) {
    // Opened anew: a look inside a stream may have moved the read position.
    const Result<OpenFile> file = OpenFile::open(path);
    if (!file) return fail(file.error());
    auto entries = archives_.read(file->descriptor(), file->size(), packing, path, prefix);
    std::move(archives_.warnings.begin(), archives_.warnings.end(), std::back_inserter(warnings));
    archives_.warnings.clear();
    if (!entries) return fail(entries.error());
    for (ArchiveEntry& entry : *entries) {
      if (wanted_ && !wanted_(fs::path(entry.path).filename().string())) continue;
      found.push_back({{std::move(entry.path), {}, std::move(entry.content)},
                       std::move(entry.origin),
                       Plainness::kFromArchive});
    }
    return {};
  }

  std::string root_;
  fs::path real_root_;
  Limits limits_;
  const FileTree::Wanted& wanted_;
  ArchiveReader archives_;
};

Result<std::string> as_text(Result<std::string> bytes) {
  return bytes ? Result<std::string>(utf8_of_utf16(std::move(*bytes))) : bytes;
}

}  // namespace

Result<std::string> read_file(const std::string& path, const Limits& limits) {
  const Result<OpenFile> file = OpenFile::open(path);
  if (!file) return fail(file.error());
  Result<std::string> bytes = file->read_all(limits.file_bytes);
  if (!bytes) return bytes;
  return as_text(decompress(path, std::move(*bytes), limits));
}

Result<FileTree> FileTree::open(const std::string& path, const Limits& limits,
                                const Wanted& wanted) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return fail(missing_error(path));
  if (error) return fail(error_in(path, "cannot be read: " + error.message()));
  // Opening a pipe would wait for somebody to write into it.
  if (!fs::is_directory(status) && !fs::is_regular_file(status)) {
    return fail(error_in(path, "neither a file nor a folder"));
  }

  Listing listing(path, limits, wanted);
  const Result<void> listed =
      status.type() == fs::file_type::directory
          ? listing.folder(path, "", 0)
          : listing.file(path, fs::path(path).filename().string(), std::string());
  if (!listed) return fail(listed.error());

  FileTree tree;
  tree.root_ = path;
  tree.limits_ = limits;
  tree.warnings_ = std::move(listing.warnings);
  // The plainest of one path comes first; of equals the last, as unpacking would leave it.
  std::reverse(listing.found.begin(), listing.found.end());
  std::stable_sort(listing.found.begin(), listing.found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.entry.path, b.plainness) < std::tie(b.entry.path, a.plainness);
  });
  const Found* kept = nullptr;
  for (Found& file : listing.found) {
    if (!tree.entries_.empty() && file.entry.path == tree.entries_.back().path) {
      tree.warnings_.push_back(
          error_in(file.origin, "skipped: " + kept->origin + " comes to the same path"));
      continue;
    }
    kept = &file;
    tree.entries_.push_back(std::move(file.entry));
  }
  return tree;
}

const FileTree::Entry* FileTree::find(std::string_view path) const {
  const auto entry =
      std::lower_bound(entries_.begin(), entries_.end(), path,
                       [](const Entry& a, std::string_view b) { return a.path < b; });
  return entry != entries_.end() && entry->path == path ? &*entry : nullptr;
}

Result<std::string> FileTree::read(const Entry& entry) const {
  if (!entry.on_disk.empty()) return read_file(entry.on_disk, limits_);
  return as_text(decompress(joined(root_, entry.path), entry.content, limits_));
}

Result<std::unique_ptr<TextStream>> FileTree::stream(const Entry& entry) const {
  if (entry.on_disk.empty()) return nullptr;
  return open_stream(entry.on_disk, limits_);
}

}  // namespace culprit
