// Values that records share, whatever the format: verdict words and times.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "culprit/outcome.h"

namespace culprit {

// What a tool means by "PASS", "ok", "false", "timed_out", ...; kUnknown for "skipped" and its kin,
// nullopt for a word that is no verdict.
[[nodiscard]] std::optional<Verdict> verdict_of_word(std::string_view word);

// A gRPC status by its number or its name, in the spellings UNAVAILABLE and Unavailable; nullopt
// for any other word.
[[nodiscard]] std::optional<int> grpc_status_of_word(std::string_view word);

// A number in the fewest digits that tell it from its neighbours.
[[nodiscard]] std::string shortest(double number);

// A point in time, or why there is none. Neither: a local time without a zone, which says nothing.
struct TimeReading {
  std::optional<std::int64_t> ns;  // since the epoch, UTC
  std::string problem = {};
};

// Epoch digits, with an optional fraction, whose unit their number tells (10 s, 13 ms, 16 us,
// 19 ns), RFC 3339 with a zone, or `20/Nov/2026:20:18:34 +0000` as web servers write it. Times
// outside 2000-2100 are a problem.
[[nodiscard]] TimeReading read_time(std::string_view text);
// The same for numbers; a fraction is rounded to what a double holds of it, microseconds.
[[nodiscard]] TimeReading read_time(double epoch);
[[nodiscard]] TimeReading read_time(std::int64_t epoch);
// When something began that had ended at `end_ns` and took `ms`.
[[nodiscard]] std::optional<std::int64_t> start_of(std::optional<std::int64_t> end_ns, double ms);

// RFC 3339 with a zone as nanoseconds since the epoch, of any year that 64 bits hold.
[[nodiscard]] std::optional<std::int64_t> rfc3339_ns(std::string_view text);

}  // namespace culprit
