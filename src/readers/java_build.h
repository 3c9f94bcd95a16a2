// The compiled classes of a build, as a JaCoCo report would show them: source files with their
// lines and methods, and what each probe of each class says of them.
//
// Classes come in modules: what lies in one folder or jar. A Spring Boot jar with the jars inside
// it, or a web archive, is one module. Classes for newer virtual machines only (META-INF/versions/N
// of a multi-release jar) are a module of their own.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "readers/java_analysis.h"
#include "readers/line_table.h"

namespace culprit {

class JavaBuild {
 public:
  // Bits are lines of the module's table.
  struct Class {
    std::string name;
    std::uint64_t id = 0;
    std::uint32_t module = 0;
    std::vector<AnalysedClass::Reach> probes;
    AnalysedClass::Reach all_lines;
    std::vector<std::uint64_t> words;
  };
  struct Module {
    std::string root;  // "build/pricing/"
    bool versioned = false;
    LineTable table;                     // files by path, their lines by number
    std::vector<std::uint32_t> classes;  // indices

    // That hold a bit for each line.
    [[nodiscard]] std::size_t words() const { return (table.lines.size() + 63) / 64; }
  };

  // `path` is where the class lay: `build/pricing/shop/Price.class`. In any order.
  void add(std::string_view path, AnalysedClass analysed);
  // Once, after the last add() and before the first question.
  void finish();

  [[nodiscard]] const std::vector<Module>& modules() const { return modules_; }
  [[nodiscard]] const std::vector<Class>& classes() const { return classes_; }
  // Indices of classes. One class may lie in several modules, and have several builds.
  [[nodiscard]] std::vector<std::uint32_t> with_id(std::uint64_t id) const;
  [[nodiscard]] std::vector<std::uint32_t> with_name(std::string_view name) const;

 private:
  struct Added {
    std::string root;
    AnalysedClass analysed;
  };
  void build_module(std::span<Added> members);

  std::vector<Added> added_;
  std::vector<Module> modules_;  // by root
  std::vector<Class> classes_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> by_id_;
  std::unordered_multimap<std::string_view, std::uint32_t> by_name_;
};

}  // namespace culprit
