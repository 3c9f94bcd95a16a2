#include "pipeline/run_set.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>

#include "base/text.h"
#include "base/workers.h"
#include "pipeline/build_pass.h"
#include "pipeline/damaged_reports.h"
#include "pipeline/run_reader.h"
#include "pipeline/service_join.h"

namespace culprit {

namespace {

std::string_view first_part(std::string_view path) { return path.substr(0, path.find('/')); }

PlacedFile by_convention(const FileTree::Entry& entry, std::string_view path) {
  PlacedFile file{&entry, std::string(path), {}, {}};
  const std::size_t first = path.find('/');
  if (first == std::string_view::npos) return file;
  if (first_part(path) == "traces") {
    file.expected = InputKind::kTraces;
    return file;
  }
  if (first_part(path) == "build") {
    file.expected = InputKind::kBuildFile;
    return file;
  }
  file.run = first_part(path);
  const std::string_view rest = path.substr(first + 1);
  if (rest.find('/') != std::string_view::npos) file.service = first_part(rest);
  return file;
}

std::optional<PlacedFile> by_patterns(const FileTree::Entry& entry, std::string_view path,
                                      const Policy& policy) {
  const std::pair<const std::vector<PathPattern>*, InputKind> lists[] = {
      {&policy.coverage, InputKind::kCoverage},
      {&policy.responses, InputKind::kResults},
      {&policy.traces, InputKind::kTraces}};
  for (const auto& [patterns, kind] : lists) {
    for (const PathPattern& pattern : *patterns) {
      const auto match = pattern.match(path);
      if (match) return PlacedFile{&entry, std::string(path), match->run, match->service, kind};
    }
  }
  for (const LogSource& source : policy.logs) {
    const auto match = source.path.match(path);
    if (!match) continue;
    return PlacedFile{&entry,         std::string(path),    {},
                      match->service, InputKind::kCoverage, &source.format};
  }
  return std::nullopt;
}

// That no file fits a pattern, and the folder above or below the one read from which on some do.
Error nothing_fits(const FileTree& tree, const Policy& policy) {
  namespace fs = std::filesystem;
  constexpr int kLevels = 4;
  constexpr std::size_t kTried = 10'000;  // of the files
  Error error = error_in(tree.root(), "no file fits a pattern of culprit.toml");
  const std::size_t count = std::min(tree.entries().size(), kTried);
  const auto fit_from = [&](const fs::path& folder) {
    error.hint = "from " + folder.string() + " on they do: give that as RUNS";
    return error;
  };
  std::error_code ignored;
  fs::path above = fs::absolute(tree.root(), ignored).lexically_normal();
  if (!above.has_filename()) above = above.parent_path();
  std::string prefix;
  for (int level = 0; level < kLevels && above.has_filename(); ++level) {
    prefix = above.filename().string() + '/' + prefix;
    above = above.parent_path();
    for (std::size_t i = 0; i < count; ++i) {
      const FileTree::Entry& entry = tree.entries()[i];
      if (by_patterns(entry, prefix + entry.path, policy)) return fit_from(above);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    const FileTree::Entry& entry = tree.entries()[i];
    std::size_t below = 0;
    for (int level = 0; level < kLevels; ++level) {
      below = entry.path.find('/', below) + 1;
      if (below == 0) break;
      if (!by_patterns(entry, std::string_view(entry.path).substr(below), policy)) continue;
      return fit_from(fs::path(tree.root()) / entry.path.substr(0, below - 1));
    }
  }
  error.hint = "the patterns are of paths below RUNS, such as " +
               (tree.entries().empty() ? std::string("run/file") : tree.entries()[0].path);
  return error;
}

// The file belongs to another one of its folder, whose reader fetches it.
bool is_companion(const FileTree& tree, const FileTree::Entry& entry) {
  const std::string name = file_name_of(entry.path);
  // What `culprit eval` compares with, and what people write about their runs.
  if (name == "ground_truth.json" || name.ends_with(".md")) return true;
  for (const Reader& reader : readers()) {
    const bool named = std::find(reader.companions.begin(), reader.companions.end(), name) !=
                       reader.companions.end();
    if (named && tree.find(folder_of(entry.path) + std::string(reader.files)) != nullptr) {
      return true;
    }
  }
  return false;
}

// A result row's run: the one it names when that has coverage, else the folder it lies in, else the
// one whose window holds its time.
std::string run_of(const Request& request, const std::string& folder,
                   const std::set<std::string>& covered, const RunWindows& windows,
                   RequestJoin& join) {
  ++join.requests;
  if (covered.contains(request.run)) return request.run;
  if (covered.contains(folder)) return folder;
  if (!request.run.empty()) return request.run;
  if (windows.empty() && !folder.empty()) return folder;
  if (!request.time_ns) {
    ++join.without_time;
    return folder;
  }
  const RunWindows::Match match = windows.at(*request.time_ns);
  ++(match.windows == 0   ? join.in_no_window
     : match.windows == 1 ? join.by_time
                          : join.in_several_windows);
  return match.windows == 1 ? *match.run : std::string();
}

Routes routes_of(const SpanStore& spans) {
  Routes routes;
  spans.for_each_facts([&](const SpanFacts& span) {
    if (span.kind == SpanKind::kServer) routes.add(span.http_method, span.http_path);
  });
  return routes;
}

}  // namespace

bool has_coverage(const Spectrum& spectrum, RunId run) {
  for (std::uint32_t service = 0; service < spectrum.services().size(); ++service) {
    if (spectrum.reported(run, {service})) return true;
  }
  return false;
}

std::vector<Error> folded(std::vector<Error> problems) {
  std::map<std::string, std::size_t> seen;
  std::vector<Error> result;
  for (Error& problem : problems) {
    if (++seen[problem.what] <= 3) result.push_back(std::move(problem));
  }
  for (const auto& [what, count] : seen) {
    if (count > 3) {
      result.push_back({{}, std::to_string(count - 3) + " more times: " + what});
    }
  }
  return result;
}

RunSet read_run_set(const FileTree& tree, std::string_view folder, const Policy& policy,
                    unsigned jobs, std::span<const FileTree> build, const Progress& progress) {
  RunSet set;
  if (jobs == 0) jobs = default_jobs();
  BuildPass built;
  built.files.jacoco_filters = policy.jacoco_filters;
  built.files.jacoco_sessions_apart = policy.jacoco_sessions_apart;
  built.files.gcov = {policy.gcov_any_block, policy.branches,
                      [&](std::string_view path) { return is_excluded(policy, path); }};
  load_build_files(tree, folder, build, jobs, built);
  std::vector<PlacedFile> files;
  std::size_t outside = 0;
  for (const FileTree::Entry& entry : tree.entries()) {
    if (entry.path.substr(0, folder.size()) != folder) continue;
    const std::string_view path = std::string_view(entry.path).substr(folder.size());
    if (path == "culprit.toml" || built.entries.contains(&entry)) continue;
    if (policy.has_patterns()) {
      auto placed = by_patterns(entry, path, policy);
      placed ? files.push_back(std::move(*placed)) : void(++outside);
    } else if (!is_companion(tree, entry)) {
      files.push_back(by_convention(entry, path));
    }
  }

  if (files.empty() && outside != 0 && folder.empty()) {
    set.problems.push_back(nothing_fits(tree, policy));
  }

  // A unit of work is a run: reports of several objects of one run add up in one place. Files at
  // the root stand for themselves.
  std::vector<FileResult> results(files.size());
  std::map<std::string, std::vector<std::size_t>> units;
  for (std::size_t i = 0; i < files.size(); ++i) {
    units[files[i].run.empty() ? "/" + files[i].path : files[i].run].push_back(i);
  }
  std::vector<const std::vector<std::size_t>*> work;
  for (const auto& [run, members] : units) work.push_back(&members);

  std::vector<Spectrum::Builder> builders(
      std::max<std::size_t>(1, std::min<std::size_t>(jobs, work.size())));
  const RunReader reader(tree, policy, built.files);
  std::vector<TablePlaces> places;
  for (Spectrum::Builder& each : builders) {
    places.emplace_back(each, [&](std::string_view path) { return is_excluded(policy, path); });
  }
  std::mutex progress_mutex;
  std::size_t done = 0;
  for_each_index(work.size(), static_cast<unsigned>(builders.size()),
                 [&](unsigned worker, std::size_t index) {
                   std::vector<const PlacedFile*> members;
                   std::vector<FileResult*> outputs;
                   for (const std::size_t i : *work[index]) {
                     members.push_back(&files[i]);
                     outputs.push_back(&results[i]);
                   }
                   reader.read(members, outputs, builders[worker], places[worker]);
                   if (!progress) return;
                   const std::lock_guard lock(progress_mutex);
                   progress(++done, work.size());
                 });
  Spectrum::Builder& builder = builders.front();
  for (std::size_t i = 1; i < builders.size(); ++i) builder.merge(std::move(builders[i]));
  lose_damaged_reports(files, results, reader, builder);

  for (Error& problem : built.problems) set.problems.push_back(std::move(problem));
  std::map<std::string, std::size_t> read(built.read.begin(), built.read.end());
  std::map<std::string, std::size_t> not_read;
  std::map<std::string, Outcome> stated;
  std::vector<RaisedLine> raised;
  std::map<std::string, TimeSpan> times;
  std::map<std::string, TimeSpan> log_times;  // of traces; no windows that hold other requests
  std::set<std::string> log_runs;
  std::set<std::string> log_services;
  std::set<std::string> excluded;
  for (const TablePlaces& each : places) {
    excluded.insert(each.excluded().begin(), each.excluded().end());
  }
  // A log's traces are runs already; traces of a file that has nothing else become some here.
  for (const FileResult& result : results) {
    for (const auto& [run, time] : result.findings.traces) builder.run(run);
  }
  const std::vector<std::string> names = builder.run_names();
  const std::set<std::string> covered(names.begin(), names.end());
  for (FileResult& result : results) {
    if (!result.format.empty()) ++read[result.format];
    if (!result.not_read.empty()) ++not_read[result.not_read];
    excluded.merge(result.excluded);
    for (const std::string& trace : result.findings.spans.traces()) {
      if (covered.contains(trace)) {
        set.run_of_trace.try_emplace(trace, trace);
      } else if (!result.run.empty()) {
        set.run_of_trace.try_emplace(trace, result.run);
      }
    }
    set.spans.merge(std::move(result.findings.spans));
    if (const auto& window = result.findings.window; window && window->time) {
      times.try_emplace(result.run, *window->time);
    }
    for (const auto& [run, time] : result.findings.traces) {
      log_runs.insert(run);
      if (!time) continue;
      const auto [at, added] = log_times.try_emplace(run, *time);
      at->second.from_ns = std::min(at->second.from_ns, time->from_ns);
      at->second.to_ns = std::max(at->second.to_ns, time->to_ns);
    }
    log_services.merge(result.log_services);
    std::move(result.findings.raised.begin(), result.findings.raised.end(),
              std::back_inserter(raised));
    result.findings.raised = {};
    for (auto& [run, outcome] : result.findings.stated) stated[run] = std::move(outcome);
    for (std::vector<Error>* list : {&result.problems, &result.findings.warnings}) {
      for (Error& error : *list) set.problems.push_back(std::move(error));
    }
  }
  // A trace without a line of a service did not come there, whichever file holds those lines.
  for (const std::string& run : log_runs) {
    for (const std::string& service : log_services) {
      builder.report(builder.run(run), builder.service(service));
    }
  }
  const RunWindows windows(times);
  for (FileResult& result : results) {
    for (Request& request : result.findings.requests) {
      request.run = run_of(request, result.run, covered, windows, set.join);
      if (!request.run.empty()) builder.run(request.run);
      set.requests.push_back(std::move(request));
    }
    result.findings.requests = {};
  }
  for (const Error& warning : tree.warnings()) set.problems.push_back(warning);
  for (const auto& [format, count] : read) {
    set.inputs.push_back({format, std::string(find_reader(format)->title), count});
  }
  for (const auto& [why, count] : not_read) set.inputs.push_back({"", why, count});
  if (outside != 0) set.inputs.push_back({"", "outside the patterns of culprit.toml", outside});

  times.merge(log_times);
  set.excluded_files = excluded.size();
  set.spectrum = std::move(builder).build();
  set.exceptions = exception_origins(set.spectrum, raised);
  set.routes = routes_of(set.spans);
  ServiceJoin joined = join_services(set.spectrum, policy.service_map, set.spans);
  set.unmapped_services = std::move(joined.unmapped);
  for (Error& problem : joined.problems) set.problems.push_back(std::move(problem));
  for (const std::string& name : set.spectrum.runs()) {
    const auto known = stated.find(name);
    const auto time = times.find(name);
    set.runs.push_back({name, known == stated.end() ? Outcome{} : known->second,
                        time == times.end() ? std::nullopt : std::optional(time->second)});
  }
  return set;
}

}  // namespace culprit
