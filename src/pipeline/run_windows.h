// Runs by the time in which their coverage was taken: joins what names no run but a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/window.h"

namespace culprit {

class RunWindows {
 public:
  explicit RunWindows(const std::map<std::string, TimeSpan>& times);

  [[nodiscard]] bool empty() const { return windows_.empty(); }

  struct Match {
    std::size_t windows = 0;           // that hold the time, counted to 2
    const std::string* run = nullptr;  // of the one that does
  };
  [[nodiscard]] Match at(std::int64_t time_ns) const;

 private:
  struct Entry {
    TimeSpan time;
    std::int64_t latest_ns;  // end of the last to end of this one and those before it
    std::string run;
  };
  std::vector<Entry> windows_;  // by their begin
};

// How requests came to their runs.
struct RequestJoin {
  std::size_t requests = 0;
  std::size_t by_time = 0;
  std::size_t in_no_window = 0;
  std::size_t in_several_windows = 0;
  std::size_t without_time = 0;  // nor a run

  [[nodiscard]] std::size_t lost() const {
    return in_no_window + in_several_windows + without_time;
  }
};

}  // namespace culprit
