// Ids of traces and spans in the one form by which spans and requests are joined: lower-case hex,
// padded with zeros on the left; empty for an absent id and one of zeros only.
//
// Ids written as base64 (24 or 12 characters that end in `=`) are decoded, dashes inside of hex
// (UUIDs) go. What is neither is kept in lower case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace culprit {

// 32 digits. Also takes a W3C traceparent header, for the trace in it.
[[nodiscard]] std::string trace_id(std::string_view text);
// The same out of an HTTP header that carries one: traceparent, uber-trace-id, b3, X-B3-TraceId,
// sw8. Empty for any other header.
[[nodiscard]] std::string trace_of_header(std::string_view name, std::string_view value);
[[nodiscard]] bool is_trace_header(std::string_view name);
// Bytes out of base64, with + and / or - and _, padded or not; nullopt: it is none.
[[nodiscard]] std::optional<std::string> decoded_base64(std::string_view text);
// 16 digits.
[[nodiscard]] std::string span_id(std::string_view text);

}  // namespace culprit
