// Closes one window over all services: takes what they executed until nothing more comes.
//
// Work that goes on after the reply was sent (destructors, loggers, queues) would be lost by a
// single dump, or be taken for the next request's. So services are asked in rounds, `quiet` apart,
// until a round brings nothing from any of them or the limit has passed. The first round waits too:
// what is counted between the writing of the counters and their reset is lost, with gcov and JaCoCo
// alike.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "collect/coverage_source.h"

namespace culprit {

struct ServiceWindow {
  std::string missing;  // why it has no report; empty: it answered every time
  std::vector<RawFile> files;
  unsigned rounds = 0;
  bool quiet = true;  // the last round brought nothing
};

struct Drained {
  std::vector<ServiceWindow> services;  // as `sources` is ordered
  double took_ms = 0;
};

struct DrainLimits {
  std::chrono::milliseconds quiet{5};  // after so long without work a service counts as quiet
  std::chrono::milliseconds most{50};  // give up then
};

[[nodiscard]] Drained drain(std::span<const std::unique_ptr<CoverageSource>> sources,
                            DrainLimits limits);

// One round, without waiting, and without a word on whether the services are quiet.
[[nodiscard]] Drained take(std::span<const std::unique_ptr<CoverageSource>> sources);

}  // namespace culprit
