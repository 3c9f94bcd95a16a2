#include "readers/xml_tags.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"

namespace culprit {

namespace {

constexpr const char* kBadReference = "`&#` begins no character reference: `&` is written `&amp;`";
constexpr std::string_view kCutShort = "the file was cut short, or is still being written";

// tinyxml2 compares every attribute of a tag with all before it.
constexpr std::size_t kMaxAttributes = 64;
// `10FFFF` and some leading zeros.
constexpr std::size_t kMaxReferenceDigits = 8;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

std::size_t skip_blanks(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && is_blank(bytes[at])) ++at;
  return at;
}

std::size_t skip_name(std::string_view bytes, std::size_t at) {
  if (at >= bytes.size() || !is_name_start(bytes[at])) return at;
  while (at < bytes.size() && is_name(bytes[at])) ++at;
  return at;
}

// Offset of the first `&#` that begins no character reference; nullopt: all do. For each that has
// no end tinyxml2 would search the rest of the text.
std::optional<std::size_t> bad_reference(std::string_view text) {
  for (std::size_t at = text.find("&#"); at != std::string_view::npos;
       at = text.find("&#", at + 2)) {
    std::string_view rest = text.substr(at + 2, kMaxReferenceDigits + 2);
    const bool hex = rest.starts_with('x');
    if (hex) rest.remove_prefix(1);
    const std::size_t digits =
        rest.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789");
    if (digits == 0 || digits == std::string_view::npos || rest[digits] != ';') return at;
  }
  return std::nullopt;
}

// One attribute, from its name to past its value.
struct Attribute {
  std::string_view name;
  std::size_t value = 0;
  std::size_t end = 0;
};

// Where and why an attribute is wrong; nullptr and the size of the text: it ends inside.
struct Fault {
  std::size_t at = 0;
  const char* what = nullptr;
};

tl::expected<Attribute, Fault> read_attribute(std::string_view bytes, std::size_t at) {
  const Fault kEnds{bytes.size(), nullptr};
  Attribute attribute;
  std::size_t next = skip_name(bytes, at);
  if (next == at) return tl::unexpected(Fault{at, "an attribute's name is expected here"});
  attribute.name = bytes.substr(at, next - at);
  next = skip_blanks(bytes, next);
  if (next >= bytes.size()) return tl::unexpected(kEnds);
  if (bytes[next] != '=') return tl::unexpected(Fault{next, "`=` is expected here"});
  next = skip_blanks(bytes, next + 1);
  if (next >= bytes.size()) return tl::unexpected(kEnds);
  const char quote = bytes[next];
  if (quote != '"' && quote != '\'') {
    return tl::unexpected(Fault{next, "a quoted value is expected here"});
  }
  attribute.value = next + 1;
  const std::size_t close = bytes.find(quote, attribute.value);
  if (close == std::string_view::npos) return tl::unexpected(kEnds);
  const std::size_t tag = bytes.substr(0, close).find('<', attribute.value);
  if (tag != std::string_view::npos) {
    return tl::unexpected(Fault{tag, "`<` inside an attribute's value: is a quote missing?"});
  }
  const std::string_view value = bytes.substr(attribute.value, close - attribute.value);
  if (const auto reference = bad_reference(value)) {
    return tl::unexpected(Fault{attribute.value + *reference, kBadReference});
  }
  attribute.end = close + 1;
  return attribute;
}

}  // namespace

Error XmlTags::cut_short(std::size_t open, std::string_view what) const {
  const Error opened = error_at(path_, bytes_, open, {});
  return error_at(path_, bytes_, bytes_.size(),
                  "the file ends inside " + std::string(what) + " that begins at " +
                      std::to_string(opened.place.line) + ':' + std::to_string(opened.place.column),
                  std::string(kCutShort));
}

Result<void> XmlTags::skip_to(std::string_view end, std::size_t opening, std::string_view what) {
  const std::size_t close = bytes_.find(end, position_ + opening);
  if (close == std::string_view::npos) return fail(cut_short(position_, what));
  position_ = close + end.size();
  return {};
}

Result<void> XmlTags::skip_doctype() {
  const std::size_t open = position_;
  std::size_t brackets = 0;
  for (position_ += 2; position_ < bytes_.size(); ++position_) {
    const char c = bytes_[position_];
    if (c == '"' || c == '\'') {
      position_ = bytes_.find(c, position_ + 1);
      if (position_ == std::string_view::npos) break;
    } else if (bytes_.substr(position_).starts_with("<!--")) {
      if (auto skipped = skip_to("-->", 4, "a comment"); !skipped) return skipped;
      --position_;
    } else if (c == '[') {
      ++brackets;
    } else if (c == ']' && brackets > 0) {
      --brackets;
    } else if (c == '>' && brackets == 0) {
      ++position_;
      return {};
    }
  }
  return fail(cut_short(open, "a DOCTYPE"));
}

