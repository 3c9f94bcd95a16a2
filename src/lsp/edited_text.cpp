#include "lsp/edited_text.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace culprit::lsp {

namespace {

// Bytes of the UTF-8 sequence that begins with `lead`; 1 for what begins none.
std::size_t sequence_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte >= 0xF0) return 4;
  if (byte >= 0xE0) return 3;
  return byte >= 0xC0 ? 2 : 1;
}

// Offset of the UTF-16 unit `character` of `line`, which ends at most at its end.
std::size_t byte_offset(std::string_view line, std::uint32_t character) {
  std::size_t at = 0;
  for (std::uint32_t units = 0; units < character && at < line.size();) {
    const std::size_t bytes = sequence_bytes(line[at]);
    units += bytes == 4 ? 2 : 1;
    at = std::min(at + bytes, line.size());
  }
  return at;
}

}  // namespace

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' || text[i] == '\n') {
      if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      lines.emplace_back();
    } else {
      lines.back() += text[i];
    }
  }
  return lines;
}

std::uint32_t utf16_length(std::string_view utf8) {
  std::uint32_t units = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t bytes = sequence_bytes(utf8[at]);
    units += bytes == 4 ? 2 : 1;
    at += bytes;
  }
  return units;
}

EditedText::EditedText(std::string_view recorded, std::string_view now) {
  rebase(recorded);
  replace_all(now);
}

void EditedText::rebase(std::string_view recorded) {
  std::vector<std::string> shown = std::exchange(lines_, split_lines(recorded));
  recorded_ = lines_;
  numbers_.resize(lines_.size());
  std::iota(numbers_.begin(), numbers_.end(), 1U);
  if (!shown.empty()) replace_lines(0, lines_.size(), std::move(shown));
}

void EditedText::replace_all(std::string_view text) {
  replace_lines(0, lines_.size(), split_lines(text));
}

void EditedText::replace(const Range& range, std::string_view text) {
  const std::size_t last = lines_.size() - 1;
  const std::size_t first = std::min<std::size_t>(range.start.line, last);
  const std::size_t end = std::min<std::size_t>(range.end.line, last);
  const std::string& head = lines_[first];
  const std::string& tail = lines_[end];
  const std::size_t from =
      range.start.line > last ? head.size() : byte_offset(head, range.start.character);
  const std::size_t to =
      range.end.line > last ? tail.size() : byte_offset(tail, range.end.character);
  std::vector<std::string> fresh = split_lines(text);
  fresh.front().insert(0, head, 0, from);
  fresh.back().append(tail, to);
  replace_lines(first, end + 1, std::move(fresh));
}

void EditedText::replace_lines(std::size_t first, std::size_t end, std::vector<std::string> fresh) {
  const std::size_t count = end - first;
  const std::size_t common = std::min(count, fresh.size());
  std::size_t head = 0;
  while (head < common && lines_[first + head] == fresh[head]) ++head;
  std::size_t tail = 0;
  while (tail < common - head && lines_[end - 1 - tail] == fresh[fresh.size() - 1 - tail]) ++tail;
  const auto at = [&](auto& list, std::size_t index) {
    return list.begin() + static_cast<std::ptrdiff_t>(index);
  };
  const std::size_t edited = fresh.size() - head - tail;
  lines_.erase(at(lines_, first + head), at(lines_, end - tail));
  lines_.insert(at(lines_, first + head), std::make_move_iterator(at(fresh, head)),
                std::make_move_iterator(at(fresh, head + edited)));
  numbers_.erase(at(numbers_, first + head), at(numbers_, end - tail));
  numbers_.insert(at(numbers_, first + head), edited, 0U);
  restore(first + head, first + head + edited);
}

void EditedText::restore(std::size_t first, std::size_t end) {
  while (first > 0 && numbers_[first - 1] == 0) --first;
  while (end < numbers_.size() && numbers_[end] == 0) ++end;
  const std::size_t before = first == 0 ? 0 : numbers_[first - 1];
  const std::size_t after = end == numbers_.size() ? recorded_.size() + 1 : numbers_[end];
  const auto is = [&](std::size_t line, std::size_t number) {
    return lines_[line] == recorded_[number - 1];
  };
  const std::size_t count = end - first;
  const std::size_t missing = after - before - 1;
  if (count == missing) {
    for (std::size_t i = 0; i < count; ++i) {
      if (is(first + i, before + 1 + i)) {
        numbers_[first + i] = static_cast<std::uint32_t>(before + 1 + i);
      }
    }
    return;
  }
  // Lines were added or taken away here: only the ends of the gap tell.
  const std::size_t common = std::min(count, missing);
  std::size_t head = 0;
  for (; head < common && is(first + head, before + 1 + head); ++head) {
    numbers_[first + head] = static_cast<std::uint32_t>(before + 1 + head);
  }
  for (std::size_t tail = 1; tail <= common - head && is(end - tail, after - tail); ++tail) {
    numbers_[end - tail] = static_cast<std::uint32_t>(after - tail);
  }
}

std::optional<std::uint32_t> EditedText::now(std::uint32_t recorded) const {
  if (recorded == 0) return std::nullopt;
  const auto found = std::find(numbers_.begin(), numbers_.end(), recorded);
  if (found == numbers_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - numbers_.begin());
}

std::uint32_t EditedText::recorded(std::uint32_t now) const {
  return now < numbers_.size() ? numbers_[now] : 0;
}

}  // namespace culprit::lsp
