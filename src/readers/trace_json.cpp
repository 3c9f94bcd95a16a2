#include "readers/trace_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "base/text.h"

namespace culprit {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 256;
constexpr std::size_t kWarningsOfAKind = 3;
constexpr std::string_view kBlank = " \t\r\n";

// Tells how far the parser has read: its events carry no position.
class CountedBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountedBytes(const char* at, const char** progress) : at_(at), progress_(progress) {}

  reference operator*() const { return *at_; }
  CountedBytes& operator++() {
    *progress_ = ++at_;
    return *this;
  }
  CountedBytes operator++(int) {
    CountedBytes before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountedBytes& other) const { return at_ == other.at_; }
  bool operator!=(const CountedBytes& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** progress_;
};

// Builds the document from the parser's events.
class DocumentBuilder final : public nlohmann::json_sax<Json> {
 public:
  DocumentBuilder(const char* begin, const char* const& progress)
      : begin_(begin), progress_(progress) {}

  Json document;
  std::string problem;  // empty: none
  std::size_t problem_offset = 0;

  bool null() override { return value(nullptr); }
  bool boolean(bool v) override { return value(v); }
  bool number_integer(number_integer_t v) override { return value(v); }
  bool number_unsigned(number_unsigned_t v) override { return value(v); }
  bool number_float(number_float_t v, const string_t&) override { return value(v); }
  bool string(string_t& v) override { return value(std::move(v)); }
  bool binary(binary_t&) override { return false; }

  bool key(string_t& name) override {
    if (skipped_levels_ > 0) return true;
    if (frames_.back().element_of == "references" && name == "span") {
      skip_next_ = true;
    } else {
      key_ = std::move(name);
    }
    return true;
  }
  bool start_object(std::size_t) override { return start(Json::object()); }
  bool start_array(std::size_t) override { return start(Json::array()); }
  bool end_object() override {
    if (skipped_levels_ > 0) return end_skipped();
    const Frame& frame = frames_.back();
    if (frame.element_of == "spans") (*frame.container)[kOffsetMember] = frame.offset;
    frames_.pop_back();
    return true;
  }
  bool end_array() override {
    if (skipped_levels_ > 0) return end_skipped();
    frames_.pop_back();
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    std::string_view what = error.what();
    // "[json.exception...] parse error at line 1, column 2: syntax error while ... - unexpected x"
    what.remove_prefix(std::min(what.find(']') + 1, what.size()));
    if (const auto tail = what.find(" - "); tail != std::string_view::npos) {
      what.remove_prefix(tail + 3);
    } else if (const auto colon = what.find(": "); colon != std::string_view::npos) {
      what.remove_prefix(colon + 2);
    }
    problem = "not valid JSON: " + printable(what, 200);
    problem_offset = static_cast<std::size_t>(progress_ - begin_);
    if (what.find("unexpected end of input") != std::string_view::npos ||
        what.find("missing closing quote") != std::string_view::npos) {
      problem = "the JSON document is cut off: " + std::to_string(frames_.size()) +
                " objects and arrays are not closed";
    } else if (problem_offset > 0) {
      --problem_offset;  // the parser stands behind the byte it minds
    }
    return false;
  }

 private:
  struct Frame {
    Json* container;
    std::string name;        // the member of an object that holds this container, if one does
    std::string element_of;  // the name of the array that holds it, if one does
    std::size_t offset;
  };

  bool value(Json&& v) {
    if (skipped_levels_ > 0) return true;
    if (skip_next_) {
      skip_next_ = false;
      return true;
    }
    place(std::move(v));
    return true;
  }

  bool start(Json&& empty) {
    if (skip_next_ || skipped_levels_ > 0) {
      skip_next_ = false;
      ++skipped_levels_;
      return true;
    }
    const auto offset = static_cast<std::size_t>(progress_ - begin_) - 1;
    if (frames_.size() >= kMaxDepth) {
      problem = "JSON nests more than " + std::to_string(kMaxDepth) + " deep";
      problem_offset = offset;
      return false;
    }
    Frame frame{nullptr, {}, {}, offset};
    if (!frames_.empty()) {
      const Frame& parent = frames_.back();
      if (parent.container->is_array()) {
        frame.element_of = parent.name;
      } else {
        frame.name = key_;
      }
    }
    frame.container = place(std::move(empty));
    frames_.push_back(std::move(frame));
    return true;
  }

  bool end_skipped() {
    --skipped_levels_;
    return true;
  }

  // Pointers to a container stay good while it is open: nothing is added to its parent meanwhile.
  Json* place(Json&& v) {
    if (frames_.empty()) {
      document = std::move(v);
      return &document;
    }
    Json& parent = *frames_.back().container;
    if (parent.is_array()) {
      parent.push_back(std::move(v));
      return &parent.back();
    }
    Json& slot = parent[key_];
    slot = std::move(v);
    return &slot;
  }

