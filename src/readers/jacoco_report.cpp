#include "readers/jacoco_report.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "readers/jacoco_owners.h"
#include "readers/java_names.h"
#include "readers/xml_records.h"

namespace culprit {

namespace {

struct Methods {
  std::vector<JacocoMethod> methods;
  std::vector<std::string> names;  // as shown
};

// Where the classes of one package came from.
class Sources {
 public:
  explicit Sources(const JacocoReport::Package& package) {
    for (const JacocoReport::SourceFile& file : package.files) {
      by_stem_.emplace(file.name.substr(0, file.name.rfind('.')), file.name);
    }
  }

  // The name of the source file; empty: not known. Where the report does not tell, it is the file
  // named like the outermost class, or the package's only one.
  [[nodiscard]] std::string_view of(const JacocoReport::Class& owner) const {
    if (owner.source) return *owner.source;
    std::string_view outermost = owner.name;
    outermost.remove_prefix(outermost.rfind('/') + 1);
    const auto found = by_stem_.find(outermost.substr(0, outermost.find('$')));
    if (found != by_stem_.end()) return found->second;
    return by_stem_.size() == 1 ? by_stem_.begin()->second : std::string_view();
  }

 private:
  std::map<std::string_view, std::string_view> by_stem_;
};

void tell_file(const JacocoReport::SourceFile& file, const Methods& methods, Sink& sink) {
  constexpr std::uint64_t kMost = 1ULL << 32;
  std::vector<const JacocoReport::Line*> order;
  order.reserve(file.lines.size());
  for (const JacocoReport::Line& line : file.lines) order.push_back(&line);
  const auto by_number = [](const JacocoReport::Line* a, const JacocoReport::Line* b) {
    return a->number < b->number;
  };
  if (!std::is_sorted(order.begin(), order.end(), by_number)) {
    std::stable_sort(order.begin(), order.end(), by_number);
  }
  std::vector<JacocoLine> lines;
  lines.reserve(order.size());
  for (const JacocoReport::Line* line : order) {
    lines.push_back({line->number, std::min(line->missed, kMost) + std::min(line->covered, kMost)});
  }
  for (std::size_t i = 0; i < methods.methods.size(); ++i) {
    sink.function(methods.names[i], methods.methods[i].first_line, 0);
  }
  const std::vector<std::size_t> owners = owners_of(lines, methods.methods);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    sink.hit(lines[i].number, order[i]->covered > 0,
             owners[i] == kNoMethod ? std::string_view() : methods.names[owners[i]]);
    const JacocoReport::Line& line = *order[i];
    if (line.missed_branches <= kMaxBranches) {
      tell_branches(sink, line.covered_branches, line.covered_branches + line.missed_branches);
    }
  }
}

// A source file's path in its module.
std::string path_of(const JacocoReport::Package& package, std::string_view name) {
  return clean_path(package.name.empty() ? std::string(name)
                                         : std::string(package.name) + '/' + std::string(name));
}

// Path of a source file -> the modules that have one there.
using Modules = std::map<std::string, std::set<std::string_view>>;

void tell_package(const JacocoReport::Package& package, const Modules& modules, Sink& sink) {
  const Sources sources(package);
  std::map<std::string_view, Methods> files;
  for (const JacocoReport::Class& owner : package.classes) {
    const std::string_view source = sources.of(owner);
    // Nowhere to place its methods; their lines are told all the same.
    if (source.empty()) continue;
    Methods& file = files[source];
    for (const JacocoReport::Method& method : owner.methods) {
      file.methods.push_back(
          {owner.name, method.name, method.first_line, method.lines, method.instructions});
      file.names.push_back(java_method_name(owner.name, method.name, method.descriptor));
    }
  }
  for (const JacocoReport::SourceFile& source : package.files) {
    // Modules may have files of one path: they are told apart by their group.
    const std::string path = path_of(package, source.name);
    sink.file(modules.at(path).size() > 1 ? clean_path(package.group + path) : path);
    // Taken out: were the file listed twice, its functions would be too.
    const auto file = files.extract(source.name);
    tell_file(source, file.empty() ? Methods() : file.mapped(), sink);
  }
}

}  // namespace

void tell(const JacocoReport& report, Sink& sink) {
  Modules modules;
  for (const JacocoReport::Package& package : report.packages) {
    for (const JacocoReport::SourceFile& file : package.files) {
      modules[path_of(package, file.name)].insert(package.group);
    }
  }
  for (const JacocoReport::Package& package : report.packages) {
    tell_package(package, modules, sink);
  }
}

}  // namespace culprit
