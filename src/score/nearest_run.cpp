#include "score/nearest_run.h"

#include <array>
#include <bit>
#include <cstdint>

namespace culprit {

namespace {

constexpr std::size_t kBits = Spectrum::kRunsPerBlock;

// The parts that `run` reports.
std::vector<bool> reported_by(const Spectrum& spectrum, RunId run) {
  std::vector<bool> reported;
  for (std::uint32_t part = 0; part < spectrum.parts(); ++part) {
    reported.push_back((spectrum.present(part, run.value / kBits) >> run.value % kBits & 1) != 0);
  }
  return reported;
}

// Runs of a block that are candidates and report all of `parts`.
std::uint64_t comparable(const Spectrum& spectrum, std::size_t block,
                         const std::vector<bool>& candidates, const std::vector<bool>& parts) {
  std::uint64_t mask = 0;
  for (std::size_t bit = 0; bit < kBits && block * kBits + bit < candidates.size(); ++bit) {
    if (candidates[block * kBits + bit]) mask |= std::uint64_t{1} << bit;
  }
  for (std::uint32_t part = 0; part < parts.size(); ++part) {
    if (parts[part]) mask &= spectrum.present(part, block);
  }
  return mask;
}

}  // namespace

std::optional<NearestRun> nearest_run(const Spectrum& spectrum, RunId asked,
                                      const std::vector<bool>& candidates) {
  const std::vector<bool> parts = reported_by(spectrum, asked);
  const auto compares = [&](std::uint32_t line) { return parts[spectrum.part_of({line})]; };
  const std::span<const std::uint64_t> own = spectrum.words(asked.value / kBits);
  const std::uint64_t own_bit = std::uint64_t{1} << asked.value % kBits;

  std::optional<RunId> best;
  std::uint64_t fewest = 0;
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    std::uint64_t mask = comparable(spectrum, block, candidates, parts);
    if (block == asked.value / kBits) mask &= ~own_bit;
    if (mask == 0) continue;
    std::array<std::uint64_t, kBits> differences{};
    const std::span<const std::uint64_t> words = spectrum.words(block);
    for (std::uint32_t line = 0; line < words.size(); ++line) {
      if (!compares(line)) continue;
      const std::uint64_t executed = (own[line] & own_bit) != 0 ? ~std::uint64_t{0} : 0;
      for (std::uint64_t differs = (words[line] ^ executed) & mask; differs != 0;
           differs &= differs - 1) {
        ++differences[static_cast<std::size_t>(std::countr_zero(differs))];
      }
    }
    for (std::size_t bit = 0; bit < kBits; ++bit) {
      if ((mask >> bit & 1) == 0 || (best && differences[bit] >= fewest)) continue;
      best = RunId{static_cast<std::uint32_t>(block * kBits + bit)};
      fewest = differences[bit];
    }
  }
  if (!best) return std::nullopt;

  NearestRun nearest{*best, {}, {}, 0};
  for (std::uint32_t line = 0; line < spectrum.lines().size(); ++line) {
    if (!compares(line)) continue;
    const bool here = spectrum.executed(asked, {line});
    const bool there = spectrum.executed(*best, {line});
    if (here && there) ++nearest.both;
    if (here != there) (here ? nearest.only_asked : nearest.only_nearest).push_back({line});
  }
  return nearest;
}

}  // namespace culprit
