#include "score/diagnosability.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "score/column_sum.h"
#include "score/columns.h"

namespace culprit {

namespace {

constexpr std::size_t kBits = Spectrum::kRunsPerBlock;

void add(std::array<ColumnSum, kBits>& rows, std::uint64_t runs, const ColumnSum& cell) {
  for (; runs != 0; runs &= runs - 1) {
    ColumnSum& row = rows[static_cast<std::size_t>(std::countr_zero(runs))];
    row.a += cell.a;
    row.b += cell.b;
  }
}

// Lines of a group have one column: its first line stands for it.
std::vector<std::uint32_t> first_lines(std::span<const std::uint32_t> groups) {
  std::vector<std::uint32_t> lines;
  for (std::uint32_t i = 0; i < groups.size(); ++i) {
    if (groups[i] == lines.size()) lines.push_back(i);
  }
  return lines;
}

double diversity_of(const Evidence& evidence, std::span<const std::uint32_t> lines) {
  const Spectrum& spectrum = evidence.spectrum;
  std::vector<ColumnSum> cells;
  for (std::uint32_t i = 0; i < lines.size() + spectrum.parts(); ++i) {
    cells.push_back(ColumnSum::of(i + 1));
  }
  std::vector<ColumnSum> of_runs;
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const std::uint64_t judged = evidence.jury.blocks()[block].all();
    std::array<ColumnSum, kBits> rows{};
    for (std::uint32_t part = 0; part < spectrum.parts(); ++part) {
      add(rows, spectrum.present(part, block) & judged, cells[lines.size() + part]);
    }
    const std::span<const std::uint64_t> words = spectrum.words(block);
    for (std::size_t i = 0; i < lines.size(); ++i) add(rows, words[lines[i]] & judged, cells[i]);
    std::uint64_t reporting = reporting_runs(spectrum, block) & judged;
    for (; reporting != 0; reporting &= reporting - 1) {
      of_runs.push_back(rows[static_cast<std::size_t>(std::countr_zero(reporting))]);
    }
  }
  std::vector<double> runs_of(of_runs.size());  // by row
  for (const std::uint32_t row : numbered(of_runs)) ++runs_of[row];
  double alike = 0;  // ordered pairs
  for (const double n : runs_of) alike += n * (n - 1);
  const auto runs = static_cast<double>(of_runs.size());
  return runs < 2 ? 0 : 1 - alike / (runs * (runs - 1));
}

}  // namespace

Diagnosability diagnosability(const Evidence& evidence) {
  Diagnosability result;
  if (evidence.counts.empty()) return result;
  double executed = 0;
  double told = 0;
  for (const Counts& counts : evidence.counts) {
    executed += counts.executed();
    told += counts.total();
  }
  const std::vector<std::uint32_t> lines = first_lines(evidence.groups);
  result.density = told == 0 ? 0 : 1 - std::abs(1 - 2 * executed / told);
  result.diversity = diversity_of(evidence, lines);
  result.uniqueness =
      static_cast<double>(lines.size()) / static_cast<double>(evidence.groups.size());
  return result;
}

}  // namespace culprit