Result<XmlTag> XmlTags::read_tag() {
  XmlTag tag;
  tag.offset = position_;
  const bool closing = bytes_.substr(position_ + 1).starts_with('/');
  std::size_t at = position_ + (closing ? 2 : 1);
  const std::size_t name_end = skip_name(bytes_, at);
  tag.name = bytes_.substr(at, name_end - at);
  const std::string label = tag.name.empty() ? "a tag" : "<" + printable(tag.name, 60) + ">";
  if (at >= bytes_.size()) return fail(cut_short(tag.offset, label));
  if (tag.name.empty()) {
    return fail(error_at(path_, bytes_, at, "an element's name is expected after `<`",
                         "`<` as text is written `&lt;`"));
  }
  names_.clear();
  for (at = name_end;;) {
    const std::size_t blank_end = skip_blanks(bytes_, at);
    if (blank_end >= bytes_.size()) return fail(cut_short(tag.offset, label));
    if (bytes_[blank_end] == '>') {
      tag.kind = closing ? XmlTag::Kind::kEnd : XmlTag::Kind::kStart;
      tag.end = blank_end + 1;
      break;
    }
    if (!closing && bytes_.substr(blank_end).starts_with("/>")) {
      tag.kind = XmlTag::Kind::kEmpty;
      tag.end = blank_end + 2;
      break;
    }
    if (closing || blank_end == at) {
      if (bytes_.substr(blank_end) == "/") return fail(cut_short(tag.offset, label));
      return fail(error_at(path_, bytes_, blank_end, label + ": `>` is expected here"));
    }
    const auto attribute = read_attribute(bytes_, blank_end);
    if (!attribute) {
      if (attribute.error().what == nullptr) return fail(cut_short(tag.offset, label));
      return fail(
          error_at(path_, bytes_, attribute.error().at, label + ": " + attribute.error().what));
    }
    if (std::find(names_.begin(), names_.end(), attribute->name) != names_.end()) {
      return fail(error_at(path_, bytes_, blank_end, label + ": an attribute is given twice"));
    }
    if (names_.size() == kMaxAttributes) {
      return fail(error_at(
          path_, bytes_, blank_end,
          label + ": more than " + std::to_string(kMaxAttributes) + " attributes in one tag"));
    }
    names_.push_back(attribute->name);
    at = attribute->end;
  }
  return tag;
}

Result<std::optional<XmlTag>> XmlTags::next() {
  text_.reset();
  for (;;) {
    const std::size_t visible = skip_blanks(bytes_, position_);
    if (visible < bytes_.size() && bytes_[visible] != '<' && !text_) text_ = visible;
    const std::size_t open = bytes_.find('<', visible);
    if (const auto bad = bad_reference(bytes_.substr(visible, open - visible))) {
      return fail(error_at(path_, bytes_, visible + *bad, kBadReference));
    }
    if (open == std::string_view::npos) {
      position_ = bytes_.size();
      return std::optional<XmlTag>();
    }
    position_ = open;
    const std::string_view rest = bytes_.substr(open);
    Result<void> skipped;
    if (rest.starts_with("<!--")) {
      skipped = skip_to("-->", 4, "a comment");
    } else if (rest.starts_with("<![CDATA[")) {
      if (!text_) text_ = open;
      skipped = skip_to("]]>", 9, "a CDATA section");
    } else if (rest.starts_with("<?")) {
      skipped = skip_to("?>", 2, "a processing instruction");
    } else if (rest.starts_with("<!DOCTYPE")) {
      // tinyxml2, which sees the root element only, ends it at its first `>`, quoted or not.
      if (begun_) return fail(error_at(path_, bytes_, open, "a DOCTYPE behind the first tag"));
      skipped = skip_doctype();
    } else if (std::string_view("<!--").starts_with(rest) ||
               std::string_view("<![CDATA[").starts_with(rest) ||
               std::string_view("<!DOCTYPE").starts_with(rest)) {
      return fail(cut_short(open, "a tag"));
    } else {
      auto tag = read_tag();
      if (!tag) return fail(std::move(tag.error()));
      position_ = tag->end;
      begun_ = true;
      return std::optional<XmlTag>(*tag);
    }
    if (!skipped) return fail(std::move(skipped.error()));
  }
}

std::optional<std::size_t> attribute_place(std::string_view bytes, std::size_t offset,
                                           std::string_view attribute) {
  std::size_t at = skip_name(bytes, offset + 1);
  for (;;) {
    const auto found = read_attribute(bytes, skip_blanks(bytes, at));
    if (!found) return std::nullopt;
    if (found->name == attribute) return found->value;
    at = found->end;
  }
}

}  // namespace culprit
