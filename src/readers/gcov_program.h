// What one function's counters say of the lines of its object, as a list of sums that is made once
// and run for every report.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "readers/gcov_lines.h"

namespace culprit {

class GcovProgram {
 public:
  // `branches`: those of the function, of GcovLines::branches. Empty where the counters do not
  // determine the flow, or the function is too intricate (see kMaxCode).
  [[nodiscard]] static std::optional<GcovProgram> make(const GcovNotes& notes,
                                                       const GcovFunction& function,
                                                       const GcovLines& lines,
                                                       std::span<const GcovLines::Branch> branches,
                                                       const GcovMode& mode);

  // More than any function that people write, and any object.
  static constexpr std::size_t kMaxCode = std::size_t{1} << 23;
  static constexpr std::size_t kMaxObjectCode = std::size_t{1} << 26;

  [[nodiscard]] std::size_t size() const { return code_.size(); }

  struct Output {
    std::vector<LineCount> lines;  // of the table; appended to
    std::vector<bool> taken;       // by index into GcovLines::branches, where those are wanted
    std::size_t repaired = 0;      // sums that came below 0: counters contradicted each other
    std::vector<LineRaise> raises;
  };
  // `values` holds the function's counters, and is used for more.
  void run(std::vector<std::uint64_t>& values, Output& output) const;

  // How often the function was entered; after run().
  [[nodiscard]] std::uint64_t entries(std::span<const std::uint64_t> values) const {
    return values[entry_slot_];
  }

 private:
  enum class Kind : std::uint32_t { kSum, kMost, kLoops };
  friend class GcovProgramWriter;

  // Goes round the arcs of `code` as long as they have executions left; how often.
  static std::uint64_t count_loops(const std::uint32_t* code, std::uint32_t arcs,
                                   std::span<const std::uint64_t> values);

  std::uint32_t steps_ = 0;
  std::uint32_t lines_ = 0;
  std::uint32_t entry_slot_ = 0;
  // Steps: number of slots to add, of slots to take away, the slots. Then lines: line, Kind, number
  // of slots, slots; of kLoops also the number of arcs, and from, to and slot of each.
  std::vector<std::uint32_t> code_;
  struct Branch {
    std::uint32_t index;
    std::uint32_t slot;
  };
  std::vector<Branch> branches_;
  // Where control can leave a function, or go to a handler of it, other than its code says.
  struct Exit {
    std::uint32_t line;
    std::uint32_t block;    // slot
    std::uint32_t through;  // slot of the way on; kNoWayOn: there is none
  };
  static constexpr std::uint32_t kNoWayOn = 0xffffffffU;
  std::vector<Exit> exits_;
};

}  // namespace culprit
