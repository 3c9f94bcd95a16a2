// Raw gcov counters of a run, read while it is recorded and kept as a line of hits JSONL (see
// readers/coverage_hits_jsonl.h): mostly smaller than they are, and nothing is left to work out
// when they are read. What is not kept is what the recorder was told to leave out.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"
#include "readers/build_files.h"

namespace culprit {

class CounterPack {
 public:
  // `notes`: the folder of the recording that has the objects' .gcno.
  CounterPack(std::string notes, GcovMode mode)
      : notes_(std::move(notes)), mode_(std::move(mode)) {}

  // What one run executed, as far as it was packed.
  struct Run {
    bool any = false;
    std::string hits;               // elements of a JSON list
    std::set<std::string> unknown;  // source files of which something is damaged
    std::vector<Error> problems;    // that reading came across
  };

  // Adds a .gcda; `name` is the one BuildCopies::flat_name() gives it. After an error it must be
  // kept as it is: the run has nothing of it, but says what is not known for that. The first run
  // that has an object's counters also tells all its lines and functions. Several threads may call
  // it.
  [[nodiscard]] Result<void> add(const std::string& name, std::string_view bytes, Run& run);

  // With its end of line. No `service`: the unnamed one.
  [[nodiscard]] static std::string to_json_line(std::string_view run_name, std::string_view service,
                                                const Run& run);

 private:
  friend class PackSink;
  // Lines of a table as they are written, up to the count.
  using Rows = std::vector<std::string>;

  std::string notes_;
  GcovMode mode_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<BuildFiles>> objects_;  // by name of the .gcda
  std::map<const LineTable*, Rows> rows_;
};

// What packing came across in all runs: one problem of each kind is shown, with their number.
class PackProblems {
 public:
  void kept_raw(const Error& why);
  void note(std::vector<Error> problems);
  [[nodiscard]] std::vector<Error> folded() const;

 private:
  struct Kind {
    Error first;
    std::size_t times = 0;
  };
  Kind raw_;
  std::map<std::string, Kind> other_;  // by what
};

}  // namespace culprit
