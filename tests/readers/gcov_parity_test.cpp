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
#include <optional>
#include <set>
#include <sstream>

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

// "a/b.h" for "a/../a/b.h": some versions of llvm-cov shorten paths.
std::string normal(std::string_view path) { return fs::path(path).lexically_normal().string(); }

std::string place(const std::string& file, const std::string& line) { return file + ":" + line; }

Facts facts_of_gcov(const std::string& object, const std::string& gcov) {
  Facts facts;
  const Json report =
      Json::parse(output_of("cd '" + fs::path(object).parent_path().string() + "' && " + gcov +
                            " -b --json-format " + "--stdout '" +
                            fs::path(object).filename().string() + ".gcda' 2>/dev/null"),
                  nullptr, false);
  if (report.is_discarded()) return facts;
  for (const Json& file : report["files"]) {
    const std::string path = normal(file["file"].get<std::string>());
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
  void file(std::string_view path) override { file_ = normal(path); }
  void function(std::string_view name, std::uint32_t first, std::uint32_t last) override {
    ++facts.functions[std::string(name) + " " + file_ + ":" + std::to_string(first) + "-" +
                      std::to_string(last)];
  }
  void line(std::uint32_t number, std::uint64_t count, std::string_view) override {
    at_ = place(file_, std::to_string(number));
    facts.lines[at_].insert(count);
  }
  void branch(std::uint32_t, bool taken) override {
    ++facts.branches[at_][taken ? "taken" : "not"];
  }

 private:
  std::string file_;
  std::string at_;
};

Facts facts_of_reader(const std::string& object, const GcovMode& mode) {
  BuildFiles build;
  build.gcov = mode;
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
    ADD_FAILURE() << what << ' ' << at << ": gcov has " << testing::PrintToString(value)
                  << ", we have "
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

// "        4*:    3:" is 4; "-" is not executable; anything else did not run.
std::optional<std::uint64_t> count_of(std::string_view column) {
  column = trim(column);
  if (column == "-") return std::nullopt;
  if (column.ends_with('*')) column.remove_suffix(1);
  return parse_u64(column).value_or(0);
}

// What llvm-cov prints as gcov's text; it has no JSON.
Facts facts_of_llvm_cov(const std::string& object, const std::string& gcov) {
  Facts facts;
  std::istringstream text(output_of("cd '" + fs::path(object).parent_path().string() + "' && " +
                                    gcov + " -b -c -t '" + fs::path(object).filename().string() +
                                    ".gcda' 2>/dev/null"));
  std::string file;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("function ")) {
      const std::size_t called = line.find(" called ");
      const std::uint64_t times =
          parse_u64(line.substr(called + 8, line.find(' ', called + 8) - called - 8)).value_or(0);
      const std::string name = line.substr(9, called - 9);
      if (times != 0) facts.entries[name] = times;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon != 9) continue;
    const std::string number(trim(line.substr(colon + 1, 5)));
    if (number == "0") {
      const std::string_view rest = std::string_view(line).substr(16);
      if (rest.starts_with("Source:")) file = normal(rest.substr(7));
    } else if (const auto count = count_of(line.substr(0, colon))) {
      facts.lines[place(file, number)].insert(*count);
    }
  }
  return facts;
}

struct Build {
  std::string compiler;
  std::string flags;
  std::string gcov = "gcov";
};

void PrintTo(const Build& build, std::ostream* out) { *out << build.compiler << build.flags; }

class GcovParity : public testing::TestWithParam<Build> {
 protected:
  // Builds and runs the program; its object, without the extension. Empty: skipped, or failed.
  static std::optional<std::string> compiled(const ScratchFolder& folder) {
    const std::string& compiler = GetParam().compiler;
    const std::string& flags = GetParam().flags;
    const std::string& gcov = GetParam().gcov;
    const std::string tools = compiler + "' && command -v '" + gcov.substr(0, gcov.find(' '));
    if (!runs("command -v '" + tools + "' >/dev/null")) {
      [&] { GTEST_SKIP() << "no " << compiler << " with " << gcov; }();
      return std::nullopt;
    }
    const bool made =
        runs("cp '" + kSources.string() + "'/features.* '" + folder.path().string() + "' && cd '" +
             folder.path().string() + "' && " + compiler + " -std=c++20 -g --coverage " + flags +
             " -c features.cpp -o features.o && " + compiler +
             " --coverage features.o -o features && ./features >/dev/null");
    EXPECT_TRUE(made);
    return made ? std::optional((folder.path() / "features").string()) : std::nullopt;
  }
};

