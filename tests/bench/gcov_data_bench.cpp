// Raw gcov data, on what tests/bench/workload made in the folder that CULPRIT_WORKLOAD names. Goals
// on one core: 3 ms a MB of .gcno, once; 69,500 .gcda/s, twice what opening and reading them takes.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "config/policy.h"
#include "null_sink.h"
#include "pipeline/run_reader.h"
#include "readers/build_files.h"
#include "readers/coverage_gcov_data.h"

namespace culprit {
namespace {

struct File {
  std::string path;  // below the run
  std::string on_disk;
  std::string bytes;
};

std::vector<File> files_with(const std::string& suffix) {
  std::vector<File> files;
  const char* const folder = std::getenv("CULPRIT_WORKLOAD");
  if (folder == nullptr) return files;
  const auto tree = FileTree::open(std::string(folder) + "/runs");
  if (!tree) return files;
  for (const FileTree::Entry& entry : tree->entries()) {
    if (entry.path.ends_with(suffix)) {
      files.push_back({entry.path, entry.on_disk, *tree->read(entry)});
    }
  }
  return files;
}

const std::vector<File>& notes() {
  static const std::vector<File> files = files_with(".gcno");
  return files;
}
const std::vector<File>& data() {
  static const std::vector<File> files = files_with(".gcda");
  return files;
}

double megabytes(const std::vector<File>& files) {
  double sum = 0;
  for (const File& file : files) sum += static_cast<double>(file.bytes.size());
  return sum / 1e6;
}

void BM_ParseGcovNotes(benchmark::State& state) {
  if (notes().empty()) return state.SkipWithError("CULPRIT_WORKLOAD names no workload");
  for (auto _ : state) {
    for (const File& file : notes()) {
      benchmark::DoNotOptimize(parse_gcov_notes({file.path, file.bytes}));
    }
  }
  state.counters["s/MB"] =
      benchmark::Counter(megabytes(notes()), benchmark::Counter::kIsIterationInvariantRate |
                                                 benchmark::Counter::kInvert);
}
BENCHMARK(BM_ParseGcovNotes)->Unit(benchmark::kMillisecond);

// With the files that a ranking leaves out unless told otherwise, or with all of them.
void load_notes(BuildFiles& build, bool all_files) {
  static const Policy policy;
  if (!all_files) {
    build.gcov.excludes = [](std::string_view path) { return is_excluded(policy, path); };
  }
  for (const File& file : notes()) (void)load_gcov_notes({file.path, file.bytes}, build);
  build.finish();
}

void BM_ReadGcovData(benchmark::State& state) {
  if (data().empty()) return state.SkipWithError("CULPRIT_WORKLOAD names no workload");
  BuildFiles build;
  load_notes(build, state.range(0) != 0);
  NullSink sink;
  for (auto _ : state) {
    for (const File& file : data()) {
      (void)read_gcov_data({file.path, file.bytes, {}, &build}, sink);
    }
  }
  state.counters["files/s"] = benchmark::Counter(static_cast<double>(data().size()),
                                                 benchmark::Counter::kIsIterationInvariantRate);
  state.counters["MB/s"] =
      benchmark::Counter(megabytes(data()), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ReadGcovData)->Arg(0)->Arg(1)->ArgName("all_files")->Unit(benchmark::kMillisecond);

// From the disk to counts, as the pipeline reads them.
void BM_OpenReadAndCountGcovData(benchmark::State& state) {
  if (data().empty()) return state.SkipWithError("CULPRIT_WORKLOAD names no workload");
  BuildFiles build;
  load_notes(build, state.range(0) != 0);
  NullSink sink;
  for (auto _ : state) {
    for (const File& file : data()) {
      const Result<std::string> bytes = read_file(file.on_disk);
      if (!bytes || !read_gcov_data({file.path, *bytes, {}, &build}, sink)) {
        state.SkipWithError("unread");
      }
    }
  }
  state.counters["files/s"] = benchmark::Counter(static_cast<double>(data().size()),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_OpenReadAndCountGcovData)
    ->Arg(0)
    ->Arg(1)
    ->ArgName("all_files")
    ->Unit(benchmark::kMillisecond);

// What no reader can do without, into one buffer.
void BM_OpenAndReadGcovData(benchmark::State& state) {
  if (data().empty()) return state.SkipWithError("CULPRIT_WORKLOAD names no workload");
  std::string buffer(1 << 22, '\0');
  for (auto _ : state) {
    for (const File& file : data()) {
      const int descriptor = ::open(file.on_disk.c_str(), O_RDONLY | O_CLOEXEC);
      benchmark::DoNotOptimize(::read(descriptor, buffer.data(), buffer.size()));
      ::close(descriptor);
    }
  }
  state.counters["files/s"] = benchmark::Counter(static_cast<double>(data().size()),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_OpenAndReadGcovData)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace culprit
