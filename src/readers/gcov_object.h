// One object of a build: its notes, and what is worked out from them for the counters of runs.
// Safe to use from several threads; what one has worked out the others find.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "readers/gcov_program.h"

namespace culprit {

// The functions of an object whose counters one program keeps, in the order in which it writes
// them.
class GcovLayout {
 public:
  // What a file has of a function: its record and the tag of its counters' record; the length of
  // that; the counters, unless all are 0.
  static constexpr std::size_t kHeadBytes = 24;
  struct Record {
    std::uint32_t zero_length;  // the word that says that all counters are 0
    std::uint32_t full_length;  // that they follow
    std::uint64_t counter_bytes;
    bool told;  // it has lines, and not only such as are excluded
  };

  // `functions`: indices into GcovNotes::functions. `heads`: their heads as a file has them.
  GcovLayout(const GcovNotes& notes, const GcovMode& mode, std::vector<std::uint32_t> functions,
             std::string_view heads);
  ~GcovLayout();
  GcovLayout(const GcovLayout&) = delete;
  GcovLayout& operator=(const GcovLayout&) = delete;

  [[nodiscard]] const std::vector<std::uint32_t>& functions() const { return functions_; }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  // The bytes of records from `position` on where none of them ran.
  static constexpr std::size_t kIdleBytes = kHeadBytes + 4;
  [[nodiscard]] std::string_view idle(std::size_t position) const {
    return std::string_view(idle_).substr(position * kIdleBytes);
  }
  [[nodiscard]] bool is_of(const std::vector<std::uint32_t>& functions,
                           std::string_view heads) const;
  [[nodiscard]] const GcovLines& lines() const { return lines_; }
  // By position in functions(). Null: it has no lines of the source, or its counters do not tell
  // what ran.
  [[nodiscard]] const GcovProgram* program(std::size_t position) const;

 private:
  struct Slot {
    std::atomic<bool> made = false;
    std::unique_ptr<const GcovProgram> program;  // written before `made` is set
  };

  const GcovNotes& notes_;
  GcovMode mode_;
  std::vector<std::uint32_t> functions_;
  std::vector<Record> records_;
  std::string idle_;
  GcovLines lines_;
  mutable std::vector<Slot> slots_;
  mutable std::mutex making_;
  mutable std::size_t code_ = 0;  // of all programs
};

class GcovObject {
 public:
  GcovObject(GcovNotes notes, const GcovMode& mode);

  // Programs that share an object; there is rarely more than one.
  static constexpr std::size_t kMaxLayouts = 64;

  [[nodiscard]] const GcovNotes& notes() const { return notes_; }
  [[nodiscard]] const GcovMode& mode() const { return mode_; }
  // Index into GcovNotes::functions; empty: there is none.
  [[nodiscard]] std::optional<std::uint32_t> function(std::uint32_t ident) const;
  // What the last file looked like: the next one mostly does too. Null: none was read yet.
  [[nodiscard]] const GcovLayout* last_layout() const { return last_.load(); }
  // Null: more than kMaxLayouts were asked for.
  [[nodiscard]] const GcovLayout* layout(std::vector<std::uint32_t> functions,
                                         std::string_view heads) const;

 private:
  GcovNotes notes_;
  GcovMode mode_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_ident_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<const GcovLayout>> layouts_;
  mutable std::atomic<const GcovLayout*> last_ = nullptr;
};

}  // namespace culprit
