#include "readers/json_walk.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "readers/json_fields.h"

namespace culprit {

namespace {

// Which of the 16 bytes at `at` mean something to the walk: quotes, backslashes and brackets of
// both kinds, a bit each. Most of a trace file is walked over, and few of its bytes are any of
// these.
constexpr std::size_t kBlock = 16;
#if defined(__SSE2__)
unsigned stops_in_block(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  // Braces are brackets with one bit more; so is a bar with a backslash, which is looked at in
  // vain.
  const __m128i folded = _mm_andnot_si128(_mm_set1_epi8('{' ^ '['), bytes);
  const __m128i brackets = _mm_and_si128(_mm_cmpgt_epi8(folded, _mm_set1_epi8('[' - 1)),
                                         _mm_cmplt_epi8(folded, _mm_set1_epi8(']' + 1)));
  const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(brackets, quotes)));
}
#else
unsigned stops_in_block(const char*) { return (1U << kBlock) - 1; }
#endif

// Follows brackets from the one at the start on, strings aside.
class BracketWalk {
 public:
  // `open`: so many are open before the start. Deeper than kMaxJsonDepth is noted.
  explicit BracketWalk(std::size_t open) : open_(open) {}

  // Takes the bytes up to the bracket that closes the first one; false: the end came before.
  bool run(const char* begin, const char* end) {
    at_ = begin;
    for (; end - at_ >= static_cast<std::ptrdiff_t>(kBlock); at_ += kBlock) {
      unsigned stops = stops_in_block(at_);
      if (escaped_) stops &= ~1U;
      escaped_ = false;
      for (; stops != 0; stops &= stops - 1) {
        const auto offset = static_cast<unsigned>(std::countr_zero(stops));
        if (take(at_ + offset)) return true;
        if (!escaped_) continue;
        if (offset + 1 == kBlock) break;
        stops &= ~(2U << offset);
        escaped_ = false;
      }
    }
    for (; at_ < end; ++at_) {
      if (std::exchange(escaped_, false)) continue;
      if (take(at_)) return true;
    }
    return false;
  }
  [[nodiscard]] const char* behind() const { return closed_ + 1; }
  [[nodiscard]] const char* deep() const { return deep_; }  // null: nowhere

 private:
  // True: it closes the first one.
  bool take(const char* at) {
    const char c = *at;
    if (c == '"') {
      in_string_ = !in_string_;
    } else if (in_string_) {
      escaped_ = c == '\\';
    } else if (c == '{' || c == '[') {
      if (open_ + ++depth_ > kMaxJsonDepth && deep_ == nullptr) deep_ = at;
    } else if (c == '}' || c == ']') {
      closed_ = at;
      return --depth_ == 0;
    }
    return false;
  }

  std::size_t open_;
  std::size_t depth_ = 0;
  const char* at_ = nullptr;
  const char* closed_ = nullptr;
  const char* deep_ = nullptr;
  bool in_string_ = false;
  bool escaped_ = false;  // the byte that follows
};

// Behind the string that begins at `at`; npos: it does not end.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (std::size_t end = text.find('"', at + 1); end != std::string_view::npos;
       end = text.find('"', end + 1)) {
    std::size_t slashes = 0;
    while (text[end - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return end + 1;
  }
  return std::string_view::npos;
}

}  // namespace

char JsonWalk::peek() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return c;
    ++position_;
  }
  return '\0';
}

std::string_view JsonWalk::list_named(std::string_view key) const {
  const auto list = std::find(lists_.begin(), lists_.end(), key);
  return list == lists_.end() ? std::string_view() : *list;
}

void JsonWalk::save() {
  saved_position_ = position_;
  saved_frames_ = frames_;
  saved_started_ = started_;
  ran_out_ = false;
}

void JsonWalk::resume(std::string_view text) {
  text_ = text;
  position_ = 0;
  frames_ = saved_frames_;
  started_ = saved_started_;
  problem_.reset();
  ran_out_ = false;
}

bool JsonWalk::skip_string() {
  position_ = std::min(end_of_string(text_, position_), text_.size() + 1);
  if (position_ <= text_.size()) return true;
  position_ = text_.size();
  ran_out_ = true;
  return false;
}

