// What the trace formats share: kinds, and what a span's attributes say of errors and code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "culprit/trace.h"

namespace culprit {

// From `server`, `SPAN_KIND_SERVER` or OTLP's number `2`.
[[nodiscard]] SpanKind span_kind(std::string_view text);

// A place in the code as a stack trace spells it; the file of a Java frame gets its package's
// folders ("a/b/C.java").
struct CodePlace {
  std::string file;
  std::string function;
  std::uint32_t line = 0;
};

// The frame that threw, of Java, Python and C++ traces; frames of the language's own library are
// passed over while there are others. Python lists it last, the others first.
[[nodiscard]] std::optional<CodePlace> throwing_frame(std::string_view stack_trace);

// Collects the attributes (tags) of one span, then applies what they say. Of repeated keys the
// first counts.
//
// A span is an error when it says so (tag `error`, OpenTelemetry status), when its HTTP status is
// 5xx, or 4xx on a client span, or when its gRPC status is not OK. A 4xx on a server span is the
// caller's fault.
class SpanAttributes {
 public:
  SpanAttributes() { known_.reserve(8); }

  // Whether anything is made of attributes of this name; add() ignores all others.
  [[nodiscard]] static bool knows(std::string_view key);
  void add(std::string_view key, std::string_view value);
  void mark_error() { error_ = true; }
  // Sets kind (if the attributes tell it), error and its text, store, http_* and code_*.
  void apply(Span& span) const;

 private:
  [[nodiscard]] std::string_view first_of(std::initializer_list<std::string_view> keys) const;
  void apply_code(Span& span) const;
  [[nodiscard]] std::string error_text() const;

  std::vector<std::pair<std::string_view, std::string>> known_;  // keys are those of the table
  bool error_ = false;
};

}  // namespace culprit
