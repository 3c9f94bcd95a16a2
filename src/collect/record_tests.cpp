#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>
#include <utility>

#include "base/disk.h"
#include "base/file_tree.h"
#include "base/text.h"
#include "base/workers.h"
#include "collect/build_copies.h"
#include "collect/child_process.h"
#include "collect/counter_pack.h"
#include "collect/gcda_file.h"
#include "collect/record.h"
#include "collect/recording.h"
#include "collect/results_row.h"
#include "collect/test_list.h"

namespace culprit {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kReasonBytes = 400;

// A private folder for what one test writes, in memory where there is such a place; removed at the
// end.
class ScratchFolder {
 public:
  ScratchFolder() {
    for (const fs::path& base : {fs::path("/dev/shm"), fs::temp_directory_path()}) {
      std::string name = (base / "culprit-record-XXXXXX").string();
      if (::mkdtemp(name.data()) == nullptr) continue;
      path_ = name;
      return;
    }
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// `text` with {run}, {number} and {dir} replaced, each as one word of the shell where `quoted`.
std::string filled_in(std::string_view text, const ListedTest& test, const std::string& folder,
                      bool quoted) {
  const std::pair<std::string_view, const std::string&> words[] = {
      {"{run}", test.name}, {"{number}", test.number}, {"{dir}", folder}};
  std::string result;
  while (!text.empty()) {
    const auto word = std::find_if(std::begin(words), std::end(words), [&](const auto& candidate) {
      return text.starts_with(candidate.first);
    });
    if (word == std::end(words)) {
      result += text.front();
      text.remove_prefix(1);
      continue;
    }
    result += quoted ? shell_quoted(word->second) : word->second;
    text.remove_prefix(word->first.size());
  }
  return result;
}

// GoogleTest's lines of progress, as "[ RUN      ] X", name the test, which may be called after an
// error.
bool is_progress(std::string_view line) {
  return line.starts_with("Note: Google Test filter") ||
         (line.size() >= 12 && line[0] == '[' &&
          std::string_view(" -=").find(line[1]) != std::string_view::npos && line[11] == ']');
}

bool tells_of_failure(std::string_view line) {
  // What ctest prints around a test says only that it failed.
  if (line.find("***") != std::string_view::npos) return false;
  const std::string lowered = lower(line);
  constexpr std::string_view kWords[] = {"failure", "failed",    "error",
                                         "assert",  "exception", "abort"};
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    return lowered.find(word) != std::string::npos;
  });
}

// GoogleTest's heading of a failed assertion: the lines below it say what was expected.
// "test.cpp:12: Failure"
bool heads_an_assertion(std::string_view line) { return line.ends_with(": Failure"); }

// What of a test's output tells most of why it failed: the first assertion of GoogleTest's, else
// the first line that speaks of failing, else the last one.
std::string telling_words(std::string_view output) {
  const Input input{"output", output};
  LineReader lines(input);
  std::string assertion;
  std::string_view speaking;
  std::string_view last;
  while (const auto next = lines.next()) {
    const std::string_view line = trim(*next);
    if (!assertion.empty()) {
      if (line.empty() || is_progress(line) || assertion.size() > kReasonBytes) break;
      assertion += ' ';
      assertion += line;
      continue;
    }
    if (line.empty() || is_progress(line)) continue;
    last = line;
    if (heads_an_assertion(line)) assertion = line;
    if (speaking.empty() && tells_of_failure(line)) speaking = line;
  }
  if (!assertion.empty()) return printable(assertion, kReasonBytes);
  return printable(speaking.empty() ? last : speaking, kReasonBytes);
}

std::string reason_of(const Ended& ended, std::chrono::milliseconds timeout) {
  if (ended.timed_out) return "no end within " + std::to_string(timeout.count() / 1000) + " s";
  const std::string how = ended.status > 128
                              ? "ended by signal " + std::to_string(ended.status - 128)
                              : "exit status " + std::to_string(ended.status);
  const std::string words = telling_words(ended.output);
  return words.empty() ? how : how + ": " + words;
}

// Whether a test that ended well tried nothing, as GoogleTest and ctest say it.
bool was_skipped(std::string_view output) {
  const Input input{"output", output};
  LineReader lines(input);
  while (const auto line = lines.next()) {
    if (line->starts_with("[  SKIPPED ] ") || line->find("***Skipped") != line->npos) return true;
  }
  return false;
}

class TestRecorder {
 public:
  TestRecorder(const TestPlan& plan, const RecordOptions& options, const Recording& recording)
      : plan_(plan),
        options_(options),
        recording_(recording),
        builds_(recording.folder() + "/build", plan.build) {
    if (options.pack) pack_.emplace(recording.folder() + "/build", *options.pack);
  }

