// Every line count, function count and branch as gcov itself gives them: programs are compiled,
// run, and read both ways. `gcov --json-format` is the oracle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/demangle.h"
#include "base/file_tree.h"
#include "base/text.h"
#include "readers/build_files.h"
#include "readers/coverage_gcov_data.h"
#include "readers/scratch_folder.h"
#include "recorder.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path kSources = fs::path(CULPRIT_SOURCE_DIR) / "tests/readers/gcov";

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char buffer[65536];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  pclose(pipe);
  return text;
}

// "a.h:12" -> counts of its records, sorted: one of the file, and one a template instance.
using LineFacts = std::map<std::string, std::multiset<std::uint64_t>>;
// "a.h:12" -> how many of its branches were "taken" and "not". Their order is not compared: gcov's
// follows none that a reader of its output could rely on.
using BranchFacts = std::map<std::string, std::map<std::string, int>>;

struct Facts {
  LineFacts lines;
  BranchFacts branches;
  std::map<std::string, int> functions;  // "int f() a.h:3-9" -> copies
  std::map<std::string, std::uint64_t> entries;
};

std::string place(const std::string& file, const std::string& line) { return file + ":" + line; }

Facts facts_of_gcov(const std::string& object) {
  Facts facts;
  const Json report = Json::parse(
      output_of("cd '" + fs::path(object).parent_path().string() + "' && gcov -b --json-format " +
                "--stdout '" + fs::path(object).filename().string() + ".gcda' 2>/dev/null"),
      nullptr, false);
  if (report.is_discarded()) return facts;
  for (const Json& file : report["files"]) {
    const std::string path = clean_path(file["file"].get<std::string>());
    for (const Json& f : file["functions"]) {
      ++facts.functions[demangle(f["name"].get<std::string>()) + " " + path + ":" +
                        std::to_string(f["start_line"].get<int>()) + "-" +
                        std::to_string(f["end_line"].get<int>())];
      if (f["execution_count"] != 0) facts.entries[f["name"]] = f["execution_count"];
    }
    for (const Json& line : file["lines"]) {
      const std::string at = place(path, std::to_string(line["line_number"].get<int>()));
      facts.lines[at].insert(line["count"].get<std::uint64_t>());
      for (const Json& branch : line["branches"]) {
        ++facts.branches[at][branch["count"] == 0 ? "not" : "taken"];
      }
    }
  }
  return facts;
}

// What the reader tells, from the words of the Recorder.
class FactsSink : public Recorder {
 public:
  Facts facts;
  void file(std::string_view path) override { file_ = path; }
  void function(std::string_view name, std::uint32_t first, std::uint32_t last) override {
    ++facts.functions[std::string(name) + " " + file_ + ":" + std::to_string(first) + "-" +
                      std::to_string(last)];
  }
  void line(std::uint32_t number, std::uint64_t count, std::string_view) override {
    at_ = place(file_, std::to_string(number));
    facts.lines[at_].insert(count);
  }
  void branch(std::uint32_t, bool taken) override { ++facts.branches[at_][taken ? "taken" : "not"]; }

 private:
  std::string file_;
  std::string at_;
};

Facts facts_of_reader(const std::string& object, bool branches) {
  BuildFiles build;
  build.gcov.branches = branches;
  const std::string notes_path = object + ".gcno";
  const std::string data_path = object + ".gcda";
  const Result<std::string> notes = read_file(notes_path);
  const Result<std::string> data = read_file(data_path);
  EXPECT_TRUE(notes && data);
  if (!notes || !data) return {};
  EXPECT_TRUE(load_gcov_notes({notes_path, *notes}, build));
  build.finish();
  FactsSink sink;
  const Input input{data_path, *data, {}, &build};
  const Result<void> done = read_gcov_data(input, sink);
  EXPECT_TRUE(done) << done.error().what;
  for (const Error& warning : sink.warnings) ADD_FAILURE() << warning.what;
  const Result<GcovEntries> entries = gcov_entries(input);
  EXPECT_TRUE(entries);
  if (entries) sink.facts.entries = *entries;
  return sink.facts;
}

