#include "base/archive.h"

#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/gzip.h"
#include "base/size.h"
#include "base/text.h"

namespace culprit {

namespace {

using Step = PackedStream::Step;

constexpr std::uint64_t kAnyRatioBytes = 1 << 20;  // up to here content may expand as it likes
constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::uint64_t kShownRefusals = 3;  // of one reason and archive

// A longer suffix stands before the shorter one it ends with.
constexpr std::array<std::string_view, 13> kArchiveSuffixes = {
    ".tar.bz2", ".tar.zst", ".tar.gz", ".tar.xz", ".tbz2", ".tzst", ".tar",
    ".tgz",     ".txz",     ".tbz",    ".zip",    ".jar",  ".war"};
constexpr std::array<std::string_view, 4> kCompressionSuffixes = {".gz", ".xz", ".zst", ".bz2"};

template <class Suffixes>
std::string_view without_any(const Suffixes& suffixes, std::string_view name) {
  for (const std::string_view suffix : suffixes) {
    // A file called just ".gz" keeps its name.
    if (name.size() > suffix.size() &&
        equal_ignoring_case(name.substr(name.size() - suffix.size()), suffix) &&
        name[name.size() - suffix.size() - 1] != '/') {
      return name.substr(0, name.size() - suffix.size());
    }
  }
  return name;
}

// An entry's name as a relative path, or why it is refused. Hidden and empty names are dropped.
struct CleanName {
  std::string path;
  std::string refusal;
  bool dropped = false;
};

CleanName clean_name(std::string_view name, const Limits& limits) {
  if (name.size() > kMaxNameBytes) {
    return {{}, "its name is longer than " + std::to_string(kMaxNameBytes) + " bytes"};
  }
  if (name.starts_with('/')) return {{}, "its path is absolute"};
  CleanName clean;
  int depth = 0;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") return {{}, "its path contains `..`"};
    clean.dropped |= part.starts_with('.');
    if (depth++ > 0) clean.path += '/';
    clean.path += part;
  }
  if (depth > limits.folder_depth + 1) {
    return {{},
            "it lies deeper than " + std::to_string(limits.folder_depth) +
                " folders, the limit folder_depth"};
  }
  clean.dropped |= clean.path.empty();
  return clean;
}

// What an entry says of its size is a claim: only good for leaving it out.
bool says_more(archive_entry& entry, std::uint64_t bytes) {
  return archive_entry_size_is_set(&entry) != 0 &&
         static_cast<std::uint64_t>(archive_entry_size(&entry)) > bytes;
}

// Either a tar or a single file is inside; the packing does not tell which.
bool is_compressed(Packing packing) {
  return packing != Packing::kNone && packing != Packing::kTar && packing != Packing::kZip;
}

bool holds_tar(PackedStream& stream, std::string_view name) {
  archive_entry* entry = nullptr;
  const Step step = stream.next(entry);
  if (step == Step::kBroken) return without_archive_suffix(name) != name;
  return step == Step::kOk && stream.is_tar();
}

}  // namespace

bool exceeds_ratio(std::uint64_t unpacked, std::uint64_t packed, const Limits& limits) {
  return unpacked > kAnyRatioBytes &&
         unpacked / std::max(limits.expansion_ratio, std::uint64_t{1}) > packed;
}

Error ratio_error(std::string_view path, const Limits& limits) {
  return error_in(path, "expands more than " + std::to_string(limits.expansion_ratio) +
                            " times, the limit expansion_ratio");
}

bool is_archive(int file, Packing packing, std::string_view name) {
  if (!is_compressed(packing)) return packing != Packing::kNone;
  PackedStream stream(file, packing);
  return holds_tar(stream, name);
}

bool is_archive(std::string_view bytes, std::string_view name) {
  const Packing packing = packing_of(bytes.substr(0, kPackingHead));
  if (!is_compressed(packing)) return packing != Packing::kNone;
  PackedStream stream(bytes, packing);
  return holds_tar(stream, name);
}

