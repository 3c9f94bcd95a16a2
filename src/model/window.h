// What a recorder notes of one window: when it was open, and whether a service answered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace culprit {

// The time in which a run's coverage was taken; nanoseconds since the epoch, UTC.
struct TimeSpan {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;

  bool operator==(const TimeSpan&) const = default;
};

struct Window {
  std::optional<TimeSpan> time;
  std::string missing;  // why the service has no report in this run; empty: it answered
  bool quiet = true;    // false: the service was still at work when the window closed

  bool operator==(const Window&) const = default;
};

}  // namespace culprit
