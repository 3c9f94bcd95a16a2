// JSON as trace files carry it: documents one after the other, with places for what is wrong.
//
// Containers may nest 256 deep. Jaeger's user interface repeats the parent inside every reference,
// recursively (`references[].span`), deeper than that on purpose: these copies are skipped, at one
// bit of memory a level. Bytes that are not UTF-8 become `?`, with one warning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/sink.h"

namespace culprit {

// Member that every element of an array called "spans" gets: the byte offset of the object in the
// file.
inline constexpr const char* kOffsetMember = "@offset";

// The spans of one file on their way to the sink: checks, deduplicates, and folds warnings (three
// of a kind, then one with the number of further ones).
class SpanIntake {
 public:
  SpanIntake(const Input& input, Sink& sink) : input_(input), sink_(sink) {}

  // A span complete but for its duration, which must not be negative. Copies of a span, known by
  // (trace, id, kind), are dropped.
  void take(Span&& span, std::int64_t duration_ns, std::size_t offset);
  // `kind` folds warnings; it is not shown, except for the count of further ones.
  void warn(std::string_view kind, std::size_t offset, std::string what, std::string hint = {});
  void warn(std::string_view kind, Error error);
  // Call once, after the last span.
  void finish();

 private:
  const Input& input_;
  Sink& sink_;
  std::unordered_map<std::string, std::size_t> seen_;  // span key -> hash of what it says
  std::map<std::string, std::size_t, std::less<>> warnings_;
};

// Calls `visit` for every JSON document of the input. An error of the first document, the parser's
// or the visitor's, is returned; a later one is a bad record: warned about, and reading goes on
// with the next line.
using DocumentVisitor =
    std::function<Result<void>(const nlohmann::json& document, std::size_t offset)>;
[[nodiscard]] Result<void> for_each_document(const Input& input, SpanIntake& intake,
                                             const DocumentVisitor& visit);

// The member `key`; nullptr when `value` is no object, has none, or has null there.
[[nodiscard]] const nlohmann::json* member(const nlohmann::json& value, const char* key);
// The elements of the array `key`; an empty array when there is none.
[[nodiscard]] const nlohmann::json& elements(const nlohmann::json& value, const char* key);
// Strings as they are, numbers and booleans in words, empty for anything else.
[[nodiscard]] std::string text_of(const nlohmann::json* value);
// Whole numbers, also spelt as strings; nullopt on anything else and on overflow.
[[nodiscard]] std::optional<std::int64_t> integer_of(const nlohmann::json& value);
[[nodiscard]] std::size_t offset_of(const nlohmann::json& span);

}  // namespace culprit
