// Where in the code failing traces say that an error arose: first frames of exceptions, and the
// places that spans in error name.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "culprit/counts.h"
#include "culprit/outcome.h"
#include "culprit/spectrum.h"
#include "culprit/trace.h"
#include "pipeline/run_set.h"
#include "score/posterior.h"
#include "score/service_suspicion.h"
#include "score/trace_tree.h"

namespace culprit {

struct ErrorPlace {
  std::string service;
  std::string function;  // may be empty
  std::string file;
  std::uint32_t line = 0;
  Counts counts;  // over traces with an outcome: those that name the place, and those that do not

  bool operator==(const ErrorPlace&) const = default;
};

// The lines of the spectrum where errors arise, by traces and by exceptions that coverage tells of,
// with how many runs raise one there. Only those that a larger share of failing than of passing
// runs does; by line. `traces`: by run, positions in `trees`.
[[nodiscard]] std::vector<ErrorLine> error_lines(const RunSet& set,
                                                 std::span<const Outcome> outcomes,
                                                 std::span<const TraceTree> trees,
                                                 std::span<const std::vector<std::size_t>> traces);

// Places that a larger share of failing than of passing traces names: those named by most failing
// traces first, then by fewest passing ones, then by name.
[[nodiscard]] std::vector<ErrorPlace> error_places(std::span<const TraceTree> trees,
                                                   const TraceWeights& failed);

// "an error arose in f (a.cc:12, service order): 6 of 6 failing traces, 0 of 394 passing ones".
[[nodiscard]] std::string in_words(const ErrorPlace& place);

}  // namespace culprit
