#include "readers/coverage_jacoco_xml.h"

#include <utility>

#include "base/text.h"
#include "readers/jacoco_report.h"
#include "readers/jacoco_scan.h"
#include "readers/xml_document.h"
#include "readers/xml_records.h"

namespace culprit {

namespace {

// Missed and covered of the element's own counter of this type; 0 when it has none.
std::uint64_t counted(XmlElement element, std::string_view type) {
  for (const XmlElement counter : element.children("counter")) {
    if (counter.attribute("type") != type) continue;
    const auto missed = parse_u64(counter.attribute("missed").value_or(""));
    const auto covered = parse_u64(counter.attribute("covered").value_or(""));
    // What is larger than any method is damage; and the sum must not wrap.
    constexpr std::uint64_t kMost = 1ULL << 32;
    return missed && covered && *missed < kMost && *covered < kMost ? *missed + *covered : 0;
  }
  return 0;
}

class StrictReader {
 public:
  StrictReader(const XmlDocument& document, Sink& sink)
      : records_(document, sink), root_(document.root()) {}

  JacocoReport read() {
    read_group(root_, "");
    records_.finish();
    return std::move(report_);
  }

 private:
  // Recursion is bounded by XmlDocument::kMaxDepth.
  void read_group(XmlElement group, const std::string& name) {
    for (const XmlElement inner : group.children("group")) {
      read_group(inner, name + std::string(inner.attribute("name").value_or("")) + '/');
    }
    for (const XmlElement package : group.children("package")) read_package(package, name);
  }

  void read_package(XmlElement element, const std::string& group) {
    JacocoReport::Package& package = report_.packages.emplace_back();
    package.group = group;
    package.name = element.attribute("name").value_or("");
    for (const XmlElement owner : element.children("class")) {
      JacocoReport::Class& known = package.classes.emplace_back();
      known.name = owner.attribute("name").value_or("");
      known.source = owner.attribute("sourcefilename");
      for (const XmlElement method : owner.children("method")) read_method(method, known);
    }
    for (const XmlElement source : element.children("sourcefile")) {
      const auto name = source.attribute("name");
      if (!name || name->empty()) {
        records_.skipped("source file without a name", source, "name",
                         "sourcefile without a name, skipped");
        continue;
      }
      JacocoReport::SourceFile& file = package.files.emplace_back();
      file.name = *name;
      for (const XmlElement line : source.children("line")) read_line(line, file);
    }
  }

  void read_method(XmlElement element, JacocoReport::Class& owner) {
    JacocoReport::Method method;
    method.name = element.attribute("name").value_or("");
    if (method.name.empty() || owner.name.empty()) {
      records_.skipped("method without a name", element, "name",
                       "method without a name, or of a class without one, skipped");
      return;
    }
    method.descriptor = element.attribute("desc").value_or("");
    // Absent where the class was compiled without line numbers.
    if (element.attribute("line")) {
      method.first_line = records_.line_number(element, "line").value_or(0);
    }
    method.lines = counted(element, "LINE");
    method.instructions = counted(element, "INSTRUCTION");
    owner.methods.push_back(method);
  }

  void read_line(XmlElement element, JacocoReport::SourceFile& file) {
    records_.begin();
    const auto number = records_.line_number(element, "nr");
    if (!number) return;
    const auto covered = records_.count(element, "ci");
    if (!covered) return;
    const auto lenient = [&](const char* name) {
      return parse_u64(element.attribute(name).value_or("")).value_or(0);
    };
    file.lines.push_back({*number, lenient("mi"), *covered, lenient("mb"), lenient("cb")});
  }

  XmlRecords records_;
  XmlElement root_;
  JacocoReport report_;
};

}  // namespace

bool accepts_jacoco_xml(const Head& head) {
  if (head.shape != Head::Shape::kXml || head.xml_root != "report") return false;
  if (head.bytes.find("-//JACOCO//DTD") != std::string_view::npos) return true;
  return head.has_element("sessioninfo") || head.has_element("package");
}

Result<void> read_jacoco_xml(const Input& input, Sink& sink) {
  if (const auto report = scan_jacoco_report(input.bytes)) {
    tell(*report, sink);
    return {};
  }
  return read_jacoco_xml_strictly(input, sink);
}

Result<void> read_jacoco_xml_strictly(const Input& input, Sink& sink) {
  const auto document = XmlDocument::parse(input);
  if (!document) return fail(document.error());
  if (auto root = document->expect_root("report"); !root) return root;
  tell(StrictReader(*document, sink).read(), sink);
  return {};
}

}  // namespace culprit
