// Walks over the counts of a spectrum that has them, a tile of lines at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "culprit/spectrum.h"
#include "score/column_sum.h"
#include "score/counts.h"

namespace culprit {

// Calls `tell(run, first, end, code)` for the stretches of a tile, and `done(first, end)` for its
// lines after that, tile by tile; of the runs that `wanted(run)` says.
template <class Wanted, class Tell, class Done>
void by_tile(const Spectrum& spectrum, Wanted wanted, Tell tell, Done done) {
  const auto lines = static_cast<std::uint32_t>(spectrum.lines().size());
  for (std::uint32_t begin = 0; begin < lines; begin += Spectrum::kLinesPerTile) {
    for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
      if (!wanted(run)) continue;
      for_each_stretch(spectrum.stretches(begin / Spectrum::kLinesPerTile, {run}), begin,
                       [&](std::uint32_t first, std::uint32_t end, std::uint16_t code) {
                         tell(run, first, end, code);
                       });
    }
    done(begin, std::min(begin + Spectrum::kLinesPerTile, lines));
  }
}

// A random number for each run.
inline std::vector<ColumnSum> sums_of_runs(const Spectrum& spectrum) {
  std::vector<ColumnSum> sums;
  for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
    sums.push_back(ColumnSum::of(run));
  }
  return sums;
}

// Adds to each line's column `value(run, code)` of the counting runs that executed it. Of a stretch
// only the steps into it and out of it are noted, however long it is.
template <class Value>
void sum_columns(const Spectrum& spectrum, const Jury& jury, Value value,
                 std::span<ColumnSum> columns) {
  std::vector<ColumnSum> steps(Spectrum::kLinesPerTile + 1);
  by_tile(
      spectrum, [&](std::uint32_t run) { return jury.counts(run); },
      [value, steps = steps.data()](std::uint32_t run, std::uint32_t first, std::uint32_t end,
                                    std::uint16_t code) {
        const ColumnSum step = value(run, code);
        ColumnSum& from = steps[first % Spectrum::kLinesPerTile];
        from.a += step.a;
        from.b += step.b;
        ColumnSum& to = steps[first % Spectrum::kLinesPerTile + (end - first)];
        to.a -= step.a;
        to.b -= step.b;
      },
      [&](std::uint32_t begin, std::uint32_t end) {
        ColumnSum sum;
        for (std::uint32_t i = begin; i < end; ++i) {
          sum.a += steps[i - begin].a;
          sum.b += steps[i - begin].b;
          columns[i].a += sum.a;
          columns[i].b += sum.b;
        }
        std::ranges::fill(steps, ColumnSum());
      });
}

}  // namespace culprit
