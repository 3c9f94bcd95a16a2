// Reading: one recorded run set from the archive to the ranking.
#include <benchmark/benchmark.h>

#include "culprit/localize.h"

namespace culprit {
namespace {

// 109 runs, 872 gcov JSON reports, 14 MB in a .tar.xz of 110 KB.
void BM_RankRecordedRuns(benchmark::State& state) {
  Query query;
  query.runs = CULPRIT_SOURCE_DIR "/fixtures/systems/pricing/recorded/tier-boundary.tar.xz";
  query.jobs = 1;
  for (auto _ : state) {
    const Result<Report> report = localize(query);
    if (!report) state.SkipWithError(to_string(report.error()).c_str());
    benchmark::DoNotOptimize(report);
  }
}
BENCHMARK(BM_RankRecordedRuns)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace culprit
