#include "cli/options.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.h"
#include "cli/option_groups.h"
#include "config/policy.h"
#include "writers/exchange.h"
#include "writers/writers.h"

namespace culprit {

namespace {

constexpr const char* kAbout =
    "culprit: this request failed; which function did it?\n\n"
    "Reads coverage, one report per run, and what became of each run, and ranks the code\n"
    "by how well executing it (or no longer executing it) explains the failures.";

constexpr const char* kLayout =
    "RUNS by convention:  {run}/{service}/<coverage>   {run}/<coverage>   {run}/responses.*\n"
    "                     responses.* (rows name their run)   traces/*   {run}/traces.*\n"
    "Any other layout:    RUNS/culprit.toml, --manifest.  More flags: culprit list settings, "
    "formats";

// CULPRIT_SLO_MS for slo-ms.
std::string environment_name(std::string_view setting) {
  std::string name = "CULPRIT_";
  for (const char c : setting) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

// Settings from the environment come before those of flags, which so win over them.
Result<void> add_environment(Query& query) {
  Policy scratch;
  std::vector<std::pair<std::string, std::string>> found;
  for (const Setting& setting : settings()) {
    const std::string variable = environment_name(setting.name);
    const char* const value = std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0') continue;
    if (auto done = apply_setting(scratch, setting.name, value, variable); !done) return done;
    found.emplace_back(setting.name, value);
  }
  query.settings.insert(query.settings.begin(), found.begin(), found.end());
  return {};
}

constexpr const char* kEditors =
    "Without RUNS: the client's initializationOptions name them ({\"runs\": ..., \"source\": "
    "...),\n"
    "or each workspace folder's .culprit is read, as `culprit record --out .culprit` writes it.\n"
    "README tells how to set up Neovim, Emacs, Vim and VS Code.";

void add_lsp(CLI::App& app, Options& options) {
  app.add_option("RUNS", options.query.runs, kRunsHelp)->type_name("");
  add_runs(app, options);
  add_case(app, options);
  add_openapi(app, options)->group("");
  add_settings(app, options, {"formula", "top", "exclude", "path-map"}, "level");
  app.add_option("--source", options.query.source, "source code (default: the workspace folder)")
      ->type_name("DIR");
  app.add_option("--verdict", options.verdict,
                 "of `culprit gate --out json=FILE`: what it confirmed is marked as a warning "
                 "(default: .culprit-verdict.json beside the runs)")
      ->type_name("FILE");
  app.footer(kEditors);
}

constexpr const char* kAnnotateExamples =
    "culprit annotate RUNS --source .                              where the fault is likely\n"
    "culprit annotate RUNS --source . src/tax.cpp --whole          one file\n"
    "culprit annotate RUNS --source . --out html=heat.html         a page to pass on\n"
    "culprit annotate RUNS --source . --out lcov-heat=heat.info    for viewers of coverage";

constexpr const char* kRecordExamples =
    "Per test, C++ built with --coverage or Java under JaCoCo's agent:\n"
    "  culprit record --out RUNS --ctest build\n"
    "  culprit record --out RUNS --gtest build/tests\n"
    "  culprit record --out RUNS --surefire . --agent jacocoagent.jar\n"
    "  culprit record --out RUNS --list './t --list' --run './t {run}'\n"
    "Per request, one after the other, or per window, while others use the services:\n"
    "  culprit record --out RUNS --config shop.toml --requests requests.jsonl\n"
    "  culprit record --out RUNS --config shop.toml --every 10\n"
    "The services:  base-url = \"http://127.0.0.1:8080\"\n"
    "               [[service]]  name = \"orders\"  gcov = \"unix:run/orders.sock\"\n"
    "                            or jacoco = \"127.0.0.1:6300\"  build = [\"target/classes\"]\n"
    "README tells how to prepare them. Ctrl-C keeps the complete runs.";

void add_record(CLI::App& record, Options& options) {
  RecordSettings& settings = options.record;
  const TextOptions text{record};
  record.add_option("--out", settings.out, "folder for the runs")->required()->type_name("RUNS");
  record.add_flag("--resume", settings.resume, "add the runs that RUNS lacks");
  record.add_flag("--pack", settings.pack, "keep what gcov's counters say of each run, not them");
  text("--ctest", settings.ctest, "DIR", "the tests of a CMake build folder");
  text("--gtest", settings.gtest, "FILE", "the cases of a GoogleTest program");
  text("--surefire", settings.surefire, "DIR", "the test classes of a Maven project");
  text("--list", settings.list, "CMD", "command that prints the tests");
  text("--run", settings.run, "CMD", "command that runs one: {run} name, {number}, {dir} scratch");
  text("--junit", settings.junit, "FILE", "report with the verdict, else the exit status decides");
  record.add_option("--build", settings.build, "build folder with .gcno or classes; repeatable")
      ->type_name("DIR");
  record.add_option("--timeout", settings.timeout_s, "of a test (default 300)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 1e6).description(""));
  text("--preload", settings.preload, "FILE", "libgcov_window.so, to keep counters of crashes");
  text("--agent", settings.agent, "FILE", "JaCoCo's agent, for --surefire");
  record.add_option("--jobs", options.query.jobs, "tests at a time (default: one a core)")
      ->type_name("N");
  text("--config", settings.config, "FILE", "the services, see below");
  text("--requests", settings.requests, "FILE", "requests to send: JSON lines or HAR");
  record.add_option("--every", settings.every_s, "a run each so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 1e6).description(""));
  record.add_flag("--on-signal", settings.on_signal, "a run at each SIGUSR1");
  record.add_option("--windows", settings.windows, "stop after so many")->type_name("N");
  record.footer(kRecordExamples);
}

constexpr const char* kGateExamples =
    "Once, and after each merge, of runs whose failures are accepted:\n"
    "  culprit gate RUNS --source . --baseline .culprit-baseline.jsonl --update-baseline\n"
    "For a change:\n"
    "  culprit gate RUNS --source . --baseline .culprit-baseline.jsonl --base origin/main \\\n"
    "    --rerun-cmd './test --only {run}' --out sarif=culprit.sarif\n"
    "A failure cluster makes it red when it is new or worse, confirmed, not suppressed, its\n"
    "functions can be named, and its level counts. Exit codes: 0 green, 1 red, 2 wrong usage or\n"
    "input, 3 inconclusive under --strict. --explain says why, and what would change it.";

void add_gate(CLI::App& gate, Options& options) {
  GateSettings& settings = options.gate;
  add_input(gate, options);
  const TextOptions text{gate};
  text("--baseline", settings.baseline, "FILE", "what is known to fail");
  gate.add_flag("--update-baseline", settings.update_baseline,
                "add these runs to it: every failure is known then");
  gate.add_flag("--ignore-baseline", settings.ignore_baseline, "take every failure for new");
  text("--base", settings.base, "REV", "what changed: since this git revision");
  text("--diff", settings.diff, "FILE", "or in this diff");
  text("--confirm-dir", settings.confirm_dir, "RUNS", "reruns of the failing runs");
  text("--rerun-cmd", settings.rerun_cmd, "CMD", "runs one again: {run} is its name, 0 is passed");
  gate.add_option("--rerun-timeout", settings.timeout_s, "of a rerun (default 300)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 1e6).description(""));
  gate.add_flag("--strict", settings.strict, "exit code 3 where a new failure tells no function");
  gate.add_flag("--explain", settings.explain, "why it is red or green, what would change it");
  add_openapi(gate, options)->group("");
  add_settings(gate, options,
               {"levels", "confirm", "min-failing", "alpha", "max-ambiguity", "min-probability",
                "unattributed"});
  add_source(gate, options);
  add_output(gate, options);
  add_junit_dialect(gate, options)->group("");
  gate.footer(kGateExamples);
}

constexpr const char* kLists = "formulas, formats, filters, writers or settings";

struct CommandLine {
  CLI::App app{kAbout, "culprit"};
  Options options;

  CommandLine() {
    app.require_subcommand(1);
    app.set_version_flag("--version", "culprit " CULPRIT_VERSION);
    app.footer(
        "Start with:  culprit rank RUNS\n"
        "Then:        culprit annotate RUNS --source DIR\n"
        "             culprit explain RUNS FUNCTION\n"
        "Each command has its own --help. Exit codes: 0 done, 1 new faults (gate),\n"
        "2 wrong usage or no usable run, 3 inconclusive (gate --strict).");

    CLI::App& rank = *app.add_subcommand("rank", "Rank the code by suspicion");
    add_input(rank, options);
    add_case(rank, options);
    add_openapi(rank, options)->group("");
    add_settings(rank, options, {"formula", "level", "top", "exclude"});
    rank.add_flag("--diagnose", options.query.diagnose,
                  "several faults at once: sets that explain every failing run");
    add_source(rank, options);
    add_change(rank, options, true);
    add_output(rank, options);
    add_junit_dialect(rank, options)->group("");
    rank.footer(kLayout);

    CLI::App& explain = *app.add_subcommand("explain", "Show the evidence for one element");
    add_input(explain, options);
    add_case(explain, options);
    explain
        .add_option("ELEMENT", options.target, "a function, or a part of its name, or FILE:LINE")
        ->required()
        ->type_name("");
    add_openapi(explain, options)->group("");
    add_settings(explain, options, {"formula", "path-map"});
    add_source(explain, options);
    add_change(explain, options, false);
    add_output(explain, options);

    CLI::App& annotate =
        *app.add_subcommand("annotate", "Show the source with the heat of its lines");
    add_input(annotate, options);
    annotate
        .add_option("FILE", options.annotation.files,
                    "files, by the end of their paths; default: where the fault is likely")
        ->type_name("");
    add_case(annotate, options);
    add_openapi(annotate, options)->group("");
    add_source(annotate, options);
    add_change(annotate, options, true);
    annotate.add_flag("--whole", options.annotation.whole,
                      "all lines, not only those around suspicious ones");
    add_settings(annotate, options, {"top", "path-map"});
    add_output(annotate, options);
    annotate.get_option("--top")->description(
        "functions to show (default: 3, or fewer with 95 % of the probability)");
    annotate.get_option("--format")->description("text, ansi, html, json or lcov-heat");
    annotate.footer(kAnnotateExamples);

    CLI::App& label = *app.add_subcommand("label", "Show each run's outcome and why");
    add_input(label, options);
    add_openapi(label, options);
    add_settings(label, options,
                 {"fail-when", "slo-ms", "warm-up", "window-requests", "use-verdict", "use-status",
                  "use-client-errors", "use-latency", "use-retries"});
    add_output(label, options);
    label.footer(
        "Order: [[outcomes]], --fail-when, verdict, status, 4xx, latency. README: How it decides.\n"
        "--fail-when:  body.status==0  body.data[0].code>=400  body/error exists  body.id missing");

    CLI::App& convert =
        *app.add_subcommand("convert", "Write runs and outcomes in another tool's format");
    add_input(convert, options);
    std::vector<std::string> formats;
    std::string about;
    for (const ExchangeFormat& format : exchange_formats()) {
      formats.emplace_back(format.name);
      about += fmt::format("{:<9}{}\n", format.name, format.title);
    }
    convert.add_option("--to", options.to, "gzoltar, tcm or hits")
        ->required()
        ->type_name("FORMAT")
        ->check(CLI::IsMember(formats));
    convert.add_option("--out", options.to_path, "file or folder (default: standard output)")
        ->type_name("PATH");
    add_settings(convert, options, {"exclude"});
    convert.footer(about);

    CLI::App& eval = *app.add_subcommand("eval", "Measure rankings against known faults");
    eval.add_option("CORPUS", options.corpora,
                    "folders or archives with versions: coverage and ground_truth.json")
        ->required()
        ->type_name("");
    eval.add_option("--formula", options.formulas,
                    "measure this one under all roll-ups; repeatable")
        ->type_name("NAME");
    eval.add_option("--jobs", options.query.jobs, "threads (default: one a core)")->type_name("N");
    add_output(eval, options);
    eval.footer(
        "Without --formula: posterior, posterior-runs, tarantula, ochiai, dstar2, op2, oracle.\n"
        "oracle: the best any formula of failing and passing executions could do, chosen for each\n"
        "version by somebody who knows the fault.");

    add_gate(*app.add_subcommand("gate", "Fail on new, confirmed faults in the code, for CI"),
             options);

    add_record(*app.add_subcommand("record", "Record coverage per test, request or window"),
               options);

    add_lsp(*app.add_subcommand("lsp", "Serve an editor: LSP on standard input and output"),
            options);

    CLI::App& list =
        *app.add_subcommand("list", "List formulas, formats, filters, writers or settings");
    list.add_option("WHAT", options.list, kLists)
        ->type_name("")
        ->check(CLI::IsMember({"formulas", "formats", "filters", "writers", "settings"}));
  }

  // The nearest command or option to a word that is none.
  [[nodiscard]] std::string hint(const std::string& word) const {
    std::vector<std::string> known;
    const CLI::App* at = &app;
    for (const CLI::App* command : app.get_subcommands()) at = command;
    if (word.starts_with("-")) {
      for (const CLI::Option* option : at->get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      }
    } else {
      for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        known.push_back(command->get_name());
      }
    }
    const std::string name = word.substr(0, word.find('='));
    const auto near = nearest(name, {known.begin(), known.end()});
    return near && *near != name ? "  did you mean `" + std::string(*near) + "`?\n" : "";
  }
};

}  // namespace

Parsed parse_options(int argc, const char* const* argv) {
  CommandLine line;
  Parsed parsed;
  const auto stop = [&](int code, std::string message) {
    parsed.exit_code = code;
    parsed.message = std::move(message);
    return std::move(parsed);
  };
  if (argc <= 1) return stop(2, line.app.help());
  const std::string first = argv[1];
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto commands = line.app.get_subcommands();
    return stop(0, commands.empty() ? line.app.help() : commands.front()->help("culprit"));
  } catch (const CLI::CallForVersion& version) {
    return stop(0, std::string(version.what()) + "\n");
  } catch (const CLI::ParseError& error) {
    const auto commands = line.app.get_subcommands();
    if (commands.empty() && !first.starts_with("-")) {
      return stop(2, "culprit: there is no command `" + printable(first) + "`\n" +
                         line.hint(first) + "  `culprit --help` lists them\n");
    }
    std::string hint;
    for (int i = 2; i < argc && hint.empty(); ++i) {
      const std::string word = argv[i];
      if (word.starts_with("--") &&
          std::string(error.what()).find(word.substr(0, word.find('='))) != std::string::npos) {
        hint = line.hint(word);
      }
    }
    const std::string name = commands.empty() ? "" : " " + commands.front()->get_name();
    return stop(2, "culprit" + name + ": " + one_line(error.what(), 400) + "\n" + hint +
                       "  `culprit" + name + " --help` shows what it takes\n");
  }
  const CLI::App& command = *line.app.get_subcommands().front();
  std::string wrong = lacking(command);
  if (command.get_name() == "list" && line.options.list.empty()) {
    wrong = std::string("say what to list: ") + kLists;
  }
  if (!wrong.empty()) {
    return stop(2, "culprit " + command.get_name() + ": " + wrong + "\n  `culprit " +
                       command.get_name() + " --help` shows what it takes\n");
  }
  if (const auto done = add_environment(line.options.query); !done) {
    return stop(2, "culprit: " + to_string(done.error()) + "\n");
  }
  line.options.program = argv[0];
  line.options.command = command.get_name();
  parsed.options = std::move(line.options);
  return parsed;
}

}  // namespace culprit
