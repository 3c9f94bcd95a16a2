#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

namespace culprit {

namespace {

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Length of the valid UTF-8 sequence at the start of `text`, which is not empty; 0: none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 && first < 0xf5   ? 4
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xc2 && first < 0xe0 ? 2
                                                             : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool beyond = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return overlong || beyond ? 0 : length;
}

// Control characters beyond ASCII, and those that turn the direction of writing: a terminal may act
// on them.
bool is_invisible(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
  if (sequence.size() != 3 || byte(0) != 0xe2) return false;
  return (byte(1) == 0x80 &&
          (byte(2) == 0x8e || byte(2) == 0x8f || (byte(2) >= 0xa8 && byte(2) <= 0xae))) ||
         (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9);
}

bool is_control(char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; }

// Edits that turn one text into the other; swapped neighbours are one edit.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  const auto same = [&](std::size_t i, std::size_t j) {
    return lower_ascii(a[i]) == lower_ascii(b[j]);
  };
  for (std::size_t i = 0; i < a.size(); ++i) {
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({last[j] + (same(i, j) ? 0 : 1), last[j + 1] + 1, row[j] + 1});
      if (i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j)) {
        row[j + 1] = std::min(row[j + 1], before_last[j - 1] + 1);
      }
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last.back();
}

}  // namespace

std::optional<std::uint64_t> parse_u64(std::string_view text) {
  return parse_whole<std::uint64_t>(text);
}
std::optional<std::int64_t> parse_i64(std::string_view text) {
  return parse_whole<std::int64_t>(text);
}

std::optional<double> parse_double(std::string_view text) {
  const auto value = parse_whole<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

bool consists_of(std::string_view text, std::string_view characters) {
  std::array<std::uint64_t, 4> known{};
  for (const char c : characters) {
    const auto byte = static_cast<unsigned char>(c);
    known[byte / 64] |= std::uint64_t{1} << byte % 64;
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (known[byte / 64] >> byte % 64 & 1) != 0;
  });
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_ascii);
  return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

bool natural_less(std::string_view a, std::string_view b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (!digit(a[i]) || !digit(b[j])) {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i, ++j;
      continue;
    }
    const auto number = [&](std::string_view text, std::size_t& at) {
      while (at + 1 < text.size() && text[at] == '0' && digit(text[at + 1])) ++at;
      const std::size_t start = at;
      while (at < text.size() && digit(text[at])) ++at;
      return text.substr(start, at - start);
    };
    const std::string_view left = number(a, i);
    const std::string_view right = number(b, j);
    if (left.size() != right.size()) return left.size() < right.size();
    if (left != right) return left < right;
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;  // "t02" and "t2"
}

std::string clean_path(std::string_view path) {
  std::string result;
  result.reserve(path.size());
  for (char c : path) {
    if (c == '\\') c = '/';
    if (c == '/' && result.ends_with('/')) continue;
    result += c;
    if (result == "./" || result.ends_with("/./")) result.resize(result.size() - 2);
  }
  return result;
}

bool climbs(std::string_view path) {
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (path.substr(at, end - at) == "..") return true;
    at = end + 1;
  }
  return false;
}

bool matches_glob(std::string_view text, std::string_view pattern) {
  // On a mismatch only the last `*` needs to take one character more.
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      star_text = at;
    } else if (in_pattern < pattern.size() &&
               (pattern[in_pattern] == '?' || pattern[in_pattern] == text[at])) {
      ++at;
      ++in_pattern;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.substr(in_pattern).find_first_not_of('*') == std::string_view::npos;
}

std::size_t find_bad_utf8(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const std::size_t length = sequence_length(text.substr(from));
    if (length == 0) return from;
    from += length;
  }
  return std::string_view::npos;
}

bool ends_with_path(std::string_view path, std::string_view tail) {
  return path == tail || (path.size() > tail.size() && path.ends_with(tail) &&
                          path[path.size() - tail.size() - 1] == '/');
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = is_control(text.front()) ? 0 : sequence_length(text);
    if (result.size() + std::max<std::size_t>(length, 1) > max_bytes) return result + "...";
    if (length == 0 || is_invisible(text.substr(0, length))) {
      result += '?';
      text.remove_prefix(std::max<std::size_t>(length, 1));
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result;
}

std::string shell_quoted(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:+,@%").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  // What a terminal should not get is spelt out, in the quotes bash, zsh and ksh have for that.
  const bool spell = printable(text, text.size()) != text;
  std::string result = spell ? "$'" : "'";
  for (const char c : text) {
    if (spell && (c < ' ' || c > '~')) {
      constexpr std::string_view kHex = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      result += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else if (c == '\'') {
      result += spell ? "\\'" : "'\\''";
    } else if (spell && c == '\\') {
      result += "\\\\";
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string result;
  for (const char c : trim(text)) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank || !result.ends_with(' ')) result += blank ? ' ' : c;
  }
  return printable(result, max_bytes);
}

LineReader::LineReader(const Input& input) : input_(input) {
  if (input.bytes.starts_with("\xef\xbb\xbf")) position_ = 3;
}

std::optional<std::string_view> LineReader::next() {
  if (position_ >= input_.bytes.size()) return std::nullopt;
  const std::size_t end = input_.bytes.find('\n', position_);
  unterminated_ = end == std::string_view::npos;
  line_ = input_.bytes.substr(position_, unterminated_ ? std::string_view::npos : end - position_);
  while (line_.ends_with('\r')) line_.remove_suffix(1);
  position_ = unterminated_ ? input_.bytes.size() : end + 1;
  ++number_;
  return line_;
}

Error LineReader::error(std::string_view at, std::string what, std::string hint) const {
  // A caller may hand over text that is not a part of the line; then the whole line is meant.
  const bool inside =
      !line_.empty() && at.data() >= line_.data() && at.data() <= line_.data() + line_.size();
  const char* position = inside ? at.data() : line_.data();
  const auto line_offset =
      line_.data() == nullptr ? std::ptrdiff_t{0} : line_.data() - input_.bytes.data();
  const std::size_t column = inside ? static_cast<std::size_t>(position - line_.data()) : 0;
  Error error = error_at(input_.path, line_, column, std::move(what), std::move(hint));
  error.place.line = number_;
  if (number_ == 1 && line_offset > 0) error.place.column += static_cast<std::size_t>(line_offset);
  return error;
}

std::string plural(std::size_t n, std::string_view noun) {
  return std::to_string(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& candidates) {
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.empty()) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace culprit