template <class Map>
void expect_equal(const Map& ours, const Map& theirs, const char* what) {
  int shown = 0;
  for (const auto& [at, value] : theirs) {
    const auto found = ours.find(at);
    if (found != ours.end() && found->second == value) continue;
    if (++shown > 10) continue;
    ADD_FAILURE() << what << ' ' << at << ": gcov has " << testing::PrintToString(value) << ", we have "
                  << (found == ours.end() ? "nothing" : testing::PrintToString(found->second));
  }
  for (const auto& [at, value] : ours) {
    if (!theirs.contains(at) && ++shown <= 10) {
      ADD_FAILURE() << what << ' ' << at << ": gcov has nothing, we have "
                    << testing::PrintToString(value);
    }
  }
  EXPECT_EQ(shown, 0) << what << " that differ, of " << theirs.size();
}

struct Build {
  std::string compiler;
  std::string flags;
};

void PrintTo(const Build& build, std::ostream* out) { *out << build.compiler << build.flags; }

class GcovParity : public testing::TestWithParam<Build> {};

TEST_P(GcovParity, LinesFunctionsAndBranchesEqualThoseOfGcov) {
  const auto& [compiler, flags] = GetParam();
  if (!runs("command -v " + compiler + " gcov >/dev/null")) GTEST_SKIP() << "no " << compiler;
  const ScratchFolder folder;
  const std::string object = (folder.path() / "features").string();
  ASSERT_TRUE(runs("cp '" + kSources.string() + "'/features.* '" + folder.path().string() +
                   "' && cd '" + folder.path().string() + "' && " + compiler +
                   " -std=c++20 -g --coverage " + flags + " -c features.cpp -o features.o && " +
                   compiler + " --coverage features.o -o features && ./features >/dev/null"));
  const Facts theirs = facts_of_gcov(object);
  ASSERT_GT(theirs.lines.size(), 100U);
  const Facts ours = facts_of_reader(object, true);
  expect_equal(ours.lines, theirs.lines, "line");
  expect_equal(ours.branches, theirs.branches, "branches of line");
  expect_equal(ours.entries, theirs.entries, "entries of function");
  expect_equal(ours.functions, theirs.functions, "function");
  EXPECT_EQ(facts_of_reader(object, false).lines, theirs.lines);
}

TEST(GcovData, SaysWhereverAFileIsCutShort) {
  const Result<std::string> seed = read_file(CULPRIT_SOURCE_DIR "/tests/fuzz/corpus/gcda/gcc12-O0");
  ASSERT_TRUE(seed);
  std::uint32_t size = 0;
  std::memcpy(&size, seed->data(), 4);
  const std::string_view notes = std::string_view(*seed).substr(4, size);
  const std::string_view data = std::string_view(*seed).substr(4 + size);
  BuildFiles build;
  ASSERT_TRUE(load_gcov_notes({"s.gcno", notes}, build));
  build.finish();
  for (std::size_t bytes = 16; bytes <= data.size(); ++bytes) {
    Recorder recorder;
    ASSERT_TRUE(read_gcov_data({"s.gcda", data.substr(0, bytes), {}, &build}, recorder));
    EXPECT_EQ(recorder.warnings.size(), bytes == data.size() ? 0U : 1U) << bytes;
  }
}

INSTANTIATE_TEST_SUITE_P(Gcc, GcovParity,
                         testing::Values(Build{"g++", "-O0"}, Build{"g++", "-O2"},
                                         Build{"g++", "-O0 -fprofile-update=atomic"},
                                         Build{"g++", "-Os -DNDEBUG"}),
                         [](const auto& build) { return "Build" + std::to_string(build.index); });

}  // namespace
}  // namespace culprit
