#include "pipeline/run_reader.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/text.h"

namespace culprit {

namespace {

// What a large file's format is known by.
constexpr std::size_t kHeadBytes = std::size_t{2} << 20;

bool is_coverage(InputKind kind) {
  return kind == InputKind::kCoverage || kind == InputKind::kMatrix;
}

bool is_raw(const Reader& reader) { return reader.name == "gcda" || reader.name == "jacoco-exec"; }

// "raw gcov counters" of "raw gcov counters: recognised, not read".
std::string what_it_is(const Reader& reader) {
  return std::string(reader.title.substr(0, reader.title.find(':')));
}

// The name of a run that is one file at the root of the run set: "nightly.info" -> "nightly".
std::string stem(std::string_view path) { return std::string(path.substr(0, path.find('.'))); }

bool fits(InputKind kind, InputKind expected) {
  return kind == expected ||
         (is_coverage(expected) && (is_coverage(kind) || kind == InputKind::kWindow));
}

// A service that answered has a report of this run, though nothing of it may have run.
void note_window(const PlacedFile& file, FileResult& result, Spectrum::Builder& builder) {
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

}  // namespace

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
  // Whether a reader other than this one tells of the file.
  [[nodiscard]] bool by_another(const std::string& service, const std::string& path,
                                const Reader& reader) const {
    const auto files = claims_.find(service);
    if (files == claims_.end()) return false;
    const auto same_name = files->second.find(file_name_of(path));
    return same_name != files->second.end() &&
           std::ranges::any_of(same_name->second, [&](const Claim& claim) {
             return claim.reader != &reader && same_file(claim.path, path);
           });
  }
  // Some format told of the service.
  void note(const std::string& service) { claims_[service]; }
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

bool is_one_report(const Reader& reader) {
  return reader.kind == InputKind::kCoverage && reader.name != "hits-jsonl" &&
         reader.name != "log-positions";
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash + 1));
}

