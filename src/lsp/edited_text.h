// A document as it is being edited, and where the lines of its recorded version are now.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/params.h"

namespace culprit::lsp {

// Lines without their ends (LF, CRLF, CR); one more than there are line ends.
[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);

// UTF-16 units of UTF-8 text.
[[nodiscard]] std::uint32_t utf16_length(std::string_view utf8);

class EditedText {
 public:
  // `recorded` is the version that line numbers of the runs speak of, `now` what the editor shows.
  EditedText(std::string_view recorded, std::string_view now);

  // The edit of a `didChange`; positions beyond the text or a line are taken for its end.
  void replace(const Range& range, std::string_view text);
  void replace_all(std::string_view text);
  // From here on, the recorded version is this one.
  void rebase(std::string_view recorded);

  // Where line `recorded` (1-based) is now (0-based); nullopt: edited or gone.
  [[nodiscard]] std::optional<std::uint32_t> now(std::uint32_t recorded) const;
  // The recorded number (1-based) of line `now` (0-based); 0: it is new or edited.
  [[nodiscard]] std::uint32_t recorded(std::uint32_t now) const;

  [[nodiscard]] bool edited() const { return lines_ != recorded_; }

  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  // Lines [first, end) become `fresh`. Equal lines at both ends of the edit keep their numbers.
  void replace_lines(std::size_t first, std::size_t end, std::vector<std::string> fresh);
  // Lines that an undo brought back get their numbers back.
  void restore(std::size_t first, std::size_t end);

  std::vector<std::string> recorded_;
  std::vector<std::string> lines_;
  std::vector<std::uint32_t> numbers_;  // recorded number of each line; rising, 0 aside
};

}  // namespace culprit::lsp
