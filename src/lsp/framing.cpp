#include "lsp/framing.h"

#include <algorithm>

#include "base/text.h"

namespace culprit::lsp {

namespace {

Error header_error(std::string what) {
  return error_in("message header", std::move(what), "a message begins `Content-Length: BYTES`");
}

}  // namespace

std::optional<char> FrameReader::byte() {
  if (position_ == buffer_.size()) {
    buffer_.resize(std::size_t{64} << 10);
    buffer_.resize(source_(buffer_.data(), buffer_.size()));
    position_ = 0;
    if (buffer_.empty()) return std::nullopt;
  }
  return buffer_[position_++];
}

bool FrameReader::take(std::size_t count, std::string* into) {
  while (count != 0) {
    const auto first = byte();
    if (!first) return false;
    --position_;
    const std::size_t part = std::min(count, buffer_.size() - position_);
    if (into != nullptr) into->append(buffer_, position_, part);
    position_ += part;
    count -= part;
  }
  return true;
}

std::optional<std::string> FrameReader::header_line() {
  std::string line;
  while (const auto next = byte()) {
    if (*next == '\n') {
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    if (line.size() < kMostHeaderBytes) line += *next;
  }
  return line.empty() ? std::nullopt : std::optional(line);
}

std::optional<Result<std::string>> FrameReader::next() {
  std::optional<std::uint64_t> length;
  std::optional<Error> problem;
  bool begun = false;
  while (true) {
    const auto line = header_line();
    if (!line) {
      if (!begun) return std::nullopt;
      return fail(problem.value_or(header_error("ends before its blank line")));
    }
    if (line->empty()) {
      if (begun) break;
      continue;  // blank lines between messages
    }
    begun = true;
    const std::size_t colon = line->find(':');
    const std::string_view name = std::string_view(*line).substr(0, colon);
    if (colon == std::string::npos) {
      problem = header_error("`" + printable(*line) + "` is no header field");
    } else if (equal_ignoring_case(name, "Content-Length")) {
      length = parse_u64(trim(std::string_view(*line).substr(colon + 1)));
      if (!length) problem = header_error("`" + printable(*line) + "` gives no length");
    }
  }
  if (problem) return fail(*problem);
  if (!length) return fail(header_error("has no Content-Length"));
  if (*length > kMostBytes) {
    take(*length, nullptr);
    return fail(error_in("message", "has " + std::to_string(*length) + " bytes; " +
                                        std::to_string(kMostBytes) + " are the most"));
  }
  std::string message;
  if (!take(*length, &message)) {
    return fail(error_in("message", "ends after " + std::to_string(message.size()) + " of " +
                                        std::to_string(*length) + " bytes"));
  }
  return message;
}

std::string framed(std::string_view message) {
  return "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + std::string(message);
}

}  // namespace culprit::lsp
