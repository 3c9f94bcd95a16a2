#include "pipeline/checkout_text.h"

#include <filesystem>

#include "base/text.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

// A checkout, or a copy of it with its runs, writes everything within moments.
constexpr std::chrono::minutes kCopied{1};

std::string changed_since(const PathMap& map, fs::file_time_type recorded) {
  std::size_t newer = 0;
  std::string first;
  for (const auto& [reported, file] : map.found()) {
    std::error_code error;
    const fs::file_time_type written = fs::last_write_time(fs::path(map.folder()) / file, error);
    if (error || written <= recorded + kCopied) continue;
    if (++newer == 1) first = file;
  }
  if (newer == 0) return {};
  return plural(newer, "source file") + " changed after the coverage was taken, such as " +
         printable(first, 400) + ": lines may have moved";
}

// What leads from the root of the repository that `folder` is in to it.
std::string way_from_root(const std::string& folder) {
  std::error_code error;
  const fs::path start = fs::canonical(folder, error);
  if (error) return {};
  for (fs::path at = start; !at.empty(); at = at.parent_path()) {
    // A file in worktrees and submodules.
    if (fs::exists(at / ".git", error)) {
      const std::string way = start.lexically_relative(at).generic_string();
      return way == "." ? "" : way + "/";
    }
    if (at == at.root_path()) break;
  }
  return {};
}

}  // namespace

CheckoutText::CheckoutText(PathMap map)
    : map_(std::move(map)), text_(map_.folder()), repository_(way_from_root(map_.folder())) {}

Result<CheckoutText> CheckoutText::open(const std::string& folder, const CaseStudy& study) {
  Result<PathMap> map = PathMap::open(folder, study.path_map);
  if (!map) return fail(map.error());
  const Spectrum& spectrum = study.run_set->spectrum;
  std::vector<ReportedFile> files;
  for (const File& file : spectrum.files()) {
    files.push_back({spectrum.services()[file.service.value], file.path});
  }
  map->match(files);
  CheckoutText text(std::move(*map));
  if (study.recorded) text.changed_ = changed_since(text.map_, *study.recorded);
  return text;
}

std::string CheckoutText::line(const CodeElement& code) {
  const std::string* const file = map_.find({code.service, code.file});
  return file == nullptr ? std::string() : std::string(trim(text_.line(*file, code.first_line)));
}

void CheckoutText::locate(Ranking& ranking) {
  for (Ranked& row : ranking.rows) {
    const std::string* const file = map_.find({row.line.service, row.line.file});
    if (file == nullptr) continue;
    const std::string_view text = text_.line(*file, row.line.first_line);
    row.source = trim(text);
    const std::size_t blanks = text.find_first_not_of(" \t\v\f\r");
    row.source_place = {.path = repository_ + *file,
                        .column = row.source.empty() ? 0 : static_cast<std::uint32_t>(blanks + 1),
                        .line_hash = std::string(text_.line_hash(*file, row.line.first_line))};
  }
}

void CheckoutText::locate(std::vector<FileHeat>& files) const {
  for (FileHeat& file : files) {
    const std::string* const found = map_.find({file.service, file.file});
    if (found != nullptr) file.source = (fs::path(map_.folder()) / *found).string();
  }
}

std::vector<std::string> CheckoutText::notes() const {
  std::vector<std::string> notes = map_.notes();
  if (!changed_.empty()) notes.push_back(changed_);
  for (const Error& problem : text_.problems()) notes.push_back(to_string(problem));
  return notes;
}

}  // namespace culprit
