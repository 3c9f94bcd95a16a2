// What a report has to say in the form that editors, code hosts and CI systems know: a list of
// findings, each a place in the source with a rule, a level and a message. The formats sarif, gcc,
// github, gitlab, rdjson, csv and markdown loop over this one list.
//
// Of `culprit gate`: the suspects of each cluster, one finding a code element however many clusters
// suspect it; of known failures only the first. Of other commands: the rows of the ranking.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/report.h"

namespace culprit {

enum class FindingLevel : std::uint8_t { kNote, kWarning, kError };

// "note", "warning", "error".
[[nodiscard]] std::string_view name_of(FindingLevel level);

struct Rule {
  std::string_view id;    // "CL1001"; never reused
  std::string_view name;  // in PascalCase, as SARIF asks
  std::string_view summary;
  std::string_view description;
  std::string_view help;       // what to do
  std::string_view precision;  // how often it is right, in GitHub's words
  FindingLevel level;          // usual
};

[[nodiscard]] std::span<const Rule> rules();

struct Finding {
  const Rule* rule = nullptr;
  FindingLevel level = FindingLevel::kNote;
  std::string title;             // of a few words
  std::string subject;           // what it is about: the function, or the endpoint that fails
  std::string message;           // one sentence, to follow the subject after ": "
  const Ranked* code = nullptr;  // of the report; nullptr: the failure has no place in the code
  std::string fingerprint;       // of the code, "cle/v1:..."; else of the cluster
  Relation relation = Relation::kNoChange;
  // Those that suspect it, the one that matters most first; empty: the ranking over all failures.
  std::vector<const FailureCluster*> clusters;
  const ClusterVerdict* verdict = nullptr;  // of the first cluster, of `culprit gate`

  // With `/`, relative to the repository as far as that is known; empty: outside of it, or no
  // place.
  std::string path;
  std::uint32_t line = 0;
  std::uint32_t first_line = 0, last_line = 0;  // of the function; 0: not known
  // In UTF-8 bytes and UTF-16 units, 1-based; the end is the column after the last character.
  // Without the text of the line, its first character.
  std::uint32_t column = 1, end_column = 2;
  std::uint32_t end_column_utf16 = 2;

  [[nodiscard]] bool suppressed() const { return verdict != nullptr && verdict->suppressed; }
  // Subject and message.
  [[nodiscard]] std::string text() const;
};

// Most severe cluster first, within one the most suspicious first. They point into `report`.
[[nodiscard]] std::vector<Finding> findings_of(const Report& report);

// `path` as a report spells it without `.` and `..`; empty where it is absolute or climbs out of
// the folder it is relative to.
[[nodiscard]] std::string below_the_root(std::string_view path);

// Of the most suspicious line, in the repository as far as that is known; else empty.
[[nodiscard]] std::string path_of(const Ranked& row);

// "POST /orders fails with http-5xx, first in payment (POST /payments)".
[[nodiscard]] std::string in_words(const FailureSignature& signature);
// "changed", "reached from the change", "unrelated to the change"; empty: there is no change.
[[nodiscard]] std::string_view in_words(Relation relation);
// "new", "worse than the baseline", "known, with a new cause", "known".
[[nodiscard]] std::string_view in_words(Novelty novelty);

}  // namespace culprit
