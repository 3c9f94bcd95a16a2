// The user's terminal: colours, width, progress, and where output goes.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "cli/options.h"
#include "culprit/error.h"
#include "writers/writers.h"

namespace culprit {

// Colours when asked for, or on a terminal unless NO_COLOR is set; the width of that terminal.
[[nodiscard]] Style style_of(const Options& options);

// A progress bar on standard error, when that is a terminal and the work takes over a second.
class ProgressBar {
 public:
  explicit ProgressBar(std::string what);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  void show(std::size_t done, std::size_t of);
  // Takes the bar off the screen.
  void clear();

 private:
  std::string what_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

// Prints `error` to standard error; returns kUnusable.
int report_error(const Error& error);

// Writes `text` to standard output; returns the exit code.
int print(const std::string& text);

// Writes the output of `render` for --format to standard output and for each --out to its file.
// `render` gives nullopt for a format it does not have. Returns the exit code.
int deliver(const Options& options,
            const std::function<std::optional<std::string>(const Writer&, const Style&)>& render);

}  // namespace culprit
