// What recording adds to a window besides the draining: looking into the counters of 200 objects
// and filing those in which something ran, or reading and packing them, on what
// tests/bench/workload made in the folder that CULPRIT_WORKLOAD names. Goal: 5 ms.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "collect/counter_pack.h"
#include "collect/gcda_file.h"
#include "collect/recording.h"
#include "pipeline/run_reader.h"

namespace culprit {
namespace {

constexpr std::size_t kObjects = 200;

struct Counters {
  std::string name;  // as the notes are called in build/, but for the suffix
  std::string bytes;
};

std::vector<Counters> counters_of_200_objects() {
  std::vector<Counters> all;
  const char* const folder = std::getenv("CULPRIT_WORKLOAD");
  if (folder == nullptr) return all;
  const auto tree = FileTree::open(std::string(folder) + "/runs");
  if (!tree) return all;
  for (const FileTree::Entry& entry : tree->entries()) {
    if (!entry.path.ends_with(".gcda")) continue;
    all.push_back({std::filesystem::path(entry.path).filename().string(), *tree->read(entry)});
    if (all.size() == kObjects) break;
  }
  return all;
}

void BM_FileAWindow(benchmark::State& state) {
  const std::vector<Counters> counters = counters_of_200_objects();
  if (counters.size() != kObjects) return state.SkipWithError("CULPRIT_WORKLOAD has no 200 .gcda");
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "culprit-bench-recording";
  std::filesystem::remove_all(folder);
  {
    auto recording = Recording::open(folder.string(), false);
    if (!recording) return state.SkipWithError("no recording");
    std::size_t window = 0;
    for (auto _ : state) {
      auto run = recording->start("w" + std::to_string(window++));
      if (!run) return state.SkipWithError("no run");
      for (std::size_t i = 0; i < counters.size(); ++i) {
        if (!counts_anything(counters[i].bytes)) continue;
        (void)run->add("orders/object" + std::to_string(i) + ".gcda", counters[i].bytes);
      }
      if (!run->finish()) state.SkipWithError("not finished");
    }
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(BM_FileAWindow)->Unit(benchmark::kMillisecond)->Iterations(50);

// The same 200 files as a window that was read natively; the first one, which reads the notes and
// tells all lines, is not in the figure.
void BM_PackAWindow(benchmark::State& state) {
  const std::vector<Counters> counters = counters_of_200_objects();
  if (counters.size() != kObjects) return state.SkipWithError("CULPRIT_WORKLOAD has no 200 .gcda");
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "culprit-bench-pack";
  std::filesystem::remove_all(folder);
  auto recording = Recording::open(folder.string(), false);
  if (!recording) return state.SkipWithError("no recording");
  CounterPack pack(std::string(std::getenv("CULPRIT_WORKLOAD")) + "/build",
                   {.excludes = [policy = Policy()](std::string_view path) {
                     return is_excluded(policy, path);
                   }});
  std::size_t window = 0;
  std::size_t raw = 0;
  std::size_t packed = 0;
  const auto file = [&] {
    auto run = recording->start("w" + std::to_string(window++));
    CounterPack::Run hits;
    raw = 0;
    for (const Counters& one : counters) {
      if (!counts_anything(one.bytes)) continue;
      raw += one.bytes.size();
      if (!pack.add(one.name, one.bytes, hits)) return false;
    }
    const std::string line = CounterPack::to_json_line(run->name(), "orders", hits);
    packed = line.size();
    return run->add("orders/hits.jsonl", line) && run->finish();
  };
  if (!file()) return state.SkipWithError("not packed");
  for (auto _ : state) {
    if (!file()) state.SkipWithError("not packed");
  }
  state.counters["raw_kB"] = static_cast<double>(raw) / 1e3;
  state.counters["packed_kB"] = static_cast<double>(packed) / 1e3;
  std::filesystem::remove_all(folder);
}
BENCHMARK(BM_PackAWindow)->Unit(benchmark::kMillisecond)->Iterations(50);

}  // namespace
}  // namespace culprit
