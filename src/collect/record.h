// Recording: from running services, or from tests that are run one by one, to a run set that
// `culprit rank` reads. Three ways to cut time into runs: a request, a window, a test.
//
// What cannot be had of one run is noted there and in the summary; the recording goes on. It stops,
// with the complete runs kept, when `stop` becomes true or the folder can no longer be written.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collect/planned_request.h"
#include "config/recording.h"
#include "culprit/error.h"
#include "readers/gcov_lines.h"

namespace culprit {

struct RecordOptions {
  std::string out;  // the folder of the run set
  bool resume = false;
  // Reads gcov's counters at once and keeps what they say of what is wanted, instead of them; null:
  // keeps them.
  std::optional<GcovMode> pack = {};
  const std::atomic<bool>* stop = nullptr;
  // Number of runs done, and known so far (0: not known). From any thread, one call at a time.
  std::function<void(std::size_t done, std::size_t of)> progress = {};
};

struct Missing {
  std::size_t runs = 0;
  std::string reason;  // of the first of them
};

struct Recorded {
  std::size_t runs = 0;
  std::size_t failed = 0;    // of them, as far as the recorder can tell
  std::size_t kept = 0;      // were there already
  std::size_t restless = 0;  // windows that never went quiet
  double drain_ms = 0;       // spent on draining, of all runs together
  double total_ms = 0;
  std::map<std::string, Missing> missing;  // by service
  std::vector<Error> problems;
  bool interrupted = false;
};

// One run a request, one after the other. The first dump of every service, which holds its
// start-up, is discarded. Errors: the configuration cannot be used, no service answers, the folder
// cannot be written.
[[nodiscard]] Result<Recorded> record_requests(const RecordingConfig& config,
                                               const std::vector<PlannedRequest>& requests,
                                               const RecordOptions& options);

struct WindowPlan {
  std::optional<std::chrono::milliseconds> every;  // nullopt: whenever `next` says
  std::function<bool()> next;                      // asked ten times a second
  std::size_t windows = 0;                         // 0: until stopped
};

// One run a window of time, in which others use the services. Until `stop`.
[[nodiscard]] Result<Recorded> record_windows(const RecordingConfig& config, const WindowPlan& plan,
                                              const RecordOptions& options);

struct TestPlan {
  std::string list;  // a command that prints the tests
  // A command that runs one; {run} stands for its name, {number} for the number the list gives it,
  // {dir} for a folder whose .exec and .gcda files belong to the run.
  std::string run;
  std::string junit;  // a file the command writes its verdict to; may hold the same words
  std::vector<std::string> build;
  std::string preload;  // gcov_window as a shared library
  std::chrono::milliseconds timeout{300'000};
  unsigned jobs = 1;
};

// One run a test. Errors: the list cannot be had or is empty, the folder cannot be written.
[[nodiscard]] Result<Recorded> record_tests(const TestPlan& plan, const RecordOptions& options);

}  // namespace culprit
