// Messages of the Language Server Protocol on a stream of bytes: a header with the length, a blank
// line, the JSON text.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "culprit/error.h"

namespace culprit::lsp {

// Where bytes come from: fills at most `most` bytes, 0 at the end.
using ByteSource = std::function<std::size_t(char* into, std::size_t most)>;

class FrameReader {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // of one message
  static constexpr std::size_t kMostHeaderBytes = std::size_t{8} << 10;

  explicit FrameReader(ByteSource source) : source_(std::move(source)) {}

  // The next message; nullopt at the end of the stream. After an error (no usable header, a message
  // above kMostBytes, an end within a message) reading goes on with what follows.
  [[nodiscard]] std::optional<Result<std::string>> next();

 private:
  // A header line without its end; nullopt at the end of the stream. What exceeds kMostHeaderBytes
  // is cut.
  std::optional<std::string> header_line();
  std::optional<char> byte();
  // Takes `count` bytes, and keeps them where `into` is given. False: the stream ended.
  bool take(std::size_t count, std::string* into);

  ByteSource source_;
  std::string buffer_;
  std::size_t position_ = 0;
};

// The message with its header.
[[nodiscard]] std::string framed(std::string_view message);

}  // namespace culprit::lsp