  Result<Recorded> record() {
    const Clock::time_point start = Clock::now();
    Result<std::vector<ListedTest>> tests = listed();
    if (!tests) return fail(tests.error());
    if (auto copied = builds_.copy_classes(); !copied) return fail(copied.error());
    std::set<std::string> taken;
    std::vector<std::string> names;
    for (const ListedTest& test : *tests) names.push_back(folder_name(test.name, taken));
    for_each_index(tests->size(), plan_.jobs, [&](unsigned, std::size_t i) {
      if (over()) return;
      const Result<void> done = one((*tests)[i], names[i]);
      const std::lock_guard lock(mutex_);
      ++done_;
      if (!done && !failure_) failure_ = done.error();
      if (options_.progress) options_.progress(done_, tests->size());
    });
    if (failure_) {
      failure_->hint += (failure_->hint.empty() ? "" : "; ") + std::to_string(recorded_.runs) +
                        " complete runs are kept, --resume goes on";
      return fail(*failure_);
    }
    note_gaps();
    recorded_.total_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    recorded_.interrupted = options_.stop != nullptr && *options_.stop;
    return std::move(recorded_);
  }

 private:
  bool over() {
    const std::lock_guard lock(mutex_);
    return failure_.has_value() || (options_.stop != nullptr && *options_.stop);
  }

  Result<std::vector<ListedTest>> listed() const {
    const ScratchFolder scratch;
    // Listing runs the program too: its counters are no test's.
    const Result<Ended> ended = run_process({.command = plan_.list,
                                             .environment = {{"GCOV_PREFIX", scratch.path()}},
                                             .timeout = plan_.timeout,
                                             .stop = options_.stop});
    if (!ended) return fail(ended.error());
    if (!ended->well()) {
      return fail(error_in(plan_.list, reason_of(*ended, plan_.timeout),
                           "--list takes a command that prints the names of the tests"));
    }
    Result<std::vector<ListedTest>> tests = parse_test_list(ended->output);
    if (!tests) {
      Error error = error_in(plan_.list, tests.error().what);
      if (const std::string words = telling_words(ended->output); !words.empty()) {
        error.hint = "its last words: " + words;
      }
      return fail(std::move(error));
    }
    return tests;
  }

  Result<void> one(const ListedTest& test, const std::string& name) {
    if (recording_.has(name)) {
      const std::lock_guard lock(mutex_);
      ++recorded_.kept;
      return {};
    }
    const ScratchFolder scratch;
    if (scratch.path().empty()) {
      return fail(error_in(fs::temp_directory_path().string(), "no folder can be made there"));
    }
    ChildProcess process{.command = filled_in(plan_.run, test, scratch.path(), true),
                         .environment = {{"GCOV_PREFIX", scratch.path()},
                                         {"GCOV_PREFIX_STRIP", "0"},
                                         {"CULPRIT_WINDOW", "crash"},
                                         {"CULPRIT_RUN_DIR", scratch.path()}},
                         .timeout = plan_.timeout,
                         .stop = options_.stop};
    if (!plan_.preload.empty()) process.environment.emplace_back("LD_PRELOAD", plan_.preload);
    const auto time = std::chrono::system_clock::now();
    const Result<Ended> ended = run_process(process);
    if (!ended) return fail(ended.error());
    if (ended->stopped) return {};

    Result<RunFolder> run = recording_.start(name);
    if (!run) return fail(run.error());
    const Result<std::size_t> files = file_coverage(scratch.path(), *run);
    if (!files) return fail(files.error());
    const std::string junit = filled_in(plan_.junit, test, scratch.path(), false);
    const Result<std::string> verdict = junit.empty() ? Result<std::string>("") : read_file(junit);
    if (!junit.empty() && verdict) {
      if (auto added = run->add("junit.xml", *verdict); !added) return added;
    } else {
      ResultsRow row{.run = name,
                     .test = test.name,
                     .time = time,
                     .method = {},
                     .url = {},
                     .status = {},
                     .latency_ms = ended->took_ms,
                     .error = {},
                     .passed = ended->well(),
                     .body = {},
                     .trace = {}};
      if (!ended->well()) {
        row.error = reason_of(*ended, plan_.timeout);
      } else if (was_skipped(ended->output)) {
        row.passed.reset();
      }
      if (auto added = run->add("responses.jsonl", to_json_line(row)); !added) return added;
    }
    if (auto finished = run->finish(); !finished) return finished;
    const std::lock_guard lock(mutex_);
    ++recorded_.runs;
    if (!ended->well()) ++recorded_.failed;
    if (*files == 0) without_coverage_.insert(name);
    if (!verdict) without_junit_.insert(junit);
    return {};
  }

