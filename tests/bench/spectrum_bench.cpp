// Filling and counting at 1,000 runs x 200,000 lines, 40 % of them executed. Goals on one core:
// fill 100 ms, full count 15 ms, hits in 30 MB.
#include <benchmark/benchmark.h>

#include <random>

#include "culprit/spectrum.h"
#include "score/columns.h"
#include "score/counts.h"
#include "score/posterior.h"

namespace culprit {
namespace {

constexpr std::uint32_t kRuns = 1000;
constexpr std::uint32_t kLines = 200'000;

// The lines of each of a few runs, clustered as real coverage is: stretches of about ten lines.
const std::vector<std::vector<std::uint32_t>>& patterns() {
  static const std::vector<std::vector<std::uint32_t>> all = [] {
    std::vector<std::vector<std::uint32_t>> made(16);
    std::mt19937 random(1);
    for (auto& lines : made) {
      bool executed = false;
      for (std::uint32_t line = 0; line < kLines; ++line) {
        if (random() % 10 == 0) executed = random() % 10 < 4;
        if (executed) lines.push_back(line);
      }
    }
    return made;
  }();
  return all;
}

struct Prepared {
  Spectrum::Builder builder;
  std::vector<RunId> runs;
  std::vector<std::vector<LineId>> lines;  // of each pattern
};

Prepared prepared() {
  Prepared p;
  const ServiceId service = p.builder.service("");
  std::vector<LineId> ids;
  for (std::uint32_t file = 0; file < 200; ++file) {
    const std::string name = std::to_string(1000 + file);
    const FileId id = p.builder.file(service, name);
    for (std::uint32_t line = 1; line <= kLines / 200; ++line)
      ids.push_back(p.builder.line(id, line));
  }
  for (std::uint32_t run = 0; run < kRuns; ++run)
    p.runs.push_back(p.builder.run(std::to_string(run)));
  for (const auto& pattern : patterns()) {
    std::vector<LineId>& lines = p.lines.emplace_back();
    for (const std::uint32_t line : pattern) lines.push_back(ids[line]);
  }
  return p;
}

Spectrum filled(Prepared p) {
  for (std::size_t run = 0; run < p.runs.size(); ++run) {
    p.builder.hit(p.runs[run], p.lines[run % p.lines.size()]);
  }
  return std::move(p.builder).build();
}

std::vector<Outcome> outcomes() {
  std::vector<Outcome> all(kRuns, Outcome::passed(""));
  for (std::size_t run = 0; run < all.size(); run += 7) all[run] = Outcome::failed("");
  return all;
}

void BM_Fill(benchmark::State& state) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Prepared p = prepared();
    state.ResumeTiming();
    for (std::size_t run = 0; run < p.runs.size(); ++run) {
      p.builder.hit(p.runs[run], p.lines[run % p.lines.size()]);
    }
    benchmark::ClobberMemory();
    state.PauseTiming();
    const Spectrum spectrum = std::move(p.builder).build();
    bytes = 0;
    for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
      bytes += spectrum.words(block).size_bytes();
    }
    state.ResumeTiming();
  }
  state.counters["hit_MB"] = static_cast<double>(bytes) / 1e6;
}
BENCHMARK(BM_Fill)->Unit(benchmark::kMillisecond);

void BM_FillAndBuild(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    Prepared p = prepared();
    state.ResumeTiming();
    benchmark::DoNotOptimize(filled(std::move(p)));
  }
}
BENCHMARK(BM_FillAndBuild)->Unit(benchmark::kMillisecond);

void BM_CountFailingAndPassing(benchmark::State& state) {
  const Spectrum spectrum = filled(prepared());
  const Jury jury(spectrum, outcomes());
  for (auto _ : state) benchmark::DoNotOptimize(count_lines(spectrum, jury));
}
BENCHMARK(BM_CountFailingAndPassing)->Unit(benchmark::kMillisecond);

void BM_CountWithSoftOutcomes(benchmark::State& state) {
  const Spectrum spectrum = filled(prepared());
  std::vector<Outcome> soft = outcomes();
  for (std::size_t run = 0; run < soft.size(); run += 3) soft[run].weight = 0.6;
  const Jury jury(spectrum, soft);
  for (auto _ : state) benchmark::DoNotOptimize(count_lines(spectrum, jury));
}
BENCHMARK(BM_CountWithSoftOutcomes)->Unit(benchmark::kMillisecond);

void BM_ColumnGroups(benchmark::State& state) {
  const Spectrum spectrum = filled(prepared());
  const Jury jury(spectrum, outcomes());
  for (auto _ : state) benchmark::DoNotOptimize(column_groups(spectrum, jury));
}
BENCHMARK(BM_ColumnGroups)->Unit(benchmark::kMillisecond);

void BM_Posterior(benchmark::State& state) {
  const Spectrum spectrum = filled(prepared());
  const Jury jury(spectrum, outcomes());
  const std::vector<Counts> counts = count_lines(spectrum, jury);
  const std::vector<std::uint32_t> groups = column_groups(spectrum, jury);
  for (auto _ : state) {
    benchmark::DoNotOptimize(posterior_terms(spectrum, jury, counts, groups, {}));
  }
}
BENCHMARK(BM_Posterior)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace culprit
