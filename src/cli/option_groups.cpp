#include "cli/option_groups.h"

#include <algorithm>

#include "base/text.h"
#include "config/policy.h"

namespace culprit {

namespace {

std::string refuse_empty(const std::string& value) { return value.empty() ? "is empty" : ""; }

// An option that does nothing without one of others.
struct Dependent {
  std::string_view option;
  std::vector<std::string_view> needs;
};

const std::vector<Dependent>& dependents() {
  static const std::vector<Dependent> all = {
      {"--commit", {"--source", "--base"}},
      {"--path-map", {"--source"}},
      {"--parse-source", {"--source"}},
      {"--blame", {"--source"}},
      {"--age-weight", {"--source"}},
      {"--change-share", {"--base", "--diff"}},
      {"--rerun-timeout", {"--rerun-cmd"}},
      {"--confirm", {"--rerun-cmd", "--confirm-dir"}},
      {"--agent", {"--surefire"}},
      {"--junit", {"--ctest", "--gtest", "--surefire", "--run"}},
      {"--preload", {"--ctest", "--gtest", "--surefire", "--run"}},
      {"--timeout", {"--ctest", "--gtest", "--surefire", "--run"}},
      {"--windows", {"--every", "--on-signal"}}};
  return all;
}

}  // namespace

void add_settings(CLI::App& app, Options& options, const std::vector<std::string_view>& shown,
                  std::string_view without) {
  for (const Setting& setting : settings()) {
    if (setting.name == without) continue;
    const std::string name(setting.name);
    CLI::Option* const option = app.add_option_function<std::string>(
        "--" + name,
        [&options, name](const std::string& value) {
          options.query.settings.emplace_back(name, value);
        },
        std::string(setting.help));
    option->type_name(std::string(setting.value));
    if (std::find(shown.begin(), shown.end(), setting.name) == shown.end()) option->group("");
  }
}

void add_case(CLI::App& app, Options& options) {
  app.add_option("--case", options.query.case_name,
                 "one failing run, its trace, or a cluster, against the passing runs")
      ->type_name("ID")
      ->check(CLI::Validator(
          [](const std::string& name) {
            return name.empty() ? "takes a run's name, a trace's id or a cluster's fingerprint"
                                : "";
          },
          ""));
}

void add_runs(CLI::App& app, Options& options) {
  app.add_option("--manifest", options.query.manifest, "a culprit.toml that says where things are")
      ->type_name("FILE");
  app.add_option("--build", options.query.build,
                 "what the build left (.gcno, .class, .jar), for raw data; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_option("--jobs", options.query.jobs, "threads (default: one a core)")->type_name("N");
}

void add_input(CLI::App& app, Options& options) {
  app.add_option("RUNS", options.query.runs, kRunsHelp)->required()->type_name("");
  add_runs(app, options);
  app.add_flag("--strict-input", options.strict_input,
               "end with exit code 2 when any file could not be read");
  app.add_flag("--all-problems", options.all_problems, "list every file that was not read");
}

CLI::Option* add_openapi(CLI::App& app, Options& options) {
  return app
      .add_option("--openapi", options.query.openapi,
                  "the API's OpenAPI file: a 4xx it does not declare is a failure")
      ->type_name("FILE");
}

void add_output(CLI::App& app, Options& options) {
  app.add_option("--format", options.format,
                 "text, json, sarif, ... (culprit list writers), on standard output")
      ->type_name("NAME");
  app.add_option_function<std::vector<std::string>>(
         "--out",
         [&options](const std::vector<std::string>& values) {
           for (const std::string& value : values) {
             const std::size_t equals = value.find('=');
             if (equals == std::string::npos || equals + 1 == value.size()) {
               throw CLI::ValidationError("--out", "takes FORMAT=FILE, not " + value);
             }
             options.out.emplace_back(value.substr(0, equals), value.substr(equals + 1));
           }
         },
         "write a file too, such as json=report.json; repeatable")
      ->type_name("FORMAT=FILE");
  app.add_option("--color", options.color, "colours in the output")
      ->type_name("auto|always|never")
      ->check(CLI::IsMember({"auto", "always", "never"}, CLI::ignore_case).description(""));
}

CLI::Option* add_junit_dialect(CLI::App& app, Options& options) {
  return app
      .add_option_function<std::string>(
          "--junit-dialect",
          [&options](const std::string& dialect) {
            options.junit_for_gitlab = equal_ignoring_case(dialect, "gitlab");
          },
          "whose JUnit: Jenkins' schema forbids what GitLab shows")
      ->type_name("jenkins|gitlab")
      ->check(CLI::IsMember({"jenkins", "gitlab"}, CLI::ignore_case).description(""));
}

void add_source(CLI::App& app, Options& options) {
  app.add_option("--source", options.query.source, "source code; shows the text of lines")
      ->type_name("DIR");
}

void add_change(CLI::App& app, Options& options, bool shown) {
  CLI::Option* const base =
      app.add_option("--base", options.query.base,
                     "suspect first what changed since this revision (or in --diff FILE)")
          ->type_name("REV")
          ->check(refuse_empty, "");
  app.add_option("--diff", options.query.diff, "what this diff changes")
      ->type_name("FILE")
      ->check(refuse_empty, "")
      ->group("");
  if (!shown) base->group("");
}

void TextOptions::operator()(const char* name, std::string& target, const char* takes,
                             const char* help) const {
  app.add_option(name, target, help)->type_name(takes)->check(refuse_empty, "");
}

std::string lacking(const CLI::App& command) {
  const auto set = [&](std::string_view name) {
    const CLI::Option* const option = command.get_option_no_throw(std::string(name));
    return option != nullptr && option->count() > 0;
  };
  // With --base the gate takes the folder it runs in for the source.
  const auto given = [&](std::string_view name) {
    return set(name) || (name == "--source" && command.get_name() == "gate" && set("--base"));
  };
  // `culprit lsp` takes the workspace's folder for the source.
  if (command.get_name() == "lsp") return "";
  for (const Dependent& dependent : dependents()) {
    if (!given(dependent.option) ||
        std::any_of(dependent.needs.begin(), dependent.needs.end(), given)) {
      continue;
    }
    std::string needed;
    for (const std::string_view name : dependent.needs) {
      if (command.get_option_no_throw(std::string(name)) == nullptr) continue;
      needed += (needed.empty() ? "" : " or ") + std::string(name);
    }
    if (needed.empty()) continue;
    return std::string(dependent.option) + " does nothing without " + needed;
  }
  return "";
}

}  // namespace culprit