  // Number of files of raw coverage below `folder` that say that something ran.
  Result<std::size_t> file_coverage(const std::string& folder, RunFolder& run) {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      if (entry->is_regular_file(error)) paths.push_back(entry->path());
    }
    std::sort(paths.begin(), paths.end());
    std::size_t files = 0;
    CounterPack::Run packed;
    for (const fs::path& path : paths) {
      const bool object = path.extension() == ".gcda";
      if (!object && path.extension() != ".exec") continue;
      const Result<std::string> bytes = read_file(path.string());
      if (!bytes) return fail(bytes.error());
      if (object && !counts_anything(*bytes)) continue;
      ++files;
      // Below the prefix is the whole path of the object.
      const std::string origin = path.string().substr(folder.size());
      const std::string name = object ? builds_.flat_name(origin) : path.filename().string();
      if (object) {
        if (auto copied = builds_.copy_notes(origin); !copied) return fail(copied.error());
        if (pack(name, *bytes, packed)) continue;
      }
      if (auto added = run.add(name, *bytes); !added) return fail(added.error());
    }
    if (packed.any) {
      const std::string line = CounterPack::to_json_line(run.name(), {}, packed);
      if (auto added = run.add("hits.jsonl", line); !added) return fail(added.error());
    }
    const std::lock_guard lock(mutex_);
    pack_problems_.note(std::move(packed.problems));
    return files;
  }

  // False: the counters are kept as they are.
  bool pack(const std::string& name, const std::string& bytes, CounterPack::Run& packed) {
    if (!pack_) return false;
    const Result<void> done = pack_->add(name, bytes, packed);
    if (done) return true;
    const std::lock_guard lock(mutex_);
    pack_problems_.kept_raw(done.error());
    return false;
  }

  void note_gaps() {
    for (Error& problem : pack_problems_.folded()) {
      recorded_.problems.push_back(std::move(problem));
    }
    const auto note = [&](const std::set<std::string>& what, const std::string& problem,
                          const std::string& hint) {
      if (what.empty()) return;
      recorded_.problems.push_back(error_in(
          *what.begin(),
          problem + (what.size() == 1 ? "" : ", as " + std::to_string(what.size() - 1) + " more"),
          hint));
    };
    note(
        without_coverage_, "the test left no coverage",
        "C++ is built with --coverage; Java runs with the agent's destfile={dir}/jacoco.exec; what "
        "a signal ends needs --preload");
    note(builds_.without_notes(), "the object's .gcno was not found",
         "name the folder of the build: --build DIR");
    note(without_junit_, "the test wrote no such report; its exit status decides", "");
  }

  const TestPlan& plan_;
  const RecordOptions& options_;
  const Recording& recording_;
  BuildCopies builds_;
  std::optional<CounterPack> pack_;
  std::mutex mutex_;
  PackProblems pack_problems_;
  std::size_t done_ = 0;
  std::optional<Error> failure_;
  Recorded recorded_;
  std::set<std::string> without_coverage_;
  std::set<std::string> without_junit_;
};

}  // namespace

Result<Recorded> record_tests(const TestPlan& plan, const RecordOptions& options) {
  Result<Recording> recording = Recording::open(options.out, options.resume);
  if (!recording) return fail(recording.error());
  return TestRecorder(plan, options, *recording).record();
}

}  // namespace culprit
