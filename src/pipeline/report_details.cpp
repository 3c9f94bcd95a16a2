#include "pipeline/report_details.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "culprit/formula.h"
#include "pipeline/change_prior.h"
#include "pipeline/failing_requests.h"
#include "score/service_graph.h"

namespace culprit {

namespace {

constexpr std::size_t kFunctions = 20'000;
constexpr std::size_t kMatrixFunctions = 40;  // of a ranking
constexpr std::size_t kMatrixColumns = 400;
constexpr std::size_t kMatrixRuns = 5'000;
constexpr std::size_t kComparedFunctions = 25;
constexpr std::array<std::string_view, 4> kComparedFormulas = {"ochiai", "tarantula", "dstar2",
                                                               "op2"};
constexpr std::size_t kSourceBytes = 16U << 20;
constexpr std::size_t kSourceFileBytes = 1U << 20;

using FunctionKey = std::tuple<std::string_view, std::string_view, std::uint32_t, std::string_view>;

FunctionKey key_of(const CodeElement& code) {
  return {code.service, code.file, code.first_line, code.name};
}

// The function of the spectrum that each row of `ranking` is.
std::vector<FunctionId> functions_of(const Spectrum& spectrum, const Ranking& ranking) {
  std::map<FunctionKey, std::uint32_t> known;
  for (std::uint32_t i = 0; i < spectrum.functions().size(); ++i) {
    const Function& function = spectrum.functions()[i];
    const File& file = spectrum.files()[function.file.value];
    known[{spectrum.services()[file.service.value], file.path, function.first_line,
           function.name}] = i;
  }
  std::vector<FunctionId> ids;
  for (const Ranked& row : ranking.rows) ids.push_back({known.at(key_of(row.code))});
  return ids;
}

std::vector<std::vector<LineId>> lines_by_function(const Spectrum& spectrum) {
  std::vector<std::vector<LineId>> lines(spectrum.functions().size());
  for (std::uint32_t i = 0; i < spectrum.lines().size(); ++i) {
    lines[spectrum.lines()[i].function.value].push_back({i});
  }
  return lines;
}

// The first functions of the ranking, then of each cluster's, each with its most suspicious line.
std::vector<ExecutionMatrix::Column> matrix_columns(const Report& report,
                                                    const Ranking& functions) {
  std::map<FunctionKey, std::size_t> known;
  for (std::size_t i = 0; i < functions.rows.size(); ++i) {
    known.emplace(key_of(functions.rows[i].code), i);
  }
  std::vector<ExecutionMatrix::Column> columns;
  std::set<ExecutionMatrix::Column> seen;
  const auto add = [&](const Ranking& ranking) {
    for (std::size_t i = 0; i < std::min(kMatrixFunctions, ranking.rows.size()); ++i) {
      const Ranked& row = ranking.rows[i];
      const auto at = known.find(key_of(row.code));
      if (at == known.end() || columns.size() == kMatrixColumns) continue;
      const ExecutionMatrix::Column column{at->second, row.line.first_line};
      if (seen.insert(column).second) columns.push_back(column);
    }
  };
  add(functions);
  for (const FailureCluster& cluster : report.clusters) {
    if (cluster.ranking.level == Level::kFunction) add(cluster.ranking);
  }
  return columns;
}

// Failing runs by cluster, then passing ones: positions in Report::runs, and the cluster of each.
std::vector<std::pair<std::uint32_t, std::optional<std::size_t>>> matrix_runs(
    const Report& report) {
  std::unordered_map<std::string_view, std::size_t> cluster_of;
  for (std::size_t i = 0; i < report.clusters.size(); ++i) {
    for (const std::string& run : report.clusters[i].runs) cluster_of.emplace(run, i);
  }
  std::vector<std::pair<std::uint32_t, std::optional<std::size_t>>> order;
  for (std::uint32_t run = 0; run < report.runs.size(); ++run) {
    if (!report.runs[run].compared) continue;
    const auto at = cluster_of.find(report.runs[run].name);
    order.emplace_back(run, at == cluster_of.end() ? std::nullopt : std::optional(at->second));
  }
  const auto place = [&](const auto& row) {
    return std::pair(report.runs[row.first].outcome.verdict != Verdict::kFailed,
                     row.second.value_or(report.clusters.size()));
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return order;
}

ExecutionMatrix execution_matrix(const CaseStudy& study, const Ranking& functions,
                                 std::span<const FunctionId> ids,
                                 std::span<const std::vector<LineId>> lines) {
  const Spectrum& spectrum = study.run_set->spectrum;
  const Report& report = study.report;
  ExecutionMatrix matrix;
  matrix.columns = matrix_columns(report, functions);
  auto order = matrix_runs(report);
  if (order.size() > kMatrixRuns) {
    matrix.left_out = order.size() - kMatrixRuns;
    order.resize(kMatrixRuns);
  }
  for (const auto& [run, cluster] : order) {
    ExecutionMatrix::Run row{report.runs[run].name,
                             report.runs[run].outcome.verdict == Verdict::kFailed, cluster,
                             std::string(matrix.columns.size(), '-')};
    for (std::size_t i = 0; i < matrix.columns.size(); ++i) {
      const ExecutionMatrix::Column& column = matrix.columns[i];
      const std::vector<LineId>& own = lines[ids[column.function].value];
      if (own.empty()) continue;
      if (!spectrum.tells_of({run}, own.front())) {
        row.cells[i] = '?';
        continue;
      }
      for (const LineId line : own) {
        if (!spectrum.executed({run}, line)) continue;
        const bool evident = spectrum.lines()[line.value].number == column.line;
        row.cells[i] = evident || row.cells[i] == 'x' ? 'x' : 'f';
      }
    }
    matrix.runs.push_back(std::move(row));
  }
  return matrix;
}

FormulaComparison compare_formulas(const CaseStudy& study, const Ranking& functions,
                                   std::size_t all) {
  FormulaComparison comparison;
  const std::size_t shown = std::min(kComparedFunctions, functions.rows.size());
  comparison.rows.resize(shown);
  std::map<FunctionKey, std::size_t> wanted;
  for (std::size_t i = 0; i < shown; ++i) {
    comparison.rows[i].function = i;
    wanted[key_of(functions.rows[i].code)] = i;
  }
  const auto add = [&](std::string title, const Ranking& ranking) {
    comparison.formulas.push_back(std::move(title));
    for (const Ranked& row : ranking.rows) {
      const auto at = wanted.find(key_of(row.code));
      if (at == wanted.end()) continue;
      comparison.rows[at->second].ranks.emplace_back(row.best_rank, row.worst_rank);
    }
  };
  Method method = study.method;
  if (method.formula != nullptr) {
    add(std::string(method.formula->title), functions);
    method.formula = nullptr;
    add("posterior", rank(*study.evidence, method, Level::kFunction, all));
  } else {
    add(std::string(posterior_name(method.posterior)), functions);
  }
  for (const std::string_view name : kComparedFormulas) {
    const Result<const Formula*> formula = find_formula(name);
    if (!formula || *formula == study.method.formula) continue;
    method.formula = *formula;
    add(std::string((*formula)->title), rank(*study.evidence, method, Level::kFunction, all));
  }
  return comparison;
}

// Who changed the lines of the first rows is known of the ranking only.
void add_last_changes(const Ranking& ranking, Ranking& functions) {
  std::map<FunctionKey, const Ranked*> known;
  for (const Ranked& row : ranking.rows) {
    if (row.last_change) known.emplace(key_of(row.code), &row);
  }
  for (Ranked& row : functions.rows) {
    const auto at = known.find(key_of(row.code));
    if (at != known.end() && at->second->line == row.line)
      row.last_change = at->second->last_change;
  }
}

// The text of the ranking's files, until there is too much of it: those of the first rows.
void add_sources(CheckoutText& source, ReportDetails& details) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  std::size_t bytes = 0;
  for (const Ranked& row : details.functions.rows) {
    const CodeElement& code = row.line;
    if (!seen.emplace(code.service, code.file).second) continue;
    const std::string* const path = source.map().find({code.service, code.file});
    if (path == nullptr) continue;
    const std::vector<std::string>& lines = source.text().lines(*path);
    std::size_t size = 0;
    for (const std::string& line : lines) size += line.size() + 1;
    if (size > kSourceFileBytes || bytes + size > kSourceBytes) {
      ++details.sources_left_out;
      continue;
    }
    bytes += size;
    SourceFile& file = details.sources.emplace_back(SourceFile{code.service, code.file, *path, {}});
    file.text.reserve(size);
    for (const std::string& line : lines) file.text += line + '\n';
  }
  std::sort(details.sources.begin(), details.sources.end(),
            [](const SourceFile& a, const SourceFile& b) {
              return std::tie(a.service, a.file) < std::tie(b.service, b.file);
            });
}

}  // namespace

ReportDetails report_details(CaseStudy& study, CheckoutText* source) {
  ReportDetails details;
  details.heat = std::move(study.cluster_heat);
  details.heat_left_out = study.cluster_heat_left_out;
  const Report& report = study.report;
  std::vector<std::string> services;
  for (const ServiceRecord& row : report.suspects) services.push_back(row.service);
  details.services = layered_layout(services, report.calls);
  if (study.evidence && report.undecided.empty()) {
    const Spectrum& spectrum = study.run_set->spectrum;
    details.functions = rank(*study.evidence, study.method, Level::kFunction, 0);
    details.formulas = compare_formulas(study, details.functions, 0);
    std::vector<Ranked>& rows = details.functions.rows;
    if (rows.size() > kFunctions) {
      details.functions_left_out = rows.size() - kFunctions;
      rows.resize(kFunctions);
    }
    add_suspicions(study.suspicions, details.functions);
    if (!study.changed.empty()) mark_changed(spectrum, study.changed, details.functions);
    add_last_changes(report.ranking, details.functions);
    const std::vector<FunctionId> ids = functions_of(spectrum, details.functions);
    const std::vector<std::vector<LineId>> lines = lines_by_function(spectrum);
    for (const FunctionId id : ids) details.sizes.push_back(lines[id.value].size());
    details.matrix = execution_matrix(study, details.functions, ids, lines);
    if (source != nullptr) add_sources(*source, details);
  }
  add_failing_requests(study, details);
  return details;
}

}  // namespace culprit
