// What a view of the source says of one line, in words; shared by those for terminals and for
// browsers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "culprit/annotation.h"
#include "writers/phrases.h"

namespace culprit {

// The heat of a line if it is executable, else nullptr.
inline const LineHeat* heat_of(const AnnotatedFile& file, std::uint32_t line) {
  const auto at =
      std::lower_bound(file.heat.lines.begin(), file.heat.lines.end(), line,
                       [](const LineHeat& one, std::uint32_t number) { return one.line < number; });
  return at != file.heat.lines.end() && at->line == line ? &*at : nullptr;
}

// Heat in per cent of the hottest line's, rounded.
inline unsigned degrees(double heat) {
  return static_cast<unsigned>(std::lround(100 * std::clamp(heat, 0.0, 1.0)));
}

// Where a heading for a function belongs: above its first line, and above the line before where
// that seems to belong to it, such as the declaration of a method of Java, whose first line is the
// first executable one.
std::uint32_t heading_line(const AnnotatedFile& file, const Ranked& row);

// "#1  81.1%", or with a formula's value: "#1  0.95".
std::string verdict_of(const Ranked& row);
// What of the ranking is shown, and what the figures mean: one line each.
std::vector<std::string> legend(const Report& report, const Annotation& annotation);
// Where the file is, as the reader knows it.
std::string name_of(const FileHeat& file);

}  // namespace culprit
