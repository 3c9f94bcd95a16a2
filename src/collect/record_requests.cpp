#include <algorithm>
#include <filesystem>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "base/file_tree.h"
#include "base/text.h"
#include "collect/http_client.h"
#include "collect/record.h"
#include "collect/recording.h"
#include "collect/results_row.h"
#include "collect/service_set.h"

namespace culprit {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Wall = std::chrono::system_clock;

constexpr std::size_t kBodyExcerpt = 2000;
constexpr std::chrono::milliseconds kGlance{100};  // how often a waiting recorder looks up

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

bool stopped(const RecordOptions& options) { return options.stop != nullptr && *options.stop; }

// Ids of W3C trace context.
class TraceIds {
 public:
  std::string trace() { return hex() + hex(); }
  std::string span() { return hex(); }

 private:
  std::string hex() {
    std::string text(16, '0');
    std::uint64_t bits = random_() | 1;  // never all zero
    for (char& c : text) {
      c = "0123456789abcdef"[bits & 15];
      bits >>= 4;
    }
    return text;
  }
  std::mt19937_64 random_{std::random_device{}()};
};

// "0007.POST.orders.17" where the plan has no name: sorts as it was sent, and says what it is.
std::string run_name(const PlannedRequest& request, std::size_t number) {
  if (!request.name.empty()) return request.name;
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  std::string path = request.path.substr(0, request.path.find('?'));
  std::replace(path.begin(), path.end(), '/', '.');
  while (path.ends_with('.')) path.pop_back();
  return digits + "." + request.method + path;
}

bool matches(const fs::path& file, const std::string& pattern) {
  return matches_glob(file.filename().string(), fs::path(pattern).filename().string());
}

// What the services wrote of their spans, as it is now.
void copy_traces(const RecordingConfig& config, const std::string& folder, Recorded& recorded) {
  for (const std::string& pattern : config.traces) {
    std::size_t copied = 0;
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator file(fs::path(pattern).parent_path(), error), end;
         !error && file != end; file.increment(error)) {
      if (file->is_regular_file(error) && matches(file->path(), pattern)) {
        files.push_back(file->path());
      }
    }
    fs::create_directories(folder + "/traces", error);
    for (const fs::path& file : files) {
      const Result<std::string> bytes = read_file(file.string());
      const Result<void> written =
          bytes ? write_file(folder + "/traces/" + file.filename().string(), *bytes)
                : fail(bytes.error());
      if (written) {
        ++copied;
      } else {
        recorded.problems.push_back(written.error());
      }
    }
    if (copied == 0) recorded.problems.push_back(error_in(pattern, "no trace file matches"));
  }
}

// Records one request after the other. A run stays open until the next request is about to be sent:
// what is executed until then belongs to it.
class RequestRecorder {
 public:
  RequestRecorder(HttpClient& client, ServiceSet& services, const Recording& recording,
                  Recorded& recorded)
      : client_(client), services_(services), recording_(recording), recorded_(recorded) {}

  Result<void> record(const PlannedRequest& request, const std::string& name) {
    if (auto closed = close(); !closed) return closed;
    Result<RunFolder> run = recording_.start(name);
    if (!run) return fail(run.error());
    ResultsRow row;
    row.run = name;
    row.time = Wall::now();
    row.method = request.method;
    row.url = request.path;
    row.trace = ids_.trace();
    const Reply reply = client_.send(request, "00-" + row.trace + "-" + ids_.span() + "-01");
    Drained drained = services_.drain();
    row.status = reply.status;
    row.latency_ms = reply.latency_ms;
    row.error = reply.error;
    row.body = reply.body.substr(0, kBodyExcerpt);
    if (!request.expect.empty()) {
      if (row.error.empty()) row.error = unmet(request.expect, reply.status, reply.body);
      row.passed = row.error.empty();
    }
    if (auto added = services_.add(drained, *run); !added) return added;
    open_.emplace(std::move(*run), std::move(row), std::move(drained), Wall::now());
    return {};
  }

  // Finishes the run that is open.
  Result<void> close() {
    if (!open_) return {};
    auto [run, row, drained, end] = std::move(*open_);
    open_.reset();
    const Drained late = services_.take();
    if (auto added = services_.add(late, run); !added) return added;
    note_late(late, drained);
    if (auto filed = services_.finish(drained, run, recorded_); !filed) return filed;
    if (auto added = run.add("window.json", window_json(row.time, end)); !added) return added;
    if (auto added = run.add("responses.jsonl", to_json_line(row)); !added) return added;
    if (auto finished = run.finish(); !finished) return finished;
    ++recorded_.runs;
    if (!row.passed.value_or(*row.status != 0 && *row.status < 500)) ++recorded_.failed;
    return {};
  }

