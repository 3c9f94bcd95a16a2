// A large recording: 10,000 runs x 500,000 lines, 5 % of them executed in each run, with counts.
// Goals: loading, counting and ranking within 1 GB; all formulas and the posterior within a second
// of processor time once it is loaded. Run alone, for the peak of memory is the process's:
//   bench_culprit --benchmark_filter=Large
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <random>

#include "culprit/formula.h"
#include "culprit/spectrum.h"
#include "score/columns.h"
#include "score/counts.h"
#include "score/executions.h"
#include "score/posterior.h"

namespace culprit {
namespace {

constexpr std::uint32_t kRuns = 10'000;
constexpr std::uint32_t kLines = 500'000;
constexpr std::uint32_t kFiles = 1'000;
constexpr std::uint32_t kPatterns = 64;

struct Hit {
  std::uint32_t line;
  std::uint64_t count;
};

// What runs execute, in stretches of about ten lines that ran equally often.
std::vector<std::vector<Hit>> patterns() {
  std::mt19937 random(1);
  std::vector<std::vector<Hit>> all(kPatterns);
  for (std::vector<Hit>& hits : all) {
    std::uint64_t count = 0;
    for (std::uint32_t line = 0; line < kLines; ++line) {
      if (random() % 10 == 0) count = random() % 20 == 0 ? 1 + random() % 1000 : 0;
      if (count != 0) hits.push_back({line, count});
    }
  }
  return all;
}

Spectrum loaded() {
  Spectrum::Builder builder;
  const ServiceId service = builder.service("");
  std::vector<LineId> ids;
  for (std::uint32_t file = 0; file < kFiles; ++file) {
    const FileId id = builder.file(service, std::to_string(10'000 + file));
    for (std::uint32_t line = 1; line <= kLines / kFiles; ++line) {
      ids.push_back(builder.line(id, line));
    }
  }
  const auto all = patterns();
  for (std::uint32_t run = 0; run < kRuns; ++run) {
    const RunId id = builder.run(std::to_string(100'000 + run));
    for (const Hit& hit : all[run * 7919 % kPatterns]) builder.hit(id, ids[hit.line], hit.count);
  }
  return std::move(builder).build();
}

double peak_megabytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1e3;
}

void BM_LargeFormulasAndPosterior(benchmark::State& state) {
  const Spectrum spectrum = loaded();
  state.counters["load_peak_MB"] = peak_megabytes();
  std::vector<Outcome> outcomes(kRuns, Outcome::passed(""));
  for (std::size_t run = 0; run < outcomes.size(); run += 50) outcomes[run] = Outcome::failed("");
  for (auto _ : state) {
    const Jury jury(spectrum, outcomes);
    const std::vector<Counts> counts = count_lines(spectrum, jury);
    std::vector<double> scores(counts.size());
    for (const Formula& formula : formulas()) {
      formula.values(counts, scores);
      benchmark::DoNotOptimize(scores.data());
    }
    const std::vector<std::uint32_t> groups = column_groups(spectrum, jury);
    const std::vector<std::uint32_t> count_groups = count_column_groups(spectrum, jury, groups);
    const PosteriorPolicy policy;
    std::vector<double> masses;
    for (const PosteriorTerms& terms : posterior_terms(spectrum, jury, counts, groups, policy)) {
      masses.push_back(terms.function_mass);
    }
    benchmark::DoNotOptimize(roll_up_mass(spectrum, Level::kFunction, masses, count_groups, 0.5));
  }
  state.counters["peak_MB"] = peak_megabytes();
}
BENCHMARK(BM_LargeFormulasAndPosterior)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace culprit
