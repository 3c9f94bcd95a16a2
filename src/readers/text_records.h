// The lines of a text report, checked fields of them, and warnings that point at them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "readers/folded_warnings.h"
#include "readers/sink.h"
#include "readers/text_fields.h"

namespace culprit {

class TextRecords {
 public:
  // Both must outlive it.
  TextRecords(const Input& input, Sink& sink) : lines_(input), warnings_(input.path, sink) {}

  [[nodiscard]] std::optional<std::string_view> next() { return lines_.next(); }
  [[nodiscard]] const LineReader& lines() const { return lines_; }

  // 1..kMaxLine. Anything else is warned of, and the record is to be skipped.
  [[nodiscard]] std::optional<std::uint32_t> line_number(std::string_view field);
  // Negative counts are 0, with a warning; too large ones the largest. What is no integer is warned
  // of, and the record is to be skipped.
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view field);
  [[nodiscard]] std::uint64_t count(const CountField& count, std::string_view field);

  // Warnings at `at`, a part of the line; see FoldedWarnings. `kind` must be a literal, and is also
  // what the warning says.
  void skipped(std::string_view kind, std::string_view at);
  void repaired(std::string_view kind, std::string_view at);
  // A record that the end of the file cut.
  void cut_short(std::string_view at);
  void finish() { warnings_.finish(lines_.number()); }

  [[nodiscard]] Error error(std::string_view at, std::string what, std::string hint = {}) const {
    return lines_.error(at, std::move(what), std::move(hint));
  }

 private:
  LineReader lines_;
  FoldedWarnings warnings_;
};

}  // namespace culprit
