// What a Spectrum::Builder holds while hits come in.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "culprit/spectrum.h"

namespace culprit {

inline constexpr std::uint32_t kNone = 0xffffffffU;

// Stretches, from lines in ascending order.
class StretchWriter {
 public:
  void add(std::uint32_t line, std::uint32_t length, std::uint16_t code);
  // What follows is counted from `line`, and apart from what came before.
  void restart(std::uint32_t line);
  [[nodiscard]] std::size_t size() const { return stretches_.size(); }
  // Without memory to spare: there are as many as there are runs.
  [[nodiscard]] std::vector<CountStretch> take() &&;

 private:
  std::vector<CountStretch> stretches_;
  std::size_t begin_ = 0;   // of what goes together
  std::uint32_t next_ = 0;  // the line after the last one
};

// Names to dense ids, in order of arrival.
class NameTable {
 public:
  std::uint32_t id(std::string_view name);
  [[nodiscard]] std::optional<std::uint32_t> find(const std::string& name) const;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> ids_;
};

// Per file and key (a name, or a start), the function known under it.
using FunctionKey = std::pair<std::uint32_t, std::string>;

struct Spectrum::Builder::State {
  struct FileRow {
    File file;
    std::uint32_t last_line = kNone;  // id of the line asked for last
  };
  struct LineRow {
    std::uint32_t file;
    std::uint32_t number;
    std::uint32_t function = kNone;
    std::uint32_t next = kNone;  // id of the line that was asked for after this one, last time
  };
  struct RunRow {
    bool any = false;  // has set bits
    // All its set bits, by line id; empty: no counts known.
    std::vector<CountStretch> stretches;
  };

  NameTable runs;
  NameTable services;
  std::vector<RunRow> run_rows;
  std::vector<FileRow> files;
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t, std::less<>> file_ids;
  std::vector<Function> functions;
  std::map<FunctionKey, std::uint32_t> function_by_name;
  std::map<FunctionKey, std::uint32_t> function_by_start;
  std::vector<LineRow> lines;
  std::unordered_map<std::uint64_t, std::uint32_t> line_ids;

  // Hits as in Spectrum, but in order of arrival; a block's words may be fewer than there are
  // lines.
  std::vector<std::vector<std::uint64_t>> blocks;
  std::vector<std::vector<std::uint64_t>> present;  // service -> words
  // Runs that do not tell of a source file, by service and path; all by name.
  std::map<std::pair<std::string, std::string>, std::set<std::string, std::less<>>> lost;

  std::vector<Branch> branches;
  std::unordered_map<std::uint64_t, std::uint32_t> branch_ids;  // by line, number and kind
  std::vector<std::vector<std::uint64_t>> branch_blocks;        // as blocks; may be fewer

  // The run that counts are being added to. Sums are exact here and coded when the run is left.
  std::uint32_t open_run = kNone;
  std::vector<std::uint64_t> open_counts;  // by line; 0: nothing added
  std::vector<std::uint32_t> open_lines;

  void set_bit(std::uint32_t run, std::uint32_t line);
  void set_present(std::uint32_t run, std::uint32_t service);
  // The run's lines in ascending order, each with its count code, 0 where no count is known.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint16_t>> hits_of(
      std::uint32_t run) const;
  // The same as stretches, which the run then has no more.
  [[nodiscard]] std::vector<CountStretch> stretches_of(std::uint32_t run);
  void open(std::uint32_t run);
  void close();
  // A hit implies a report. Before losses().
  void settle_reports();
  // The runs that lost a file, by file; without files that nothing tells of or no run knows.
  [[nodiscard]] std::map<std::uint32_t, std::set<std::uint32_t>> losses() const;
  // Forgets the hits in source files that their run lost.
  void forget(const std::map<std::uint32_t, std::set<std::uint32_t>>& losses);
};

}  // namespace culprit
