// Closes one window over all services: takes what they executed until nothing more comes.
//
// Work that goes on after the reply was sent (destructors, loggers, queues) would be lost by a
// single dump, or be taken for the next request's. So services are asked in rounds, kPause apart,
// until a round brings nothing from any of them or the limit has passed.
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

inline constexpr std::chrono::milliseconds kPause{2};

// `limit` 0: one round, and no word on whether it went quiet.
[[nodiscard]] Drained drain(std::span<const std::unique_ptr<CoverageSource>> sources,
                            std::chrono::milliseconds limit);

}  // namespace culprit
