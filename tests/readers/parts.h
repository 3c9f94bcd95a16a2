// A text that comes so many bytes at a time, for readers that stream.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/input.h"

namespace culprit {

class Parts final : public TextStream {
 public:
  Parts(std::string_view text, std::size_t bytes) : rest_(text), bytes_(bytes) {}

  Result<bool> read_more(std::string& text, std::size_t max_bytes) override {
    const std::string_view part = rest_.substr(0, std::min(max_bytes, bytes_));
    text += part;
    rest_.remove_prefix(part.size());
    return !part.empty();
  }
  [[nodiscard]] std::size_t part_bytes() const override { return bytes_; }

 private:
  std::string_view rest_;
  std::size_t bytes_;
};

}  // namespace culprit