std::string_view without_compression_suffix(std::string_view name) {
  return without_any(kCompressionSuffixes, name);
}

std::string_view without_archive_suffix(std::string_view name) {
  return without_any(kArchiveSuffixes, name);
}

std::string joined(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

Result<std::string> decompress(std::string_view path, std::string bytes, const Limits& limits) {
  const Packing packing = packing_of(std::string_view(bytes).substr(0, kPackingHead));
  if (packing == Packing::kGzip) return gunzip(path, bytes, limits.file_bytes);
  if (!is_compressed(packing)) return bytes;
  PackedStream stream(bytes, packing);
  std::string content;
  archive_entry* entry = nullptr;
  Step step = stream.next(entry);
  if (step == Step::kEnd) return content;
  while (step == Step::kOk) {
    std::string_view block;
    std::uint64_t offset = 0;
    step = stream.next_block(block, offset);
    if (step != Step::kOk) break;
    if (block.size() > limits.file_bytes - content.size()) {
      return fail(error_in(path, "decompresses to more than " + size_text(limits.file_bytes) +
                                     ", the limit file_bytes"));
    }
    content += block;
    if (exceeds_ratio(content.size(), bytes.size(), limits)) return fail(ratio_error(path, limits));
  }
  if (step != Step::kEnd) return fail(stream.damage(path));
  return content;
}

Result<std::vector<ArchiveEntry>> ArchiveReader::read(int file, std::uint64_t file_bytes,
                                                      Packing packing, const std::string& shown,
                                                      const std::string& prefix) {
  PackedStream stream(file, packing);
  return read_level(stream, {shown, prefix, file_bytes, 1});
}

Result<std::vector<ArchiveEntry>> ArchiveReader::read(std::string_view bytes,
                                                      const std::string& shown,
                                                      const std::string& prefix, int nesting) {
  PackedStream stream(bytes, packing_of(bytes.substr(0, kPackingHead)));
  return read_level(stream, {shown, prefix, bytes.size(), nesting});
}

Result<std::vector<ArchiveEntry>> ArchiveReader::read_level(PackedStream& stream, Level level) {
  const Result<void> done = read_entries(stream, level);
  for (const auto& [reason, count] : level.refused) {
    if (count <= kShownRefusals) continue;
    warnings.push_back(error_in(level.shown, std::to_string(count - kShownRefusals) +
                                                 " further entries skipped: " + reason));
  }
  if (!done) return fail(done.error());
  return std::move(level.entries);
}

Result<void> ArchiveReader::read_entries(PackedStream& stream, Level& level) {
  for (;;) {
    archive_entry* entry = nullptr;
    Step step = stream.next(entry);
    if (step == Step::kEnd) return {};
    if (step != Step::kBroken && ++entries_ > limits_.archive_entries) {
      return fail(error_in(level.shown, "more than " + std::to_string(limits_.archive_entries) +
                                            " entries, the limit archive_entries"));
    }
    if (step == Step::kBadEntry) warnings.push_back(stream.damage(level.shown));
    if (step == Step::kOk) {
      const Result<Step> read = read_entry(stream, *entry, level);
      if (!read) return fail(read.error());
      step = *read;
    }
    if (step != Step::kBroken) continue;
    if (level.entries.empty()) return fail(stream.damage(level.shown));
    Error damage = stream.damage(level.shown);
    damage.hint = "its first " + std::to_string(level.entries.size()) + " files were read";
    warnings.push_back(std::move(damage));
    return {};
  }
}

Result<Step> ArchiveReader::read_entry(PackedStream& stream, archive_entry& entry, Level& level) {
  const char* spelled = archive_entry_pathname(&entry);
  if (spelled == nullptr) spelled = archive_entry_pathname_utf8(&entry);
  const std::string name = spelled == nullptr ? "" : spelled;
  CleanName clean = clean_name(name, limits_);
  const auto type = archive_entry_filetype(&entry);
  bool kept = false;
  if (spelled == nullptr) {
    refuse("(no name)", "its name cannot be decoded", level);
  } else if (!clean.refusal.empty()) {
    refuse(name, clean.refusal, level);
  } else if (clean.dropped || type == AE_IFDIR) {
    // Nothing is lost by it: see FileTree on hidden files.
  } else if (archive_entry_hardlink(&entry) != nullptr || type == AE_IFLNK) {
    refuse(name, "links inside archives are not followed", level);
  } else if (type != AE_IFREG) {
    refuse(name, "neither a file nor a folder", level);
  } else if (archive_entry_sparse_count(&entry) > 0) {
    refuse(name, "sparse files are not read", level);
  } else {
    kept = true;
  }

  std::string content;
  const std::string shown = joined(level.shown, printable(name, kMaxNameBytes));
  const auto too_large = [&] {
    warnings.push_back(error_in(
        shown, "larger than " + size_text(limits_.file_bytes) + ", the limit file_bytes; skipped"));
  };
  if (stream.is_zip() && (!kept || says_more(entry, limits_.file_bytes))) {
    if (kept) too_large();
    return Step::kOk;
  }
  for (;;) {
    std::string_view block;
    std::uint64_t offset = 0;
    const Step step = stream.next_block(block, offset);
    if (step == Step::kEnd) break;
    if (step == Step::kBroken) return step;
    if (step == Step::kBadEntry) {
      warnings.push_back(stream.damage(shown));
      return Step::kOk;
    }
    // What is skipped has been unpacked too.
    if (Result<void> counted = count_bytes(block.size(), level); !counted) {
      return fail(counted.error());
    }
    if (!kept) continue;
    if (content.size() + block.size() > limits_.file_bytes) {
      too_large();
      kept = false;
      content = {};
      if (stream.is_zip()) return Step::kOk;
    } else {
      content += block;
    }
  }
  if (kept) keep(clean.path, std::move(content), level);
  return Step::kOk;
}

Result<void> ArchiveReader::count_bytes(std::uint64_t bytes, Level& level) {
  bytes_ += bytes;
  level.unpacked_bytes += bytes;
  if (bytes_ > limits_.archive_bytes) {
    return fail(error_in(level.shown, "archives unpack to more than " +
                                          size_text(limits_.archive_bytes) +
                                          ", the limit archive_bytes"));
  }
  if (exceeds_ratio(level.unpacked_bytes, level.packed_bytes, limits_)) {
    return fail(ratio_error(level.shown, limits_));
  }
  return {};
}

void ArchiveReader::keep(const std::string& name, std::string content, Level& level) {
  std::string path = level.prefix + name;
  std::string shown = joined(level.shown, name);
  if (packing_of(std::string_view(content).substr(0, kPackingHead)) == Packing::kNone) {
    level.entries.push_back({std::move(path), std::move(shown), std::move(content)});
    return;
  }
  if (!is_archive(content, name)) {
    path.resize(without_compression_suffix(path).size());
    level.entries.push_back({std::move(path), std::move(shown), std::move(content)});
    return;
  }
  if (level.nesting >= limits_.nesting) {
    warnings.push_back(error_in(shown, "archives nested deeper than " +
                                           std::to_string(limits_.nesting) +
                                           ", the limit nesting; skipped"));
    return;
  }
  const std::string prefix = std::string(without_archive_suffix(path)) + '/';
  auto inner = read(content, shown, prefix, level.nesting + 1);
  if (!inner) {
    warnings.push_back(inner.error());
    return;
  }
  level.entries.insert(level.entries.end(), std::make_move_iterator(inner->begin()),
                       std::make_move_iterator(inner->end()));
}

void ArchiveReader::refuse(std::string_view name, const std::string& reason, Level& level) {
  if (++level.refused[reason] > kShownRefusals) return;
  warnings.push_back(
      error_in(joined(level.shown, printable(name, kMaxNameBytes)), reason + "; skipped"));
}

}  // namespace culprit
