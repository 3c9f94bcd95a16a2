// Checked attributes of the repeated elements of a report, and warnings that point at them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "readers/folded_warnings.h"
#include "readers/sink.h"
#include "readers/xml_document.h"

namespace culprit {

class XmlRecords {
 public:
  // Both must outlive it.
  XmlRecords(const XmlDocument& document, Sink& sink)
      : document_(document), warnings_(document.path(), sink) {}

  // A record begins; finish() judges the share of those skipped.
  void begin() { ++records_; }
  // 1..kMaxLine. Anything else is warned of, and the record is to be skipped.
  [[nodiscard]] std::optional<std::uint32_t> line_number(XmlElement element, const char* attribute);
  // Negative counts are 0, with a warning; too large ones the largest. What is no integer is warned
  // of, and the record is to be skipped.
  [[nodiscard]] std::optional<std::uint64_t> count(XmlElement element, const char* attribute);

  // Warnings at the attribute's value, or at the tag where there is none; see FoldedWarnings.
  // `kind` must be a literal.
  void skipped(std::string_view kind, XmlElement element, const char* attribute, std::string what);
  void repaired(std::string_view kind, XmlElement element, const char* attribute, std::string what);
  void finish() { warnings_.finish(records_); }

 private:
  const XmlDocument& document_;
  FoldedWarnings warnings_;
  std::size_t records_ = 0;
};

// How many of the ways out of the line told last were taken, where that makes sense.
void tell_branches(Sink& sink, std::uint64_t taken, std::uint64_t of);

// `line nr="x"`, for messages.
[[nodiscard]] std::string shown_attribute(XmlElement element, const char* attribute);

}  // namespace culprit
