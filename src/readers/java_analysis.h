// What a compiled Java class says of coverage: its lines and methods as JaCoCo's report has them,
// and which lines each probe tells of. Made once per class of a build; a run's probes then become
// lines by OR.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/java_filter_set.h"

namespace culprit {

struct AnalysedClass {
  struct Method {
    std::string name;
    std::string descriptor;
    std::uint32_t first_line = 0;    // 0: compiled without line numbers
    std::uint32_t lines = 0;         // how many
    std::uint32_t instructions = 0;  // never 0: methods without any left are left out
  };
  struct Line {
    std::uint32_t number = 0;
    std::uint32_t instructions = 0;
  };
  // The lines that ran when a probe was hit: bit b of word w stands for lines[64 * (first + w) +
  // b].
  struct Reach {
    std::uint32_t first = 0;
    std::uint32_t begin = 0;  // in words
    std::uint32_t end = 0;
  };

  std::uint64_t id = 0;
  std::string name;         // `order/service/Impl$1`
  std::string source_path;  // `order/service/Impl.java`; empty: the class does not tell
  std::vector<Method> methods;
  std::vector<Line> lines;  // by number
  std::vector<Reach> probes;
  std::vector<std::uint64_t> words;
};

// What the `filters` find that compilers added to the source (closing paths of try-with-resources,
// duplicates of finally blocks, ...) is left out, as JaCoCo does. Errors: a damaged class, code
// that cannot be followed.
[[nodiscard]] Result<AnalysedClass> analyse_class(const Input& input, JavaFilterSet filters);

}  // namespace culprit
