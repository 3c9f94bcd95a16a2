// What recording adds to a window besides the draining: looking into the counters of 200 objects
// and filing those in which something ran, on what tests/bench/workload made in the folder that
// CULPRIT_WORKLOAD names. Goal: 5 ms.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "collect/gcda_file.h"
#include "collect/recording.h"

namespace culprit {
namespace {

constexpr std::size_t kObjects = 200;

std::vector<std::string> counters_of_200_objects() {
  std::vector<std::string> all;
  const char* const folder = std::getenv("CULPRIT_WORKLOAD");
  if (folder == nullptr) return all;
  const auto tree = FileTree::open(std::string(folder) + "/runs");
  if (!tree) return all;
  for (const FileTree::Entry& entry : tree->entries()) {
    if (entry.path.ends_with(".gcda")) all.push_back(*tree->read(entry));
    if (all.size() == kObjects) break;
  }
  return all;
}

void BM_FileAWindow(benchmark::State& state) {
  const std::vector<std::string> counters = counters_of_200_objects();
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
        if (!counts_anything(counters[i])) continue;
        (void)run->add("orders/object" + std::to_string(i) + ".gcda", counters[i]);
      }
      if (!run->finish()) state.SkipWithError("not finished");
    }
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(BM_FileAWindow)->Unit(benchmark::kMillisecond)->Iterations(50);

}  // namespace
}  // namespace culprit
