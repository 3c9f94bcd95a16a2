#include "source/outline_cache.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/file_tree.h"
#include "base/sha256.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

// Of what outlines say: another number where that changes.
constexpr std::string_view kFormat = "outline/v1";
constexpr std::size_t kDigits = 64;
constexpr std::string_view kSuffix = ".json";

}  // namespace

OutlineCache::OutlineCache(std::string folder, std::uint64_t max_bytes)
    : folder_(std::move(folder)), max_bytes_(max_bytes) {}

std::optional<OutlineCache> OutlineCache::usual() {
  const char* const cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') {
    return OutlineCache(std::string(cache) + "/culprit/outlines");
  }
  const char* const home = std::getenv("HOME");
  if (home == nullptr || home[0] != '/') return std::nullopt;
  return OutlineCache(std::string(home) + "/.cache/culprit/outlines");
}

std::string OutlineCache::file_for(const std::string& path, std::string_view text,
                                   const std::vector<std::string>& flags) const {
  std::string made_from(kFormat);
  for (const std::string& flag : flags) made_from.append(1, '\0').append(flag);
  made_from.append(2, '\0').append(path).append(1, '\0').append(text);
  return folder_ + "/" + sha256_hex(made_from) + std::string(kSuffix);
}

std::optional<CodeOutline> OutlineCache::find(const std::string& path, std::string_view text,
                                              const std::vector<std::string>& flags) const {
  const std::string file = file_for(path, text, flags);
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return std::nullopt;
  const Result<std::string> bytes = read_file(file, {.file_bytes = max_bytes_});
  if (!bytes || bytes->size() <= kDigits) return std::nullopt;
  const std::string_view outline = std::string_view(*bytes).substr(kDigits);
  if (sha256_hex(outline) != bytes->substr(0, kDigits)) return std::nullopt;
  // Used: it stays longer.
  fs::last_write_time(file, fs::file_time_type::clock::now(), error);
  return outline_from_text(outline);
}

void OutlineCache::add(const std::string& path, std::string_view text,
                       const std::vector<std::string>& flags, const CodeOutline& outline) const {
  if (outline.approximate) return;
  std::error_code error;
  if (!fs::exists(folder_, error)) {
    if (!make_folder(folder_)) return;
    fs::permissions(folder_, fs::perms::owner_all, error);
  }
  const std::string bytes = outline_as_text(outline);
  if (write_file(file_for(path, text, flags), sha256_hex(bytes) + bytes)) shrink();
}

void OutlineCache::shrink() const {
  struct Entry {
    fs::file_time_type used;
    std::uint64_t bytes = 0;
    fs::path file;
  };
  std::vector<Entry> entries;
  std::uint64_t all = 0;
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;  // by another process
    const Entry entry{at->last_write_time(gone), at->file_size(gone), at->path()};
    if (gone) continue;
    all += entry.bytes;
    entries.push_back(entry);
  }
  if (all <= max_bytes_) return;
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.used < b.used; });
  for (const Entry& entry : entries) {
    if (all <= max_bytes_ / 2) break;
    if (fs::remove(entry.file, error)) all -= entry.bytes;
  }
}

}  // namespace culprit
