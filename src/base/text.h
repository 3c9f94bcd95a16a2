// Checked reading of text: lines with their places, and numbers that are either right or an
// absence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

// The whole of `text` as a number; nullopt on anything else, on overflow too. No locale, no leading
// `+` or blanks.
[[nodiscard]] std::optional<std::uint64_t> parse_u64(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> parse_i64(std::string_view text);
[[nodiscard]] std::optional<double> parse_double(std::string_view text);  // finite only

inline constexpr std::string_view kDigits = "0123456789";
inline constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
// Whether `text` has characters, and none but these.
[[nodiscard]] bool consists_of(std::string_view text, std::string_view characters);

[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

// Natural order: runs of digits compare as numbers, "t2" before "t10". A total order: equal only
// when the texts are.
[[nodiscard]] bool natural_less(std::string_view a, std::string_view b);

// A source path as reports spell it: `\` becomes `/`, leading `./` and doubled `/` go.
[[nodiscard]] std::string clean_path(std::string_view path);

// Whether a folder of `path` is `..`.
[[nodiscard]] bool climbs(std::string_view path);

// Whether `text` matches the glob `pattern`: `*` stands for any text, `?` for one character.
[[nodiscard]] bool matches_glob(std::string_view text, std::string_view pattern);

// Offset of the first byte, from `from` on, that belongs to no valid UTF-8 sequence; npos: none.
[[nodiscard]] std::size_t find_bad_utf8(std::string_view text, std::size_t from = 0);

// Whether `tail` is `path` or its end from a folder's border on: "src/a.cc" of "/home/me/src/a.cc".
[[nodiscard]] bool ends_with_path(std::string_view path, std::string_view tail);

// For messages: bytes that are not printable ASCII or valid UTF-8 become `?`, long text is cut.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes = 120);

// The same for text of several lines: every run of blanks and line ends becomes one blank.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t max_bytes = 120);

// `text` as one word of a shell command, quoted where it has to be.
[[nodiscard]] std::string shell_quoted(std::string_view text);

// The lines of an input without their ends (LF, CRLF, CRCRLF). A UTF-8 byte order mark is skipped.
//     LineReader lines(input);
//     while (auto line = lines.next()) ...
class LineReader {
 public:
  explicit LineReader(const Input& input);

  [[nodiscard]] std::optional<std::string_view> next();
  // 1-based number of the line last returned.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  // The last line ended without a line end: a file cut short ends so.
  [[nodiscard]] bool unterminated() const { return unterminated_; }
  // An error in the line last returned; `at` points into it.
  [[nodiscard]] Error error(std::string_view at, std::string what, std::string hint = {}) const;

 private:
  const Input& input_;
  std::size_t position_ = 0;
  std::string_view line_;
  std::uint64_t number_ = 0;
  bool unterminated_ = false;
};

// "1 run", "2 runs".
[[nodiscard]] std::string plural(std::size_t n, std::string_view noun);

// The candidate nearest to `word` (edit distance at most a third of its length), for "did you
// mean".
[[nodiscard]] std::optional<std::string_view> nearest(
    std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace culprit
