// Lines and methods as JaCoCo's own report has them. JaCoCo (libjacoco-java) is driven by
// java/JacocoOracle.java: it makes up which probes were hit, writes them as .exec and reports on
// them in XML; the readers of both must tell the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "readers/build_files.h"
#include "readers/coverage_jacoco_exec.h"
#include "readers/coverage_jacoco_xml.h"
#include "readers/java_compiler.h"
#include "readers/xml_document.h"
#include "recorder.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;

const fs::path kSources = fs::path(CULPRIT_SOURCE_DIR) / "tests/readers/java";
constexpr int kRuns = 3;

std::string class_path(const fs::path& own) {
  std::string path = own.string();
  for (const char* jar :
       {"org.jacoco.core", "org.jacoco.report", "asm", "asm-commons", "asm-tree", "asm-analysis"}) {
    path += ":/usr/share/java/" + std::string(jar) + ".jar";
  }
  return path;
}

// What is compared of a report: the instructions of each line and whether one was covered; of each
// method its first line, lines and instructions.
using Facts = std::map<std::string, std::string>;

std::uint64_t total(XmlElement element, const char* missed, const char* covered) {
  return parse_u64(*element.attribute(missed)).value_or(0) +
         parse_u64(*element.attribute(covered)).value_or(0);
}

Facts facts_of_report(const std::string& xml) {
  Facts facts;
  const auto document = XmlDocument::parse({"jacoco.xml", xml});
  if (!document) return facts;
  for (const XmlElement package : document->root().children("package")) {
    const std::string folder(*package.attribute("name"));
    for (const XmlElement owner : package.children("class")) {
      for (const XmlElement method : owner.children("method")) {
        std::map<std::string_view, std::uint64_t> counters;
        for (const XmlElement counter : method.children("counter")) {
          counters[*counter.attribute("type")] = total(counter, "missed", "covered");
        }
        facts["method " + std::string(*owner.attribute("name")) + '#' +
              std::string(*method.attribute("name")) + std::string(*method.attribute("desc"))] =
            std::string(method.attribute("line").value_or("0")) + ", " +
            std::to_string(counters["LINE"]) + " lines, " +
            std::to_string(counters["INSTRUCTION"]) + " instructions";
      }
    }
    for (const XmlElement file : package.children("sourcefile")) {
      const std::string path =
          (folder.empty() ? "" : folder + '/') + std::string(*file.attribute("name"));
      for (const XmlElement line : file.children("line")) {
        facts["line " + path + ':' + std::string(*line.attribute("nr"))] =
            std::to_string(total(line, "mi", "ci")) +
            (*line.attribute("ci") == "0" ? " instructions, missed" : " instructions, hit");
      }
    }
  }
  return facts;
}

struct Class {
  std::string path;
  std::string bytes;
};

Facts facts_of_classes(const std::vector<Class>& classes, const JacocoExec& exec, bool filters) {
  std::map<std::uint64_t, const JacocoExec::Class*> records;
  for (const JacocoExec::Class& record : exec.classes) records[record.id] = &record;
  std::map<std::string, std::pair<std::uint64_t, bool>> lines;
  Facts facts;
  for (const Class& each : classes) {
    const Result<AnalysedClass> analysed = analyse_class(
        {each.path, each.bytes}, filters ? JavaFilterSet::all() : JavaFilterSet::none());
    EXPECT_TRUE(analysed) << to_string(analysed.error());
    if (!analysed) continue;
    for (const AnalysedClass::Method& method : analysed->methods) {
      facts["method " + analysed->name + '#' + method.name + method.descriptor] =
          std::to_string(method.first_line) + ", " + std::to_string(method.lines) + " lines, " +
          std::to_string(method.instructions) + " instructions";
    }
    if (analysed->source_path.empty()) continue;
    std::set<std::size_t> hit;
    if (const auto found = records.find(analysed->id); found != records.end()) {
      const JacocoExec::Class& record = *found->second;
      EXPECT_EQ(record.probes, analysed->probes.size()) << analysed->name;
      for (std::size_t p = 0; p < std::min<std::size_t>(record.probes, analysed->probes.size());
           ++p) {
        if ((static_cast<unsigned char>(record.hits[p / 8]) >> p % 8 & 1) == 0) continue;
        const AnalysedClass::Reach& reach = analysed->probes[p];
        for (std::uint32_t bit = 0; bit < (reach.end - reach.begin) * 64; ++bit) {
          if ((analysed->words[reach.begin + bit / 64] >> bit % 64 & 1) != 0) {
            hit.insert(reach.first * 64 + bit);
          }
        }
      }
    }
    for (std::size_t i = 0; i < analysed->lines.size(); ++i) {
      auto& [instructions, executed] =
          lines["line " + analysed->source_path + ':' + std::to_string(analysed->lines[i].number)];
      instructions += analysed->lines[i].instructions;
      executed = executed || hit.contains(i);
    }
  }
  for (const auto& [line, fact] : lines) {
    facts[line] =
        std::to_string(fact.first) + (fact.second ? " instructions, hit" : " instructions, missed");
  }
  return facts;
}

