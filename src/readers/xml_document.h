// XML documents. The only unit that knows tinyxml2.
//
// A document is checked before tinyxml2 sees it: one pass over the bytes matches the tags and
// bounds the nesting, because tinyxml2 recurses and names no columns. A DOCTYPE is skipped, with
// its internal subset: nothing is fetched and no entity is expanded but the five of XML itself and
// character references. Elements are handles into the document and die with it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/input.h"
#include "culprit/error.h"

namespace tinyxml2 {
class XMLDocument;
class XMLElement;
}  // namespace tinyxml2

namespace culprit {

class XmlChildren;

// A handle; a false one stands for "no such element" and has no name, attributes or children.
class XmlElement {
 public:
  XmlElement() = default;
  explicit XmlElement(const tinyxml2::XMLElement* element) : element_(element) {}

  explicit operator bool() const { return element_ != nullptr; }
  bool operator==(const XmlElement&) const = default;

  [[nodiscard]] std::string_view name() const;
  // nullopt: absent, which is not the same as empty.
  [[nodiscard]] std::optional<std::string_view> attribute(const char* name) const;
  // The text directly inside, CDATA sections included.
  [[nodiscard]] std::string text() const;

  // The first child element, or the next one beside; with a name, of that name.
  [[nodiscard]] XmlElement child(const char* name = nullptr) const;
  [[nodiscard]] XmlElement next(const char* name = nullptr) const;
  // for (XmlElement line : lines.children("line")) ...
  [[nodiscard]] XmlChildren children(const char* name = nullptr) const;

 private:
  friend class XmlDocument;
  const tinyxml2::XMLElement* element_ = nullptr;
};

class XmlChildren {
 public:
  class Iterator {
   public:
    Iterator(XmlElement at, const char* name) : at_(at), name_(name) {}
    XmlElement operator*() const { return at_; }
    Iterator& operator++() {
      at_ = at_.next(name_);
      return *this;
    }
    bool operator!=(const Iterator& other) const { return !(at_ == other.at_); }

   private:
    XmlElement at_;
    const char* name_;
  };

  XmlChildren(XmlElement parent, const char* name) : parent_(parent), name_(name) {}
  [[nodiscard]] Iterator begin() const { return {parent_.child(name_), name_}; }
  [[nodiscard]] Iterator end() const { return {XmlElement(), name_}; }

 private:
  XmlElement parent_;
  const char* name_;
};

class XmlDocument {
 public:
  // Elements nested deeper than this are an error; tinyxml2 itself refuses one of 100.
  static constexpr std::size_t kMaxDepth = 98;

  // The input must outlive the document. Errors: not XML, cut short, tags that do not match, too
  // deep, UTF-16.
  [[nodiscard]] static Result<XmlDocument> parse(const Input& input);

  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;
  ~XmlDocument();

  [[nodiscard]] XmlElement root() const;
  [[nodiscard]] std::string_view path() const { return path_; }
  // An error at the value of the element's attribute, or at its tag when it has no such attribute.
  // Reads the document up to the element: for messages, not for loops.
  [[nodiscard]] Error error(XmlElement element, const char* attribute, std::string what,
                            std::string hint = {}) const;
  // An error unless the root element has this name.
  [[nodiscard]] Result<void> expect_root(std::string_view name) const;

 private:
  XmlDocument(const Input& input, std::unique_ptr<tinyxml2::XMLDocument> tree);
  // Offset of the element's `<`.
  [[nodiscard]] std::size_t place_of(XmlElement element) const;

  std::string_view path_;
  std::string_view bytes_;
  std::unique_ptr<tinyxml2::XMLDocument> tree_;
};

}  // namespace culprit
