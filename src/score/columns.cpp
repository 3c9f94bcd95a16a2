#include "score/columns.h"

#include <unordered_map>

namespace culprit {

namespace {

// Two sums of 64 bits stand for a column: that two of a million different columns agree in both has
// a chance of 1e-27. Comparing the columns themselves would read all hits once more, out of order.
struct Sums {
  std::uint64_t a = 0;
  std::uint64_t b = 0;

  void add(std::uint64_t word) {
    a = mix(a, word);
    b = (b ^ word) * 0x9fb21c651e98df25ULL;
    b ^= b >> 29;
  }
  bool operator==(const Sums&) const = default;

 private:
  static std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
    hash ^= word + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
    hash *= 0xff51afd7ed558ccdULL;
    return hash ^ (hash >> 32);
  }
};

struct SumsHash {
  std::size_t operator()(const Sums& sums) const noexcept { return sums.a ^ sums.b; }
};

}  // namespace

std::vector<std::uint32_t> column_groups(const Spectrum& spectrum, const Jury& jury) {
  std::vector<Sums> columns(spectrum.lines().size());
  std::vector<Sums> parts(spectrum.parts());
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const std::uint64_t counts = jury.blocks()[block].all();
    const std::span<const std::uint64_t> words = spectrum.words(block);
    for (std::size_t i = 0; i < words.size(); ++i) columns[i].add(words[i] & counts);
    for (std::uint32_t part = 0; part < parts.size(); ++part) {
      parts[part].add(spectrum.present(part, block) & counts);
    }
  }
  std::vector<std::uint32_t> groups;
  std::unordered_map<Sums, std::uint32_t, SumsHash> known;
  known.reserve(columns.size());
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    Sums column = columns[i];
    column.add(parts[spectrum.part_of({i})].a);
    const auto next = static_cast<std::uint32_t>(known.size());
    groups.push_back(known.try_emplace(column, next).first->second);
  }
  return groups;
}

}  // namespace culprit
