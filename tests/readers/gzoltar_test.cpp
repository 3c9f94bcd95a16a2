#include "readers/matrix_gzoltar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "readers/gzoltar_names.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

using Files = std::map<std::string, std::string, std::less<>>;

Reading read(const Files& files) {
  const Input input{"runs/spectra.csv", files.at("spectra.csv"),
                    [&](std::string_view name) -> std::optional<std::string> {
                      const auto file = files.find(name);
                      if (file == files.end()) return std::nullopt;
                      return file->second;
                    }};
  return reading_of(read_gzoltar, input);
}

// Two files, listed alternately.
const char* const kSpectra = "name\na.c$#f(int, int):3\nb.c$#g:1\na.c$#f(int, int):4\n";

TEST(Gzoltar, TellsEveryElementInTheFirstRunAndThenTheExecutedOnes) {
  const auto [recorder, result] = read({{"spectra.csv", kSpectra},
                                        {"matrix.txt", "1 0 1 +\n0 1 0 -\n"},
                                        {"tests.csv",
                                         "name,outcome,runtime,stacktrace\n"
                                         "adds[1, 2],PASS,1200,\n"
                                         "breaks,FAIL,90,java.lang.Error: a, b, c\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("run adds[1, 2]", "outcome passed (test matrix)", "file a.c",
                          "hit 3 in f(int, int)", "hit 4 in f(int, int)", "file b.c", "miss 1 in g",
                          "run breaks", "outcome failed (test matrix)", "file b.c", "hit 1 in g"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(Gzoltar, TakesCountsButLetsTheMatrixDecideWhatWasExecuted) {
  const auto [recorder, result] =
      read({{"spectra.csv", "name\na.c$#f:1\na.c$#f:2\na.c$#f:3\na.c$#f:4\n"},
            {"matrix.txt", "1 1 0 1 -\n0 0 0 1 +\n"},
            {"counts.txt", "7 0 5 -2 -\n0 0 0 9 +\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("run t1", "outcome failed (test matrix)", "file a.c", "line 1 x7 in f",
                          "hit 2 in f", "line 3 x0 in f", "hit 4 in f", "run t2",
                          "outcome passed (test matrix)", "file a.c", "line 4 x9 in f"));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(recorder.warnings[0].place, (Place{"runs/counts.txt", 1, 7}));
}

// Without an event of its own such a run would count as one whose report is missing.
TEST(Gzoltar, TellsSomethingOfARunThatExecutedNothing) {
  const auto [recorder, result] =
      read({{"spectra.csv", kSpectra}, {"matrix.txt", "1 1 1 +\n0 0 0 -\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, Contains("miss 3 in f(int, int)"));
  EXPECT_EQ(recorder.events.back(), "miss 3 in f(int, int)");
}

TEST(Gzoltar, NumbersRepeatedTestNames) {
  const auto [recorder, result] =
      read({{"spectra.csv", "name\na.c$#f:1\n"},
            {"matrix.txt", "1 +\n1 +\n1 +\n1 -\n"},
            {"tests.csv",
             "name,outcome,runtime,stacktrace\na,PASS,1,\na,PASS,1,\na#2,PASS,1,\n"
             "a,ERROR,1,\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, Contains("run a"));
  EXPECT_THAT(recorder.events, Contains("run a#2"));
  EXPECT_THAT(recorder.events, Contains("run a#2#2"));
  EXPECT_THAT(recorder.events, Contains("run a#3"));
}

TEST(Gzoltar, ReadsOutcomesAsZeroAndOne) {
  const auto [recorder, result] =
      read({{"spectra.csv", "name\na.c$#f:1\n"}, {"matrix.txt", "1\t0\r\n1  1 \r\n\r\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("run t1", "outcome passed (test matrix)", "file a.c", "hit 1 in f",
                          "run t2", "outcome failed (test matrix)", "file a.c", "hit 1 in f"));
}

TEST(GzoltarElement, NamesFileFunctionAndLine) {
  const auto element = [](const char* row) {
    const auto parsed = parse_gzoltar_element(row);
    return parsed ? parsed->file + " | " + parsed->function + " | " + std::to_string(parsed->line)
                  : "none";
  };
  EXPECT_EQ(element("org.demo$Feat#run(fq.Arg,int[]):12"),
            "org/demo/Feat.java | org.demo.Feat#run(fq.Arg,int[]) | 12");
  EXPECT_EQ(element("org.demo$Outer$1$In#<init>():3"),
            "org/demo/Outer.java | org.demo.Outer$1$In#<init>() | 3");
  EXPECT_EQ(element("$Main#main(java.lang.String[]):5"),
            "Main.java | Main#main(java.lang.String[]) | 5");
  EXPECT_EQ(element("$Main$#apply():5"), "Main.java | Main$#apply() | 5");
  EXPECT_EQ(element("org.demo$Object$#apply():5"),
            "org/demo/Object.java | org.demo.Object$#apply() | 5");
  EXPECT_EQ(element("src/be_vm.c$#be_exec:1187"), "src/be_vm.c | be_exec | 1187");
  EXPECT_EQ(element("a.cpp$#Json::operator<<(std::ostream&, Json::Value const&):1258"),
            "a.cpp | Json::operator<<(std::ostream&, Json::Value const&) | 1258");
  EXPECT_EQ(element("src/$a.c$#f$#1:2"), "src/$a.c | f$#1 | 2");
  EXPECT_EQ(element("a.c$#ns::f:5:12"), "a.c | ns::f | 5");
  EXPECT_EQ(element("org.demo$Feat#run():12:Lang-3"),
            "org/demo/Feat.java | org.demo.Feat#run() | 12");
  for (const char* row : {"", ":", ":3", "a.c$#f", "a.c$#f:", "a.c$#f:0", "a.c$#f:10000001",
                          "a.c$#f:x", "plain:3", "org.demo$:3"}) {
    EXPECT_EQ(element(row), "none") << row;
  }
}

TEST(GzoltarElement, KeepsOverloadsApart) {
  const auto f = parse_gzoltar_element("p$C#f(int):3");
  const auto g = parse_gzoltar_element("p$C#f(long):3");
  ASSERT_TRUE(f && g);
  EXPECT_EQ(f->file, g->file);
  EXPECT_NE(f->function, g->function);
}

TEST(Gzoltar, LeavesOutTheColumnOfABadElement) {
  const auto [recorder, result] =
      read({{"spectra.csv", "name\na.c$#f:1\nnonsense\na.c$#f:2\n"}, {"matrix.txt", "0 1 1 -\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("run t1", "outcome failed (test matrix)", "file a.c",
                                           "miss 1 in f", "hit 2 in f"));
  ASSERT_FALSE(recorder.warnings.empty());
  EXPECT_EQ(recorder.warnings[0].place, (Place{"runs/spectra.csv", 3, 1}));

  EXPECT_FALSE(read({{"spectra.csv", "name\nnonsense\n"}, {"matrix.txt", "1 +\n"}}).result);
}

TEST(Gzoltar, RejectsFilesThatDoNotFitEachOther) {
  const auto error = [](const Files& files) {
    const auto [recorder, result] = read(files);
    return result ? "none" : to_string(result.error());
  };
  const std::string spectra = "name\na.c$#f:1\na.c$#f:2\n";
  EXPECT_THAT(error({{"spectra.csv", spectra}}), HasSubstr("no matrix.txt"));
  EXPECT_EQ(error({{"spectra.csv", spectra}, {"matrix.txt", "1 1 +\n1 +\n"}}),
            "runs/matrix.txt:2:4: the row has 2 cells where spectra.csv asks for 2 and an outcome\n"
            "    1 +\n"
            "       ^\n"
            "  are both files of the same recording?");
  EXPECT_THAT(error({{"spectra.csv", spectra}, {"matrix.txt", "1 1 1 +\n"}}),
              HasSubstr("matrix.txt:1:8: the row has 4 cells"));
  EXPECT_EQ(error({{"spectra.csv", spectra}, {"matrix.txt", "1 x +\n"}}),
            "runs/matrix.txt:1:3: a cell is `0` (not executed) or `1` (executed)\n"
            "    1 x +\n"
            "      ^");
  EXPECT_THAT(error({{"spectra.csv", spectra}, {"matrix.txt", "1 1 ?\n"}}),
              HasSubstr("matrix.txt:1:5: a row ends with"));
  EXPECT_THAT(error({{"spectra.csv", spectra}, {"matrix.txt", "1 1 +\n1 "}}),
              HasSubstr("cut short"));
  EXPECT_THAT(
      error({{"spectra.csv", spectra}, {"matrix.txt", "1 1 +\n"}, {"counts.txt", "1 x +\n"}}),
      HasSubstr("counts.txt:1:3: not an execution count"));
  EXPECT_THAT(error({{"spectra.csv", spectra}, {"matrix.txt", "1 1 +\n"}, {"counts.txt", "1\n"}}),
              HasSubstr("counts.txt:1:2: the row has fewer cells"));
  EXPECT_THAT(error({{"spectra.csv", spectra}, {"matrix.txt", "1 1 +\n"}, {"counts.txt", ""}}),
              HasSubstr("counts.txt"));
  EXPECT_THAT(error({{"spectra.csv", spectra},
                     {"matrix.txt", "1 1 +\n"},
                     {"tests.csv", "name,outcome,runtime,stacktrace\na,PASS,1,\nb,PASS,1,\n"}}),
              HasSubstr("matrix.txt:1:1: the matrix has 1 rows, tests.csv has 2 tests"));
}

TEST(Gzoltar, ReadsAnEmptyMatrix) {
  const auto [recorder, result] = read({{"spectra.csv", kSpectra}, {"matrix.txt", ""}});
  EXPECT_TRUE(result);
  EXPECT_THAT(recorder.events, IsEmpty());
  EXPECT_THAT(recorder.warnings, SizeIs(1));
}

TEST(Gzoltar, SkipsTheFurtherLinesOfStackTraces) {
  const auto [recorder, result] = read({{"spectra.csv", "name\na.c$#f:1\n"},
                                        {"matrix.txt", "1 -\n1 +\n"},
                                        {"tests.csv",
                                         "name,outcome,runtime,stacktrace\n"
                                         "a,FAIL,1,Error: expected\n"
                                         "  1, 2, 3, 4\n"
                                         "b,PASS,1,\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, Contains("run b"));
  ASSERT_FALSE(recorder.warnings.empty());
  EXPECT_EQ(recorder.warnings[0].place, (Place{"runs/tests.csv", 3, 1}));
}

TEST(Gzoltar, DoesNotGuessNamesWhenTheTestTableIsDamaged) {
  const auto [recorder, result] = read({{"spectra.csv", "name\na.c$#f:1\n"},
                                        {"matrix.txt", "1 -\n1 +\n"},
                                        {"tests.csv",
                                         "name,outcome,runtime,stacktrace\n"
                                         "a\n"
                                         "b,PASS,1,\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, Contains("run t1"));
  EXPECT_THAT(recorder.events, Contains("run t2"));
  EXPECT_THAT(recorder.events, Not(Contains("run b")));
}

TEST(Gzoltar, PrefersTheMatrixWhereTheTestTableContradicts) {
  const auto [recorder, result] =
      read({{"spectra.csv", "name\na.c$#f:1\n"},
            {"matrix.txt", "1 -\n"},
            {"tests.csv", "name,outcome,runtime,stacktrace\na,PASS,1,\n"}});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, Contains("outcome failed (test matrix)"));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(recorder.warnings[0].place, (Place{"runs/tests.csv", 2, 0}));
}

TEST(Gzoltar, AcceptsSpectra) {
  const auto accepts = [](std::string_view path, std::string_view bytes) {
    Head head;
    head.shape = Head::Shape::kText;
    head.path = path;
    head.bytes = bytes;
    return accepts_gzoltar(head);
  };
  EXPECT_TRUE(accepts("x/spectra.csv", "name\n"));
  EXPECT_TRUE(accepts("x/ochiai.csv", "name\r\np$C#m():3\r\n"));
  EXPECT_FALSE(accepts("x/people.csv", "name\nAda\n"));
  EXPECT_FALSE(accepts("x/spectra.csv", "name;suspiciousness_value\np$C#m():3;0.5\n"));
  EXPECT_FALSE(accepts("x/spectra.csv", ""));
}

}  // namespace
}  // namespace culprit
