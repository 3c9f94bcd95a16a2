// The command line: one declaration per option, its help text beside it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "culprit/localize.h"

namespace culprit {

struct Options {
  std::string program;  // argv[0]
  std::string command;  // as the command table names it
  Query query;
  std::string target;                 // explain: FUNCTION or FILE:LINE
  std::vector<std::string> corpora;   // eval
  std::vector<std::string> formulas;  // eval
  std::string list;                   // list: formulas, formats, writers or settings
  std::string format = "text";
  std::vector<std::pair<std::string, std::string>> out;  // format, file
  std::string color = "auto";                            // auto, always, never
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
