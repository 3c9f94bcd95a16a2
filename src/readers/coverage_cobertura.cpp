#include "readers/coverage_cobertura.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/java_names.h"
#include "readers/text_fields.h"
#include "readers/xml_document.h"
#include "readers/xml_records.h"

namespace culprit {

namespace {

bool is_absolute(std::string_view path) {
  const bool drive = path.size() > 2 && path[1] == ':' && (path[2] == '/' || path[2] == '\\');
  return path.starts_with('/') || path.starts_with('\\') || drive;
}

// What relative file names are relative to; empty when the report does not say, or names several
// folders: which of them a file is in only the disk would tell.
std::string base_folder(XmlElement coverage) {
  std::string base;
  for (const XmlElement source : coverage.child("sources").children("source")) {
    std::string folder = clean_path(trim(source.text()));
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    if (folder.empty() || folder == "." || folder == base) continue;
    if (!base.empty()) return {};
    base = std::move(folder);
  }
  return base;
}

std::string joined(const std::string& base, std::string_view file) {
  if (base.empty() || is_absolute(file)) return clean_path(file);
  return clean_path(base + '/' + std::string(file));
}

// Java writers put a JVM descriptor into `signature`, others the parameter list or nothing.
std::string method_name(XmlElement owner, XmlElement method) {
  const std::string_view name = method.attribute("name").value_or("");
  const std::string_view signature = method.attribute("signature").value_or("");
  if (java_parameters(signature)) {
    return java_method_name(owner.attribute("name").value_or(""), name, signature);
  }
  if (name.find('(') != std::string_view::npos) return std::string(name);
  return std::string(name) + std::string(signature);
}

class CoberturaReader {
 public:
  CoberturaReader(const XmlDocument& document, Sink& sink)
      : sink_(sink), records_(document, sink), root_(document.root()), base_(base_folder(root_)) {}

  void read() {
    for (const XmlElement package : root_.child("packages").children("package")) {
      for (const XmlElement owner : package.child("classes").children("class")) read_class(owner);
    }
    records_.finish();
  }

 private:
  void read_class(XmlElement owner) {
    const auto file = owner.attribute("filename");
    if (!file || file->empty()) {
      records_.skipped("class without a file name", owner, "filename",
                       "class without a filename, skipped");
      return;
    }
    sink_.file(joined(base_, *file));
    for (const XmlElement method : owner.child("methods").children("method"))
      read_method(owner, method);
    // A method's lines are the class's over again, so they count only where the class has none.
    if (owner.child("lines").child("line")) {
      read_lines(owner.child("lines"));
    } else {
      for (const XmlElement method : owner.child("methods").children("method")) {
        read_lines(method.child("lines"));
      }
    }
  }

  void read_method(XmlElement owner, XmlElement method) {
    if (method.attribute("name").value_or("").empty()) {
      records_.skipped("method without a name", method, "name", "method without a name, skipped");
      return;
    }
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    for (const XmlElement line : method.child("lines").children("line")) {
      // Bad ones are warned of where the lines themselves are read.
      const auto number = parse_line_number(trim(line.attribute("number").value_or("")));
      if (!number) continue;
      first = first == 0 ? *number : std::min(first, *number);
      last = std::max(last, *number);
    }
    sink_.function(method_name(owner, method), first, last);
  }

  void read_lines(XmlElement lines) {
    for (const XmlElement line : lines.children("line")) {
      records_.begin();
      const auto number = records_.line_number(line, "number");
      if (!number) continue;
      const auto hits = records_.count(line, "hits");
      if (!hits) continue;
      sink_.line(*number, *hits);
      if (const auto ways = line.attribute("condition-coverage")) read_branches(*ways);
    }
  }

  // `50% (1/2)`.
  void read_branches(std::string_view ways) {
    const std::size_t open = ways.find('(');
    if (open == std::string_view::npos || !ways.ends_with(')')) return;
    std::string_view of = ways.substr(open + 1, ways.size() - open - 2);
    const auto taken = parse_u64(take_field(of, '/'));
    const auto all = parse_u64(of);
    if (taken && all) tell_branches(sink_, *taken, *all);
  }

  Sink& sink_;
  XmlRecords records_;
  XmlElement root_;
  std::string base_;
};

}  // namespace

bool accepts_cobertura(const Head& head) {
  return head.shape == Head::Shape::kXml && head.xml_root == "coverage" &&
         (head.has_element("packages") || head.has_element("sources"));
}

Result<void> read_cobertura(const Input& input, Sink& sink) {
  const auto document = XmlDocument::parse(input);
  if (!document) return fail(document.error());
  if (auto root = document->expect_root("coverage"); !root) return root;
  CoberturaReader(*document, sink).read();
  return {};
}

}  // namespace culprit
