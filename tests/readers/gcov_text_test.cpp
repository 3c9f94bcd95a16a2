#include "readers/coverage_gcov_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "readers/coverage_lcov.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Reading read(std::string_view bytes) { return reading_of(read_gcov_text, {"a.gcov", bytes}); }

bool accepts(std::string_view bytes) {
  Head head;
  head.shape = Head::Shape::kText;
  head.path = "a.gcov";
  head.bytes = bytes;
  return accepts_gcov_text(head);
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(GcovText, TellsBranchesOfTheLineBeforeThem) {
  const auto [recorder, result] = read(
      "        -:    0:Source:a.cc\n"
      "        3:    1:if (a && b)\n"
      "branch  0 taken 33% (fallthrough)\n"
      "branch  1 taken 0%\n"
      "call    2 returned 100%\n"
      "branch  3 never executed\n"
      "        -:    2:{\n"
      "branch  0 taken 1\n"
      "        1:    3:f();\n"
      "branch  0 taken 1 (throw)\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.branches_told, ElementsAre("1.0 taken", "1.1 not", "1.2 not", "3.0 taken"));
}

TEST(GcovText, TellsBranchesOfTheIntermediateFormat) {
  const auto [recorder, result] = read(
      "file:a.cc\nlcount:3,1\nbranch:3,taken\nbranch:3,nottaken\nlcount:4,0\n"
      "branch:4,notexec\nlcount:3,1\nbranch:3,nottaken\nbranch:3,taken\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.branches_told,
              ElementsAre("3.0 taken", "3.1 not", "3.0 not", "3.1 taken", "4.0 not"));
}

TEST(GcovText, TellsExecutableLinesOnly) {
  const auto [recorder, result] = read(
      "        -:    0:Source:./src/a.cc\n"
      "        -:    0:Runs:1\n"
      "        -:    1:#include <x>\n"
      "        3:    2:  f(a ? b : c);\n"
      "       4*:    3:  if (x > 3) return x * 2;\n"
      "    #####:    4:  g();\n"
      "    =====:    5:  } catch (...) {\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file src/a.cc", "line 2 x3", "line 3 x4", "line 4 x0", "line 5 x0"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(GcovText, PlacesAFunctionOnTheSourceLineThatFollows) {
  const auto [recorder, result] = read(
      "        -:    0:Source:a.cc\n"
      "        -:    6:\n"
      "function _ZN4BaseD0Ev called 0 returned 0% blocks executed 0%\n"
      "function _ZN4BaseD2Ev called 1 returned 100% blocks executed 100%\n"
      "        1:    7:  ~Base() {}\n"
      "branch  0 taken 9\n"
      "branch  1 never executed\n"
      "call    2 returned 100%\n"
      "unconditional  3 taken 1\n"
      "function f(int, void (*) called (int)) called 3 returned 100% blocks executed 75%\n"
      "        3:    9:int f() {\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file a.cc", "function Base::~Base() 7-0", "function Base::~Base() 7-0",
                          "function f(int, void (*) called (int)) 9-0", "line 7 x1", "line 9 x3"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

// 4 calls of twice() in all; adding up every listing of line 4 would give 8.
TEST(GcovText, CountsTheTotalOfTemplateInstancesOnce) {
  const std::filesystem::path folder(CULPRIT_SOURCE_DIR "/fixtures/reports/gcov");
  // Calculated by hand from shapes.cc.
  const std::vector<std::string> lines = {
      "line 4 x4",  "line 5 x4",     "line 6 x2",  "line 10 x1", "line 11 x1",
      "line 16 x1", "line 20 x2",    "line 21 x2", "line 22 x2", "line 23 x2",
      "line 26 x0", "line 28 x1",    "line 29 x1", "line 30 x1", "line 31 x1",
      "line 32 x1", "line 33 x2001", "line 34 x1", "line 35 x1", "line 36 x1"};
  for (const char* name : {"plain.gcov", "blocks.gcov", "demangled.gcov"}) {
    const auto [recorder, result] = read(content(folder / name));
    ASSERT_TRUE(result) << name;
    std::vector<std::string> seen;
    for (const std::string& event : recorder.events) {
      if (event.starts_with("line ")) seen.push_back(event);
    }
    EXPECT_EQ(seen, lines) << name;
    EXPECT_THAT(recorder.events, Contains("function double twice<double>(double) 4-7")) << name;
    EXPECT_THAT(recorder.events, Contains("function int twice<int>(int) 4-7")) << name;
    EXPECT_THAT(recorder.events, Contains("function auto adder<int>(int) 20-24")) << name;
    EXPECT_THAT(recorder.warnings, IsEmpty()) << name;
  }
  const auto [recorder, result] = read(content(folder / "blocks.gcov"));
  EXPECT_THAT(recorder.events, Contains("function never(int) 26-0"));
  EXPECT_THAT(recorder.events, Contains("function main 28-0"));
}

TEST(GcovText, ReadsAReportOfAFileWithoutExecutableLines) {
  const auto [recorder, result] = read(
      "        -:    0:Source:a.h\n"
      "        -:    0:Graph:a.gcno\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.h"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(GcovText, ReadsCarriageReturnsAndTextThatIsNotUtf8) {
  const auto [recorder, result] = read(
      "        -:    0:Source:main.c\r\n"
      "        -:    3:// Copyright \xa9 2017\r\r\n"
      "        2:    5:  printf(\"\xff\");\r\r\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file main.c", "line 5 x2"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(GcovText, TakesSeveralReportsInOneFileApart) {
  const auto [recorder, result] = read(
      "        -:    0:Source:a.cc\n"
      "        1:    1:a\n"
      "        -:    0:Source:b.cc\n"
      "        2:    1:b\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "line 1 x1", "file b.cc", "line 1 x2"));
}

TEST(GcovText, ReadsHumanReadableCounts) {
  const auto [recorder, result] = read(
      "        -:    0:Source:a.c\n"
      "    12.3M:    2: for (;;)\n"
      "     2.0k*:    3: x\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.c", "line 2 x12300000", "line 3 x2000"));
}

TEST(GcovText, SaturatesHugeCountsAndTakesNegativeOnesAsZero) {
  const auto [recorder, result] = read(
      "        -:    0:Source:a.c\n"
      "99999999999999999999:    1:x\n"
      "       -5:    2:y\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file a.c", "line 1 x18446744073709551615", "line 2 x0"));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(to_string(recorder.warnings[0]),
            "a.gcov:3:8: a negative count, taken as 0\n"
            "           -5:    2:y\n"
            "           ^");
}

TEST(GcovText, SkipsBadLinesWithTheirPlaceAndFoldsRepeats) {
  std::string bytes = "        -:    0:Source:a.c\n        1:   1x:a\n";
  for (int i = 0; i < 7; ++i) bytes += "what is this\n";
  bytes += "        1:99999999:b\n        1:    2:c\n";
  const auto [recorder, result] = read(bytes);
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.c", "line 2 x1"));
  // Bad number, three of the seven, too large a number, the other four, and the doubt.
  ASSERT_THAT(recorder.warnings, SizeIs(7));
  EXPECT_EQ(recorder.warnings[0].place, (Place{"a.gcov", 2, 14}));
  EXPECT_EQ(recorder.warnings[0].caret, 13U);
  EXPECT_EQ(recorder.warnings[1].place.line, 3U);
  EXPECT_EQ(recorder.warnings[4].place.line, 10U);
  EXPECT_THAT(recorder.warnings[5].what, HasSubstr("4"));
  EXPECT_THAT(recorder.warnings[6].what, HasSubstr("doubtful"));
}

TEST(GcovText, RejectsLinesOfNoFile) {
  const auto [recorder, result] = read("        1:    1:int main() {\n");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().place.line, 1U);
  EXPECT_THAT(result.error().what, HasSubstr("Source:"));
  EXPECT_FALSE(read("").result);
  EXPECT_FALSE(read("        -:    0:Source:\n").result);
}

TEST(GcovText, KeepsWhatPrecedesACut) {
  const auto [recorder, result] = read(
      "        -:    0:Source:a.c\n"
      "        1:    1:x\n"
      "        7:   1");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.c", "line 1 x1"));
  ASSERT_FALSE(recorder.warnings.empty());
  EXPECT_EQ(recorder.warnings[0].place.line, 3U);
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("ends within a record"));
}

TEST(GcovText, ReadsTheIntermediateTextOfOldGcov) {
  const auto [recorder, result] = read(
      "file:a.h\n"
      "function:393,0,_ZN1A7ReleaseEv\n"
      "lcount:393,0\n"
      "branch:393,notexec\n"
      "lcount:401,-3\n"
      "lcount:393,2\n"
      "file:b.h\n"
      "function:5,9,2,twice(int, int)\n"
      "lcount:5,2,1\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file a.h", "function A::Release() 393-0", "line 393 x0", "line 401 x0",
                          "line 393 x2", "file b.h", "function twice(int, int) 5-9", "line 5 x2"));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(recorder.warnings[0].place, (Place{"a.gcov", 5, 12}));
}

TEST(GcovText, SkipsBadRecordsOfTheIntermediateText) {
  const auto [recorder, result] = read(
      "file:a.h\n"
      "lcount:1\n"
      "lcount:x,1\n"
      "function:5\n"
      "function:5,6\n"
      "lcount:2,1\n"
      "lcount:3,12");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.h", "line 2 x1"));
  ASSERT_THAT(recorder.warnings, SizeIs(6));
  EXPECT_EQ(recorder.warnings[0].place, (Place{"a.gcov", 2, 9}));
  EXPECT_EQ(recorder.warnings[1].place, (Place{"a.gcov", 3, 8}));
  EXPECT_EQ(recorder.warnings[4].place.line, 7U);

  EXPECT_FALSE(read("file:\nlcount:1,1\n").result);
}

TEST(GcovText, AcceptsItsFormatsAndNoOthers) {
  EXPECT_TRUE(accepts("        -:    0:Source:a.cc\n"));
  EXPECT_TRUE(accepts("        -:    0:Colorization: x\n        -:    0:Source:a.cc\n"));
  EXPECT_TRUE(accepts("file:a.cc\nlcount:1,2\n"));
  EXPECT_TRUE(accepts("version:8.1.0 20180103\nfile:a.cc\nfunction:1,2,3,f\n"));
  EXPECT_FALSE(accepts(""));
  EXPECT_FALSE(accepts("file:a.cc\nsize: 12\n"));
  EXPECT_FALSE(accepts("TN:\nSF:a.cc\nDA:1,2\n"));
  EXPECT_FALSE(accepts("name\na.c$#f:1\n"));
}

TEST(GcovText, SurvivesEveryPrefixOfAReport) {
  const std::string bytes = content(CULPRIT_SOURCE_DIR "/fixtures/reports/gcov/blocks.gcov");
  ASSERT_FALSE(bytes.empty());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto [recorder, result] = read(std::string_view(bytes).substr(0, size));
    EXPECT_EQ(result.has_value(), bytes.substr(0, size).find("Source:s") != std::string::npos);
  }
}

// Sums per (file, line).
class LineSums : public Recorder {
 public:
  std::map<std::pair<std::string, std::uint32_t>, std::uint64_t> lines;

  void file(std::string_view path) override { file_ = path; }
  void line(std::uint32_t number, std::uint64_t count, std::string_view) override {
    lines[{file_, number}] += count;
  }

 private:
  std::string file_;
};

TEST(GcovText, AgreesWithTheTracefilesOfTheSameRuns) {
  const std::filesystem::path root(CULPRIT_SOURCE_DIR
                                   "/../shared/data/samples/anomod-sn/SN_data/coverage_data");
  if (!std::filesystem::exists(root)) {
    GTEST_SKIP() << "the AnoMod samples are not beside the source folder";
  }
  std::size_t compared = 0;
  std::map<std::filesystem::path, std::pair<LineSums, LineSums>> services;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    auto& [text, tracefile] = services[entry.path().parent_path()];
    const std::string path = entry.path().string();
    const std::string bytes = entry.is_regular_file() ? content(entry.path()) : std::string();
    if (entry.path().extension() == ".gcov") {
      EXPECT_TRUE(read_gcov_text({path, bytes}, text)) << path;
    } else if (entry.path().extension() == ".info") {
      EXPECT_TRUE(read_lcov({path, bytes}, tracefile)) << path;
    }
  }
  for (const auto& [folder, readings] : services) {
    const auto& [text, tracefile] = readings;
    EXPECT_THAT(text.warnings, IsEmpty()) << folder;
    EXPECT_THAT(tracefile.warnings, IsEmpty()) << folder;
    EXPECT_EQ(text.lines, tracefile.lines) << folder;
    compared += text.lines.size();
  }
  EXPECT_GT(compared, 0U);
}

}  // namespace
}  // namespace culprit
