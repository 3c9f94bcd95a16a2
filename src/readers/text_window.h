// The part of a file that is in memory: all of it, or of a large one a part that grows at its end
// and is let go at its start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

class TextWindow {
 public:
  // More than this is kept of no file: one record of it is larger.
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

  // `input` must outlive it.
  explicit TextWindow(const Input& input);

  // Good until the next read_more(); offsets below are offsets into it.
  [[nodiscard]] std::string_view text() const {
    return streams_ ? std::string_view(kept_) : input_.bytes;
  }
  [[nodiscard]] std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text().data());
  }
  // Reads on, at least as much as is kept, and lets go of what lies before `keep`. False: nothing
  // came and nothing went, as the file is over, or damaged, which damage() then tells.
  [[nodiscard]] bool read_more(std::size_t keep);
  [[nodiscard]] const std::optional<Error>& damage() const { return damage_; }

  [[nodiscard]] std::string_view path() const { return input_.path; }
  // Of the whole file.
  [[nodiscard]] std::uint64_t position_of(std::size_t offset) const { return let_go_ + offset; }
  // Whether the text from the position `from` of the file up to `to` is on one line, and not gone.
  [[nodiscard]] bool on_one_line(std::uint64_t from, std::size_t to) const;
  [[nodiscard]] Error error_at(std::size_t offset, std::string what, std::string hint = {}) const;

 private:
  const Input& input_;
  bool streams_;
  bool is_over_ = false;
  std::string kept_;
  // What was let go: its bytes, its line ends, and what follows the last of them.
  std::uint64_t let_go_ = 0;
  std::uint64_t lines_ = 0;
  std::uint64_t columns_ = 0;
  std::optional<Error> damage_;
};

}  // namespace culprit
