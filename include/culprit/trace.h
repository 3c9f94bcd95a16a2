// Spans of distributed traces, in one form whatever tracer wrote them.
#pragma once

#include <cstdint>
#include <string>

namespace culprit {

enum class SpanKind : std::uint8_t { kUnknown, kInternal, kServer, kClient, kProducer, kConsumer };

// What a span says besides who it is and when it was: the same for most spans of an operation.
struct SpanFacts {
  std::string service;
  std::string operation;
  SpanKind kind = SpanKind::kUnknown;
  bool error = false;
  std::string error_text;   // of an error: its type and message, or its start; empty: not told
  std::string store;        // the database system that a client span asks ("redis"); empty: none
  int http_status = 0;      // 0: none
  std::string http_method;  // of the request it served or sent; empty: none, or not told
  std::string http_path;    // its route, else its path without host and query
  // Where the span's own attributes or its exception's first frame place it in the code; empty or 0
  // when they do not.
  std::string code_file;
  std::string code_function;
  std::uint32_t code_line = 0;

  bool operator==(const SpanFacts&) const = default;
};

// Ids are lower-case hex; trace ids are padded to 32 digits on the left so that both widths compare
// equal.
struct Span : SpanFacts {
  std::string trace;
  std::string id;
  std::string parent;         // empty: a root
  std::int64_t start_ns = 0;  // since the epoch, UTC
  std::int64_t duration_ns = 0;

  bool operator==(const Span&) const = default;
};

}  // namespace culprit
