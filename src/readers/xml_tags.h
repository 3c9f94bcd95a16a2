// The tags of an XML text, in order, with their offsets: what tells places and checks the nesting,
// and what tinyxml2 would need quadratic time for. Decodes neither text nor entities; xml_document
// builds on it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "culprit/error.h"

namespace culprit {

struct XmlTag {
  enum class Kind { kStart, kEnd, kEmpty };
  Kind kind = Kind::kStart;
  std::string_view name;
  std::size_t offset = 0;  // of its `<`
  std::size_t end = 0;     // past its `>`
};

class XmlTags {
 public:
  XmlTags(std::string_view path, std::string_view bytes, std::size_t from = 0)
      : path_(path), bytes_(bytes), position_(from) {}

  // The next tag; nullopt after the last one. Comments, CDATA sections, processing instructions and
  // the DOCTYPE are passed over. An Error for anything that is not well formed inside one tag.
  [[nodiscard]] Result<std::optional<XmlTag>> next();
  // Offset of the first text (CDATA counts, blanks do not) between the last result of next() and
  // the one before it.
  [[nodiscard]] std::optional<std::size_t> text_before() const { return text_; }

 private:
  [[nodiscard]] Result<void> skip_to(std::string_view end, std::size_t opening,
                                     std::string_view what);
  [[nodiscard]] Result<void> skip_doctype();
  [[nodiscard]] Result<XmlTag> read_tag();
  [[nodiscard]] Error cut_short(std::size_t open, std::string_view what) const;

  std::string_view path_;
  std::string_view bytes_;
  std::size_t position_;
  std::optional<std::size_t> text_;
  bool begun_ = false;                   // a tag has been read
  std::vector<std::string_view> names_;  // of the current tag's attributes
};

// Offset of the value of `attribute` in the well-formed tag at `offset`; nullopt: it has none.
[[nodiscard]] std::optional<std::size_t> attribute_place(std::string_view bytes, std::size_t offset,
                                                         std::string_view attribute);

}  // namespace culprit
