// JSON as trace files carry it: documents one after the other, with places for what is wrong.
//
// Nesting is bounded by kMaxJsonDepth. Jaeger's user interface repeats the parent inside every
// reference, recursively (`references[].span`), deeper than that on purpose: these copies are
// skipped, at one bit of memory a level. Bytes that are not UTF-8 become `?`, with one warning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/folded_warnings.h"
#include "readers/json_fields.h"
#include "readers/sink.h"

namespace culprit {

// Member that every element of an array called "spans" gets: the byte offset of the object in the
// file.
inline constexpr const char* kOffsetMember = "@offset";

// The spans of one file on their way to the sink: checks and deduplicates them.
class SpanIntake {
 public:
  SpanIntake(const Input& input, Sink& sink)
      : input_(input), sink_(sink), warnings_(input.path, sink) {}

  // A span complete but for its duration, which must not be negative. Copies of a span, known by
  // (trace, id, kind), are dropped.
  void take(Span&& span, std::int64_t duration_ns, std::size_t offset);
  // A record that is left out, or one that is taken with a change; see FoldedWarnings.
  void skipped(std::string_view kind, std::size_t offset, std::string what);
  void skipped(std::string_view kind, Error error);
  void repaired(std::string_view kind, std::size_t offset, std::string what);
  // Call once, after the last span.
  void finish() { warnings_.finish(records_); }

 private:
  const Input& input_;
  Sink& sink_;
  FoldedWarnings warnings_;
  std::size_t records_ = 0;
  std::unordered_map<std::string, std::size_t> seen_;  // span key -> hash of what it says
};

// Calls `visit` for every JSON document of the input. An error of the first document, the parser's
// or the visitor's, is returned; a later one is a bad record: warned about, and reading goes on
// with the next line.
using DocumentVisitor =
    std::function<Result<void>(const nlohmann::json& document, std::size_t offset)>;
[[nodiscard]] Result<void> for_each_document(const Input& input, SpanIntake& intake,
                                             const DocumentVisitor& visit);

// The elements of the array `key`; an empty array when there is none.
[[nodiscard]] const nlohmann::json& elements(const nlohmann::json& value, const char* key);
// Strings as they are, numbers and booleans in words, empty for anything else.
[[nodiscard]] std::string text_of(const nlohmann::json* value);
[[nodiscard]] std::size_t offset_of(const nlohmann::json& span);

}  // namespace culprit
