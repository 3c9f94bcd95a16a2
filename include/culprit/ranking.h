// Rankings: code elements in order of suspicion, with the evidence for each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "culprit/counts.h"
#include "culprit/element.h"

namespace culprit {

// How the scores of lines become the score of the function, file or service that owns them.
enum class RollUp : std::uint8_t {
  kMax,      // the highest of its lines
  kVote,     // the sum over its lines of 1 / (worst rank of the line)
  kMaxVote,  // the highest of its lines, the vote deciding between equal ones
};

// Where the source folder (Query::source) has a line.
struct SourcePlace {
  std::string path;          // below the repository that the folder is in, else below the folder
  std::uint32_t column = 0;  // 1-based, in bytes: of its first character that is no blank
  std::string line_hash;     // as github_line_hashes() tells it; empty: not known
  // Where the line and the row's function are now; 0: not known. Differs from what the coverage
  // says where the setting `commit` names the commit it is of; of a line that is gone since, the
  // one before it, and `column` is 0.
  std::uint32_t line = 0, first_line = 0, last_line = 0;
};

// The commit that last changed a line.
struct LastChange {
  std::string commit;       // its first 12 digits
  std::int64_t time_s = 0;  // since 1970 UTC
  std::string summary;      // the first line of its message
};

// What the source says of a row, where it was parsed: `culprit explain` and `annotate`.
struct SourceFacts {
  std::string signature;         // of its function, as the source writes it; empty: not found
  bool approximate = false;      // the parse met errors: types in the signature may read `int`
  std::string usr;               // clang's name of the function across files
  std::uint32_t first_line = 0;  // of the function, return type, `template <...>` and braces
  std::uint32_t last_line = 0;   // included; 0: not found
  std::string statement;         // kind of its most suspicious line: "if", "return", "call", ...
};

struct Ranked {
  CodeElement code;
  CodeElement line;  // its most suspicious line: where the counts are from, where to look first
  Counts counts;     // of `line`
  // Runs that raise an error at `line`, where traces say that failing ones do, and the posterior
  // takes that for evidence.
  std::optional<Counts> raised = {};
  double score =
      0;  // the formula's value, rolled up; for the posterior the natural log of the mass
  std::optional<double> probability;        // posterior only: its share of the mass of
                                            // all elements. Not calibrated: see `culprit eval`
  std::optional<double> service_suspicion;  // S of its service; where traces exist
  std::size_t best_rank = 0;                // 1-based; elements with equal scores share their ranks
  std::size_t worst_rank = 0;
  // Number of the ambiguity group, from 1: rows of one group have equal scores and identical
  // columns under their most suspicious lines, so no formula over hits can tell them apart. 0:
  // alone.
  std::uint32_t group = 0;
  std::string source;  // text of `line`, where its source was given; else empty
  std::optional<SourcePlace> source_place = {};  // of `line`, where its file was found there
  // In the gate's clusters, where the source was given: SHA-256 of the function's text without its
  // own name, comments and blanks, and the reason of a culprit:ignore(reason) in it or on the line
  // before. Else empty.
  std::string body;
  std::string ignored;
  std::optional<SourceFacts> facts = {};
  bool in_change = false;                      // Query::base or Query::diff changes lines of it
  std::optional<LastChange> last_change = {};  // of `line`, with the setting `blame`
};

struct Ranking {
  Level level = Level::kFunction;
  std::string formula;
  std::optional<RollUp> roll_up;  // nullopt: the posterior, which has its own
  std::size_t elements = 0;       // that were ranked; `rows` may be the first of them only
  std::vector<Ranked> rows;       // most suspicious first; equal scores in the Spectrum's order
};

}  // namespace culprit
