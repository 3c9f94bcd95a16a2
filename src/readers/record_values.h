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

// A point in time, or why there is none. Neither: a local time without a zone, which says nothing.
struct TimeReading {
  std::optional<std::int64_t> ns;  // since the epoch, UTC
  std::string problem = {};
};

// Epoch digits, with an optional fraction, whose unit their number tells (10 s, 13 ms, 16 us,
// 19 ns), or RFC 3339 with a zone. Times outside 2000-2100 are a problem.
[[nodiscard]] TimeReading read_time(std::string_view text);
// The same for a number; a fraction is rounded to what a double holds of it, microseconds.
[[nodiscard]] TimeReading read_time(double epoch);

// RFC 3339 with a zone as nanoseconds since the epoch, of any year that 64 bits hold.
[[nodiscard]] std::optional<std::int64_t> rfc3339_ns(std::string_view text);

}  // namespace culprit
