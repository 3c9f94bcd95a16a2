// How services are ranked by what traces show of them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace culprit {

enum class SuspicionMethod : std::uint8_t {
  kBayesFactor,  // events of spans, see score/service_suspicion.h
  kMicroRank,    // the others: score/service_peers.h
  kMonitorRank,
  kTraceRca,
  kOchiai,
  kDeepestError,
};

inline constexpr std::array<std::pair<std::string_view, SuspicionMethod>, 6> kSuspicionMethods = {
    {{"bayes-factor", SuspicionMethod::kBayesFactor},
     {"microrank", SuspicionMethod::kMicroRank},
     {"monitorrank", SuspicionMethod::kMonitorRank},
     {"tracerca", SuspicionMethod::kTraceRca},
     {"ochiai", SuspicionMethod::kOchiai},
     {"deepest-error", SuspicionMethod::kDeepestError}}};

[[nodiscard]] constexpr std::string_view name_of(SuspicionMethod method) {
  for (const auto& [name, known] : kSuspicionMethods) {
    if (known == method) return name;
  }
  return "";
}

}  // namespace culprit
