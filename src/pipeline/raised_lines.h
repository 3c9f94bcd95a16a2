// Lines that exceptions came from, as far as coverage tells: a call there did not return.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>

#include "culprit/spectrum.h"

namespace culprit {

// An exception left a call of the line in a run, or the line threw it itself.
struct RaisedLine {
  std::string run;
  std::string service;
  std::string file;
  std::uint32_t line = 0;
  bool throws = false;
};

// A line that an exception may have come from which no line of the spectrum threw: code without
// coverage did, as of a library, called there or by what was called there.
struct ExceptionOrigin {
  std::set<std::uint32_t> runs;
  // Against others of the run. What C++ calls was mostly declared before, so that of the lines of
  // one file the first is the likeliest to be where the exception came in: 1, others half of it.
  double weight = 0;
};

// By line. Calls that did not return in a service of a run in which one of its lines threw are not
// told: they cannot be told apart.
[[nodiscard]] std::map<std::uint32_t, ExceptionOrigin> exception_origins(
    const Spectrum& spectrum, std::span<const RaisedLine> raised);

}  // namespace culprit
