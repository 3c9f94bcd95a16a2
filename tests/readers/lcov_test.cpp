#include "readers/coverage_lcov.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Reading read(std::string_view bytes) { return reading_of(read_lcov, {"coverage.info", bytes}); }

TEST(Lcov, TellsFunctionsAndLinesOfEveryFile) {
  const auto [recorder, result] = read(
      "TN:\n"
      "SF:./src/a.cc\n"
      "FN:3,_Z5twiceIiET_S0_\n"
      "FNDA:4,_Z5twiceIiET_S0_\n"
      "FNF:1\n"
      "FNH:1\n"
      "BRDA:3,0,0,-\n"
      "DA:3,4,kR2/hT1NbqmtR+5Ya1xJcg\n"
      "DA:4,0\n"
      "LF:2\n"
      "LH:1\n"
      "end_of_record\n"
      "TN:again\n"
      "\n"
      "SF:src\\b.cc\n"
      "DA:1,1\n"
      "end_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file src/a.cc", "function int twice<int>(int) 3-0",
                                           "line 3 x4", "line 4 x0", "file src/b.cc", "line 1 x1"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(Lcov, TellsRepeatedLinesEachTime) {
  const auto [recorder, result] = read("SF:a.cc\nDA:3,3\nDA:3,1\nend_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "line 3 x3", "line 3 x1"));
}

TEST(Lcov, KeepsCommasInNamesAndKnowsEndLines) {
  const auto [recorder, result] = read(
      "SF:a.js\n"
      "FN:95,cubic-bezier(0.0, 0.0, 1.0, 1.0)\n"
      "FN:3,9,f(int, int)\n"
      "FN:7,5,reversed\n"
      "FN:8,8\n"
      "end_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file a.js", "function cubic-bezier(0.0, 0.0, 1.0, 1.0) 95-0",
                          "function f(int, int) 3-9", "function reversed 7-0", "function 8 8-0"));
}

TEST(Lcov, ReadsTheFunctionRecordsOfLcov22) {
  const auto [recorder, result] = read(
      "SF:a.cc\n"
      "FNL:0,3,9\n"
      "FNA:0,4,_Z1fii\n"
      "FNA:0,1,g<int, int>\n"
      "FNL:1,12\n"
      "FNA:1,0,main\n"
      "FNA:7,0,lost\n"
      "DA:3,4\n"
      "end_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file a.cc", "function f(int, int) 3-9", "function g<int, int> 3-9",
                          "function main 12-0", "line 3 x4"));
  ASSERT_FALSE(recorder.warnings.empty());
  EXPECT_EQ(recorder.warnings[0].place, (Place{"coverage.info", 7, 5}));
}

TEST(Lcov, NumbersTheBranchesOfALineWhereverTheyStand) {
  // lcov -a writes them before the lines; 2.x marks exceptions with `e` and may name a branch by
  // its expression, commas included. Line 9 is not executable.
  const auto [recorder, result] = read(
      "SF:a.cc\n"
      "BRDA:3,0,0,4\n"
      "BRDA:3,0,1,-\n"
      "BRDA:3,e1,0,0\n"
      "BRDA:9,0,0,1\n"
      "DA:3,4\n"
      "DA:5,1\n"
      "BRDA:5,0,f(a, b),1\n"
      "BRDA:5,0,f(a, b),0\n"
      "BRDA:5,0,else,0\n"
      "BRDA:5\n"
      "BRDA:5,0,0,x\n"
      "end_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "line 3 x4", "line 5 x1"));
  EXPECT_THAT(recorder.branches_told,
              ElementsAre("3.0 taken", "3.1 not", "3.2 not", "5.0 taken", "5.0 not", "5.1 not"));
  ASSERT_THAT(recorder.warnings, SizeIs(3));  // and that they are many
  EXPECT_EQ(recorder.warnings[0].place, (Place{"coverage.info", 11, 6}));
}

TEST(Lcov, TellsTheBranchesOfARepeatedLineOnce) {
  const auto [recorder, result] =
      read("SF:a.cc\nDA:3,3\nDA:3,1\nBRDA:3,0,0,1\nBRDA:3,0,1,0\nend_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.branches_told, ElementsAre("3.0 taken", "3.1 not"));
}

TEST(Lcov, SaturatesHugeCountsAndTakesNegativeOnesAsZero) {
  const auto [recorder, result] = read(
      "SF:a.cc\nDA:1,99999999999999999999\nDA:2,-7\nDA:3,18446744073709551615\nend_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "line 1 x18446744073709551615", "line 2 x0",
                                           "line 3 x18446744073709551615"));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(recorder.warnings[0].place, (Place{"coverage.info", 3, 6}));
}

TEST(Lcov, SkipsBadRecordsWithTheirPlace) {
  const auto [recorder, result] = read(
      "DA:1,1\n"
      "SF:a.cc\n"
      "DA:590\n"
      "DA:0,1\n"
      "DA:5,1e+10\n"
      "DA:10000001,1\n"
      "FN:x,f\n"
      "nonsense\n"
      "DA:6,1\n"
      "end_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("lost ", "file a.cc", "line 6 x1", "lost a.cc"));
  ASSERT_THAT(recorder.warnings, SizeIs(10));
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("outside SF"));
  EXPECT_EQ(to_string(recorder.warnings[1]),
            "coverage.info:3:7: not an execution count, skipped\n"
            "    DA:590\n"
            "          ^");
  EXPECT_EQ(recorder.warnings[2].place, (Place{"coverage.info", 4, 4}));
  EXPECT_EQ(recorder.warnings[3].place, (Place{"coverage.info", 5, 6}));
  EXPECT_EQ(recorder.warnings[4].place, (Place{"coverage.info", 6, 4}));
  EXPECT_EQ(recorder.warnings[5].place, (Place{"coverage.info", 7, 4}));
  EXPECT_EQ(recorder.warnings[6].place, (Place{"coverage.info", 8, 1}));
  EXPECT_THAT(recorder.warnings[7].what, HasSubstr("in `a.cc` is not known"));
  EXPECT_THAT(recorder.warnings[8].what, HasSubstr("a source file that is not named"));
  EXPECT_THAT(recorder.warnings[9].what, HasSubstr("doubtful"));
}

TEST(Lcov, LosesTheFileOfADamagedLineRecord) {
  for (const char* damaged : {"DA:2,x", "DA:2", "DA:,1", "DA", "D\x01:2,1", "2,1"}) {
    const auto [recorder, result] = read("SF:a.cc\nDA:1,5\n" + std::string(damaged) +
                                         "\nend_of_record\nSF:b.cc\nDA:1,6\nend_of_record\n");
    ASSERT_TRUE(result);
    EXPECT_THAT(recorder.events,
                ElementsAre("file a.cc", "line 1 x5", "lost a.cc", "file b.cc", "line 1 x6"))
        << damaged;
    ASSERT_THAT(recorder.warnings, SizeIs(3)) << damaged;
    EXPECT_EQ(recorder.warnings[0].place.line, 3U);
    EXPECT_EQ(recorder.warnings[1].what,
              "what the run did in `a.cc` is not known: records of it are damaged");
  }
}

TEST(Lcov, LosesNothingToRecordsOfANewerVersionAndCodeWithoutALine) {
  const auto [recorder, result] = read("SF:a.cc\nDA:1,5\nNEW:1,2\nDA:0,1\nend_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "line 1 x5"));
  EXPECT_EQ(recorder.warnings[0].place.line, 3U);
}

TEST(Lcov, LosesAFileWithoutANameWhereItsSectionBeginsDamaged) {
  for (const char* damaged : {"S:a.cc", "SF:", "SF:a\x02.cc", "\x01", ""}) {
    const auto [recorder, result] = read("TN:\n" + std::string(damaged) +
                                         "\nDA:1,5\nDA:2,5\nend_of_record\n"
                                         "SF:b.cc\nDA:1,6\nend_of_record\n");
    ASSERT_TRUE(result);
    EXPECT_THAT(recorder.events, ElementsAre("lost ", "file b.cc", "line 1 x6"));
    std::string said;
    for (const Error& warning : recorder.warnings) said += warning.what + "\n";
    EXPECT_THAT(said, HasSubstr("a source file that is not named"));
  }
}

TEST(Lcov, KeepsTheCompleteRecordsOfACutFile) {
  const auto [recorder, result] = read("SF:a.cc\nDA:1,5\nDA:2,51");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "line 1 x5", "lost a.cc"));
  ASSERT_THAT(recorder.warnings, SizeIs(3));
  EXPECT_EQ(recorder.warnings[0].place.line, 3U);
  EXPECT_THAT(recorder.warnings[1].what, HasSubstr("cut short"));
  EXPECT_THAT(recorder.warnings[1].what, HasSubstr("a.cc"));
}

TEST(Lcov, RefusesAFileThatIsCutBetweenItsSections) {
  const std::string whole = "TN:\nSF:a.cc\nDA:1,5\nend_of_record\n";
  for (const char* more : {"T", "TN:", "TN:\n", "TN:\nSF:sr"}) {
    const auto [recorder, result] = read(whole + more);
    ASSERT_FALSE(result) << more;
    EXPECT_EQ(result.error().what, "cut short after 1 section");
  }
  EXPECT_TRUE(read(whole).result);
  EXPECT_TRUE(read("TN:\n").result);  // of a program without code
}

TEST(Lcov, NeedsNoLineEndAfterTheLastSection) {
  const auto [recorder, result] = read("SF:a.cc\nDA:1,5\nend_of_record");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "line 1 x5"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(Lcov, ClosesASectionWhereTheNextBegins) {
  const auto [recorder, result] = read("SF:a.cc\nDA:1,5\nSF:b.cc\nDA:1,6\nend_of_record\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file a.cc", "line 1 x5", "lost a.cc", "file b.cc", "line 1 x6"));
  ASSERT_THAT(recorder.warnings, SizeIs(2));
  EXPECT_EQ(recorder.warnings[0].place.line, 3U);
  EXPECT_THAT(recorder.warnings[1].what, HasSubstr("in `a.cc` is not known"));
}

TEST(Lcov, ReadsATracefileWithoutAnyFile) {
  for (const char* bytes : {"", "TN:\n"}) {
    const auto [recorder, result] = read(bytes);
    EXPECT_TRUE(result);
    EXPECT_THAT(recorder.events, IsEmpty());
    EXPECT_THAT(recorder.warnings, IsEmpty());
  }
}

TEST(Lcov, AcceptsTracefiles) {
  const auto accepts = [](std::string_view bytes) {
    Head head;
    head.shape = Head::Shape::kText;
    head.bytes = bytes;
    return accepts_lcov(head);
  };
  EXPECT_TRUE(accepts("TN:\nSF:a.cc\n"));
  EXPECT_TRUE(accepts("\r\n# merged\nSF:a.cc\n"));
  EXPECT_FALSE(accepts(""));
  EXPECT_FALSE(accepts("DA:1,2\n"));
  EXPECT_FALSE(accepts("file:a.cc\nlcount:1,2\n"));
}

TEST(Lcov, ReadsTheHardSamples) {
  const std::filesystem::path root(CULPRIT_SOURCE_DIR "/../shared/data/samples/coverage-hard");
  if (!std::filesystem::exists(root)) {
    GTEST_SKIP() << "the samples are not beside the source folder";
  }
  const auto read_sample = [&](const char* name) {
    std::ifstream file(root / name, std::ios::binary);
    return read(std::string(std::istreambuf_iterator<char>(file), {}));
  };
  EXPECT_THAT(read_sample("1494603973-2977-7.info").recorder.warnings, IsEmpty());
  EXPECT_THAT(read_sample("empty_line.info").recorder.warnings, IsEmpty());
  // Ends with `DA:590`, within its second section.
  const auto [recorder, result] = read_sample("invalid_DA_record.info");
  EXPECT_TRUE(result);
  ASSERT_THAT(recorder.warnings, SizeIs(2));
  EXPECT_EQ(recorder.warnings[0].place.line, 479U);
}

}  // namespace
}  // namespace culprit
