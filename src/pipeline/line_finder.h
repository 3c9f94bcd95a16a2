// Lines by the names that traces give them: files may be spelt by their ends only, and services
// differ in case and punctuation.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "culprit/spectrum.h"

namespace culprit {

class LineFinder {
 public:
  // Refers to `spectrum`.
  explicit LineFinder(const Spectrum& spectrum);

  // Nothing where several lines could be meant.
  [[nodiscard]] std::optional<LineId> find(std::string_view service, std::string_view file,
                                           std::uint32_t number) const;

 private:
  const Spectrum& spectrum_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> files_;    // by name
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> lines_;  // by file and number
};

// The line that `line` is the readable form of.
[[nodiscard]] std::optional<LineId> line_id(const Spectrum& spectrum, const CodeElement& line);

}  // namespace culprit