JsonWalk::Skipped JsonWalk::skip_value(std::size_t levels) {
  Skipped skipped;
  const char first = peek();
  if (first == '"') {
    skipped.complete = skip_string();
    return skipped;
  }
  if (first != '{' && first != '[') {
    const std::size_t start = position_;
    position_ = std::min(text_.find_first_of(" \t\r\n,:]}", position_), text_.size());
    skipped.complete = position_ > start && position_ < text_.size();
    ran_out_ = ran_out_ || position_ == text_.size();
    return skipped;
  }
  BracketWalk walk(levels);
  const char* const begin = text_.data() + position_;
  skipped.complete = walk.run(begin, text_.data() + text_.size());
  if (walk.deep() != nullptr) {
    skipped.deep_at = position_ + static_cast<std::size_t>(walk.deep() - begin);
  }
  if (skipped.complete) {
    position_ += static_cast<std::size_t>(walk.behind() - begin);
    return skipped;
  }
  position_ = text_.size();
  ran_out_ = true;
  return skipped;
}

std::optional<std::string_view> JsonWalk::key() {
  if (peek() != '"') {
    fail_at(position_, "not valid JSON: a member's name should stand here");
    return std::nullopt;
  }
  const std::size_t open = position_;
  if (!skip_string()) {
    fail_cut_off();
    return std::nullopt;
  }
  const std::string_view name = text_.substr(open + 1, position_ - open - 2);
  if (const char colon = peek(); colon != ':') {
    colon == '\0' && position_ >= text_.size()
        ? fail_cut_off()
        : fail_at(position_, "not valid JSON: a colon should stand here");
    return std::nullopt;
  }
  ++position_;
  return name;
}

bool JsonWalk::step(Frame& frame) {
  char c = peek();
  if (position_ >= text_.size()) {
    fail_cut_off();
    return false;
  }
  const char closer = frame.is_object ? '}' : ']';
  if (c == closer) {
    ++position_;
    frames_.pop_back();
    return false;
  }
  if (!frame.is_empty) {
    if (c != ',') {
      fail_at(position_, "not valid JSON: a comma or the end of a list should stand here");
      return false;
    }
    ++position_;
    c = peek();
    if (position_ >= text_.size()) {
      fail_cut_off();
      return false;
    }
  }
  if (c == ',' || c == '}' || c == ']' || c == ':') {
    fail_at(position_, std::string("not valid JSON: unexpected '") + c + "'");
    return false;
  }
  frame.is_empty = false;
  return true;
}

// Whether the object at the position has a list. If not, the position is behind it.
bool JsonWalk::holds_list(std::size_t levels, Skipped& skipped) {
  const std::size_t start = position_;
  ++position_;
  const auto note = [&](const Skipped& value) {
    if (value.deep_at && !skipped.deep_at) skipped.deep_at = value.deep_at;
    return value.complete;
  };
  for (bool first = true;; first = false) {
    char c = peek();
    if (c == '}') {
      ++position_;
      skipped.complete = true;
      return false;
    }
    if (c == ',' && !first) {
      ++position_;
      c = peek();
    }
    const std::size_t open = position_;
    if (c != '"' || !skip_string()) break;
    const std::string_view name = text_.substr(open + 1, position_ - open - 2);
    if (peek() != ':') break;
    ++position_;
    const char value = peek();
    if ((value == '[' || value == '{') && !list_named(name).empty()) {
      position_ = start;
      return true;
    }
    if (!note(skip_value(levels))) break;
  }
  // What is no object as it should be is for the parser to judge, as far as its brackets tell.
  position_ = start;
  skipped.complete = note(skip_value(levels - 1));
  return false;
}

