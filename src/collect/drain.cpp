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

Drained drain(std::span<const std::unique_ptr<CoverageSource>> sources,
              std::chrono::milliseconds limit) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  Drained drained;
  drained.services.resize(sources.size());
  bool busy = take_round(sources, drained);
  if (limit.count() == 0) {
    for (ServiceWindow& window : drained.services) window.quiet = true;
    busy = false;
  } else {
    // Even when the first round brings nothing: a service may only be about to start.
    do {
      std::this_thread::sleep_for(kPause);
      busy = take_round(sources, drained);
    } while (busy && Clock::now() - start < limit);
  }
  drained.took_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return drained;
}

}  // namespace culprit
