// Reads arbitrary bytes as an archive, or as a compressed file, under small limits.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/archive.h"

namespace culprit {
namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

bool stays_inside(std::string_view path) {
  if (path.empty() || path.starts_with('/')) return false;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return true;
}

void fuzz(const std::string& bytes) {
  Limits limits;
  limits.file_bytes = 1 << 20;
  limits.archive_bytes = 4 << 20;
  limits.archive_entries = 1000;
  limits.nesting = 3;

  const Result<std::string> file = decompress("fuzz", bytes, limits);
  if (file && packing_of(bytes) != Packing::kNone) {
    require(file->size() <= limits.file_bytes || *file == bytes, "file_bytes holds");
  }
  if (!is_archive(bytes, "fuzz")) return;
  ArchiveReader reader(limits);
  const auto entries = reader.read(bytes, "fuzz", "");
  for (const Error& warning : reader.warnings) (void)to_string(warning);
  if (!entries) return;
  std::uint64_t total = 0;
  for (const ArchiveEntry& entry : *entries) {
    require(stays_inside(entry.path), "entries stay inside");
    require(entry.content.size() <= limits.file_bytes, "file_bytes holds for entries");
    total += entry.content.size();
  }
  require(entries->size() <= limits.archive_entries, "archive_entries holds");
  require(total <= limits.archive_bytes, "archive_bytes holds");
}

}  // namespace
}  // namespace culprit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  culprit::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
