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
    const std::string what = parser_message(error.what());
    problem = "not valid JSON: " + printable(what, 200);
    problem_offset = static_cast<std::size_t>(progress_ - begin_);
    if (what.find("unexpected end of input") != std::string::npos ||
        what.find("missing closing quote") != std::string::npos) {
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
    if (frames_.size() >= kMaxJsonDepth) {
      problem = too_deep_message();
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

// `bytes`, or in `copy` the same with `?` for every byte that is not UTF-8: offsets stay.
std::string_view as_utf8(std::string_view bytes, std::string& copy, SpanIntake& intake) {
  std::size_t bad = find_bad_utf8(bytes);
  if (bad == std::string_view::npos) return bytes;
  intake.repaired("not UTF-8", bad, "bytes that are not UTF-8 are read as `?`");
  copy = bytes;
  for (; bad != std::string_view::npos; bad = find_bad_utf8(copy, bad + 1)) copy[bad] = '?';
  return copy;
}

}  // namespace

void SpanIntake::take(Span&& span, std::int64_t duration_ns, std::size_t offset) {
  ++records_;
  if (duration_ns < 0) {
    repaired("negative durations", offset,
             "the span ends before it starts; its duration is read as 0");
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
    warnings_.skipped("span ids used twice", [&] {
      return error_at(input_.path, input_.bytes, offset,
                      "another span of trace " + printable(span.trace) + " has the id " +
                          printable(span.id) + "; this one is skipped");
    });
  }
}

void SpanIntake::skipped(std::string_view kind, std::size_t offset, std::string what) {
  ++records_;
  warnings_.skipped(kind,
                    [&] { return error_at(input_.path, input_.bytes, offset, std::move(what)); });
}

void SpanIntake::skipped(std::string_view kind, Error error) {
  ++records_;
  warnings_.skipped(kind, [&] { return std::move(error); });
}

void SpanIntake::repaired(std::string_view kind, std::size_t offset, std::string what) {
  warnings_.repaired(kind,
                     [&] { return error_at(input_.path, input_.bytes, offset, std::move(what)); });
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
      intake.skipped("unreadable records", std::move(result.error()));
      position = std::max(position, std::min(bytes.find('\n', start), bytes.size()));
    }
    first = false;
  }
  if (first) return fail(error_in(input.path, "the file is empty"));
  return {};
}

const Json& elements(const Json& value, const char* key) {
  static const Json kNone = Json::array();
  const Json* found = find_field(value, key);
  return found != nullptr && found->is_array() ? *found : kNone;
}

std::string text_of(const Json* value) {
  return value == nullptr ? std::string() : text_of(*value).value_or("");
}

std::size_t offset_of(const Json& span) {
  const Json* offset = find_field(span, kOffsetMember);
  return offset != nullptr && offset->is_number_unsigned() ? offset->get<std::size_t>() : 0;
}

}  // namespace culprit