 private:
  struct OpenRun {
    RunFolder run;
    ResultsRow row;
    Drained drained;
    Wall::time_point end;

    OpenRun(RunFolder folder, ResultsRow results, Drained windows, Wall::time_point closed)
        : run(std::move(folder)),
          row(std::move(results)),
          drained(std::move(windows)),
          end(closed) {}
  };

  // What came after all had been quiet: the rest of this request's work, or somebody else's.
  static void note_late(const Drained& late, Drained& drained) {
    for (std::size_t i = 0; i < late.services.size(); ++i) {
      if (late.services[i].files.empty()) continue;
      drained.services[i].quiet = false;
      ++drained.services[i].rounds;
    }
  }

  HttpClient& client_;
  ServiceSet& services_;
  const Recording& recording_;
  Recorded& recorded_;
  TraceIds ids_;
  std::optional<OpenRun> open_;
};

// What all recordings of services begin and end with.
template <class Record>
Result<Recorded> with_services(const RecordingConfig& config, const RecordOptions& options,
                               Record record) {
  const Clock::time_point start = Clock::now();
  Result<Recording> recording = Recording::open(options.out, options.resume);
  if (!recording) return fail(recording.error());
  Recorded recorded;
  Result<ServiceSet> services = ServiceSet::open(config, options, *recording, recorded);
  if (!services) return fail(services.error());
  const Result<void> done = record(*recording, *services, recorded);
  services->note_gaps(recorded);
  copy_traces(config, recording->folder(), recorded);
  recorded.total_ms = ms_since(start);
  recorded.interrupted = stopped(options);
  if (!done) {
    Error error = done.error();
    error.hint += (error.hint.empty() ? "" : "; ") + std::to_string(recorded.runs) +
                  " complete runs are kept, --resume goes on";
    return fail(std::move(error));
  }
  return recorded;
}

}  // namespace

Result<Recorded> record_requests(const RecordingConfig& config,
                                 const std::vector<PlannedRequest>& requests,
                                 const RecordOptions& options) {
  Result<HttpClient> client =
      HttpClient::open(config.base_url, std::chrono::milliseconds(config.timeout_ms));
  if (!client) return fail(client.error());
  return with_services(
      config, options,
      [&](const Recording& recording, ServiceSet& services, Recorded& recorded) -> Result<void> {
        RequestRecorder recorder(*client, services, recording, recorded);
        std::set<std::string> names;
        for (std::size_t i = 0; i < requests.size() && !stopped(options); ++i) {
          const std::string name = folder_name(run_name(requests[i], i + 1), names);
          if (recording.has(name)) {
            ++recorded.kept;
          } else if (auto done = recorder.record(requests[i], name); !done) {
            return done;
          }
          if (options.progress) options.progress(i + 1, requests.size());
        }
        return recorder.close();
      });
}

Result<Recorded> record_windows(const RecordingConfig& config, const WindowPlan& plan,
                                const RecordOptions& options) {
  // Waits for the end of the window that began at `start`; false: the recording ends.
  const auto wait = [&](Clock::time_point start) {
    while (!stopped(options)) {
      if (plan.every && Clock::now() - start >= *plan.every) return true;
      if (!plan.every && plan.next()) return true;
      const auto left = plan.every ? std::chrono::duration_cast<std::chrono::milliseconds>(
                                         start + *plan.every - Clock::now())
                                   : kGlance;
      std::this_thread::sleep_for(std::clamp(left, std::chrono::milliseconds(1), kGlance));
    }
    return false;
  };
  return with_services(
      config, options,
      [&](const Recording& recording, ServiceSet& services, Recorded& recorded) -> Result<void> {
        std::set<std::string> names;
        for (std::size_t n = 1; plan.windows == 0 || n <= plan.windows; ++n) {
          const Wall::time_point from = Wall::now();
          if (!wait(Clock::now())) return {};
          // Others go on using the services: there is no quiet to wait for.
          const Drained drained = services.take();
          const Wall::time_point to = Wall::now();
          Result<RunFolder> run = recording.start(folder_name("window." + utc_text(from), names));
          if (!run) return fail(run.error());
          if (auto added = services.add(drained, *run); !added) return added;
          if (auto filed = services.finish(drained, *run, recorded); !filed) return filed;
          if (auto added = run->add("window.json", window_json(from, to)); !added) return added;
          if (auto finished = run->finish(); !finished) return finished;
          ++recorded.runs;
          if (options.progress) options.progress(n, plan.windows);
        }
        return {};
      });
}

}  // namespace culprit
