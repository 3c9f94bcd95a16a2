// What lies beyond one ranking: what the runs can tell apart, which failures the first suspect
// leaves unexplained, and which sets of faults explain all of them. Derived in spectra/README.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "culprit/counts.h"
#include "culprit/element.h"
#include "culprit/ranking.h"

namespace culprit {

// Lines of one function that are in one ambiguity group.
struct AmbiguousFunction {
  CodeElement code;
  std::vector<std::uint32_t> lines;  // their numbers
};

// How well the compared runs can tell causes apart: Perez, Abreu, van Deursen, "A test-suite
// diagnosability metric for spectrum-based fault localization approaches", ICSE 2017. The first
// three are in [0, 1].
struct Diagnosability {
  double density = 0;     // 1 - |1 - 2 r|, r the executed share of what the runs tell of the lines
  double diversity = 0;   // how probable it is that two of the runs executed different lines
  double uniqueness = 0;  // ambiguity groups per line
  [[nodiscard]] double ddu() const { return density * diversity * uniqueness; }

  // The ambiguity group of the first suspect's most suspicious line: the suspect, then others by
  // rank, the first ones of very many.
  std::vector<AmbiguousFunction> top_group;
  std::size_t top_functions = 0, top_lines = 0;  // in the whole group
  std::string to_split;  // what would tell them apart, in words; empty: one function is alone
};

// What is left when the failing runs that the suspects before explain are set aside. A suspect
// explains the failing runs that execute its most suspicious line; where not executing it is the
// evidence, those that do not.
struct Round {
  std::size_t failing = 0;        // runs that are left
  std::vector<std::string> runs;  // the first of them
  Ranking ranking;                // of these against the passing runs; its first rows
};

// One fault of a diagnosis: an ambiguity group of lines.
struct DiagnosedFault {
  CodeElement code;  // the function of its first line
  CodeElement line;  // its first line
  Counts counts;
  std::size_t lines = 0;      // in the group
  std::size_t functions = 0;  // that they are of
  double health = 0;  // the likeliest chance that a run which executes it passes all the same
};

// Faults that together explain every failing run: each run executes one of them, and none of them
// can be left out.
struct DiagnosisCandidate {
  std::vector<DiagnosedFault> faults;  // by suspicion
  // Of all candidates that were weighed, by Barinel. Candidates in the same functions are one, with
  // the faults of the likeliest.
  double share = 0;
  double log_likelihood = 0;  // of the outcomes, at `health`
};

struct Diagnosis {
  std::vector<DiagnosisCandidate> candidates;  // the likeliest ones first
  std::size_t found = 0;                       // minimal sets, also those not among `candidates`
  std::size_t failing = 0, passing = 0;        // runs that were explained
  std::size_t unexplained = 0;                 // failing runs that execute nothing known, left out
  std::size_t largest = 0;                     // faults of a set, at most
  std::vector<std::string> bounds;  // that were hit, in words; empty: `candidates` miss nothing
};

}  // namespace culprit
