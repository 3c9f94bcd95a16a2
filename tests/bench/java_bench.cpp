// Compiled Java, raw JaCoCo data and JaCoCo's XML, on classes of Debian's libguava-java and
// libcommons-lang3-java. Goals on one core: 10,000 classes/s analysed, 50,000 runs/s of .exec, XML
// at 50 times the speed of tinyxml2's DOM.
#include <benchmark/benchmark.h>
#include <tinyxml2.h>

#include <random>

#include "base/file_tree.h"
#include "null_sink.h"
#include "readers/build_files.h"
#include "readers/coverage_jacoco_exec.h"
#include "readers/coverage_jacoco_xml.h"
#include "readers/jacoco_scan.h"

namespace culprit {
namespace {

struct ClassFile {
  std::string path;
  std::string bytes;
};

const std::vector<ClassFile>& classes(const std::string& jar) {
  static std::map<std::string, std::vector<ClassFile>> known;
  std::vector<ClassFile>& files = known[jar];
  if (!files.empty()) return files;
  const auto tree = FileTree::open("/usr/share/java/" + jar);
  if (!tree) return files;
  for (const FileTree::Entry& entry : tree->entries()) {
    if (entry.path.ends_with(".class") && !entry.path.starts_with("META-INF/")) {
      files.push_back({entry.path, *tree->read(entry)});
    }
  }
  return files;
}

void BM_AnalyseClasses(benchmark::State& state) {
  const std::vector<ClassFile>& files = classes("guava.jar");
  if (files.empty()) return state.SkipWithError("no libguava-java");
  for (auto _ : state) {
    for (const ClassFile& file : files) {
      benchmark::DoNotOptimize(analyse_class({file.path, file.bytes}, JavaFilterSet::all()));
    }
  }
  state.counters["classes/s"] = benchmark::Counter(static_cast<double>(files.size()),
                                                   benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_AnalyseClasses)->Unit(benchmark::kMillisecond);

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

// One run in the proportions of a JUnit class of commons-lang3: some 60 classes, a fifth of whose
// probes were hit, in 1.6 kB.
std::string executed(const std::vector<ClassFile>& files, unsigned seed) {
  std::mt19937 random(seed);
  std::string exec("\x01\xc0\xc0\x10\x07", 5);
  exec += '\x10' + big_endian(1, 2) + "s" + big_endian(0, 16);
  for (const ClassFile& file : files) {
    if (random() % 6 != 0) continue;
    const auto analysed = analyse_class({file.path, file.bytes}, JavaFilterSet::all());
    if (!analysed || analysed->probes.empty() || analysed->probes.size() > 127) continue;
    exec += '\x11' + big_endian(analysed->id, 8) + big_endian(analysed->name.size(), 2) +
            analysed->name + static_cast<char>(analysed->probes.size());
    for (std::size_t bytes = (analysed->probes.size() + 7) / 8; bytes > 0; --bytes) {
      exec += static_cast<char>(random() & random() & random() & 0xff);
    }
  }
  return exec;
}

void BM_ReadExec(benchmark::State& state) {
  const std::vector<ClassFile>& files = classes("commons-lang3.jar");
  if (files.empty()) return state.SkipWithError("no libcommons-lang3-java");
  BuildFiles build;
  for (const ClassFile& file : files) (void)load_java_class({file.path, file.bytes}, build);
  build.finish();
  std::vector<std::string> runs;
  for (unsigned run = 0; run < 100; ++run) runs.push_back(executed(files, run));
  NullSink sink;
  double bytes = 0;
  std::size_t next = 0;
  for (auto _ : state) {
    const std::string& exec = runs[next++ % runs.size()];
    if (!read_jacoco_exec({"r/jacoco.exec", exec, {}, &build}, sink)) state.SkipWithError("unread");
    bytes += static_cast<double>(exec.size());
  }
  state.counters["runs/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["bytes/run"] = bytes / static_cast<double>(state.iterations());
}
BENCHMARK(BM_ReadExec)->Unit(benchmark::kMicrosecond);

// A report of all classes, as JaCoCo spells it.
const std::string& report() {
  static const std::string text = [] {
    const auto escaped = [](const std::string& name) {
      return name.starts_with("<") ? "&lt;" + name.substr(1, name.size() - 2) + "&gt;" : name;
    };
    const auto counter = [](const std::string& type, std::uint64_t covered) {
      return "<counter type=\"" + type + "\" missed=\"0\" covered=\"" + std::to_string(covered) +
             "\"/>";
    };
    std::map<std::string, std::pair<std::string, std::map<std::string, std::string>>> packages;
    for (const ClassFile& file : classes("commons-lang3.jar")) {
      const auto analysed = analyse_class({file.path, file.bytes}, JavaFilterSet::all());
      if (!analysed || analysed->lines.empty()) continue;
      const std::size_t slash = analysed->name.rfind('/');
      auto& [owners, sources] = packages[analysed->name.substr(0, slash)];
      const std::string source = analysed->source_path.substr(slash + 1);
      owners += "<class name=\"" + analysed->name + "\" sourcefilename=\"" + source + "\">";
      for (const AnalysedClass::Method& method : analysed->methods) {
        owners += "<method name=\"" + escaped(method.name) + "\" desc=\"" + method.descriptor +
                  "\" line=\"" + std::to_string(method.first_line) + "\">" +
                  counter("INSTRUCTION", method.instructions) + counter("BRANCH", 2) +
                  counter("LINE", method.lines) + counter("COMPLEXITY", 2) + counter("METHOD", 1) +
                  "</method>";
      }
      owners += counter("INSTRUCTION", 9) + counter("LINE", 9) + counter("COMPLEXITY", 9) +
                counter("METHOD", 9) + counter("CLASS", 1) + "</class>";
      for (const AnalysedClass::Line& line : analysed->lines) {
        sources[source] += "<line nr=\"" + std::to_string(line.number) + "\" mi=\"" +
                           std::to_string(line.instructions) + "\" ci=\"0\" mb=\"0\" cb=\"0\"/>";
      }
    }
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><!DOCTYPE report PUBLIC "
        "\"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\"><report name=\"bench\">";
    for (const auto& [package, content] : packages) {
      xml += "<package name=\"" + package + "\">" + content.first;
      for (const auto& [source, lines] : content.second) {
        xml +=
            "<sourcefile name=\"" + source + "\">" + lines + counter("LINE", 9) + "</sourcefile>";
      }
      xml += "</package>";
    }
    return xml + "</report>";
  }();
  return text;
}

template <class Read>
void read_report(benchmark::State& state, Read&& read) {
  if (classes("commons-lang3.jar").empty()) return state.SkipWithError("no libcommons-lang3-java");
  for (auto _ : state) {
    if (!read(report())) state.SkipWithError("unread");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(report().size()));
  state.counters["MB"] = static_cast<double>(report().size()) / 1e6;
}

void BM_JacocoXmlScan(benchmark::State& state) {
  read_report(state, [](const std::string& xml) { return scan_jacoco_report(xml).has_value(); });
}
BENCHMARK(BM_JacocoXmlScan)->Unit(benchmark::kMicrosecond);

void BM_JacocoXmlRead(benchmark::State& state) {
  read_report(state, [](const std::string& xml) {
    NullSink sink;
    return read_jacoco_xml({"jacoco.xml", xml}, sink).has_value();
  });
}
BENCHMARK(BM_JacocoXmlRead)->Unit(benchmark::kMicrosecond);

void BM_JacocoXmlReadStrictly(benchmark::State& state) {
  read_report(state, [](const std::string& xml) {
    NullSink sink;
    return read_jacoco_xml_strictly({"jacoco.xml", xml}, sink).has_value();
  });
}
BENCHMARK(BM_JacocoXmlReadStrictly)->Unit(benchmark::kMicrosecond);

// The peer: no more than the document.
void BM_JacocoXmlTinyxml2(benchmark::State& state) {
  read_report(state, [](const std::string& xml) {
    tinyxml2::XMLDocument document;
    return document.Parse(xml.data(), xml.size()) == tinyxml2::XML_SUCCESS;
  });
}
BENCHMARK(BM_JacocoXmlTinyxml2)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace culprit
