// What one run did, line by line.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "culprit/spectrum.h"

namespace culprit {

struct RunLine {
  LineId line;
  bool executed = false;
  std::optional<std::uint64_t> count = {};  // where it executed and the input told how often
};

// Calls `tell(RunLine)` for every line in order. Reads one block of the spectrum.
template <class Tell>
void for_each_line(const Spectrum& spectrum, RunId run, Tell tell) {
  const std::size_t block = run.value / Spectrum::kRunsPerBlock;
  const std::uint64_t bit = std::uint64_t{1} << (run.value % Spectrum::kRunsPerBlock);
  const std::span<const std::uint64_t> words = spectrum.words(block);
  const std::span<const std::uint16_t> codes = spectrum.codes(block);
  std::size_t before = 0;
  for (std::uint32_t line = 0; line < words.size(); ++line) {
    RunLine told{{line}, (words[line] & bit) != 0};
    if (!codes.empty()) {
      const std::size_t at =
          before + static_cast<std::size_t>(std::popcount(words[line] & (bit - 1)));
      if (told.executed && codes[at] != 0) told.count = CountCode::decode(codes[at]);
      before += static_cast<std::size_t>(std::popcount(words[line]));
    }
    tell(told);
  }
}

}  // namespace culprit