std::optional<JsonWalk::Row> JsonWalk::enter(std::string_view name) {
  const char c = peek();
  const std::size_t start = position_;
  const std::size_t levels = frames_.size();
  if (c == '[' || c == '{') {
    if (levels >= kMaxJsonDepth) {
      fail_at(position_, too_deep_message());
      return std::nullopt;
    }
  }
  Skipped skipped;
  if (c == '[' || (c == '{' && holds_list(levels + 1, skipped))) {
    ++position_;
    frames_.push_back({c == '{', true, name});
    return std::nullopt;
  }
  if (c != '{') skipped = skip_value(levels);
  if (!skipped.complete) {
    if (skipped.deep_at) {
      fail_at(*skipped.deep_at, too_deep_message());
    } else {
      fail_cut_off();
    }
    return std::nullopt;
  }
  return Row{text_.substr(start, position_ - start), name, levels,
             skipped.deep_at ? text_.substr(*skipped.deep_at) : std::string_view()};
}

std::optional<JsonWalk::Row> JsonWalk::next() {
  save();
  if (!started_) {
    started_ = true;
    if (auto row = enter({})) return row;
  }
  while (!frames_.empty() && !problem_) {
    save();
    if (!step(frames_.back())) continue;
    const Frame frame = frames_.back();
    if (!frame.is_object) {
      if (auto row = enter(frame.name)) return row;
      continue;
    }
    const auto name = key();
    if (!name) break;
    const char value = peek();
    const std::string_view list = list_named(*name);
    if ((value == '[' || value == '{') && !list.empty()) {
      if (auto row = enter(list)) return row;
      continue;
    }
    const Skipped skipped = skip_value(frames_.size());
    if (skipped.deep_at) {
      fail_at(*skipped.deep_at, too_deep_message());
    } else if (!skipped.complete) {
      fail_cut_off();
    }
  }
  return std::nullopt;
}

void JsonWalk::fail_at(std::size_t offset, std::string what) {
  if (!problem_) problem_ = Problem{offset, std::move(what)};
}

void JsonWalk::fail_cut_off() {
  ran_out_ = true;
  const std::size_t last = text_.find_last_not_of(" \t\r\n");
  const std::size_t open = frames_.size();
  fail_at(last + 1, "the JSON document is cut off: " +
                        (open == 0 ? std::string("its end is missing")
                                   : std::to_string(open) + " or more objects and arrays are not "
                                                            "closed"));
}

std::string without_reference_spans(std::string_view json) {
  // For each open object and array: whether it is an element of "references".
  std::vector<bool> in_references;
  std::string result;
  std::string_view last_key;
  std::string_view array_key;  // of the array opened last
  std::size_t copied = 0;
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t end = end_of_string(json, at);
      if (end == std::string_view::npos) break;
      const std::size_t colon = json.find_first_not_of(" \t\r\n", end);
      if (colon == std::string_view::npos || json[colon] != ':') {
        at = end;
        continue;
      }
      last_key = json.substr(at + 1, end - at - 2);
      at = colon + 1;
      const std::size_t value = json.find_first_not_of(" \t\r\n", at);
      if (last_key != "span" || in_references.empty() || !in_references.back() ||
          value == std::string_view::npos || json[value] != '{') {
        continue;
      }
      result.append(json.substr(copied, at - copied)).append("null");
      std::size_t depth = 0;
      for (at = value; at < json.size();) {
        if (json[at] == '"') {
          const std::size_t behind = end_of_string(json, at);
          if (behind == std::string_view::npos) return result;
          at = behind;
          continue;
        }
        if (json[at] == '{' || json[at] == '[') ++depth;
        const bool closes = json[at] == '}' || json[at] == ']';
        ++at;
        if (closes && --depth == 0) break;
      }
      copied = at;
      continue;
    }
    if (c == '[') {
      array_key = last_key;
      in_references.push_back(false);
    } else if (c == '{') {
      // Only an object right inside of the array is an element of it.
      in_references.push_back(array_key == "references");
      array_key = {};
    } else if (c == '}' || c == ']') {
      const bool was_element = !in_references.empty() && in_references.back();
      if (!in_references.empty()) in_references.pop_back();
      array_key = was_element && c == '}' ? std::string_view("references") : std::string_view();
      last_key = {};
    }
    ++at;
  }
  return result.append(json.substr(std::min(copied, json.size())));
}

}  // namespace culprit
