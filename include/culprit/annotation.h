// Source files with what the runs say of each line, for `culprit annotate`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "culprit/report.h"

namespace culprit {

// Which files, and how much of them.
struct AnnotationRequest {
  std::vector<std::string> files;  // by the end of their paths; empty: those of the most suspicious
                                   // functions
  bool whole = false;              // every line, not only those around suspicious ones
};

// Lines first..last, 1-based.
struct LineRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  bool operator==(const LineRange&) const = default;
};

struct AnnotatedFile {
  FileHeat heat;
  std::vector<std::string> text;  // its lines, as they are; empty: the source is not at hand
  std::vector<Ranked> functions;  // the suspicious ones, by their place in the file
  std::vector<LineRange> shown;   // in order, apart from each other
};

struct Annotation {
  std::vector<AnnotatedFile> files;  // those asked for; the file of the most suspicious function
                                     // first
  bool named = false;                // the request names files
  bool has_source = false;           // the query has a folder with the source
};

}  // namespace culprit
