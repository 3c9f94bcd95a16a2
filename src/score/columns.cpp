#include "score/columns.h"

#include <unordered_map>

namespace culprit {

namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash ^= word + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
  hash *= 0xff51afd7ed558ccdULL;
  return hash ^ (hash >> 32);
}

bool same_column(const Spectrum& spectrum, const Jury& jury, LineId a, LineId b) {
  const std::uint32_t part_a = spectrum.part_of(a);
  const std::uint32_t part_b = spectrum.part_of(b);
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const std::uint64_t counts = jury.blocks()[block].all();
    const std::uint64_t hits = spectrum.words(block)[a.value] ^ spectrum.words(block)[b.value];
    const std::uint64_t reports = spectrum.present(part_a, block) ^ spectrum.present(part_b, block);
    if (((hits | reports) & counts) != 0) return false;
  }
  return true;
}

}  // namespace

std::vector<std::uint32_t> column_groups(const Spectrum& spectrum, const Jury& jury) {
  std::vector<std::uint64_t> hashes(spectrum.lines().size());
  std::vector<std::uint64_t> of_part(spectrum.parts());
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const std::uint64_t counts = jury.blocks()[block].all();
    const std::span<const std::uint64_t> words = spectrum.words(block);
    for (std::size_t i = 0; i < words.size(); ++i) hashes[i] = mix(hashes[i], words[i] & counts);
    for (std::uint32_t part = 0; part < of_part.size(); ++part) {
      of_part[part] = mix(of_part[part], spectrum.present(part, block) & counts);
    }
  }
  std::vector<std::uint32_t> groups(hashes.size());
  std::unordered_multimap<std::uint64_t, std::uint32_t> first_lines;
  first_lines.reserve(hashes.size());
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < hashes.size(); ++i) {
    const std::uint64_t hash = mix(hashes[i], of_part[spectrum.part_of({i})]);
    const auto [begin, end] = first_lines.equal_range(hash);
    auto at = begin;
    while (at != end && !same_column(spectrum, jury, {at->second}, {i})) ++at;
    if (at != end) {
      groups[i] = groups[at->second];
    } else {
      first_lines.emplace(hash, i);
      groups[i] = count++;
    }
  }
  return groups;
}

}  // namespace culprit
