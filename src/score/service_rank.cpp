#include "score/service_rank.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "score/fuse.h"
#include "score/posterior.h"
#include "score/roll_up.h"

namespace culprit {

namespace {

struct CodeEvidence {
  double factor = 0;
  std::optional<std::uint32_t> line;
};

// By service of the spectrum: of its function with the greatest mass.
std::vector<CodeEvidence> code_evidence(const Evidence& evidence, Method method) {
  const Spectrum& spectrum = evidence.spectrum;
  method.service_shifts.clear();  // S speaks for itself
  const Scores scores = score(evidence, method, Level::kFunction);
  std::vector<std::optional<std::uint32_t>> lines(spectrum.functions().size());
  for (std::uint32_t i = 0; i < scores.lines.size(); ++i) {
    std::optional<std::uint32_t>& best = lines[spectrum.lines()[i].function.value];
    if (!best || scores.lines[i] > scores.lines[*best]) best = i;
  }
  std::vector<CodeEvidence> result(spectrum.services().size());
  for (std::size_t function = 0; function < lines.size(); ++function) {
    if (!lines[function]) continue;
    const std::uint32_t line = *lines[function];
    CodeEvidence& best = result[spectrum.service_of({line}).value];
    const double factor =
        scores.elements[function] - chance_mass(evidence.counts[line], method.posterior);
    if (factor > best.factor) best = {factor, line};
  }
  return result;
}

// Ranks by score, which it rounds, equal ones by name.
Ranking ranked(std::vector<Ranked> rows, std::size_t top) {
  Ranking ranking;
  ranking.level = Level::kService;
  for (Ranked& row : rows) row.score = rounded(std::span(&row.score, 1)).front();
  std::sort(rows.begin(), rows.end(), [](const Ranked& a, const Ranked& b) {
    return a.score != b.score ? a.score > b.score : a.code.service < b.code.service;
  });
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = begin + 1;
    while (end < rows.size() && rows[end].score == rows[begin].score) ++end;
    for (std::size_t i = begin; i < end; ++i) {
      rows[i].best_rank = begin + 1;
      rows[i].worst_rank = end;
    }
    begin = end;
  }
  ranking.elements = rows.size();
  if (top != 0 && top < rows.size()) rows.resize(top);
  ranking.rows = std::move(rows);
  return ranking;
}

Ranked row_of(std::string service) {
  Ranked row;
  row.code.level = Level::kService;
  row.code.service = std::move(service);
  return row;
}

}  // namespace

Ranking rank_services(const Evidence& evidence, const Method& method, bool code_tells,
                      std::span<const ServiceSuspicion> suspicions, std::size_t top) {
  const Spectrum& spectrum = evidence.spectrum;
  const std::vector<CodeEvidence> code =
      code_tells ? code_evidence(evidence, method)
                 : std::vector<CodeEvidence>(spectrum.services().size());
  std::map<std::string, Ranked> rows;  // by service_key()
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    Ranked row = row_of(spectrum.services()[i]);
    row.score = code[i].factor;
    if (const auto line = code[i].line) {
      row.line = spectrum.element(Level::kLine, *line);
      row.counts = evidence.counts[*line];
    }
    rows.emplace(service_key(spectrum.services()[i]), std::move(row));
  }
  for (const ServiceSuspicion& suspicion : suspicions) {
    Ranked& row =
        rows.try_emplace(service_key(suspicion.service), row_of(suspicion.service)).first->second;
    row.service_suspicion =
        std::max(row.service_suspicion.value_or(suspicion.suspicion), suspicion.suspicion);
    if (suspicion.suspicion <= row.score) continue;
    row.score = suspicion.suspicion;
    row.line = {};
    row.counts = suspicion.events.empty() ? Counts() : suspicion.events.front().counts;
  }
  std::vector<Ranked> unordered;
  std::vector<double> scores;
  for (auto& [key, row] : rows) {
    scores.push_back(row.score);
    unordered.push_back(std::move(row));
  }
  const std::vector<double> shares = normalized(scores);
  for (std::size_t i = 0; i < shares.size(); ++i) unordered[i].probability = shares[i];
  Ranking ranking = ranked(std::move(unordered), top);
  ranking.formula = posterior_name(method.posterior);
  return ranking;
}

Ranking ranked_by_traces(std::span<const ServiceSuspicion> suspicions, std::string_view method,
                         std::size_t top) {
  std::vector<Ranked> rows;
  for (const ServiceSuspicion& suspicion : suspicions) {
    Ranked row = row_of(suspicion.service);
    row.score = suspicion.suspicion;
    rows.push_back(std::move(row));
  }
  Ranking ranking = ranked(std::move(rows), top);
  ranking.formula = method;
  return ranking;
}

}  // namespace culprit
