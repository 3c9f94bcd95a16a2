// Log lines that name the place in the code which wrote them, and the trace they belong to: hits of
// a system that has no coverage. Every trace becomes a run.
//
// Nothing in a log says that it is one, so [[logs]] of culprit.toml has to: the reader is never
// found by content. Input may be lines of text, CSV with a header, or JSON lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

// A text with holes, sought inside of another: "{class}#{line}", "{file}:{line}", "TraceID:
// {trace}". A hole takes as many of its characters as there are: names with dots (class), a path
// without blanks and with an extension (file), digits (line), letters, digits and `.-_` (trace,
// service).
class TextPattern {
 public:
  // The error in words when `text` is no pattern; parse then returns nullopt.
  [[nodiscard]] static std::optional<TextPattern> parse(std::string_view text, std::string& error);

  struct Match {
    std::string_view place;  // the class or file
    std::string_view line;
    std::string_view trace;
    std::string_view service;
  };
  // The first place in `text` that fits.
  [[nodiscard]] std::optional<Match> find(std::string_view text) const;
  [[nodiscard]] bool has_position() const;
  [[nodiscard]] bool has_trace() const;

 private:
  enum class Hole { kNone, kPlace, kFile, kLine, kTrace, kService };
  struct Part {
    Hole hole = Hole::kNone;
    std::string literal;
  };
  [[nodiscard]] static bool takes(Hole hole, char c);
  [[nodiscard]] bool match_from(std::size_t part, std::string_view text, std::size_t at,
                                Match& match) const;
  static void set(Hole hole, std::string_view value, Match& match);
  [[nodiscard]] bool has(Hole hole) const;

  std::vector<Part> parts_;
};

struct LogFormat {
  // Where a line says its place; none: `Class#line`, else `file:line`.
  std::optional<TextPattern> position;
  // The columns, or the members of JSON, of these; empty: by their usual names.
  std::string text;
  std::string trace;
  std::string service;
  std::string time;
  // Where the text itself says its trace: in place of a column.
  std::optional<TextPattern> trace_in_text;
};

// Sets run, service and file itself. Lines without a place or a trace are counted, in one warning.
[[nodiscard]] Result<void> read_logs(const Input& input, const LogFormat& format, Sink& sink);

// The row of the table: the usual names.
[[nodiscard]] bool accepts_log_positions(const Head& head);
[[nodiscard]] Result<void> read_log_positions(const Input& input, Sink& sink);

}  // namespace culprit