struct Differences {
  std::size_t lines = 0;
  std::size_t methods = 0;
  std::size_t compared_lines = 0;
  std::size_t compared_methods = 0;
  std::string shown;  // the first few
};

void compare(const Facts& expected, const Facts& actual, Differences& differences) {
  const auto differs = [&](const std::string& what, const std::string& want,
                           const std::string& got) {
    ++(what.starts_with("line ") ? differences.lines : differences.methods);
    if (differences.lines + differences.methods <= 5) {
      differences.shown += what + ": JaCoCo " + want + "; here " + got + '\n';
    }
  };
  for (const auto& [what, fact] : expected) {
    ++(what.starts_with("line ") ? differences.compared_lines : differences.compared_methods);
    const auto found = actual.find(what);
    if (found == actual.end() || found->second != fact) {
      differs(what, fact, found == actual.end() ? "nothing" : found->second);
    }
  }
  for (const auto& [what, fact] : actual) {
    if (!expected.contains(what)) differs(what, "nothing", fact);
  }
}

// As sets: a report lists files and methods in another order.
std::set<std::string> told(const Recorder& recorder) {
  std::set<std::string> events;
  std::string file;
  for (const std::string& event : recorder.events) {
    if (event.starts_with("file ")) file = event;
    events.insert(file + ' ' + event);
  }
  return events;
}

class JacocoParity : public testing::Test {
 protected:
  void SetUp() override {
    if (!runs("command -v javac >/dev/null") ||
        !fs::exists("/usr/share/java/org.jacoco.core.jar")) {
      GTEST_SKIP() << "no javac or no libjacoco-java";
    }
    static const ScratchFolder compiled_oracle;
    oracle_ = compiled_oracle.path();
    if (!fs::exists(oracle_ / "JacocoOracle.class")) {
      ASSERT_TRUE(runs("javac -cp " + class_path(oracle_) + " -d " + oracle_.string() + ' ' +
                       (kSources / "JacocoOracle.java").string()));
    }
  }

  void run_oracle(const fs::path& classes, int count = kRuns) const {
    ASSERT_TRUE(runs("java -XX:+UseSerialGC -cp " + class_path(oracle_) + " JacocoOracle runs " +
                     scratch_.path().string() + ' ' + std::to_string(count) + ' ' +
                     classes.string()));
  }

  // The jar or folder, without what the oracle passes over or does not know yet.
  static std::vector<Class> read_classes(const fs::path& path) {
    std::vector<Class> classes;
    const Result<FileTree> tree = FileTree::open(path.string());
    EXPECT_TRUE(tree);
    for (const FileTree::Entry& entry : tree->entries()) {
      if (!entry.path.ends_with(".class") || entry.path.starts_with("META-INF/")) continue;
      std::string bytes = *tree->read(entry);
      if (bytes.find("PermittedSubclasses") != std::string::npos) continue;
      classes.push_back({entry.path, std::move(bytes)});
    }
    return classes;
  }

  void expect_equal(const fs::path& path) const {
    run_oracle(path);
    const std::vector<Class> classes = read_classes(path);
    BuildFiles build;
    for (const Class& each : classes) ASSERT_TRUE(load_java_class({each.path, each.bytes}, build));
    build.finish();
    Differences differences;
    Differences unfiltered;
    for (int run = 0; run < kRuns; ++run) {
      const std::string name = (scratch_.path() / std::to_string(run)).string();
      const std::string exec = *read_file(name + ".exec");
      const std::string xml = *read_file(name + ".xml");
      const auto parsed = parse_jacoco_exec({"jacoco.exec", exec});
      ASSERT_TRUE(parsed) << to_string(parsed.error());
      const Facts report = facts_of_report(xml);
      compare(report, facts_of_classes(classes, *parsed, true), differences);
      compare(report, facts_of_classes(classes, *parsed, false), unfiltered);

      Recorder of_xml;
      Recorder of_exec;
      ASSERT_TRUE(read_jacoco_xml({"jacoco.xml", xml}, of_xml));
      ASSERT_TRUE(read_jacoco_exec({"jacoco.exec", exec, {}, &build}, of_exec));
      EXPECT_THAT(of_exec.warnings, testing::IsEmpty());
      const std::set<std::string> expected = told(of_xml);
      const std::set<std::string> actual = told(of_exec);
      std::vector<std::string> differing;
      std::set_symmetric_difference(expected.begin(), expected.end(), actual.begin(), actual.end(),
                                    std::back_inserter(differing));
      differing.resize(std::min<std::size_t>(differing.size(), 5));
      EXPECT_THAT(differing, testing::IsEmpty()) << "the two readers tell different things";
    }
    EXPECT_GT(differences.compared_lines, 0U);
    EXPECT_EQ(differences.lines, 0U) << "of " << differences.compared_lines << " lines\n"
                                     << differences.shown;
    EXPECT_EQ(differences.methods, 0U) << "of " << differences.compared_methods << " methods\n"
                                       << differences.shown;
    std::cout << path.filename().string() << ": " << classes.size() << " classes, "
              << differences.compared_lines << " lines and " << differences.compared_methods
              << " methods compared, " << differences.lines << " and " << differences.methods
              << " differ; without filters " << unfiltered.lines << " and " << unfiltered.methods
              << '\n';
  }

