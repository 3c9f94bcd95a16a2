// A JaCoCo XML report as data: what both ways of reading it (the strict one over an XML document,
// the scanner for reports as JaCoCo itself writes them) make of it, and what is told of it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "readers/sink.h"

namespace culprit {

struct JacocoReport {
  struct Method {
    std::string_view name;
    std::string_view descriptor;
    std::uint32_t first_line = 0;    // 0: not known
    std::uint64_t lines = 0;         // 0: not known
    std::uint64_t instructions = 0;  // 0: not known
  };
  struct Class {
    std::string_view name;
    std::optional<std::string_view> source;  // DTD 1.0 does not tell
    std::vector<Method> methods;
  };
  struct Line {
    std::uint32_t number = 0;
    std::uint64_t missed = 0;  // instructions
    std::uint64_t covered = 0;
    std::uint64_t missed_branches = 0;
    std::uint64_t covered_branches = 0;
  };
  struct SourceFile {
    std::string_view name;
    std::vector<Line> lines;
  };
  struct Package {
    std::string group;  // of a report over several modules: "shop/orders/"; else empty
    std::string_view name;
    std::vector<Class> classes;
    std::vector<SourceFile> files;
  };

  std::vector<Package> packages;
  std::deque<std::string> decoded;  // names with entities; the others point into the document
};

void tell(const JacocoReport& report, Sink& sink);

}  // namespace culprit
