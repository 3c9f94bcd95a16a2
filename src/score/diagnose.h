// Several faults at once: which sets of ambiguity groups explain every failing run, and how
// probable each is.
#pragma once

#include "culprit/diagnosis.h"
#include "score/hitting_sets.h"
#include "score/rank.h"

namespace culprit {

struct DiagnosisBound {
  SearchBound search;
  std::size_t groups = 1'000;    // that are searched: the first by Ochiai
  std::size_t candidates = 100;  // told
};

// Groups are tried in the order of Ochiai (as STACCATO does), sets are weighed by Barinel: the
// likelihood of the outcomes at the likeliest healths, times a prior of 1/1000 a fault. An outcome
// that is not certain counts as the likelier one. A run that misses a report of a service is taken
// not to have executed its lines.
[[nodiscard]] Diagnosis diagnose(const Evidence& evidence, const DiagnosisBound& bound = {});

}  // namespace culprit
