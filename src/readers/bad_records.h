// What the readers of line-oriented text share: warnings folded by kind, and execution counts as
// damaged or racing programs write them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"
#include "readers/sink.h"

namespace culprit {

// Passes the first three warnings of each kind on and counts the rest. Make one per file.
class BadRecords {
 public:
  BadRecords(Sink& sink, std::string_view path) : sink_(sink), path_(path) {}

  // A record that was left out. `kind` must outlive the object: a literal.
  void skipped(std::string_view kind, Error error);
  // A record that was taken after all, with a changed value.
  void repaired(std::string_view kind, Error error);

  // Tells how many warnings were held back, and that the results are doubtful when more than 5 % of
  // the file's `records` were skipped.
  void finish(std::uint64_t records);

 private:
  struct Kind {
    std::string_view name;
    std::uint64_t count = 0;
  };

  Sink& sink_;
  std::string_view path_;
  std::vector<Kind> kinds_;
  std::uint64_t skipped_ = 0;
};

struct CountField {
  std::uint64_t value = 0;
  bool negative = false;  // counters of threads that race can end below zero; `value` is then 0
};

// A decimal integer; saturates at 2^64-1. Anything else is nullopt.
[[nodiscard]] std::optional<CountField> parse_count(std::string_view text);

// A line number, 1 to kMaxLine.
[[nodiscard]] std::optional<std::uint32_t> parse_line_number(std::string_view text);

// Cuts `text` at the first `separator`, which is dropped; all of it when there is none.
[[nodiscard]] std::string_view take_field(std::string_view& text, char separator);

}  // namespace culprit