class ClangParity : public GcovParity {};

TEST_P(GcovParity, LinesFunctionsAndBranchesEqualThoseOfGcov) {
  const ScratchFolder folder;
  const auto object = compiled(folder);
  if (!object) return;
  const Facts theirs = facts_of_gcov(*object, GetParam().gcov);
  ASSERT_GT(theirs.lines.size(), 100U);
  const Facts ours = facts_of_reader(*object, {.branches = true});
  expect_equal(ours.lines, theirs.lines, "line");
  expect_equal(ours.branches, theirs.branches, "branches of line");
  expect_equal(ours.entries, theirs.entries, "entries of function");
  expect_equal(ours.functions, theirs.functions, "function");
  EXPECT_EQ(facts_of_reader(*object, {}).lines, theirs.lines);
}

TEST_P(GcovParity, FilesThatAreExcludedChangeNoOther) {
  const ScratchFolder folder;
  const auto object = compiled(folder);
  if (!object) return;
  const auto is_system = [](std::string_view path) { return path.starts_with("/usr/"); };
  Facts all = facts_of_reader(*object, {.branches = true});
  const Facts ours = facts_of_reader(*object, {.branches = true, .excludes = is_system});
  std::erase_if(all.lines, [&](const auto& line) { return is_system(line.first); });
  std::erase_if(all.branches, [&](const auto& line) { return is_system(line.first); });
  EXPECT_GT(all.lines.size(), 50U);
  EXPECT_EQ(ours.lines, all.lines);
  EXPECT_EQ(ours.branches, all.branches);
}

// Takes part in what exceptions come through: "3 called" where one left a call, "3 threw".
class RaisesSink : public Recorder {
 public:
  std::set<std::string> raises_told;
  void raises(const LineTable& table, std::span<const LineRaise> raised) override {
    for (const LineRaise& each : raised) {
      raises_told.insert(std::to_string(table.lines[each.line].number) +
                         (each.throws ? " threw" : " called"));
    }
  }
};

constexpr std::string_view kThrowing = R"(#include <map>
using Prices = std::map<int, int>;
int price(const Prices& prices, int of) {
  return prices.at(of);
}
void check(int of) {
  if (of == 7) throw of;
}
int twice(const Prices& prices, int of) {
  check(of);
  return price(prices, of) * 2;
}
struct Guard { ~Guard() {} };
int guarded(const Prices& prices, int of) {
  const Guard guard;
  try {
    return twice(prices, of);
  } catch (...) {
    return 0;
  }
}
int main(int argc, char**) {
  return guarded({{1, 2}}, argc) == 4 ? 0 : 1;
}
)";

std::set<std::string> raises_of(const std::string& object) {
  BuildFiles build;
  build.gcov.excludes = [](std::string_view path) { return path.starts_with("/usr/"); };
  const Result<std::string> notes = read_file(object + ".gcno");
  const Result<std::string> data = read_file(object + ".gcda");
  EXPECT_TRUE(notes && data);
  if (!notes || !data) return {};
  EXPECT_TRUE(load_gcov_notes({object + ".gcno", *notes}, build));
  build.finish();
  RaisesSink sink;
  EXPECT_TRUE(read_gcov_data({object + ".gcda", *data, {}, &build}, sink));
  for (const Error& warning : sink.warnings) ADD_FAILURE() << warning.what;
  return sink.raises_told;
}

// What std::map throws comes from no line of the program; what check() throws from line 7.
TEST_P(GcovParity, TellsTheCallsThatExceptionsLeft) {
  if (GetParam().flags.find("-O0") == std::string::npos) return;
  const ScratchFolder folder;
  if (!compiled(folder)) return;
  std::ofstream(folder.path() / "t.cpp") << kThrowing;
  const auto ran_with = [&](const std::string& arguments) {
    const std::string build = GetParam().compiler + " -std=c++20 -g --coverage " +
                              GetParam().flags + " -c t.cpp && " + GetParam().compiler +
                              " --coverage t.o -o t && rm -f t.gcda && (./t " + arguments +
                              "; true)";
    EXPECT_TRUE(runs("cd '" + folder.path().string() + "' && " + build));
    return raises_of((folder.path() / "t").string());
  };
  EXPECT_THAT(ran_with(""), testing::IsEmpty());
  EXPECT_THAT(ran_with("a"), testing::ElementsAre("11 called", "17 called", "4 called"));
  EXPECT_THAT(ran_with("1 2 3 4 5 6"), testing::ElementsAre("10 called", "17 called", "7 threw"));
}

