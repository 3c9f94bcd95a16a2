// What one run did, line by line.
#pragma once

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

// Calls `tell(RunLine)` for every line in order.
template <class Tell>
void for_each_line(const Spectrum& spectrum, RunId run, Tell tell) {
  if (spectrum.has_counts()) {
    std::uint32_t next = 0;
    const auto skip_to = [&](std::uint32_t line) {
      for (; next < line; ++next) tell(RunLine{{next}});
    };
    for (std::uint32_t tile = 0; tile < spectrum.tiles(); ++tile) {
      for_each_stretch(spectrum.stretches(tile, run), tile * Spectrum::kLinesPerTile,
                       [&](std::uint32_t first, std::uint32_t end, std::uint16_t code) {
                         skip_to(first);
                         const auto count =
                             code == 0 ? std::nullopt : std::optional(CountCode::decode(code));
                         for (; next < end; ++next) tell(RunLine{{next}, true, count});
                       });
    }
    skip_to(static_cast<std::uint32_t>(spectrum.lines().size()));
    return;
  }
  const std::uint64_t bit = std::uint64_t{1} << (run.value % Spectrum::kRunsPerBlock);
  const std::span<const std::uint64_t> words = spectrum.words(run.value / Spectrum::kRunsPerBlock);
  for (std::uint32_t line = 0; line < words.size(); ++line) {
    tell(RunLine{{line}, (words[line] & bit) != 0});
  }
}

}  // namespace culprit