  ScratchFolder scratch_;
  fs::path oracle_;
};

// What `culprit rank` prints, up to what it says of the files it read.
std::string ranking(const fs::path& run_set, const std::string& options) {
  const std::string out = run_set.string() + ".txt";
  EXPECT_TRUE(runs(std::string(CULPRIT_TOOL) + " rank " + run_set.string() + " --top 0 " + options +
                   " >" + out + " 2>&1"));
  const std::string text = *read_file(out);
  return text.substr(0, text.find("\nread: "));
}

TEST_F(JacocoParity, TheRankingIsThatOfItsReports) {
  const fs::path jar = "/usr/share/java/commons-lang3.jar";
  if (!fs::exists(jar)) GTEST_SKIP() << "no " << jar;
  constexpr int kRanked = 12;
  run_oracle(jar, kRanked);
  std::string verdicts;
  for (const char* form : {"xml", "exec"}) {
    verdicts.clear();
    for (int run = 0; run < kRanked; ++run) {
      const std::string name = std::to_string(run);
      const fs::path folder = scratch_.path() / form / name;
      fs::create_directories(folder);
      fs::copy(scratch_.path() / (name + '.' + form), folder / (std::string("jacoco.") + form));
      verdicts += R"({"run":")" + name + R"(","verdict":")" + (run % 4 == 0 ? "failed" : "passed") +
                  "\"}\n";
    }
    std::ofstream(scratch_.path() / form / "results.jsonl") << verdicts;
  }
  fs::create_directories(scratch_.path() / "exec/build");
  fs::copy(jar, scratch_.path() / "exec/build/commons-lang3.jar");
  for (const std::string options : {"", "--level line --formula ochiai"}) {
    const std::string of_reports = ranking(scratch_.path() / "xml", options);
    EXPECT_THAT(of_reports, testing::HasSubstr("12 runs: 3 failed, 9 passed"));
    EXPECT_EQ(of_reports, ranking(scratch_.path() / "exec", options + " --jobs 1"));
    EXPECT_EQ(of_reports, ranking(scratch_.path() / "exec", options + " --jobs 2"));
  }
}

class JacocoParityOfJars : public JacocoParity, public testing::WithParamInterface<const char*> {};

TEST_P(JacocoParityOfJars, LinesAndMethodsAreThoseOfItsReport) {
  const fs::path jar = fs::path("/usr/share/java") / GetParam();
  if (!fs::exists(jar)) GTEST_SKIP() << "no " << jar;
  expect_equal(jar);
}

INSTANTIATE_TEST_SUITE_P(Debian, JacocoParityOfJars,
                         testing::Values("commons-lang3.jar", "guava.jar", "commons-io.jar",
                                         "commons-math3.jar"));

class JacocoParityOfShapes : public JacocoParity,
                             public testing::WithParamInterface<const char*> {};

TEST_P(JacocoParityOfShapes, LinesAndMethodsAreThoseOfItsReport) {
  const fs::path classes = scratch_.path() / "classes";
  ASSERT_TRUE(runs("javac -nowarn -Xlint:-options -g --release " + std::string(GetParam()) +
                   " -d " + classes.string() + ' ' + kSources.string() +
                   "/[FLMRS]*.java 2>/dev/null"));
  expect_equal(classes);
}

INSTANTIATE_TEST_SUITE_P(Releases, JacocoParityOfShapes, testing::Values("8", "9", "11", "17"));

}  // namespace
}  // namespace culprit
