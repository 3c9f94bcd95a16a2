#include "pipeline/line_finder.h"

#include "base/text.h"
#include "score/fuse.h"

namespace culprit {

namespace {

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

LineFinder::LineFinder(const Spectrum& spectrum) : spectrum_(spectrum) {
  for (std::uint32_t file = 0; file < spectrum.files().size(); ++file) {
    files_[std::string(base_name(spectrum.files()[file].path))].push_back(file);
  }
  for (std::uint32_t line = 0; line < spectrum.lines().size(); ++line) {
    const Line& known = spectrum.lines()[line];
    lines_[{known.file.value, known.number}] = line;
  }
}

std::optional<LineId> LineFinder::find(std::string_view service, std::string_view file,
                                       std::uint32_t number) const {
  const auto named = files_.find(base_name(file));
  if (named == files_.end()) return std::nullopt;
  std::optional<LineId> found;
  for (const std::uint32_t candidate : named->second) {
    const File& known = spectrum_.files()[candidate];
    const std::string& owner = spectrum_.services()[known.service.value];
    if (!owner.empty() && !service.empty() && service_key(owner) != service_key(service)) {
      continue;
    }
    if (!ends_with_path(known.path, file) && !ends_with_path(file, known.path)) continue;
    const auto line = lines_.find({candidate, number});
    if (line == lines_.end()) continue;
    if (found) return std::nullopt;
    found = LineId{line->second};
  }
  return found;
}

std::optional<LineId> line_id(const Spectrum& spectrum, const CodeElement& line) {
  for (std::uint32_t i = 0; i < spectrum.lines().size(); ++i) {
    const Line& known = spectrum.lines()[i];
    if (known.number != line.first_line) continue;
    const File& file = spectrum.files()[known.file.value];
    if (file.path == line.file && spectrum.services()[file.service.value] == line.service) {
      return LineId{i};
    }
  }
  return std::nullopt;
}

}  // namespace culprit
