// The services of a recording: how to ask them, and how what they answer is filed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collect/build_copies.h"
#include "collect/counter_pack.h"
#include "collect/drain.h"
#include "collect/record.h"
#include "collect/recording.h"
#include "config/recording.h"

namespace culprit {

class ServiceSet {
 public:
  // Copies classes into the recording, takes and discards what the services executed so far. Those
  // that do not answer yet are problems of `recorded`; none that does is an error.
  [[nodiscard]] static Result<ServiceSet> open(const RecordingConfig& config,
                                               const RecordOptions& options,
                                               const Recording& recording, Recorded& recorded);

  // Closes the window that has been open since the last call, when the services are quiet.
  [[nodiscard]] Drained drain() const { return culprit::drain(sources_, limits_); }
  // The same, at once.
  [[nodiscard]] Drained take() const { return culprit::take(sources_); }
  // Adds the coverage of a window, or of a part of it, to its run.
  [[nodiscard]] Result<void> add(const Drained& drained, RunFolder& run);
  // Notes below `run` how its window went, and counts that in `recorded`.
  [[nodiscard]] Result<void> finish(const Drained& drained, RunFolder& run, Recorded& recorded);
  // Objects without notes, and counters that could not be packed, become problems.
  void note_gaps(Recorded& recorded) const;

 private:
  // False: the counters are kept as they are.
  bool pack(std::size_t service, const std::string& name, const std::string& bytes);
  // Says which services work though nothing was asked of them.
  void watch(Recorded& recorded) const;

  DrainLimits limits_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<CoverageSource>> sources_;
  std::vector<std::unique_ptr<BuildCopies>> builds_;
  // Where counters are packed, by service; and of the run that is open.
  std::vector<std::unique_ptr<CounterPack>> packs_;
  std::vector<CounterPack::Run> packed_;
  PackProblems pack_problems_;
};

// {"schema": "culprit.window/1", ...} with its end: what reader `window` reads.
[[nodiscard]] std::string window_json(std::chrono::system_clock::time_point from,
                                      std::chrono::system_clock::time_point to);

}  // namespace culprit
