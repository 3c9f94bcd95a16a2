// The spans of one file on their way to the sink: checks and deduplicates them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"
#include "culprit/trace.h"
#include "readers/folded_warnings.h"
#include "readers/sink.h"
#include "readers/text_window.h"

namespace culprit {

// Where a record is, worked out only when a message needs it: a part of the input's bytes, and the
// way down from the JSON there.
class SpanPlace {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a part of the input is a place
  SpanPlace(std::string_view part) : part_(part) {}

  // The element `index` of the list `name` of the object here. `name` must be a literal.
  [[nodiscard]] SpanPlace in(const char* name, std::size_t index) const;
  [[nodiscard]] std::string_view find() const;

 private:
  struct Step {
    const char* name = nullptr;
    std::size_t index = 0;
  };
  std::string_view part_;
  std::array<Step, 3> steps_;
  std::size_t depth_ = 0;
};

// Which spans a file had, by hashes of their keys and of what they say: it may have millions, and
// of each 8 bytes are kept, in a table that is half empty at most.
class SeenSpans {
 public:
  enum class Before { kNever, kTheSame, kAnother };
  // Whether a span of this key was seen before.
  Before add(std::uint64_t key, std::uint64_t content);

 private:
  void place(std::uint64_t entry);
  [[nodiscard]] std::size_t first_slot(std::uint64_t entry) const {
    return static_cast<std::size_t>(entry >> shift_);
  }

  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(1024);  // 0: free
  unsigned shift_ = 54;  // leaves as many bits as number the slots
  std::size_t count_ = 0;
};

class SpanIntake {
 public:
  // Both must outlive it.
  SpanIntake(const Input& input, Sink& sink)
      : window_(input), sink_(sink), warnings_(input.path, sink) {}

  // What places are parts of.
  [[nodiscard]] TextWindow& window() { return window_; }

  // A span complete but for its duration, which must not be negative. Copies of a span, known by
  // (trace, id, kind), are dropped.
  void take(Span&& span, std::int64_t duration_ns, const SpanPlace& place);
  // A record that is left out, or one that is taken with a change; see FoldedWarnings.
  void skipped(std::string_view kind, const SpanPlace& place, std::string_view what);
  void skipped(std::string_view kind, Error error);
  void repaired(std::string_view kind, const SpanPlace& place, std::string_view what);
  // Call once, after the last span.
  void finish() { warnings_.finish(records_); }

 private:
  [[nodiscard]] Error error(const SpanPlace& place, std::string what) const;

  TextWindow window_;
  Sink& sink_;
  FoldedWarnings warnings_;
  std::size_t records_ = 0;
  SeenSpans seen_;
};

}  // namespace culprit