std::string file_name_of(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

void RunReader::read(std::span<const PlacedFile* const> files, std::span<FileResult*> results,
                     Spectrum::Builder& builder, TablePlaces& places) const {
  struct Candidate {
    std::size_t index;
    Content content;
    const Reader* reader;
  };
  std::vector<Candidate> candidates;
  std::set<std::string> lost_services;  // of which is not known what they executed
  std::vector<Candidate> raw;           // recognised, and of no use unless converted
  for (std::size_t i = 0; i < files.size(); ++i) {
    FileResult& result = *results[i];
    result.run = files[i]->run;
    Result<Content> read = content(*files[i]);
    if (!read) {
      result.problems.push_back(read.error());
      result.damaged = true;
      continue;
    }
    const Result<const Reader*> reader = read->reader;
    if (!reader && files[i]->expected == InputKind::kBuildFile) {
      result.not_read = "of the build, of no use here";
      continue;
    }
    // Known by their names: a service whose counters cannot be read did not execute nothing.
    if (!reader && files[i]->path.ends_with(".gcda")) {
      read->reader = find_reader("gcda");
      candidates.push_back({i, std::move(*read), find_reader("gcda")});
      continue;
    }
    if (!reader && files[i]->path.ends_with(".exec")) {
      lost_services.insert(files[i]->service);
      result.problems.push_back(
          error_in(files[i]->path, "empty or damaged: no JaCoCo data, whatever its name says",
                   "a full disk, or a process that was killed, leaves such files"));
      continue;
    }
    if (!reader) {
      result.not_read = reader.error().what;
      result.problems.push_back(reader.error());
      result.damaged = true;
      continue;
    }
    if ((*reader)->kind == InputKind::kBuildFile) {
      result.not_read = what_it_is(**reader);
      continue;
    }
    if ((*reader)->kind == InputKind::kUnreadable) {
      raw.push_back({i, {{}, *reader}, *reader});
      continue;
    }
    if (files[i]->expected && !fits((*reader)->kind, *files[i]->expected)) {
      result.problems.push_back(error_in(
          files[i]->path,
          "this is " + std::string((*reader)->name) + ", not what its place in the run set says"));
      continue;
    }
    candidates.push_back({i, std::move(*read), *reader});
  }
  // Best formats first: they claim the source files they tell of.
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return a.reader->preference > b.reader->preference;
  });
  // Formats by service; one that names services itself may tell of any.
  std::map<std::string_view, std::set<const Reader*>> formats;
  bool any_service = false;
  for (const Candidate& candidate : candidates) {
    if (!is_coverage(candidate.reader->kind)) continue;
    formats[files[candidate.index]->service].insert(candidate.reader);
    any_service = any_service || !is_one_report(*candidate.reader);
  }
  Claims claims;
  std::vector<std::pair<CollectSink::Lost, const Reader*>> losses;
  for (Candidate& candidate : candidates) {
    const PlacedFile& file = *files[candidate.index];
    const bool alone = !any_service && formats[file.service].size() == 1;
    for (CollectSink::Lost& lost :
         read_file(file, candidate.content, claims, alone ? &places : nullptr,
                   lost_services.contains(file.service), *results[candidate.index], builder)) {
      losses.emplace_back(std::move(lost), candidate.reader);
    }
    candidate.content.bytes = std::string();  // `= {}` would keep the memory
  }
  for (const auto& [lost, reader] : losses) {
    if (lost.path.empty() || is_excluded(policy_, lost.path) ||
        claims.by_another(lost.service, lost.path, *reader)) {
      continue;
    }
    builder.lose(lost.run, lost.service, lost.path);
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

Result<RunReader::Content> RunReader::content(const PlacedFile& file) const {
  const Result<std::unique_ptr<TextStream>> stream = tree_.stream(*file.entry);
  if (!stream) return fail(stream.error());
  if (*stream != nullptr && file.log == nullptr) {
    std::string head;
    while (head.size() < kHeadBytes) {
      const Result<bool> more = (*stream)->read_more(head, kHeadBytes - head.size());
      if (!more) return fail(more.error());
      if (!*more) break;
    }
    Result<const Reader*> reader = detect({file.path, head});
    if (reader && (*reader)->streams) return Content{{}, std::move(reader), true};
  }
  Result<std::string> bytes = tree_.read(*file.entry);
  if (!bytes) return fail(bytes.error());
  Content content{std::move(*bytes), find_reader("log-positions")};
  if (file.log == nullptr) content.reader = detect({file.path, content.bytes});
  return content;
}

std::vector<CollectSink::Lost> RunReader::read_file(const PlacedFile& file, const Content& content,
                                                    Claims& claims, TablePlaces* places,
                                                    bool is_lost, FileResult& result,
                                                    Spectrum::Builder& builder) const {
  const Reader& reader = **content.reader;
  const std::string run =
      file.run.empty() && reader.kind == InputKind::kCoverage ? stem(file.path) : file.run;
  CollectSink sink(run, file.service, policy_, places);
  Input input{file.path, content.bytes,
              [&](std::string_view name) { return neighbour(*file.entry, name); }, &build_};
  std::unique_ptr<TextStream> rest;
  if (content.streams) {
    Result<std::unique_ptr<TextStream>> stream = tree_.stream(*file.entry);
    if (!stream || *stream == nullptr) {
      result.problems.push_back(stream ? error_in(file.path, "was changed while it was read")
                                       : stream.error());
      return {};
    }
    rest = std::move(*stream);
    input.rest = rest.get();
  }
  // Raw data says itself what it would have told.
  const bool derived = is_one_report(reader) && !is_raw(reader);
  const auto mark_damaged = [&] {
    result.damaged = derived;
    if (derived) result.report = reader.name;
  };
  const Result<void> done =
      file.log != nullptr ? read_logs(input, *file.log, sink) : reader.read(input, sink);
  if (!done) {
    result.problems.push_back(done.error());
    mark_damaged();
    return sink.losses();
  }
  if (sink.overflowed()) {
    result.problems.push_back(error_in(file.path, "more than " +
                                                      std::to_string(CollectSink::kMaxEvents) +
                                                      " records of coverage in one file"));
    return sink.losses();
  }
  result.format = reader.name;
  // Where a report is cut short it loses what it was about, and says nothing of what follows.
  if (!sink.losses().empty()) mark_damaged();
  if (reader.kind == InputKind::kWindow) {
    result.findings = sink.take_findings();
    if (!is_lost) note_window(file, result, builder);
    return {};
  }
  if (is_coverage(reader.kind)) {
    std::size_t taken = 0;
    std::size_t known = 0;
    sink.commit(builder, is_one_report(reader),
                [&](const std::string& service, const std::string& path) {
                  if (is_excluded(policy_, path)) {
                    result.excluded.insert(path);
                    return false;
                  }
                  if (file.log != nullptr) result.log_services.insert(service);
                  const bool takes = claims.take(service, path, reader);
                  ++(takes ? taken : known);
                  return takes;
                });
    claims.note(file.service);
    if (taken == 0 && known != 0) {
      result.format.clear();
      result.not_read = std::string(reader.name) + ", because a better format tells the same";
    }
  }
  result.findings = sink.take_findings();
  return sink.losses();
}

RunReader::Sources RunReader::sources(const PlacedFile& file) const {
  Sources sources;
  const Result<Content> read = content(file);
  if (!read || !read->reader || read->streams) return sources;
  const Reader& reader = **read->reader;
  CollectSink sink(file.run, file.service, policy_);
  const Input input{file.path, read->bytes,
                    [&](std::string_view name) { return neighbour(*file.entry, name); }, &build_};
  if (!reader.read(input, sink)) return sources;
  Spectrum::Builder nobody;
  sink.commit(nobody, false, [&](const std::string& service, const std::string& path) {
    if (!is_excluded(policy_, path)) sources.emplace(service, path);
    return false;
  });
  return sources;
}

std::optional<std::string> RunReader::neighbour(const FileTree::Entry& entry,
                                                std::string_view name) const {
  const FileTree::Entry* const other = tree_.find(folder_of(entry.path) + std::string(name));
  if (other == nullptr) return std::nullopt;
  Result<std::string> bytes = tree_.read(*other);
  return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

bool is_excluded(const Policy& policy, std::string_view path) {
  return std::any_of(policy.exclude.begin(), policy.exclude.end(), [&](const std::string& glob) {
    return matches_glob(path, glob) || (!glob.starts_with('/') && matches_glob(path, "*/" + glob));
  });
}

}  // namespace culprit
