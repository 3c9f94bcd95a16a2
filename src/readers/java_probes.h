// Where JaCoCo's agent puts its probes into a method, and what a probe tells.
//
// The agent leaves out what others tell: code that can only be reached from one place needs no
// probe of its own when what it leads to has one. So each instruction has at most one predecessor,
// the one that must have run if it did, and a probe that was hit says that its owner ran, the
// owner's predecessor, and so on. Probes are numbered in the order of the code, over all methods of
// a class.
#pragma once

#include <cstdint>
#include <vector>

#include "readers/java_code.h"

namespace culprit {

inline constexpr std::uint32_t kNoInstruction = 0xffffffff;

struct JavaProbes {
  std::vector<std::uint32_t> owners;        // by probe: the instruction it stands behind
  std::vector<std::uint32_t> predecessors;  // by instruction; kNoInstruction: none
};

[[nodiscard]] JavaProbes probes_of(const JavaCode& code);

}  // namespace culprit
