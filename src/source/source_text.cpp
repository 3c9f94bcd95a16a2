#include "source/source_text.h"

#include <algorithm>
#include <filesystem>

#include "base/file_tree.h"
#include "base/line_hash.h"
#include "base/text.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

constexpr Limits kLimits = {.file_bytes = 64U << 20};

// A folder may have become a link since it was listed.
bool lies_below(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const fs::path real_folder = fs::canonical(folder, error);
  if (error) return false;
  const fs::path real_file = fs::canonical(file, error);
  if (error) return false;
  return std::mismatch(real_folder.begin(), real_folder.end(), real_file.begin(), real_file.end())
             .first == real_folder.end();
}

}  // namespace

std::optional<std::string> SourceText::read(const std::string& file) {
  if (version_) {
    if (auto version = version_(file)) return version;
  }
  const std::string path = (fs::path(folder_) / file).string();
  if (!lies_below(path, folder_)) {
    problems_.push_back(error_in(path, "is no file below " + printable(folder_)));
    return std::nullopt;
  }
  Result<std::string> bytes = read_file(path, kLimits);
  if (bytes) return std::move(*bytes);
  problems_.push_back(bytes.error());
  return std::nullopt;
}

const std::vector<std::string>& SourceText::lines(const std::string& file) {
  const auto [at, is_new] = files_.try_emplace(file);
  std::vector<std::string>& lines = at->second;
  if (!is_new) return lines;
  const std::optional<std::string> bytes = read(file);
  if (!bytes) return lines;
  const Input input{file, *bytes};
  LineReader reader(input);
  while (const auto text = reader.next()) lines.emplace_back(*text);
  return lines;
}

std::string_view SourceText::line(const std::string& file, std::uint32_t number) {
  const std::vector<std::string>& all = lines(file);
  return number == 0 || number > all.size() ? std::string_view() : all[number - 1];
}

std::string_view SourceText::line_hash(const std::string& file, std::uint32_t number) {
  if (line(file, number).empty()) return {};
  const auto [at, is_new] = hashes_.try_emplace(file);
  if (is_new) {
    if (const std::optional<std::string> bytes = read(file)) {
      at->second = github_line_hashes(*bytes);
    }
  }
  return number > at->second.size() ? std::string_view() : at->second[number - 1];
}

}  // namespace culprit
