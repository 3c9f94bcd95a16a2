// ground_truth.json: what is known of the fault in a recorded faulty version.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

struct FaultyLine {
  std::string file;
  std::uint32_t line = 0;
};

struct GroundTruth {
  std::string suite;  // "other" where the file names none
  std::vector<FaultyLine> lines;
};

// {"suite": "siemens", "lines": [{"file": "tcas.c", "line": 75}], ...}; other keys are ignored.
[[nodiscard]] Result<GroundTruth> read_ground_truth(const Input& input);

}  // namespace culprit
