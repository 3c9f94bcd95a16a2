#include "readers/trace_ids.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;

std::string hex_of(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

bool is_lower_hex(std::string_view text) {
  bool good = true;
  for (const char c : text) good &= (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  return good;
}

std::string normal_id(std::string_view text, std::size_t digits) {
  text = trim(text);
  // As most are.
  if (text.size() == digits && is_lower_hex(text)) {
    return text.find_first_not_of('0') == std::string_view::npos ? std::string()
                                                                 : std::string(text);
  }
  if ((text.size() == 24 || text.size() == 12) && text.ends_with('=')) {
    if (const auto decoded = decoded_base64(text)) return normal_id(hex_of(*decoded), digits);
  }
  std::string id = lower(text);
  id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
  if (!consists_of(id, kHexDigits)) return lower(text);
  if (id.find_first_not_of('0') == std::string::npos) return {};
  if (id.size() < digits) id.insert(0, digits - id.size(), '0');
  return id;
}

}  // namespace

std::optional<std::string> decoded_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0' + 52);
    } else if (c == '+' || c == '-') {
      value = 62;
    } else if (c == '/' || c == '_') {
      value = 63;
    } else {
      return std::nullopt;
    }
    bits = (bits << 6 | value) & 0xffffffU;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xffU);
    }
  }
  return bytes;
}

std::string trace_id(std::string_view text) {
  text = trim(text);
  // 00-<32 hex>-<16 hex>-<flags>
  if (text.size() >= 55 && text[2] == '-' && text[35] == '-' && text[52] == '-' &&
      consists_of(text.substr(3, kTraceDigits), kHexDigits)) {
    text = text.substr(3, kTraceDigits);
  }
  return normal_id(text, kTraceDigits);
}

bool is_trace_header(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames = {"traceparent", "uber-trace-id", "b3",
                                                      "X-B3-TraceId", "sw8"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view each) { return equal_ignoring_case(each, name); });
}

std::string trace_of_header(std::string_view name, std::string_view value) {
  value = trim(value);
  if (equal_ignoring_case(name, "traceparent") || equal_ignoring_case(name, "X-B3-TraceId")) {
    return trace_id(value);
  }
  // trace:span:parent:flags
  if (equal_ignoring_case(name, "uber-trace-id")) return trace_id(value.substr(0, value.find(':')));
  if (equal_ignoring_case(name, "b3")) return trace_id(value.substr(0, value.find('-')));
  if (equal_ignoring_case(name, "sw8")) {
    // sample-trace-segment-..., trace and segment in base64 of text
    const std::size_t begin = value.find('-');
    const std::size_t end = begin == std::string_view::npos ? begin : value.find('-', begin + 1);
    if (end == std::string_view::npos) return {};
    const auto bytes = decoded_base64(value.substr(begin + 1, end - begin - 1));
    return bytes ? trace_id(*bytes) : std::string();
  }
  return {};
}

std::string span_id(std::string_view text) { return normal_id(text, kSpanDigits); }

}  // namespace culprit
