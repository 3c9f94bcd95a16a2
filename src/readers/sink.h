// Where readers push what they find. A reader knows nothing of matrices, labels or output.
//
// Coverage events are relative to the current run, service and file. The caller sets run and
// service before it hands a file to a reader; only formats that carry several runs or services in
// one file (matrix formats) set them themselves. string_views need to live only for the call. A
// reader that returns an Error has contributed nothing: the receiver drops the events of that file,
// but for what was lost().
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "culprit/error.h"
#include "culprit/request.h"
#include "culprit/trace.h"
#include "model/window.h"
#include "readers/line_table.h"

namespace culprit {

class Sink {
 public:
  virtual ~Sink() = default;

  // The following coverage events belong to this run; runs may recur. Sets no service.
  virtual void run(std::string_view name) = 0;
  virtual void service(std::string_view name) = 0;
  // What the input itself says of the current run's outcome.
  virtual void outcome(Verdict verdict, std::string_view reason) = 0;

  // The following functions and lines are of this source file.
  virtual void file(std::string_view path) = 0;
  // A function of the current file; 0 where a line is not known. Demangled name where the format
  // has it.
  virtual void function(std::string_view name, std::uint32_t first_line,
                        std::uint32_t last_line) = 0;
  // An executable line and how often it ran; `function` names its owner where the format does, else
  // empty. Repeats add.
  virtual void line(std::uint32_t number, std::uint64_t count, std::string_view function = {}) = 0;
  // The same for formats that tell only whether the line ran.
  virtual void hit(std::uint32_t number, bool executed, std::string_view function = {}) = 0;
  // All of a table's files, functions and lines at once; bit i % 64 of word i / 64 says that line i
  // ran. The table outlives the sink; one that is used again is known by its address.
  virtual void hits(const LineTable& table, std::span<const std::uint64_t> executed);
  // The same where it is known how often: `executed` names the lines that ran, in any order, and
  // may name one again to add to it. The others did not run.
  virtual void counts(const LineTable& table, std::span<const LineCount> executed);

  // Lines of the table that exceptions came through, by formats that know; without those of
  // handlers.
  virtual void raises(const LineTable&, std::span<const LineRaise>) {}

  // What the current run and service did in this source file is not known: what tells of it is
  // damaged, or of another build. Not the same as a file of which nothing ran. Empty: in which
  // file is not known either.
  virtual void lost(std::string_view path) = 0;

  // A way out of the line told last, numbered from 0 in the order the report has them within the
  // line, and whether it was taken. Repeats (template instances): taken once is taken.
  virtual void branch(std::uint32_t number, bool taken) = 0;
  // The same for formats that tell only how many of the line's ways out were taken.
  virtual void branches(std::uint32_t taken, std::uint32_t of) = 0;

  virtual void request(Request&& request) = 0;
  virtual void span(Span&& span) = 0;
  // What the recorder noted of the current run and service.
  virtual void window(const Window& window) = 0;

  // A record that was skipped or repaired.
  virtual void warn(Error error) = 0;
};

// Line numbers above this are taken for damage.
inline constexpr std::uint32_t kMaxLine = 10'000'000;
// Of one line; more are damage, or say nothing that a person could use. Those beyond are not told.
inline constexpr std::uint32_t kMaxBranches = 1'000;

}  // namespace culprit
