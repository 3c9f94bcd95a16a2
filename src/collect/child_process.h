// Runs a command of the user's through the shell, with a limit on its time.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "culprit/error.h"

namespace culprit {

struct ChildProcess {
  std::string command;                                                // for /bin/sh -c
  std::vector<std::pair<std::string, std::string>> environment = {};  // beside the current one
  std::chrono::milliseconds timeout{300'000};
  std::size_t max_output = 64 << 20;  // of it the last bytes are kept
  const std::atomic<bool>* stop = nullptr;
};

struct Ended {
  int status = 0;  // exit status; of a process that a signal ended 128 + its number, as shells say
  bool timed_out = false;
  bool stopped = false;
  std::string output;  // standard output and error, as they came
  double took_ms = 0;

  [[nodiscard]] bool well() const { return status == 0 && !timed_out && !stopped; }
};

// Waits for the end. After the timeout, or when `stop` becomes true, the process and its children
// get SIGTERM, and SIGKILL two seconds later. Standard input is empty. Safe in several threads.
[[nodiscard]] Result<Ended> run_process(const ChildProcess& process);

}  // namespace culprit
