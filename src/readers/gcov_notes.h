// A gcov notes file (.gcno): what of an object could run, as one flow graph a function.
//
// Words and records are those of gcov_words.h. Notes are read once a build and shared by all runs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/gcov_words.h"
#include "readers/registry.h"

namespace culprit {

// An edge of the flow graph.
struct GcovArc {
  static constexpr std::uint32_t kOnTree = 1;       // of the spanning tree: has no counter
  static constexpr std::uint32_t kFake = 2;         // exit() inside a call, and the like
  static constexpr std::uint32_t kFallThrough = 4;  // as against jumped to

  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t flags = 0;
};

// Lines of one file that a block has code of; `first` and `last` index GcovNotes::line_numbers.
struct GcovLocation {
  std::uint32_t block = 0;
  std::uint32_t file = 0;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  // A place without lines: gcov counts the block once more for the line it named before, which is
  // the one told here.
  bool again = false;
};

struct GcovFunction {
  std::uint32_t ident = 0;
  std::uint32_t lines_checksum = 0;
  std::uint32_t graph_checksum = 0;
  std::string name;  // mangled
  bool artificial = false;
  std::uint32_t file = 0;
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;  // 0: not told
  std::uint32_t blocks = 0;
  std::uint32_t counters = 0;  // arcs off the spanning tree
  // Of GcovNotes::arcs and ::locations.
  std::uint32_t first_arc = 0;
  std::uint32_t last_arc = 0;
  std::uint32_t first_location = 0;
  std::uint32_t last_location = 0;
};

struct GcovNotes {
  std::string path;
  GcovHeader header;
  std::vector<std::string> files;  // source files, as clean_path() gives them
  std::vector<GcovFunction> functions;
  std::vector<GcovArc> arcs;            // by function, then block
  std::vector<GcovLocation> locations;  // by function, as listed
  std::vector<std::uint32_t> line_numbers;

  // Whether both are of one source in one place: then it is all the same which is taken.
  [[nodiscard]] bool same_as(const GcovNotes& other) const;

  // Block 0 is where a function is entered, this one where it is left.
  static constexpr std::uint32_t kEntry = 0;
  static constexpr std::uint32_t kExit = 1;

  [[nodiscard]] std::span<const GcovArc> arcs_of(const GcovFunction& function) const {
    return std::span(arcs).subspan(function.first_arc, function.last_arc - function.first_arc);
  }
  [[nodiscard]] std::span<const GcovLocation> locations_of(const GcovFunction& function) const {
    return std::span(locations).subspan(function.first_location,
                                        function.last_location - function.first_location);
  }
};

// Errors: not notes, cut short, block or file numbers out of range, a line above kMaxLine.
[[nodiscard]] Result<GcovNotes> parse_gcov_notes(const Input& input);

[[nodiscard]] bool accepts_gcov_notes(const Head& head);
// Adds the notes to what is known of the build.
[[nodiscard]] Result<void> load_gcov_notes(const Input& input, BuildFiles& build);

}  // namespace culprit
