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

}  // namespace

CheckoutText::CheckoutText(PathMap map) : map_(std::move(map)), text_(map_.folder()) {}

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

std::vector<std::string> CheckoutText::notes() const {
  std::vector<std::string> notes = map_.notes();
  if (!changed_.empty()) notes.push_back(changed_);
  for (const Error& problem : text_.problems()) notes.push_back(to_string(problem));
  return notes;
}

}  // namespace culprit
