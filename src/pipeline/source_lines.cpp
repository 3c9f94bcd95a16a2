#include "pipeline/source_lines.h"

#include "base/file_tree.h"
#include "base/text.h"

namespace culprit {

namespace {

bool climbs(std::string_view path) {
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (path.substr(at, end - at) == "..") return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

std::string SourceLines::line(std::string_view path, std::uint32_t number) {
  const std::vector<std::string>& lines = file(path);
  return number == 0 || number > lines.size() ? std::string() : lines[number - 1];
}

const std::vector<std::string>& SourceLines::file(std::string_view path) {
  const auto known = files_.find(path);
  if (known != files_.end()) return known->second;
  std::vector<std::string>& lines = files_[std::string(path)];
  if (climbs(path)) return lines;
  for (std::string_view tail = path; !tail.empty();) {
    if (tail.front() != '/') {
      const std::string full = folder_ + "/" + std::string(tail);
      const Result<std::string> bytes = read_file(full, {.file_bytes = 64U << 20});
      if (bytes) {
        const Input input{full, *bytes};
        LineReader reader(input);
        while (const auto text = reader.next()) lines.emplace_back(trim(*text));
        return lines;
      }
    }
    const std::size_t slash = tail.find('/');
    tail = slash == std::string_view::npos ? std::string_view() : tail.substr(slash + 1);
  }
  return lines;
}

}  // namespace culprit
