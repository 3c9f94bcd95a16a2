#include "collect/drain.h"

#include <iterator>
#include <thread>
#include <utility>

namespace culprit {

namespace {

// One round; true when some service had executed something.
bool take_round(std::span<const std::unique_ptr<CoverageSource>> sources, Drained& drained) {
  bool any = false;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    ServiceWindow& window = drained.services[i];
    if (!window.missing.empty()) continue;
    Result<std::vector<RawFile>> files = sources[i]->take();
    if (!files) {
      // A part of a window is no report: what is not in it may have run all the same.
      window = {.missing = files.error().what, .files = {}, .rounds = window.rounds};
      continue;
    }
    ++window.rounds;
    window.quiet = files->empty();
    any = any || !files->empty();
    window.files.insert(window.files.end(), std::make_move_iterator(files->begin()),
                        std::make_move_iterator(files->end()));
  }
  return any;
}

}  // namespace

Drained drain(std::span<const std::unique_ptr<CoverageSource>> sources, DrainLimits limits) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  Drained drained;
  drained.services.resize(sources.size());
  bool busy = true;
  // Twice even when the first round brings nothing: a service may only be about to start.
  for (int round = 1; round <= 2 || (busy && Clock::now() - start < limits.most); ++round) {
    std::this_thread::sleep_for(limits.quiet);
    busy = take_round(sources, drained);
  }
  drained.took_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return drained;
}

Drained take(std::span<const std::unique_ptr<CoverageSource>> sources) {
  Drained drained;
  drained.services.resize(sources.size());
  take_round(sources, drained);
  for (ServiceWindow& window : drained.services) window.quiet = true;
  return drained;
}

}  // namespace culprit
