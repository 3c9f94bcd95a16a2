#include "pipeline/run_windows.h"

#include <algorithm>

namespace culprit {

RunWindows::RunWindows(const std::map<std::string, TimeSpan>& times) {
  for (const auto& [run, time] : times) windows_.push_back({time, time.to_ns, run});
  std::stable_sort(windows_.begin(), windows_.end(),
                   [](const Entry& a, const Entry& b) { return a.time.from_ns < b.time.from_ns; });
  for (std::size_t i = 1; i < windows_.size(); ++i) {
    windows_[i].latest_ns = std::max(windows_[i].latest_ns, windows_[i - 1].latest_ns);
  }
}

RunWindows::Match RunWindows::at(std::int64_t time_ns) const {
  auto later = std::upper_bound(
      windows_.begin(), windows_.end(), time_ns,
      [](std::int64_t time, const Entry& entry) { return time < entry.time.from_ns; });
  Match match;
  while (later != windows_.begin() && match.windows < 2) {
    const Entry& entry = *--later;
    if (entry.latest_ns < time_ns) break;
    if (entry.time.to_ns < time_ns) continue;
    ++match.windows;
    match.run = &entry.run;
  }
  return match;
}

}  // namespace culprit
