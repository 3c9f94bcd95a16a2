#include "readers/coverage_jacoco_xml.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/jacoco_owners.h"
#include "readers/java_names.h"
#include "readers/xml_document.h"
#include "readers/xml_records.h"

namespace culprit {

namespace {

// What a run did of a line.
struct Reached {
  bool executed = false;
  std::uint64_t branches = 0;
  std::uint64_t missed_branches = 0;
};

struct SourceFile {
  std::vector<JacocoMethod> methods;
  std::vector<std::string> names;  // of the methods, as shown
};

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

// Where the classes of one package came from.
class Sources {
 public:
  explicit Sources(XmlElement package) {
    for (const XmlElement source : package.children("sourcefile")) {
      const std::string_view name = source.attribute("name").value_or("");
      by_stem_.emplace(name.substr(0, name.rfind('.')), name);
    }
  }

  // The name of the source file; empty: not known. DTD 1.0 does not tell: then it is the file named
  // like the outermost class, or the package's only one.
  [[nodiscard]] std::string_view of(XmlElement owner) const {
    if (const auto named = owner.attribute("sourcefilename")) return *named;
    std::string_view outermost = owner.attribute("name").value_or("");
    outermost.remove_prefix(outermost.rfind('/') + 1);
    const auto found = by_stem_.find(outermost.substr(0, outermost.find('$')));
    if (found != by_stem_.end()) return found->second;
    return by_stem_.size() == 1 ? by_stem_.begin()->second : std::string_view();
  }

 private:
  std::map<std::string_view, std::string_view> by_stem_;
};

class JacocoReader {
 public:
  JacocoReader(const XmlDocument& document, Sink& sink)
      : sink_(sink), records_(document, sink), root_(document.root()) {}

  void read() {
    list_files(root_, "");
    read_group(root_, "");
    records_.finish();
  }

 private:
  // A source file's path in its module. Recursion is bounded by XmlDocument::kMaxDepth.
  static std::string path_of(XmlElement package, std::string_view name) {
    const std::string_view folder = package.attribute("name").value_or("");
    return clean_path(folder.empty() ? std::string(name)
                                     : std::string(folder) + '/' + std::string(name));
  }
  static std::string below(const std::string& group, XmlElement inner) {
    return group + std::string(inner.attribute("name").value_or("")) + '/';
  }

  void list_files(XmlElement group, const std::string& name) {
    for (const XmlElement inner : group.children("group")) list_files(inner, below(name, inner));
    for (const XmlElement package : group.children("package")) {
      for (const XmlElement source : package.children("sourcefile")) {
        groups_of_[path_of(package, source.attribute("name").value_or(""))].insert(name);
      }
    }
  }

  void read_group(XmlElement group, const std::string& name) {
    for (const XmlElement inner : group.children("group")) read_group(inner, below(name, inner));
    for (const XmlElement package : group.children("package")) read_package(package, name);
  }

  void read_package(XmlElement package, const std::string& group) {
    const Sources sources(package);
    std::map<std::string_view, SourceFile> files;
    for (const XmlElement owner : package.children("class")) {
      const std::string_view source = sources.of(owner);
      // Nowhere to place its methods; their lines are read all the same.
      if (source.empty()) continue;
      SourceFile& file = files[source];
      for (const XmlElement method : owner.children("method")) read_method(owner, method, file);
    }
    for (const XmlElement source : package.children("sourcefile")) {
      const auto name = source.attribute("name");
      if (!name || name->empty()) {
        records_.skipped("source file without a name", source, "name",
                         "sourcefile without a name, skipped");
        continue;
      }
      // Modules may have files of one path: they are told apart by their group.
      const std::string path = path_of(package, *name);
      sink_.file(groups_of_[path].size() > 1 ? clean_path(group + path) : path);
      // Taken out: were the file listed twice, its functions would be too.
      const auto file = files.extract(*name);
      read_lines(source, file.empty() ? SourceFile() : file.mapped());
    }
  }

  void read_method(XmlElement owner, XmlElement method, SourceFile& file) {
    const std::string_view name = method.attribute("name").value_or("");
    const std::string_view class_name = owner.attribute("name").value_or("");
    if (name.empty() || class_name.empty()) {
      records_.skipped("method without a name", method, "name",
                       "method without a name, or of a class without one, skipped");
      return;
    }
    // Absent where the class was compiled without line numbers.
    std::uint32_t first = 0;
    if (method.attribute("line")) first = records_.line_number(method, "line").value_or(0);
    file.methods.push_back(
        {class_name, name, first, counted(method, "LINE"), counted(method, "INSTRUCTION")});
    file.names.push_back(java_method_name(class_name, name, method.attribute("desc").value_or("")));
  }

  void read_lines(XmlElement source, const SourceFile& file) {
    std::vector<JacocoLine> lines;
    std::vector<Reached> reached;
    bool sorted = true;
    for (const XmlElement line : source.children("line")) {
      records_.begin();
      const auto number = records_.line_number(line, "nr");
      if (!number) continue;
      const auto covered = records_.count(line, "ci");
      if (!covered) continue;
      const std::uint64_t missed = parse_u64(line.attribute("mi").value_or("")).value_or(0);
      sorted = sorted && (lines.empty() || lines.back().number <= *number);
      constexpr std::uint64_t kMost = 1ULL << 32;
      lines.push_back({*number, std::min(missed, kMost) + std::min(*covered, kMost)});
      reached.push_back({*covered > 0, parse_u64(line.attribute("cb").value_or("")).value_or(0),
                         parse_u64(line.attribute("mb").value_or("")).value_or(0)});
    }
    std::vector<std::size_t> order(lines.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (!sorted) {
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return lines[a].number < lines[b].number;
      });
      std::stable_sort(lines.begin(), lines.end(), [](const JacocoLine& a, const JacocoLine& b) {
        return a.number < b.number;
      });
    }

    for (std::size_t i = 0; i < file.methods.size(); ++i) {
      sink_.function(file.names[i], file.methods[i].first_line, 0);
    }
    const std::vector<std::size_t> owners = owners_of(lines, file.methods);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Reached& line = reached[order[i]];
      sink_.hit(lines[i].number, line.executed,
                owners[i] == kNoMethod ? std::string_view() : file.names[owners[i]]);
      if (line.missed_branches <= kMaxBranches) {
        tell_branches(sink_, line.branches, line.branches + line.missed_branches);
      }
    }
  }

  Sink& sink_;
  XmlRecords records_;
  XmlElement root_;
  std::map<std::string, std::set<std::string>> groups_of_;  // by path of a source file
};

}  // namespace

bool accepts_jacoco_xml(const Head& head) {
  if (head.shape != Head::Shape::kXml || head.xml_root != "report") return false;
  if (head.bytes.find("-//JACOCO//DTD") != std::string_view::npos) return true;
  return head.has_element("sessioninfo") || head.has_element("package");
}

Result<void> read_jacoco_xml(const Input& input, Sink& sink) {
  const auto document = XmlDocument::parse(input);
  if (!document) return fail(document.error());
  if (auto root = document->expect_root("report"); !root) return root;
  JacocoReader(*document, sink).read();
  return {};
}

}  // namespace culprit