  const char* begin_;
  const char* const& progress_;
  std::vector<Frame> frames_;
  std::string key_;
  bool skip_next_ = false;
  std::size_t skipped_levels_ = 0;
};

// Length of the valid UTF-8 sequence at `at`; 0: none.
std::size_t sequence_length(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 && first < 0xf5   ? 4
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xc2 && first < 0xe0 ? 2
                                                             : 0;
  if (length == 0 || bytes.size() - at < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(at + 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool beyond = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return overlong || beyond ? 0 : length;
}

// `bytes`, or in `copy` the same with `?` for every byte that is not UTF-8: offsets stay.
std::string_view as_utf8(std::string_view bytes, std::string& copy, SpanIntake& intake) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t length = sequence_length(bytes, at);
    if (length == 0) {
      if (copy.empty()) {
        copy = bytes;
        intake.warn("not UTF-8", at, "bytes that are not UTF-8 are read as `?`");
      }
      copy[at] = '?';
    }
    at += std::max<std::size_t>(length, 1);
  }
  return copy.empty() ? bytes : std::string_view(copy);
}

}  // namespace

void SpanIntake::take(Span&& span, std::int64_t duration_ns, std::size_t offset) {
  if (duration_ns < 0) {
    warn("negative durations", offset, "the span ends before it starts; its duration is read as 0");
    duration_ns = 0;
  }
  span.duration_ns = duration_ns;
  const std::string key =
      span.trace + ' ' + span.id + ' ' + std::to_string(static_cast<int>(span.kind));
  const std::size_t content =
      std::hash<std::string>()(span.service + '\n' + span.operation + '\n' + span.parent + '\n' +
                               std::to_string(span.start_ns) + ' ' + std::to_string(duration_ns));
  const auto [known, is_new] = seen_.emplace(key, content);
  if (is_new) {
    sink_.span(std::move(span));
  } else if (known->second != content) {
    warn("span ids used twice", offset,
         "another span of trace " + printable(span.trace) + " has the id " + printable(span.id) +
             "; this one is skipped");
  }
}

void SpanIntake::warn(std::string_view kind, std::size_t offset, std::string what,
                      std::string hint) {
  // Places are found by counting lines from the start of the file: only for warnings that are
  // shown.
  const auto known = warnings_.find(kind);
  if (known != warnings_.end() && known->second >= kWarningsOfAKind) {
    ++known->second;
    return;
  }
  warn(kind, error_at(input_.path, input_.bytes, offset, std::move(what), std::move(hint)));
}

void SpanIntake::warn(std::string_view kind, Error error) {
  if (++warnings_[std::string(kind)] <= kWarningsOfAKind) sink_.warn(std::move(error));
}

void SpanIntake::finish() {
  for (const auto& [kind, count] : warnings_) {
    if (count > kWarningsOfAKind) {
      sink_.warn(error_in(input_.path,
                          kind + ": " + std::to_string(count - kWarningsOfAKind) + " further"));
    }
  }
}

Result<void> for_each_document(const Input& input, SpanIntake& intake,
                               const DocumentVisitor& visit) {
  std::string copy;
  const std::string_view bytes = as_utf8(input.bytes, copy, intake);
  const char* const begin = bytes.data();
  std::size_t position = bytes.starts_with("\xef\xbb\xbf") ? 3 : 0;
  bool first = true;
  while ((position = bytes.find_first_not_of(kBlank, position)) != std::string_view::npos) {
    const std::size_t start = position;
    Result<void> result;
    if (bytes[start] != '{' && bytes[start] != '[') {
      result = fail(error_at(input.path, bytes, start, "a JSON object or array should start here"));
    } else {
      const char* progress = begin + start;
      DocumentBuilder builder(begin, progress);
      const bool parsed = Json::sax_parse(CountedBytes(begin + start, &progress),
                                          CountedBytes(begin + bytes.size(), &progress), &builder,
                                          Json::input_format_t::json, /*strict=*/false);
      position = static_cast<std::size_t>(progress - begin);
      if (parsed) {
        result = visit(builder.document, start);
      } else {
        const std::size_t last = bytes.find_last_not_of(kBlank);
        result = fail(error_at(input.path, bytes, std::min(builder.problem_offset, last + 1),
                               std::move(builder.problem)));
        position = std::min(bytes.find('\n', start), bytes.size());
      }
    }
    if (!result) {
      if (first) return result;
      result.error().what += "; this record is skipped";
      intake.warn("unreadable records", std::move(result.error()));
      position = std::max(position, std::min(bytes.find('\n', start), bytes.size()));
    }
    first = false;
  }
  if (first) return fail(error_in(input.path, "the file is empty"));
  return {};
}

const Json* member(const Json& value, const char* key) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(key);
  return found == value.end() || found->is_null() ? nullptr : &*found;
}

const Json& elements(const Json& value, const char* key) {
  static const Json kNone = Json::array();
  const Json* found = member(value, key);
  return found != nullptr && found->is_array() ? *found : kNone;
}

std::string text_of(const Json* value) {
  if (value == nullptr) return {};
  if (value->is_string()) return value->get_ref<const std::string&>();
  if (value->is_number() || value->is_boolean()) return value->dump();
  return {};
}

std::optional<std::int64_t> integer_of(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_string()) return parse_i64(value.get_ref<const std::string&>());
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::abs(number) < 9.2e18) return static_cast<std::int64_t>(number);
  }
  return std::nullopt;
}

std::size_t offset_of(const Json& span) {
  const Json* offset = member(span, kOffsetMember);
  return offset != nullptr && offset->is_number_unsigned() ? offset->get<std::size_t>() : 0;
}

}  // namespace culprit
