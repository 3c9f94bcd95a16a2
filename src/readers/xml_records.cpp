#include "readers/xml_records.h"

#include <utility>

#include "base/text.h"
#include "readers/text_fields.h"

namespace culprit {

std::optional<std::uint32_t> XmlRecords::line_number(XmlElement element, const char* attribute) {
  const auto value = element.attribute(attribute);
  const auto number = parse_line_number(trim(value.value_or("")));
  if (number) return number;
  const bool is_number = parse_count(trim(value.value_or(""))).has_value();
  skipped("bad line number", element, attribute,
          shown_attribute(element, attribute) +
              (!value      ? ", skipped"
               : is_number ? " is not between 1 and " + std::to_string(kMaxLine) + ", skipped"
                           : " is not a line number, skipped"));
  return std::nullopt;
}

std::optional<std::uint64_t> XmlRecords::count(XmlElement element, const char* attribute) {
  const auto value = element.attribute(attribute);
  const auto count = parse_count(trim(value.value_or("")));
  if (!count) {
    skipped(
        "bad count", element, attribute,
        shown_attribute(element, attribute) + (value ? " is not a count, skipped" : ", skipped"));
    return std::nullopt;
  }
  if (count->negative) {
    repaired("negative count", element, attribute,
             shown_attribute(element, attribute) + " is negative, taken for 0");
  }
  return count->value;
}

void XmlRecords::skipped(std::string_view kind, XmlElement element, const char* attribute,
                         std::string what) {
  warnings_.skipped(kind, [&] { return document_.error(element, attribute, std::move(what)); });
}

void XmlRecords::repaired(std::string_view kind, XmlElement element, const char* attribute,
                          std::string what) {
  warnings_.repaired(kind, [&] { return document_.error(element, attribute, std::move(what)); });
}

std::string shown_attribute(XmlElement element, const char* attribute) {
  const std::string name = printable(element.name(), 40);
  const auto value = element.attribute(attribute);
  if (!value) return name + " without " + attribute;
  return name + ' ' + attribute + "=\"" + printable(*value, 40) + '"';
}

void tell_branches(Sink& sink, std::uint64_t taken, std::uint64_t of) {
  if (of == 0 || of > kMaxBranches || taken > of) return;
  sink.branches(static_cast<std::uint32_t>(taken), static_cast<std::uint32_t>(of));
}

}  // namespace culprit
