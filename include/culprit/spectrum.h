// The spectrum: which run executed which line, how often, and which service reported in which run.
//
// Shape: runs x lines, immutable once built and safe to share between threads. Hits are
// block-major: runs come in blocks of 64, and a block holds one 64-bit word per line whose bit r
// says that run 64*block + r executed the line. Counting failing and passing runs is then a
// popcount under a mask. Execution counts, where an input has them, are kept as stretches of lines
// that a run executed equally often (see CountStretch): what follows one another in a source mostly
// does. They come in tiles of lines, each with the stretches of all runs, so that what is summed up
// for the lines of one tile stays in the processor's cache. A run without a report from a service
// is *missing* for that service's lines, which is not the same as "did not execute"; where a run
// lost only what was told of some source files, it is missing for their lines.
//
// Order: services by name, files by (service, path), functions by (file, first line, name), lines
// by (file, number), runs by name in natural order ("r2" before "r10"); so nothing downstream
// depends on the order in which files were read. Every line has a function: where no input names
// one, the nameless function of its file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/element.h"

namespace culprit {

// An execution count in 16 bits: exact below 2048, above that rounded down to 11 significant bits
// (under 0.1 %), 64-bit range. Codes order as the counts do; code 0 stands for "executed, count not
// known" and decodes to 1.
struct CountCode {
  [[nodiscard]] static std::uint16_t encode(std::uint64_t count);
  [[nodiscard]] static std::uint64_t decode(std::uint16_t code);
};

// After what came before it, `skip` lines that the run did not execute, then `length` that it
// executed equally often, both at most 255.
struct CountStretch {
  std::uint8_t skip = 0;
  std::uint8_t length = 0;
  std::uint16_t code = 0;  // see CountCode
  bool operator==(const CountStretch&) const = default;
};

// Calls `tell(first, end, code)` for the lines [first, end) of each stretch, in order; the first
// one begins at `line`. Some that only step over many lines are empty: sorting them out would cost
// more than telling of them.
template <class Tell>
void for_each_stretch(std::span<const CountStretch> stretches, std::uint32_t line, Tell tell) {
  for (const CountStretch& stretch : stretches) {
    const std::uint32_t first = line + stretch.skip;
    line = first + stretch.length;
    tell(first, line, stretch.code);
  }
}

class Spectrum {
 public:
  class Builder;

  static constexpr std::size_t kRunsPerBlock = 64;
  static constexpr std::uint32_t kLinesPerTile = 16384;

  [[nodiscard]] std::span<const std::string> services() const { return services_; }
  [[nodiscard]] std::span<const File> files() const { return files_; }
  [[nodiscard]] std::span<const Function> functions() const { return functions_; }
  [[nodiscard]] std::span<const Line> lines() const { return lines_; }
  [[nodiscard]] std::span<const std::string> runs() const { return runs_; }

  [[nodiscard]] std::size_t blocks() const { return blocks_.size(); }
  [[nodiscard]] std::span<const std::uint64_t> words(std::size_t block) const {
    return blocks_[block];
  }
  // What runs report as a whole: part i < services().size() is service i, without those of its
  // files that some run lost; these are further parts.
  [[nodiscard]] std::size_t parts() const { return parts_; }
  [[nodiscard]] std::uint32_t part_of(LineId line) const {
    return part_of_file_[lines_[line.value].file.value];
  }
  // Bit r: run 64*block + r has a report of the part.
  [[nodiscard]] std::uint64_t present(std::uint32_t part, std::size_t block) const {
    return present_[part * blocks_.size() + block];
  }

  // True when an input told execution counts, not only hits.
  [[nodiscard]] bool has_counts() const { return !stretches_.empty(); }
  [[nodiscard]] std::size_t tiles() const {
    return (lines_.size() + kLinesPerTile - 1) / kLinesPerTile;
  }
  // What the run executed of lines kLinesPerTile * tile and the following. When has_counts().
  [[nodiscard]] std::span<const CountStretch> stretches(std::size_t tile, RunId run) const {
    const std::size_t* const begin = &stretch_begins_[tile * runs_.size() + run.value];
    return {stretches_.data() + begin[0], stretches_.data() + begin[1]};
  }

