// A report as an editor asks for it: by file of the checkout and line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "culprit/report.h"
#include "lsp/verdict_file.h"

namespace culprit::lsp {

struct LineEvidence {
  std::uint32_t line = 0;  // 1-based, as recorded
  double heat = 0;
  Counts counts;
  std::string service;
};

struct FileEvidence {
  std::string uri;
  std::vector<LineEvidence> lines;      // by number; of several services' the most suspicious
  std::optional<std::string> recorded;  // its text as the lines are numbered; nullopt: as on disk
  std::vector<std::size_t> rows;  // functions of the file: positions in the ranking, by first line
};

// Why a suspicion is more than one.
struct Confirmed {
  std::size_t cluster = 0;  // position in Report::clusters
  std::string why;
  bool new_cause = false;
};

// Immutable once made.
struct CodeEvidence {
  Report report;          // its ranking holds every function
  std::size_t shown = 0;  // so many rows of the ranking are shown as suspicious
  // Of each row that is shown: the clusters whose ranking has its function, and the row there.
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> clusters;
  // Of each row that is shown: by what the gate confirmed its failure; nullptr: it did not.
  std::vector<std::shared_ptr<const Confirmed>> confirmed;
  std::map<std::string, FileEvidence> files;  // by canonical path
  // The key in `files` of each file of the report that was found, by service and reported path.
  std::map<std::pair<std::string, std::string>, std::string> paths;
  std::size_t reported_files = 0;

  [[nodiscard]] const Ranked& row(std::size_t position) const {
    return report.ranking.rows[position];
  }
  // The file as a trace spells it, of the service if it can be told; nullptr: unknown, or of
  // several that fit.
  [[nodiscard]] const FileEvidence* file_of(const std::string& service,
                                            const std::string& file) const;
  // The function around a recorded line; nullptr where none is known.
  [[nodiscard]] const Ranked* function_at(const FileEvidence& file, std::uint32_t line) const;
  [[nodiscard]] std::size_t position_of(const Ranked& row) const {
    return static_cast<std::size_t>(&row - report.ranking.rows.data());
  }
};

// Files that were not found in the source folder are looked for in `further` ones. `top`: rows to
// show at most, 0 for all. `confirmations`: the gate's, of these runs or others.
[[nodiscard]] CodeEvidence code_evidence(Report report, std::span<const std::string> further,
                                         std::size_t top, const Confirmations& confirmations);

// How `culprit explain` is told of a function: "pricing:pricing.Taxes#reducedRate(String)".
[[nodiscard]] std::string element_of(const Ranked& row);

// The first and last line of a function, with its signature where the source was parsed; 0 where
// they are not known.
[[nodiscard]] std::uint32_t first_line_of(const Ranked& row);
[[nodiscard]] std::uint32_t last_line_of(const Ranked& row);

// The path that files are known by: links resolved as far as it exists.
[[nodiscard]] std::string canonical(const std::string& path);

}  // namespace culprit::lsp
