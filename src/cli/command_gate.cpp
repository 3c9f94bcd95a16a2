#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "collect/child_process.h"
#include "culprit/gate.h"

namespace culprit {

namespace {

// Shells give these where the command itself could not be started.
constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc = {};
  gmtime_r(&now, &utc);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return text;
}

// `{run}` becomes the run's name, quoted for the shell: names come from files.
std::string command_for(const std::string& command, const std::string& run) {
  constexpr std::string_view kHole = "{run}";
  std::string text = command;
  const std::string quoted = shell_quoted(run);
  for (std::size_t at = text.find(kHole); at != std::string::npos;
       at = text.find(kHole, at + quoted.size())) {
    text.replace(at, kHole.size(), quoted);
  }
  return text;
}

Result<Reruns> rerun(const GateSettings& settings, const FailureCluster& cluster, std::size_t times,
                     std::size_t enough) {
  const std::string& run = cluster.runs.front();
  Reruns reruns;
  const auto limit =
      std::chrono::milliseconds(static_cast<std::int64_t>(settings.timeout_s * 1000));
  for (std::size_t i = 0; i < times; ++i) {
    if (reruns.fails >= enough || reruns.fails + (times - i) < enough) break;
    std::fputs(fmt::format("rerun {} of {} of {}\n", i + 1, times, printable(run, 200)).c_str(),
               stderr);
    const Result<Ended> ended =
        run_process({.command = command_for(settings.rerun_cmd, run), .timeout = limit});
    if (!ended) return fail(ended.error());
    if (ended->status == kNotExecutable || ended->status == kNotFound) {
      return fail(error_in("--rerun-cmd",
                           "the shell cannot start it (exit status " +
                               std::to_string(ended->status) + "): " + one_line(ended->output, 300),
                           "it is given to /bin/sh, with {run} in place of the run's name"));
    }
    ++reruns.runs;
    reruns.fails += ended->well() ? 0 : 1;
  }
  return reruns;
}

int exit_code_of(const GateVerdict& verdict, bool strict) {
  switch (verdict.answer) {
    case GateVerdict::Answer::kPass:
      return kDone;
    case GateVerdict::Answer::kNewFaults:
      return kNewFaults;
    case GateVerdict::Answer::kInconclusive:
      return strict ? kInconclusive : kDone;
  }
  return kDone;
}

std::optional<Error> wrong_use(const GateSettings& settings) {
  if (settings.baseline.empty() && !settings.ignore_baseline) {
    return error_in("--baseline", "says what is known to fail, and is needed",
                    "--baseline .culprit-baseline.jsonl --update-baseline makes one; "
                    "--ignore-baseline takes every failure for new");
  }
  if (settings.update_baseline && settings.baseline.empty()) {
    return error_in("--update-baseline", "needs --baseline FILE to write to");
  }
  if (settings.update_baseline && settings.ignore_baseline) {
    return error_in("--update-baseline", "contradicts --ignore-baseline");
  }
  return std::nullopt;
}

}  // namespace

int gate_command(const Options& options) {
  const GateSettings& settings = options.gate;
  if (const auto error = wrong_use(settings)) return report_error(*error);
  if (const auto error = wrong_format(options)) return report_error(*error);
  GateQuery gate;
  gate.query = query_for_formats(options);
  gate.query.facts = 0;  // a verdict should not wait for a compiler
  // Few functions are worth a look in a review.
  gate.query.settings.insert(gate.query.settings.begin(), {"top", "5"});
  if (gate.query.source.empty() && !settings.base.empty()) gate.query.source = ".";
  if (!settings.ignore_baseline) gate.baseline = settings.baseline;
  gate.update_baseline = settings.update_baseline;
  gate.base = settings.base;
  gate.diff = settings.diff;
  gate.confirm_dir = settings.confirm_dir;
  gate.today = today();
  ProgressBar bar("reading");
  gate.query.progress = [&](std::size_t done, std::size_t of) { bar.show(done, of); };
  if (!settings.rerun_cmd.empty()) {
    gate.rerun = [&](const FailureCluster& cluster, std::size_t times, std::size_t enough) {
      bar.clear();
      return rerun(settings, cluster, times, enough);
    };
  }
  const Result<Report> report = check(gate);
  bar.clear();
  if (!report) return report_error(report.error());
  const int written = deliver(options, [&](const Writer& writer, const Style& style) {
    Style told = style;
    told.explain = settings.explain;
    return writer.ranking == nullptr ? std::nullopt : std::optional(writer.ranking(*report, told));
  });
  if (written != kDone) return written;
  // Without a single outcome it is green because it knows nothing.
  const int code = report->failed + report->passed == 0 ? ranking_exit_code(options, *report)
                                                        : exit_code(options, *report);
  if (code != kDone) return code;
  return exit_code_of(*report->gate, settings.strict);
}

}  // namespace culprit
