// The outcome of a run: passed, failed or unknown, how sure that is, and which rule says so.
#pragma once

#include <cstdint>
#include <string>

namespace culprit {

enum class Verdict : std::uint8_t { kUnknown, kPassed, kFailed };

struct Outcome {
  Verdict verdict = Verdict::kUnknown;
  double weight = 0;   // probability that the run failed, in [0, 1]; 0 for passed, 1 for failed
                       // unless a soft rule spoke
  std::string reason;  // in words, for the reader: "status 500", "culprit.toml [[outcomes]] 2"

  static Outcome passed(std::string reason) { return {Verdict::kPassed, 0, std::move(reason)}; }
  static Outcome failed(std::string reason) { return {Verdict::kFailed, 1, std::move(reason)}; }

  bool operator==(const Outcome&) const = default;
};

}  // namespace culprit
