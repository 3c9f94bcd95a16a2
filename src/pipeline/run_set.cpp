#include "pipeline/run_set.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "base/text.h"
#include "base/workers.h"
#include "pipeline/build_pass.h"
#include "pipeline/collect_sink.h"
#include "readers/registry.h"

namespace culprit {

namespace {

// One file and what its place says of it.
struct PlacedFile {
  const FileTree::Entry* entry;
  std::string path;  // below the run set's folder
  std::string run;
  std::string service;
  std::optional<InputKind> expected = {};  // where a pattern of the policy says it
};

// What came of one file; by file, so that the result does not depend on the order of work.
struct FileResult {
  Findings findings;
  std::string run;
  std::string format;    // as read; empty: not read
  std::string not_read;  // why, in a few words
  std::vector<Error> problems;
  std::set<std::string> excluded;  // paths of source files
};

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
  return std::nullopt;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash + 1));
}

std::string file_name_of(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
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

bool is_coverage(InputKind kind) {
  return kind == InputKind::kCoverage || kind == InputKind::kMatrix;
}

// "raw gcov counters" of "raw gcov counters: recognised, not read".
std::string what_it_is(const Reader& reader) {
  return std::string(reader.title.substr(0, reader.title.find(':')));
}

// The name of a run that is one file at the root of the run set: "nightly.info" -> "nightly".
std::string stem(std::string_view path) { return std::string(path.substr(0, path.find('.'))); }

// Which reader tells of which source file of one run: the first that does, best formats coming
// first. Formats may spell a path differently: one is the end of the other.
class Claims {
 public:
  // False when another reader tells of the file already.
  bool take(const std::string& service, const std::string& path, const Reader& reader) {
    std::vector<Claim>& same_name = claims_[service][file_name_of(path)];
    bool known = false;
    for (const Claim& claim : same_name) {
      if (claim.reader != &reader && same_file(claim.path, path)) return false;
      known = known || claim.path == path;
    }
    if (!known) same_name.push_back({path, &reader});
    return true;
  }
  // Some format tells of a file of the service.
  [[nodiscard]] bool has(const std::string& service) const { return claims_.contains(service); }

 private:
  struct Claim {
    std::string path;
    const Reader* reader;
  };
  static bool same_file(std::string_view a, std::string_view b) {
    return ends_with_path(a, b) || ends_with_path(b, a);
  }

  std::map<std::string, std::map<std::string, std::vector<Claim>>> claims_;  // service, file name
};

class Reading {
 public:
  Reading(const FileTree& tree, const Policy& policy, const BuildFiles& build)
      : tree_(tree), policy_(policy), build_(build) {}

  // Reads the files of one run (or a single file that names its runs itself). Of several formats
  // that tell of one source file only the best is used; the same lines would be counted twice.
  void read_unit(std::span<const PlacedFile* const> files, std::span<FileResult*> results,
                 Spectrum::Builder& builder) {
    struct Candidate {
      std::size_t index;
      std::string bytes;
      const Reader* reader;
    };
    std::vector<Candidate> candidates;
    std::vector<Candidate> raw;  // recognised, and of no use unless converted
    for (std::size_t i = 0; i < files.size(); ++i) {
      FileResult& result = *results[i];
      result.run = files[i]->run;
      Result<std::string> bytes = tree_.read(*files[i]->entry);
      if (!bytes) {
        result.problems.push_back(bytes.error());
        continue;
      }
      const Result<const Reader*> reader = detect({files[i]->path, *bytes});
      if (!reader && files[i]->expected == InputKind::kBuildFile) {
        result.not_read = "of the build, of no use here";
        continue;
      }
      if (!reader) {
        result.not_read = reader.error().what;
        result.problems.push_back(reader.error());
        continue;
      }
      if ((*reader)->kind == InputKind::kBuildFile) {
        result.not_read = what_it_is(**reader);
        continue;
      }
      if ((*reader)->kind == InputKind::kUnreadable) {
        raw.push_back({i, {}, *reader});
        continue;
      }
      if (files[i]->expected && !fits((*reader)->kind, *files[i]->expected)) {
        result.problems.push_back(
            error_in(files[i]->path, "this is " + std::string((*reader)->name) +
                                         ", not what its place in the run set says"));
        continue;
      }
      candidates.push_back({i, std::move(*bytes), *reader});
    }
    // Best formats first: they claim the source files they tell of.
    std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
      return a.reader->preference > b.reader->preference;
    });
    Claims claims;
    for (Candidate& candidate : candidates) {
      read_file(*files[candidate.index], candidate.bytes, *candidate.reader, claims,
                *results[candidate.index], builder);
      candidate.bytes = {};
    }
    for (const Candidate& candidate : raw) {
      FileResult& result = *results[candidate.index];
      const PlacedFile& file = *files[candidate.index];
      result.not_read = what_it_is(*candidate.reader);
      // What was converted already lies beside what it was made from.
      if (claims.has(file.service)) continue;
      CollectSink sink(file.run, file.service, policy_);
      const Result<void> refused = candidate.reader->read({file.path, {}}, sink);
      if (!refused) result.problems.push_back(refused.error());
    }
  }

 private:
  static bool fits(InputKind kind, InputKind expected) {
    return kind == expected ||
           (is_coverage(expected) && (is_coverage(kind) || kind == InputKind::kWindow));
  }

  void read_file(const PlacedFile& file, std::string_view bytes, const Reader& reader,
                 Claims& claims, FileResult& result, Spectrum::Builder& builder) {
    const std::string run =
        file.run.empty() && reader.kind == InputKind::kCoverage ? stem(file.path) : file.run;
    CollectSink sink(run, file.service, policy_);
    const Input input{file.path, bytes,
                      [&](std::string_view name) { return neighbour(*file.entry, name); }, &build_};
    const Result<void> done = reader.read(input, sink);
    if (!done) {
      result.problems.push_back(done.error());
      return;
    }
    if (sink.overflowed()) {
      result.problems.push_back(error_in(file.path, "more than " +
                                                        std::to_string(CollectSink::kMaxEvents) +
                                                        " records of coverage in one file"));
      return;
    }
    result.format = reader.name;
    if (reader.kind == InputKind::kWindow) {
      result.findings = sink.take_findings();
      note_window(file, result, builder);
      return;
    }
    if (is_coverage(reader.kind)) {
      std::size_t taken = 0;
      std::size_t known = 0;
      // Rows of hits JSONL and matrices name their runs; the file itself is no report of one.
      const bool one_report = reader.kind == InputKind::kCoverage && reader.name != "hits-jsonl";
      sink.commit(builder, one_report, [&](const std::string& service, const std::string& path) {
        if (is_excluded(path)) {
          result.excluded.insert(path);
          return false;
        }
        const bool takes = claims.take(service, path, reader);
        ++(takes ? taken : known);
        return takes;
      });
      if (taken == 0 && known != 0) {
        result.format.clear();
        result.not_read = std::string(reader.name) + ", because a better format tells the same";
      }
    }
    result.findings = sink.take_findings();
  }

  // A service that answered has a report of this run, though nothing of it may have run.
  static void note_window(const PlacedFile& file, FileResult& result, Spectrum::Builder& builder) {
    const Window& window = *result.findings.window;
    if (file.run.empty() || file.service.empty()) return;
    if (!window.missing.empty()) {
      result.problems.push_back(error_in(file.path, "no report: " + window.missing));
      return;
    }
    builder.report(builder.run(file.run), builder.service(file.service));
    if (window.quiet) return;
    result.problems.push_back(
        error_in(file.path,
                 "the service was still at work when its window closed: the run may hold "
                 "what other requests executed"));
  }

  std::optional<std::string> neighbour(const FileTree::Entry& entry, std::string_view name) {
    const FileTree::Entry* const other = tree_.find(folder_of(entry.path) + std::string(name));
    if (other == nullptr) return std::nullopt;
    Result<std::string> bytes = tree_.read(*other);
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
  }

  [[nodiscard]] bool is_excluded(std::string_view path) const {
    return std::any_of(policy_.exclude.begin(), policy_.exclude.end(),
                       [&](const std::string& glob) {
                         return matches_glob(path, glob) ||
                                (!glob.starts_with('/') && matches_glob(path, "*/" + glob));
                       });
  }

  const FileTree& tree_;
  const Policy& policy_;
  const BuildFiles& build_;
};

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

}  // namespace

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
  Reading reading(tree, policy, built.files);
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
                   reading.read_unit(members, outputs, builders[worker]);
                   if (!progress) return;
                   const std::lock_guard lock(progress_mutex);
                   progress(++done, work.size());
                 });
  Spectrum::Builder& builder = builders.front();
  for (std::size_t i = 1; i < builders.size(); ++i) builder.merge(std::move(builders[i]));

  set.problems = std::move(built.problems);
  std::map<std::string, std::size_t> read(built.read.begin(), built.read.end());
  std::map<std::string, std::size_t> not_read;
  std::map<std::string, Outcome> stated;
  std::map<std::string, TimeSpan> times;
  std::set<std::string> excluded;
  const std::vector<std::string> names = builder.run_names();
  const std::set<std::string> covered(names.begin(), names.end());
  for (FileResult& result : results) {
    if (!result.format.empty()) ++read[result.format];
    if (!result.not_read.empty()) ++not_read[result.not_read];
    excluded.merge(result.excluded);
    for (Span& span : result.findings.spans) {
      if (!result.run.empty()) set.run_of_trace.try_emplace(span.trace, result.run);
      set.spans.push_back(std::move(span));
    }
    if (const auto& window = result.findings.window; window && window->time) {
      times.try_emplace(result.run, *window->time);
    }
    for (auto& [run, outcome] : result.findings.stated) stated[run] = std::move(outcome);
    for (std::vector<Error>* list : {&result.problems, &result.findings.warnings}) {
      for (Error& error : *list) set.problems.push_back(std::move(error));
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

  set.excluded_files = excluded.size();
  set.spectrum = std::move(builder).build();
  for (const std::string& name : set.spectrum.runs()) {
    const auto known = stated.find(name);
    const auto time = times.find(name);
    set.runs.push_back({name, known == stated.end() ? Outcome{} : known->second,
                        time == times.end() ? std::nullopt : std::optional(time->second)});
  }
  return set;
}

}  // namespace culprit
