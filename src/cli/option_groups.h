// Options that several commands share; the one place that includes CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"

namespace culprit {

inline constexpr const char* kRunsHelp = "folder, archive or file with the runs";

// A flag per setting; those that few need stay out of the help text, `culprit list settings` has
// all.
void add_settings(CLI::App& app, Options& options, const std::vector<std::string_view>& shown,
                  std::string_view without = {});
void add_case(CLI::App& app, Options& options);
// How runs are read; add_input() adds the runs themselves.
void add_runs(CLI::App& app, Options& options);
void add_input(CLI::App& app, Options& options);
// Shown where labels are what it is about; known wherever runs are labelled.
CLI::Option* add_openapi(CLI::App& app, Options& options);
void add_output(CLI::App& app, Options& options);
// Where the answer can be findings: `rank` and `gate`.
CLI::Option* add_junit_dialect(CLI::App& app, Options& options);
void add_source(CLI::App& app, Options& options);
void add_change(CLI::App& app, Options& options, bool shown);

// Options of one text each, which must not be empty: what a variable that is not set leaves of one
// would be none, silently.
struct TextOptions {
  CLI::App& app;

  void operator()(const char* name, std::string& target, const char* takes, const char* help) const;
};

// What an option that was given lacks to do anything, in words; empty: nothing.
[[nodiscard]] std::string lacking(const CLI::App& command);

}  // namespace culprit