// llvm-cov's lines are totals: those of template instances are added up.
TEST_P(ClangParity, LinesAndEntriesEqualThoseOfLlvmCov) {
  const ScratchFolder folder;
  const auto object = compiled(folder);
  if (!object) return;
  const Facts theirs = facts_of_llvm_cov(*object, GetParam().gcov);
  ASSERT_GT(theirs.lines.size(), 100U);
  const Facts ours = facts_of_reader(*object, {});
  expect_equal(ours.lines, theirs.lines, "line");
  expect_equal(ours.entries, theirs.entries, "entries of function");
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
    const bool whole = bytes == data.size();
    EXPECT_EQ(read_gcov_data({"s.gcda", data.substr(0, bytes), {}, &build}, recorder).has_value(),
              whole)
        << bytes;
    if (whole) continue;
    EXPECT_THAT(recorder.events, testing::ElementsAre("lost s.cpp")) << bytes;
  }
}

// As threads that count at once do: a counter lags behind those it is added to or taken from.
TEST(GcovData, TakesWhatRacingCountersMakeNegativeAsZeroAndCountsIt) {
  const Result<std::string> seed = read_file(CULPRIT_SOURCE_DIR "/tests/fuzz/corpus/gcda/gcc12-O0");
  ASSERT_TRUE(seed);
  std::uint32_t size = 0;
  std::memcpy(&size, seed->data(), 4);
  BuildFiles build;
  ASSERT_TRUE(load_gcov_notes({"s.gcno", std::string_view(*seed).substr(4, size)}, build));
  build.finish();
  // The counters of the third function, 10 of them, are at byte 148 of the data.
  constexpr std::size_t kFirst = 148;
  int contradictions = 0;
  for (std::size_t counter = 0; counter < 10; ++counter) {
    std::string data = seed->substr(4 + size);
    data[kFirst + 8 * counter] = 0;
    FactsSink sink;
    ASSERT_TRUE(read_gcov_data({"s.gcda", data, {}, &build}, sink));
    for (const auto& [line, counts] : sink.facts.lines) {
      for (const std::uint64_t count : counts) EXPECT_LT(count, 1000U) << line;
    }
    for (const Error& warning : sink.warnings) {
      ++contradictions;
      EXPECT_EQ(warning.what, "counters contradict each other; what came below 0 is taken as 0");
      EXPECT_THAT(warning.hint, testing::ContainsRegex("^in [0-9]+ places; .*=atomic$"));
    }
  }
  EXPECT_GT(contradictions, 0);
}

TEST(GcovData, RefusesNotesThatTellTheBlocksOfAFunctionTwice) {
  const auto words = [](std::initializer_list<std::uint32_t> values) {
    std::string bytes;
    for (const std::uint32_t value : values) {
      bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    return bytes;
  };
  const std::string function = words({1, 2, 3, 2}) + std::string("f\0", 2) + words({0, 2}) +
                               std::string("a\0", 2) + words({1, 1, 2, 0});
  const std::string notes = "oncg*22B" + words({7, 0, 1}) + std::string(1, '\0') + words({0}) +
                            words({0x01000000, static_cast<std::uint32_t>(function.size())}) +
                            function + words({0x01410000, 4, 4}) + words({0x01430000, 12, 0, 3, 0});
  EXPECT_TRUE(parse_gcov_notes({"a.gcno", notes + words({0})}));
  const auto twice = parse_gcov_notes({"a.gcno", notes + words({0x01410000, 4, 2, 0})});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().what, "gcov notes: a function tells its blocks twice");
}

INSTANTIATE_TEST_SUITE_P(Gcc, GcovParity,
                         testing::Values(Build{"g++", "-O0"}, Build{"g++", "-O2"},
                                         Build{"g++", "-O0 -fprofile-update=atomic"},
                                         Build{"g++", "-Os -DNDEBUG"},
                                         Build{"g++-11", "-O0", "gcov-11"},
                                         Build{"g++-11", "-O2", "gcov-11"}),
                         [](const auto& build) { return "Build" + std::to_string(build.index); });

INSTANTIATE_TEST_SUITE_P(Clang, ClangParity,
                         testing::Values(Build{"clang++-14", "-O0", "llvm-cov-14 gcov"},
                                         Build{"clang++-14", "-O2", "llvm-cov-14 gcov"},
                                         Build{"clang++-19", "-O0", "llvm-cov-19 gcov"},
                                         Build{"clang++-19", "-O2", "llvm-cov-19 gcov"}),
                         [](const auto& build) { return "Build" + std::to_string(build.index); });

}  // namespace
}  // namespace culprit
