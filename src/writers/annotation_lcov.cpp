#include <map>

#include "writers/annotated_line.h"
#include "writers/writers.h"

namespace culprit {

namespace {

// A record ends with its line: a path with line ends would begin another.
std::string on_one_line(std::string path) {
  std::replace_if(
      path.begin(), path.end(), [](char c) { return c == '\n' || c == '\r'; }, '?');
  return path;
}

}  // namespace

// An lcov tracefile whose counts are degrees of heat: 100 for the hottest line, 0 for cold ones.
// All files, unless some are named. What several services report of one file becomes one record
// with the highest heat, for lcov would add them up.
std::string annotation_as_lcov(const Report& report, const Annotation& annotation, const Style&) {
  std::map<std::string, std::map<std::uint32_t, unsigned>> files;
  const auto add = [&](const FileHeat& file) {
    auto& lines = files[on_one_line(file.source.empty() ? file.file : file.source)];
    for (const LineHeat& line : file.lines) {
      unsigned& heat = lines[line.line];
      heat = std::max(heat, degrees(line.heat));
    }
  };
  if (annotation.named) {
    for (const AnnotatedFile& file : annotation.files) add(file.heat);
  } else {
    for (const FileHeat& file : report.heat) add(file);
  }
  std::string text;
  for (const auto& [path, lines] : files) {
    text += "TN:\nSF:" + path + "\n";
    std::size_t warm = 0;
    for (const auto& [line, heat] : lines) {
      text += "DA:" + std::to_string(line) + "," + std::to_string(heat) + "\n";
      if (heat != 0) ++warm;
    }
    text +=
        "LF:" + std::to_string(lines.size()) + "\nLH:" + std::to_string(warm) + "\nend_of_record\n";
  }
  return text;
}

}  // namespace culprit
