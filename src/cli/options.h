// The command line: one declaration per option, its help text beside it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "culprit/localize.h"

namespace culprit {

// `culprit record`: one of three ways to cut time into runs.
struct RecordSettings {
  std::string out;
  bool resume = false;
  bool pack = false;
  // A run is a test.
  std::string list, run, junit, ctest, gtest, surefire, agent, preload;
  std::vector<std::string> build;
  double timeout_s = 300;
  // A run is a request, or a window of time.
  std::string config, requests;
  double every_s = 0;
  bool on_signal = false;
  std::size_t windows = 0;
};

// `culprit gate`. What executes or reads outside of RUNS is a flag only, never from a file.
struct GateSettings {
  std::string baseline, base, diff, confirm_dir, rerun_cmd;
  bool update_baseline = false, ignore_baseline = false, strict = false, explain = false;
  double timeout_s = 300;  // of a rerun
};

struct Options {
  std::string program;  // argv[0]
  std::string command;  // as the command table names it
  Query query;
  std::string target;                 // explain: FUNCTION or FILE:LINE
  AnnotationRequest annotation;       // annotate
  std::vector<std::string> corpora;   // eval
  std::vector<std::string> formulas;  // eval
  GateSettings gate;
  std::string verdict;  // lsp: what the gate said of these failures
  RecordSettings record;
  std::string to;       // convert: name of an exchange format
  std::string to_path;  // convert: file or folder; empty: standard output
  std::string list;     // list: formulas, formats, writers or settings
  std::string format = "text";
  std::vector<std::pair<std::string, std::string>> out;  // format, file
  bool junit_for_gitlab = false;
  std::string color = "auto";  // auto, always, never
  bool strict_input = false;
  bool all_problems = false;
};

// What parse_options() found: options to act on, or a text to print and the exit code to end with.
struct Parsed {
  Options options;
  std::optional<int> exit_code;
  std::string message;  // help goes to stdout, errors (exit code 2) to stderr
};

[[nodiscard]] Parsed parse_options(int argc, const char* const* argv);

}  // namespace culprit
