#include "readers/xml_document.h"

#include <tinyxml2.h>

#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/xml_tags.h"

namespace culprit {

namespace {

static_assert(XmlDocument::kMaxDepth < TINYXML2_MAX_ELEMENT_DEPTH);

// The bytes of the root element, both tags included.
struct Root {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Result<void> check_encoding(const Input& input) {
  const std::string_view bytes = input.bytes;
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff") ||
      bytes.starts_with(std::string_view("<\0", 2)) ||
      bytes.starts_with(std::string_view("\0<", 2))) {
    return fail(error_in(input.path, "UTF-16 text, which is not read",
                         "convert it: iconv -f UTF-16 -t UTF-8"));
  }
  if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    return fail(error_at(input.path, bytes, nul, "a NUL byte: XML has none"));
  }
  return {};
}

Result<Root> check(const Input& input) {
  if (auto encoding = check_encoding(input); !encoding) return fail(std::move(encoding.error()));
  const auto error = [&](std::size_t offset, std::string what, std::string hint = {}) {
    return fail(error_at(input.path, input.bytes, offset, std::move(what), std::move(hint)));
  };
  const std::string_view bytes = input.bytes;
  XmlTags tags(input.path, bytes, bytes.starts_with("\xef\xbb\xbf") ? 3 : 0);
  std::vector<XmlTag> open;
  std::optional<Root> root;
  for (;;) {
    auto next = tags.next();
    if (!next) return fail(std::move(next.error()));
    if (open.empty() && tags.text_before()) {
      return error(*tags.text_before(), root ? "text after the root element" : "this is not XML");
    }
    const std::optional<XmlTag>& tag = *next;
    if (!tag) break;
    if (tag->kind == XmlTag::Kind::kEnd) {
      const std::string end = "</" + printable(tag->name, 60) + ">";
      if (open.empty()) return error(tag->offset, end + " closes nothing");
      if (open.back().name != tag->name) {
        const Error opened = error_at(input.path, bytes, open.back().offset, {});
        return error(tag->offset, end + " where </" + printable(open.back().name, 60) +
                                      "> is expected, for the element of " +
                                      std::to_string(opened.place.line) + ':' +
                                      std::to_string(opened.place.column));
      }
      open.pop_back();
      if (open.empty()) root->end = tag->end;
      continue;
    }
    if (open.empty()) {
      if (root) return error(tag->offset, "a second root element");
      root = Root{tag->offset, tag->end};
    }
    if (open.size() >= XmlDocument::kMaxDepth) {
      return error(tag->offset, "elements are nested deeper than " +
                                    std::to_string(XmlDocument::kMaxDepth) + " levels");
    }
    if (tag->kind == XmlTag::Kind::kStart) open.push_back(*tag);
  }
  if (!open.empty()) {
    const Error opened = error_at(input.path, bytes, open.back().offset, {});
    return error(bytes.size(),
                 "the file ends inside <" + printable(open.back().name, 60) + ">, the element of " +
                     std::to_string(opened.place.line) + ':' + std::to_string(opened.place.column),
                 "the file was cut short, or is still being written");
  }
  if (!root) return fail(error_in(input.path, "no XML element in it"));
  return *root;
}

// The element after `element` in document order; nullptr after the last one.
const tinyxml2::XMLElement* following(const tinyxml2::XMLElement* element) {
  if (const auto* child = element->FirstChildElement()) return child;
  for (; element != nullptr; element = element->Parent()->ToElement()) {
    if (const auto* sibling = element->NextSiblingElement()) return sibling;
  }
  return nullptr;
}

}  // namespace

std::string_view XmlElement::name() const {
  return element_ == nullptr ? std::string_view() : element_->Name();
}

std::optional<std::string_view> XmlElement::attribute(const char* name) const {
  const char* value = element_ == nullptr ? nullptr : element_->Attribute(name);
  return value == nullptr ? std::optional<std::string_view>() : std::string_view(value);
}

std::string XmlElement::text() const {
  std::string text;
  if (element_ == nullptr) return text;
  for (const auto* node = element_->FirstChild(); node != nullptr; node = node->NextSibling()) {
    if (node->ToText() != nullptr) text += node->Value();
  }
  return text;
}

XmlElement XmlElement::child(const char* name) const {
  return XmlElement(element_ == nullptr ? nullptr : element_->FirstChildElement(name));
}

XmlElement XmlElement::next(const char* name) const {
  return XmlElement(element_ == nullptr ? nullptr : element_->NextSiblingElement(name));
}

XmlChildren XmlElement::children(const char* name) const { return {*this, name}; }

XmlDocument::XmlDocument(const Input& input, std::unique_ptr<tinyxml2::XMLDocument> tree)
    : path_(input.path), bytes_(input.bytes), tree_(std::move(tree)) {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

Result<XmlDocument> XmlDocument::parse(const Input& input) {
  const auto root = check(input);
  if (!root) return fail(root.error());
  // Only the root element: tinyxml2 would stop a DOCTYPE at the first `>` of its internal subset.
  const std::string_view content = input.bytes.substr(root->begin, root->end - root->begin);
  auto tree = std::make_unique<tinyxml2::XMLDocument>();
  if (tree->Parse(content.data(), content.size()) != tinyxml2::XML_SUCCESS) {
    const std::string what = std::string("not well-formed XML (") + tree->ErrorName() + ")";
    std::size_t offset = 0;
    for (int line = 1; line < tree->ErrorLineNum(); ++line) {
      const std::size_t end = content.find('\n', offset);
      if (end == std::string_view::npos) break;
      offset = end + 1;
    }
    return fail(error_at(input.path, input.bytes, root->begin + offset, what));
  }
  return XmlDocument(input, std::move(tree));
}

XmlElement XmlDocument::root() const { return XmlElement(tree_->RootElement()); }

std::size_t XmlDocument::place_of(XmlElement element) const {
  XmlTags tags(path_, bytes_);
  for (const auto* at = tree_->RootElement(); at != nullptr; at = following(at)) {
    auto tag = tags.next();
    while (tag && *tag && (*tag)->kind == XmlTag::Kind::kEnd) tag = tags.next();
    if (!tag || !*tag) break;
    if (at == element.element_) return (*tag)->offset;
  }
  return 0;
}

Error XmlDocument::error(XmlElement element, const char* attribute, std::string what,
                         std::string hint) const {
  const std::size_t tag = place_of(element);
  return error_at(path_, bytes_, attribute_place(bytes_, tag, attribute).value_or(tag),
                  std::move(what), std::move(hint));
}

Result<void> XmlDocument::expect_root(std::string_view name) const {
  if (root().name() == name) return {};
  return fail(error(root(), "",
                    "the root element is <" + printable(root().name(), 60) + ">, not <" +
                        std::string(name) + ">"));
}

}  // namespace culprit
