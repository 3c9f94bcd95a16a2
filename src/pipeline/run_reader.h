// Reads the files of one run of a run set: finds each file's reader, lets the best of several
// formats tell of a source file, and hands what is told to a Spectrum::Builder.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "config/policy.h"
#include "culprit/spectrum.h"
#include "pipeline/collect_sink.h"
#include "readers/build_files.h"
#include "readers/registry.h"

namespace culprit {

// One file and what its place says of it.
struct PlacedFile {
  const FileTree::Entry* entry;
  std::string path;  // below the run set's folder
  std::string run;
  std::string service;
  std::optional<InputKind> expected = {};  // where a pattern of the policy says it
  const LogFormat* log = nullptr;          // where it is a log
};

// What came of one file; by file, so that the result does not depend on the order of work.
struct FileResult {
  Findings findings;
  std::string run;
  std::string format;    // as read; empty: not read
  std::string not_read;  // why, in a few words
  std::vector<Error> problems;
  bool damaged = false;  // all of it, or the rest, could not be read, and it may be a report
  std::string report;    // of what format it is, then; empty: nobody knows
  std::set<std::string> excluded;      // paths of source files
  std::set<std::string> log_services;  // that a log has lines of
};

// The part of a path up to its last `/`, that included, and the part behind it.
[[nodiscard]] std::string folder_of(std::string_view path);
[[nodiscard]] std::string file_name_of(std::string_view path);

// Whether the policy leaves the source file out.
[[nodiscard]] bool is_excluded(const Policy& policy, std::string_view path);

// Whether a file of the format is one run's report of one service, and what it does not tell did
// not happen. Hits JSONL, logs and matrices name their runs.
[[nodiscard]] bool is_one_report(const Reader& reader);

class Claims;

// Several threads may use one.
class RunReader {
 public:
  RunReader(const FileTree& tree, const Policy& policy, const BuildFiles& build)
      : tree_(tree), policy_(policy), build_(build) {}

  // Reads the files of one run (or a single file that names its runs itself). Of several formats
  // that tell of one source file only the best is used; the same lines would be counted twice.
  void read(std::span<const PlacedFile* const> files, std::span<FileResult*> results,
            Spectrum::Builder& builder, TablePlaces& places) const;

  // Service and path of the source files that a report tells of, without those that the policy
  // leaves out. Nothing where it cannot be read.
  using Sources = std::set<std::pair<std::string, std::string>>;
  [[nodiscard]] Sources sources(const PlacedFile& file) const;

 private:
  struct Content {
    std::string bytes;  // nothing where the reader streams
    Result<const Reader*> reader;
    bool streams = false;
  };
  // Reads the file and finds its reader; of a large one that its reader streams only the beginning.
  [[nodiscard]] Result<Content> content(const PlacedFile& file) const;
  // `places` is null where other formats tell of the file's service too. `is_lost`: of the service
  // another file could not be read that may have told anything.
  // Returns what was lost.
  std::vector<CollectSink::Lost> read_file(const PlacedFile& file, const Content& content,
                                           Claims& claims, TablePlaces* places, bool is_lost,
                                           FileResult& result, Spectrum::Builder& builder) const;
  [[nodiscard]] std::optional<std::string> neighbour(const FileTree::Entry& entry,
                                                     std::string_view name) const;

  const FileTree& tree_;
  const Policy& policy_;
  const BuildFiles& build_;
};

}  // namespace culprit