  [[nodiscard]] bool executed(RunId run, LineId line) const;
  [[nodiscard]] bool reported(RunId run, ServiceId service) const;
  // Whether the run tells of the line at all.
  [[nodiscard]] bool tells_of(RunId run, LineId line) const;
  // 0 when not executed, 1 when executed and counts are not known. Walks the stretches of
  // a tile: for evidence, not for hot loops.
  [[nodiscard]] std::uint64_t count(RunId run, LineId line) const;

  // Branch outcomes, where an input has them and they were asked for; by line, then number. Kept
  // apart from the lines, so that no ranking changes with them.
  [[nodiscard]] std::span<const Branch> branches() const { return branches_; }
  // Those of one line.
  [[nodiscard]] std::span<const Branch> branches(LineId line) const;
  [[nodiscard]] bool taken(RunId run, BranchId branch) const;

  [[nodiscard]] ServiceId service_of(LineId line) const {
    return files_[lines_[line.value].file.value].service;
  }
  // The readable form of element `index` of `level`.
  [[nodiscard]] CodeElement element(Level level, std::uint32_t index) const;
  // The element of `level` that owns the line: itself, its function, file or service.
  [[nodiscard]] std::uint32_t owner(LineId line, Level level) const;
  [[nodiscard]] std::size_t size(Level level) const;

 private:
  std::vector<std::string> services_;
  std::vector<File> files_;
  std::vector<Function> functions_;
  std::vector<Line> lines_;
  std::vector<std::string> runs_;
  std::vector<std::vector<std::uint64_t>> blocks_;
  std::vector<CountStretch> stretches_;      // by tile, then run
  std::vector<std::size_t> stretch_begins_;  // and one more
  std::size_t parts_ = 0;
  std::vector<std::uint32_t> part_of_file_;
  std::vector<std::uint64_t> present_;  // parts x blocks
  std::vector<Branch> branches_;
  std::vector<std::vector<std::uint64_t>> branch_blocks_;  // as blocks_, by branch
};

// Collects hits in any order, then freezes. One Builder per worker, merged afterwards; not safe for
// concurrent use. Ids handed out by a Builder are its own: they say nothing about the ids of the
// Spectrum it becomes.
class Spectrum::Builder {
 public:
  Builder();
  Builder(Builder&&) noexcept;
  Builder& operator=(Builder&&) noexcept;
  ~Builder();

  RunId run(std::string_view name);
  [[nodiscard]] const std::vector<std::string>& run_names() const;
  ServiceId service(std::string_view name);
  FileId file(ServiceId service, std::string_view path);
  LineId line(FileId file, std::uint32_t number);
  // A function with the lines first..last; 0 where not known. Functions of one file that share the
  // first line and the name up to template arguments and parameters (instances of one template)
  // become one, under the shortest name.
  FunctionId function(FileId file, std::string_view name, std::uint32_t first_line = 0,
                      std::uint32_t last_line = 0);
  // Says which function owns the line; of several the innermost. Without it the innermost function
  // around the line does.
  void assign(LineId line, FunctionId function);

  // The run has a report of the service, even if that report lists nothing executed. A hit implies
  // it.
  void report(RunId run, ServiceId service);
  // What the run did in this source file is not known, though the service may report: its hits
  // there do not count. Where no run knows, what they do tell can be compared, and counts. Makes
  // neither run nor service known.
  void lose(std::string_view run, std::string_view service, std::string_view path);
  // The run executed the lines. All of them must come from line().
  void hit(RunId run, std::span<const LineId> lines);
  // The run executed the line `count` times (0: executable, not executed). Repeated calls add up.
  void hit(RunId run, LineId line, std::uint64_t count);

  // A way out of the line; see Branch.
  BranchId branch(LineId line, std::uint32_t number, bool counting = false);
  void take(RunId run, BranchId branch);

  // Takes over everything `other` holds.
  void merge(Builder&& other);

  [[nodiscard]] Spectrum build() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace culprit
