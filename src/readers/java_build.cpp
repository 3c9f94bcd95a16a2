#include "readers/java_build.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "base/text.h"
#include "readers/jacoco_owners.h"
#include "readers/java_names.h"

namespace culprit {

namespace {

constexpr std::string_view kVersions = "META-INF/versions/";

// The module a class belongs to: the folder its package begins in, without what Spring Boot and web
// archives put around.
std::string root_of(std::string_view path, std::string_view class_name) {
  std::string_view root = path.substr(0, path.rfind('/') + 1);
  const std::size_t package = class_name.rfind('/');
  if (package != std::string_view::npos && root.ends_with('/') &&
      ends_with_path(root.substr(0, root.size() - 1), class_name.substr(0, package))) {
    root.remove_suffix(package + 1);
  }
  for (const std::string_view inner : {"BOOT-INF/", "WEB-INF/"}) {
    const std::size_t at = root.find(inner);
    if (at == 0 || (at != std::string_view::npos && root[at - 1] == '/')) root = root.substr(0, at);
  }
  return std::string(root);
}

// Of all classes of one source file.
struct Source {
  std::vector<std::pair<JacocoMethod, const AnalysedClass::Method*>> methods;
  std::vector<JacocoLine> lines;

  void add(const AnalysedClass& owner) {
    for (const AnalysedClass::Method& method : owner.methods) {
      methods.emplace_back(JacocoMethod{owner.name, method.name, method.first_line, method.lines,
                                        method.instructions},
                           &method);
    }
    for (const AnalysedClass::Line& line : owner.lines) {
      lines.push_back({line.number, line.instructions});
    }
  }

  // Appends the file to the table.
  void write(const std::string& path, LineTable& table) {
    std::sort(lines.begin(), lines.end(),
              [](const JacocoLine& a, const JacocoLine& b) { return a.number < b.number; });
    std::vector<JacocoLine> merged;
    for (const JacocoLine& line : lines) {
      if (!merged.empty() && merged.back().number == line.number) {
        merged.back().instructions += line.instructions;
      } else {
        merged.push_back(line);
      }
    }
    const auto first_function = static_cast<std::uint32_t>(table.functions.size());
    std::vector<JacocoMethod> owners;
    for (const auto& [method, analysed] : methods) {
      owners.push_back(method);
      table.functions.push_back(
          {java_method_name(method.class_name, method.name, analysed->descriptor),
           method.first_line});
    }
    const std::vector<std::size_t> owner_of = owners_of(merged, owners);
    for (std::size_t i = 0; i < merged.size(); ++i) {
      table.lines.push_back(
          {merged[i].number, owner_of[i] == kNoMethod
                                 ? LineTable::kNoOwner
                                 : first_function + static_cast<std::uint32_t>(owner_of[i])});
    }
    table.files.push_back({path, static_cast<std::uint32_t>(table.functions.size()),
                           static_cast<std::uint32_t>(table.lines.size())});
  }
};

// A class's masks over its own lines, as masks over the lines of the table.
class Moved {
 public:
  // The lines of the class's source file begin at `at`.
  Moved(const AnalysedClass& from, const LineTable& table, std::uint32_t at) {
    for (const AnalysedClass::Line& line : from.lines) {
      while (table.lines[at].number != line.number) ++at;
      position_.push_back(at);
    }
  }

  AnalysedClass::Reach reach(std::span<const std::uint32_t> lines,
                             std::vector<std::uint64_t>& words) const {
    const auto begin = static_cast<std::uint32_t>(words.size());
    if (lines.empty()) return {0, begin, begin};
    const std::uint32_t first = position_[lines.front()] / 64;
    words.resize(begin + position_[lines.back()] / 64 - first + 1);
    for (const std::uint32_t line : lines) {
      words[begin + position_[line] / 64 - first] |= 1ULL << position_[line] % 64;
    }
    return {first, begin, static_cast<std::uint32_t>(words.size())};
  }

