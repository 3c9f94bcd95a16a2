#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "base/disk.h"
#include "base/file_tree.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "collect/record.h"
#include "collect/test_presets.h"
#include "pipeline/run_reader.h"

namespace culprit {

namespace {

constexpr int kInterrupted = 130;

std::atomic<bool> g_stop = false;
std::atomic<bool> g_next = false;
static_assert(std::atomic<bool>::is_always_lock_free, "signal handlers set them");

// Ctrl-C ends a recording with what is complete; a second one ends the program.
void on_signal(int number) {
  if (number == SIGUSR1) {
    g_next = true;
    return;
  }
  if (g_stop.exchange(true)) signal(number, SIG_DFL);
}

void listen_to_signals() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) sigaction(number, &action, nullptr);
}

std::string summary(const RecordSettings& settings, const std::string& program,
                    const Recorded& recorded) {
  std::string text =
      fmt::format("{}: {} recorded in {:.1f} s, {} failed", printable(settings.out),
                  plural(recorded.runs, "run"), recorded.total_ms / 1000, recorded.failed);
  if (recorded.kept != 0) text += fmt::format("; {} were there already", recorded.kept);
  text += "\n";
  if (recorded.drain_ms > 0 && recorded.runs != 0) {
    text += fmt::format("windows took {:.1f} ms on average to close; {} never went quiet\n",
                        recorded.drain_ms / static_cast<double>(recorded.runs),
                        recorded.restless == 0 ? "none" : std::to_string(recorded.restless));
  }
  for (const auto& [service, missing] : recorded.missing) {
    text += fmt::format("no report of {} in {}: {}\n", service, plural(missing.runs, "run"),
                        missing.reason);
  }
  if (recorded.interrupted) text += "interrupted: --resume goes on\n";
  if (recorded.runs + recorded.kept != 0) {
    text += fmt::format("next: {} rank {}\n", program, shell_quoted(settings.out));
  }
  return text;
}

int report(const Options& options, const Result<Recorded>& recorded, bool interruptible) {
  if (!recorded) return report_error(recorded.error());
  for (const Error& problem : recorded->problems) {
    std::fputs(("warning: " + to_string(problem) + "\n").c_str(), stderr);
  }
  const int printed = print(summary(options.record, options.program, *recorded));
  if (printed != kDone) return printed;
  return recorded->interrupted && interruptible ? kInterrupted : kDone;
}

Error usage(std::string what, std::string hint = {}) {
  return error_in("record", std::move(what), std::move(hint));
}

// What the tests are asked of must be there: what prints no test says less.
Result<void> has_tests(const RecordSettings& settings) {
  std::error_code ignored;
  const std::filesystem::path ctest = settings.ctest;
  for (const std::string* path : {&settings.ctest, &settings.gtest, &settings.surefire}) {
    if (!path->empty() && !std::filesystem::exists(*path, ignored)) {
      return fail(missing_error(*path));
    }
  }
  if (!settings.ctest.empty() && !std::filesystem::exists(ctest / "CTestTestfile.cmake", ignored)) {
    return fail(error_in(settings.ctest, "no build folder of CMake with tests",
                         "--ctest takes the folder in which ctest would be run: it has a "
                         "CTestTestfile.cmake"));
  }
  return {};
}

Result<TestPlan> test_plan(const RecordSettings& settings) {
  TestPlan plan;
  if (auto there = has_tests(settings); !there) return fail(there.error());
  if (!settings.ctest.empty()) {
    plan = ctest_plan(settings.ctest);
  } else if (!settings.gtest.empty()) {
    plan = gtest_plan(settings.gtest);
  } else if (!settings.surefire.empty()) {
    if (settings.agent.empty()) {
      return fail(usage("--surefire needs JaCoCo's agent: --agent jacocoagent.jar",
                        "it is in the org.jacoco.agent jar of Maven and Debian: unzip "
                        "/usr/share/java/org.jacoco.agent.jar jacocoagent.jar"));
    }
    plan = surefire_plan(settings.surefire, settings.agent);
  }
  if (!settings.list.empty()) plan.list = settings.list;
  if (!settings.run.empty()) plan.run = settings.run;
  if (!settings.junit.empty()) plan.junit = settings.junit;
  if (plan.list.empty() || plan.run.empty()) {
    return fail(usage("tests need --list and --run, or one of --ctest, --gtest and --surefire"));
  }
  if (plan.run.find("{run}") == std::string::npos &&
      plan.run.find("{number}") == std::string::npos) {
    return fail(usage("--run runs one test: it names it by {run} or {number}",
                      "--run './tests --only {run}'"));
  }
  plan.build.insert(plan.build.end(), settings.build.begin(), settings.build.end());
  plan.preload = settings.preload;
  plan.timeout = std::chrono::milliseconds(std::llround(settings.timeout_s * 1000));
  return plan;
}

Result<RecordingConfig> config_of(const std::string& path) {
  const Result<std::string> bytes = read_file(path);
  if (!bytes) return fail(bytes.error());
  return parse_recording_config({path, *bytes});
}

}  // namespace

int record_command(const Options& options) {
  const RecordSettings& settings = options.record;
  const bool tests = !settings.list.empty() || !settings.run.empty() || !settings.ctest.empty() ||
                     !settings.gtest.empty() || !settings.surefire.empty();
  const bool windows = settings.every_s > 0 || settings.on_signal;
  if (tests + windows + !settings.requests.empty() != 1) {
    return report_error(usage("what is to be a run: a test, a request or a window of time?",
                              "--ctest BUILD; or --config FILE --requests FILE; or --config FILE "
                              "--every SECONDS. `culprit record --help` shows all"));
  }
  listen_to_signals();
  ProgressBar bar("recording");
  RecordOptions record{.out = settings.out,
                       .resume = settings.resume,
                       .stop = &g_stop,
                       .progress = [&](std::size_t done, std::size_t of) { bar.show(done, of); }};
  if (settings.pack) {
    // What a ranking leaves out unless it is told otherwise.
    record.pack = GcovMode{.excludes = [policy = Policy()](std::string_view path) {
      return is_excluded(policy, path);
    }};
  }
  if (tests) {
    Result<TestPlan> plan = test_plan(settings);
    if (!plan) return report_error(plan.error());
    plan->jobs = options.query.jobs == 0 ? default_jobs() : options.query.jobs;
    const Result<Recorded> recorded = record_tests(*plan, record);
    bar.clear();
    return report(options, recorded, true);
  }
  if (settings.config.empty()) {
    return report_error(usage("which services? --config FILE names them",
                              "culprit record --help describes the file"));
  }
  const Result<RecordingConfig> config = config_of(settings.config);
  if (!config) return report_error(config.error());
  if (windows) {
    WindowPlan plan;
    if (settings.every_s > 0) {
      plan.every = std::chrono::milliseconds(std::llround(settings.every_s * 1000));
    }
    plan.next = [] { return g_next.exchange(false); };
    plan.windows = settings.windows;
    const Result<Recorded> recorded = record_windows(*config, plan, record);
    bar.clear();
    return report(options, recorded, false);
  }
  const Result<std::string> bytes = read_file(settings.requests);
  if (!bytes) return report_error(bytes.error());
  const auto requests = parse_requests({settings.requests, *bytes});
  if (!requests) return report_error(requests.error());
  const Result<Recorded> recorded = record_requests(*config, *requests, record);
  bar.clear();
  return report(options, recorded, true);
}

}  // namespace culprit
