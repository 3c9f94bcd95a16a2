#include "score/columns.h"

#include <algorithm>

#include "score/column_sum.h"
#include "score/tiles.h"

namespace culprit {

std::vector<std::uint32_t> numbered(std::span<const ColumnSum> sums) {
  // Open addressing: a slot holds the first place of a sum, and one more.
  std::vector<std::uint32_t> slots(std::bit_ceil(2 * sums.size() + 1));
  std::vector<std::uint32_t> numbers(sums.size());
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < sums.size(); ++i) {
    std::size_t at = (sums[i].a ^ sums[i].b >> 32) & (slots.size() - 1);
    while (slots[at] != 0 && sums[slots[at] - 1] != sums[i]) at = (at + 1) & (slots.size() - 1);
    if (slots[at] == 0) {
      slots[at] = i + 1;
      numbers[i] = next++;
    } else {
      numbers[i] = numbers[slots[at] - 1];
    }
  }
  return numbers;
}

namespace {

void add_words(const Spectrum& spectrum, const Jury& jury, std::span<ColumnSum> columns) {
  // Some lines at a time, over all blocks, so that their sums stay in the processor's cache.
  constexpr std::size_t kLinesAtATime = 1024;
  for (std::size_t first = 0; first < columns.size(); first += kLinesAtATime) {
    const std::size_t end = std::min(first + kLinesAtATime, columns.size());
    for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
      const std::uint64_t counts = jury.blocks()[block].all();
      const std::span<const std::uint64_t> words = spectrum.words(block);
      for (std::size_t i = first; i < end; ++i) columns[i].add(words[i] & counts);
    }
  }
}

}  // namespace

std::vector<std::uint32_t> column_groups(const Spectrum& spectrum, const Jury& jury) {
  std::vector<ColumnSum> columns(spectrum.lines().size());
  if (spectrum.has_counts()) {
    // Stretches are fewer than words.
    const std::vector<ColumnSum> of_run = sums_of_runs(spectrum);
    sum_columns(
        spectrum, jury,
        [of_run = of_run.data()](std::uint32_t run, std::uint16_t) { return of_run[run]; },
        columns);
  } else {
    add_words(spectrum, jury, columns);
  }
  std::vector<ColumnSum> parts(spectrum.parts());
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    for (std::uint32_t part = 0; part < parts.size(); ++part) {
      parts[part].add(spectrum.present(part, block) & jury.blocks()[block].all());
    }
  }
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    columns[i].add(parts[spectrum.part_of({i})].a);
  }
  return numbered(columns);
}

std::uint64_t reporting_runs(const Spectrum& spectrum, std::size_t block) {
  std::uint64_t reporting = 0;
  for (std::uint32_t part = 0; part < spectrum.parts(); ++part) {
    reporting |= spectrum.present(part, block);
  }
  return reporting;
}

}  // namespace culprit
