// Every formula of the catalogue over 200,000 lines. Goal on one core: 50 ms for all of them.
#include <benchmark/benchmark.h>

#include <random>

#include "culprit/formula.h"

namespace culprit {
namespace {

void BM_AllFormulas(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<Counts> counts(200'000);
  for (Counts& c : counts) {
    c.ef = static_cast<double>(random() % 100);
    c.nf = 100 - c.ef;
    c.ep = static_cast<double>(random() % 900);
    c.np = 900 - c.ep;
  }
  std::vector<double> values(counts.size());
  for (auto _ : state) {
    for (const Formula& formula : formulas()) {
      formula.values(counts, values);
      benchmark::DoNotOptimize(values.data());
      benchmark::ClobberMemory();
    }
  }
  state.counters["formulas"] = static_cast<double>(formulas().size());
}
BENCHMARK(BM_AllFormulas)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace culprit