 private:
  std::vector<std::uint32_t> position_;  // by line of the class
};

std::vector<std::uint32_t> lines_of(const AnalysedClass& owner, const AnalysedClass::Reach& reach) {
  std::vector<std::uint32_t> lines;
  for (std::uint32_t w = reach.begin; w < reach.end; ++w) {
    for (std::uint64_t word = owner.words[w]; word != 0; word &= word - 1) {
      lines.push_back((reach.first + w - reach.begin) * 64 +
                      static_cast<std::uint32_t>(std::countr_zero(word)));
    }
  }
  return lines;
}

}  // namespace

void JavaBuild::add(std::string_view path, AnalysedClass analysed) {
  added_.push_back({root_of(path, analysed.name), std::move(analysed)});
}

void JavaBuild::finish() {
  std::sort(added_.begin(), added_.end(), [](const Added& a, const Added& b) {
    return std::tie(a.root, a.analysed.source_path, a.analysed.name, a.analysed.id) <
           std::tie(b.root, b.analysed.source_path, b.analysed.name, b.analysed.id);
  });
  // The same class twice, such as in the jars of two libraries, would be counted twice.
  added_.erase(std::unique(added_.begin(), added_.end(),
                           [](const Added& a, const Added& b) {
                             return a.root == b.root && a.analysed.name == b.analysed.name &&
                                    a.analysed.id == b.analysed.id;
                           }),
               added_.end());
  classes_.reserve(added_.size());
  for (std::size_t begin = 0, end = 0; begin < added_.size(); begin = end) {
    while (end < added_.size() && added_[end].root == added_[begin].root) ++end;
    build_module(std::span(added_).subspan(begin, end - begin));
  }
  added_ = {};
  for (std::uint32_t i = 0; i < classes_.size(); ++i) {
    by_id_.emplace(classes_[i].id, i);
    by_name_.emplace(classes_[i].name, i);
  }
}

// `members` are sorted by source file.
void JavaBuild::build_module(std::span<Added> members) {
  const auto index = static_cast<std::uint32_t>(modules_.size());
  Module& module = modules_.emplace_back();
  module.root = members.front().root;
  module.versioned = module.root.find(kVersions) != std::string::npos;
  for (std::size_t begin = 0, end = 0; begin < members.size(); begin = end) {
    const std::string& path = members[begin].analysed.source_path;
    Source source;
    for (; end < members.size() && members[end].analysed.source_path == path; ++end) {
      source.add(members[end].analysed);
    }
    // A class that names no source file has no place for its lines, but its probes are known.
    const auto first_line = static_cast<std::uint32_t>(module.table.lines.size());
    if (!path.empty()) source.write(path, module.table);
    for (const Added& member : members.subspan(begin, end - begin)) {
      const AnalysedClass& analysed = member.analysed;
      Class& result = classes_.emplace_back();
      result.name = analysed.name;
      result.id = analysed.id;
      result.module = index;
      module.classes.push_back(static_cast<std::uint32_t>(classes_.size() - 1));
      result.probes.resize(analysed.probes.size());
      if (path.empty()) continue;
      const Moved moved(analysed, module.table, first_line);
      std::vector<std::uint32_t> all(analysed.lines.size());
      for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
      result.all_lines = moved.reach(all, result.words);
      for (std::size_t i = 0; i < analysed.probes.size(); ++i) {
        result.probes[i] = moved.reach(lines_of(analysed, analysed.probes[i]), result.words);
      }
    }
  }
}

std::vector<std::uint32_t> JavaBuild::with_id(std::uint64_t id) const {
  std::vector<std::uint32_t> found;
  for (auto [at, end] = by_id_.equal_range(id); at != end; ++at) found.push_back(at->second);
  return found;
}

std::vector<std::uint32_t> JavaBuild::with_name(std::string_view name) const {
  std::vector<std::uint32_t> found;
  for (auto [at, end] = by_name_.equal_range(name); at != end; ++at) found.push_back(at->second);
  return found;
}

}  // namespace culprit
