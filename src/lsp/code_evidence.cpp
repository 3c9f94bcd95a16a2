#include "lsp/code_evidence.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "lsp/uri.h"
#include "source/path_map.h"
#include "writers/phrases.h"

namespace culprit::lsp {

namespace {

namespace fs = std::filesystem;

// A workspace may have several folders, and runs of all of them.
void find_in(const std::string& folder, std::vector<FileHeat>& files) {
  Result<PathMap> map = PathMap::open(folder);
  if (!map) return;
  std::vector<ReportedFile> missing;
  for (const FileHeat& file : files) {
    if (file.source.empty()) missing.push_back({file.service, file.file});
  }
  map->match(missing);
  for (FileHeat& file : files) {
    const std::string* const found = map->find({file.service, file.file});
    if (file.source.empty() && found != nullptr) file.source = folder + "/" + *found;
  }
}

// The first `top` rows (0: all), without those that have under a hundredth of the first one's
// share: to mark them would be noise.
std::size_t rows_to_show(const std::vector<Ranked>& rows, std::size_t top) {
  constexpr double kLeastShare = 0.01;
  const std::size_t most = top == 0 ? rows.size() : std::min(top, rows.size());
  std::size_t shown = 0;
  while (shown < most && (!rows[shown].probability ||
                          *rows[shown].probability >= kLeastShare * *rows.front().probability)) {
    ++shown;
  }
  return shown;
}

// Sought once: an editor asks with every key that is pressed.
std::vector<std::vector<std::pair<std::size_t, std::size_t>>> clusters_of(const Report& report,
                                                                          std::size_t shown) {
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> found(shown);
  for (std::size_t row = 0; row < shown; ++row) {
    const CodeElement& code = report.ranking.rows[row].code;
    for (std::size_t cluster = 0; cluster < report.clusters.size(); ++cluster) {
      const std::vector<Ranked>& rows = report.clusters[cluster].ranking.rows;
      const auto there = std::find_if(rows.begin(), rows.end(),
                                      [&](const Ranked& each) { return each.code == code; });
      if (there == rows.end() || report.clusters[cluster].runs.empty()) continue;
      found[row].emplace_back(cluster, static_cast<std::size_t>(there - rows.begin()));
    }
  }
  return found;
}

// Where the gate confirmed a failure of these runs, and suspects the function too.
std::vector<std::shared_ptr<const Confirmed>> confirmed_rows(const CodeEvidence& evidence,
                                                             const Confirmations& confirmations) {
  std::vector<std::shared_ptr<const Confirmed>> rows(evidence.shown);
  for (std::size_t i = 0; i < evidence.shown; ++i) {
    const std::string name = element_of(evidence.row(i));
    for (const std::pair<std::size_t, std::size_t>& place : evidence.clusters[i]) {
      const auto at = confirmations.find(evidence.report.clusters[place.first].fingerprint);
      if (at == confirmations.end() || !at->second.suspects.contains(name)) continue;
      rows[i] = std::make_shared<const Confirmed>(
          Confirmed{place.first, at->second.why, at->second.new_cause});
      break;
    }
  }
  return rows;
}

// Lines that several services report, once, with the most suspicious one's evidence.
void merge_lines(std::vector<LineEvidence>& lines) {
  std::stable_sort(lines.begin(), lines.end(), [](const LineEvidence& a, const LineEvidence& b) {
    return a.line != b.line ? a.line < b.line : a.heat > b.heat;
  });
  lines.erase(std::unique(lines.begin(), lines.end(),
                          [](const auto& a, const auto& b) { return a.line == b.line; }),
              lines.end());
}

}  // namespace

std::string canonical(const std::string& path) {
  std::error_code error;
  const fs::path found = fs::weakly_canonical(path, error);
  return error ? path : found.string();
}

const Ranked* CodeEvidence::function_at(const FileEvidence& file, std::uint32_t line) const {
  const Ranked* found = nullptr;
  for (const std::size_t position : file.rows) {
    const Ranked& each = row(position);
    if (first_line_of(each) > line) break;
    if (last_line_of(each) == 0 || line <= last_line_of(each)) {
      // Of several services' the first in the ranking.
      if (found != nullptr && first_line_of(*found) == first_line_of(each)) continue;
      found = &each;
    }
  }
  return found;
}

const FileEvidence* CodeEvidence::file_of(const std::string& service,
                                          const std::string& file) const {
  const std::string wanted = clean_path(file);
  const FileEvidence* found = nullptr;
  for (const auto& [reported, path] : paths) {
    if (!ends_with_path(reported.second, wanted) && !ends_with_path(wanted, reported.second)) {
      continue;
    }
    const FileEvidence* const each = &files.at(path);
    if (lower(reported.first) == lower(service)) return each;
    if (found != nullptr && found != each) return nullptr;
    found = each;
  }
  return found;
}

std::string element_of(const Ranked& row) {
  const CodeElement& code = row.code;
  const std::string service = code.service.empty() ? "" : code.service + ":";
  return service + (code.name.empty() ? place(row.line) : code.name);
}

std::uint32_t first_line_of(const Ranked& row) {
  return row.facts && row.facts->first_line != 0 ? row.facts->first_line : row.code.first_line;
}

std::uint32_t last_line_of(const Ranked& row) {
  return row.facts && row.facts->last_line != 0 ? row.facts->last_line : row.code.last_line;
}

CodeEvidence code_evidence(Report report, std::span<const std::string> further, std::size_t top,
                           const Confirmations& confirmations) {
  CodeEvidence evidence;
  evidence.report = std::move(report);
  const std::vector<Ranked>& rows = evidence.report.ranking.rows;
  evidence.shown = rows_to_show(rows, top);
  evidence.clusters = clusters_of(evidence.report, evidence.shown);
  evidence.confirmed = confirmed_rows(evidence, confirmations);
  for (const std::string& folder : further) find_in(folder, evidence.report.heat);
  evidence.reported_files = evidence.report.heat.size();
  for (FileHeat& file : evidence.report.heat) {
    if (file.source.empty()) continue;
    const std::string path = canonical(file.source);
    evidence.paths[{file.service, file.file}] = path;
    FileEvidence& target = evidence.files[path];
    if (target.uri.empty()) {
      target.uri = uri_of_path(fs::absolute(file.source).lexically_normal().string());
    }
    target.recorded = std::move(file.recorded);
    for (const LineHeat& line : file.lines) {
      target.lines.push_back({line.line, line.heat, line.counts, file.service});
    }
    file.lines = {};  // by path from here on
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto path = evidence.paths.find({rows[i].code.service, rows[i].code.file});
    if (path != evidence.paths.end()) evidence.files[path->second].rows.push_back(i);
  }
  for (auto& [path, file] : evidence.files) {
    merge_lines(file.lines);
    std::stable_sort(file.rows.begin(), file.rows.end(), [&](std::size_t a, std::size_t b) {
      return first_line_of(rows[a]) < first_line_of(rows[b]);
    });
  }
  return evidence;
}

}  // namespace culprit::lsp
