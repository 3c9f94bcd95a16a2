#include "readers/coverage_cobertura.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "base/file_tree.h"
#include "readers/coverage_lcov.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Reading read(std::string_view bytes) { return reading_of(read_cobertura, {"coverage.xml", bytes}); }

// A report with these sources and this inside of its only package's <classes>.
std::string report(const std::string& sources, const std::string& classes) {
  return "<coverage version=\"gcovr 3.2\"><sources>" + sources +
         "</sources>\n<packages><package name=\"\"><classes>\n" + classes +
         "\n</classes></package></packages></coverage>";
}

TEST(Cobertura, TellsHowManyBranchesOfALineWereTaken) {
  const auto [recorder, result] =
      reading_of(read_cobertura,
                 {"c.xml",
                  "<coverage><packages><package><classes><class filename=\"a.cc\"><lines>"
                  "<line number=\"1\" hits=\"2\" branch=\"true\" condition-coverage=\"50% (1/2)\"/>"
                  "<line number=\"2\" hits=\"2\" branch=\"true\" condition-coverage=\"50%\"/>"
                  "<line number=\"3\" hits=\"2\" branch=\"true\" condition-coverage=\"(3/2)\"/>"
                  "<line number=\"4\" hits=\"0\"/>"
                  "</lines></class></classes></package></packages></coverage>"});
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.branches_told, ElementsAre("1: 1/2"));
}

TEST(Cobertura, TellsLinesOfEveryClassFile) {
  const auto [recorder, result] = read(report(
      "<source>/s/src</source>",
      "<class filename=\"A.h\" name=\"A_h\"><methods/><lines>"
      "<line branch=\"true\" condition-coverage=\"50% (1/2)\" hits=\"938\" number=\"128\">"
      "<conditions><condition coverage=\"50%\" number=\"0\" type=\"jump\"/></conditions></line>"
      "<line hits=\"0\" number=\"131\"/></lines></class>\n"
      "<class name=\"B_cpp\" filename=\"sub/B.cpp\"><methods/><lines/></class>"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file /s/src/A.h", "line 128 x938", "line 131 x0",
                                           "file /s/src/sub/B.cpp"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(Cobertura, JoinsRelativeNamesToTheOnlySourceFolder) {
  const auto path = [](const std::string& sources, const std::string& file) {
    const auto reading = read(report(sources, "<class filename=\"" + file + "\"/>"));
    return reading.recorder.events.at(0);
  };
  EXPECT_EQ(path("<source>.</source>", "src/a.c"), "file src/a.c");
  EXPECT_EQ(path("<source/>", "./src/a.c"), "file src/a.c");
  EXPECT_EQ(path("", "a.c"), "file a.c");
  EXPECT_EQ(path("<source> /s/ </source>", "a.c"), "file /s/a.c");
  EXPECT_EQ(path("<source>/</source>", "a.c"), "file /a.c");
  EXPECT_EQ(path("<source>/s</source>", "/t/a.c"), "file /t/a.c");
  EXPECT_EQ(path("<source>C:\\s</source>", "a\\b.c"), "file C:/s/a/b.c");
  EXPECT_EQ(path("<source>/s</source>", "C:\\t\\b.c"), "file C:/t/b.c");
  EXPECT_EQ(path("<source>.</source><source>/s</source><source>/s/</source>", "a.c"),
            "file /s/a.c");
  EXPECT_EQ(path("<source>/s</source><source>/t</source>", "a.c"), "file a.c");
}

TEST(Cobertura, CountsTheClassesLinesAndNotTheMethodsRepeats) {
  const auto [recorder, result] = read(report(
      "",
      "<class filename=\"a.cc\" name=\"a_cc\"><methods>"
      "<method name=\"f\" signature=\"(int)\"><lines><line number=\"4\" hits=\"7\"/>"
      "<line number=\"3\" hits=\"7\"/></lines></method>"
      "<method name=\"g()\" signature=\"()\"><lines/></method>"
      "</methods><lines><line number=\"3\" hits=\"7\"/><line number=\"4\" hits=\"7\"/></lines>"
      "</class>"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "function f(int) 3-4", "function g() 0-0",
                                           "line 3 x7", "line 4 x7"));
}

TEST(Cobertura, TakesTheMethodsLinesWhereTheClassHasNone) {
  const auto [recorder, result] =
      read(report("",
                  "<class filename=\"a.cc\"><methods><method name=\"f\" signature=\"\"><lines>"
                  "<line number=\"3\" hits=\"7\"/></lines></method></methods><lines/></class>"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.cc", "function f 3-3", "line 3 x7"));
}

TEST(Cobertura, NamesJavaMethodsAsJacocoDoes) {
  const auto [recorder, result] =
      read(report("",
                  "<class filename=\"p/A.java\" name=\"p.A\"><methods><method name=\"f\" "
                  "signature=\"(ILjava/lang/String;)V\"><lines/></method></methods></class>"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file p/A.java", "function p.A#f(int,String) 0-0"));
}

TEST(Cobertura, TellsRepeatedLinesEachTime) {
  const std::string owner =
      "<class filename=\"a.h\"><lines><line number=\"3\" hits=\"4\"/></lines></class>";
  const auto [recorder, result] = read(report("", owner + owner));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file a.h", "line 3 x4", "file a.h", "line 3 x4"));
}

TEST(Cobertura, SkipsBadRecordsAndPointsAtThem) {
  const auto [recorder, result] = read(report("",
                                              "<class filename=\"a.c\"><lines>\n"
                                              "<line number=\"x\" hits=\"1\"/>\n"
                                              "<line number=\"10000001\" hits=\"1\"/>\n"
                                              "<line hits=\"1\"/>\n"
                                              "<line number=\"4\" hits=\"N/A\"/>\n"
                                              "<line number=\"5\"/>\n"
                                              "<line number=\"6\" hits=\"-3\"/>\n"
                                              "<line number=\"7\" hits=\"99999999999999999999\"/>\n"
                                              "</lines></class>\n<class name=\"b\"/>"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file a.c", "line 6 x0", "line 7 x18446744073709551615"));
  ASSERT_THAT(recorder.warnings, SizeIs(8));
  EXPECT_EQ(to_string(recorder.warnings[0]),
            "coverage.xml:4:15: line number=\"x\" is not a line number, skipped\n"
            "    <line number=\"x\" hits=\"1\"/>\n"
            "                  ^");
  EXPECT_THAT(to_string(recorder.warnings[1]), HasSubstr("is not between 1 and 10000000"));
  EXPECT_THAT(to_string(recorder.warnings[2]),
              HasSubstr("coverage.xml:6:1: line without number, skipped"));
  EXPECT_THAT(to_string(recorder.warnings[3]),
              HasSubstr("coverage.xml:7:24: line hits=\"N/A\" is not a count"));
  EXPECT_THAT(to_string(recorder.warnings[4]), HasSubstr("coverage.xml:8:1: line without hits"));
  EXPECT_THAT(to_string(recorder.warnings[5]), HasSubstr("is negative, taken for 0"));
  EXPECT_THAT(to_string(recorder.warnings[6]), HasSubstr("class without a filename"));
  EXPECT_THAT(recorder.warnings[7].what, HasSubstr("6 of 7 records were skipped"));
}

TEST(Cobertura, FoldsWarningsOfOneKind) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "<line number=\"0\" hits=\"1\"/>\n";
  const auto [recorder, result] =
      read(report("", "<class filename=\"a.c\"><lines>" + lines + "</lines></class>"));
  ASSERT_TRUE(result);
  ASSERT_THAT(recorder.warnings, SizeIs(5));
  EXPECT_EQ(recorder.warnings[3].what, "997 further warnings of this kind: bad line number");
}

TEST(Cobertura, ReadsAReportOfNothing) {
  const auto [recorder, result] = read("<coverage><packages/></coverage>");
  EXPECT_TRUE(result);
  EXPECT_THAT(recorder.events, IsEmpty());
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(Cobertura, RefusesABrokenDocumentBeforeTellingAnything) {
  const auto [recorder, result] =
      read("<coverage><packages><package><classes><class filename=\"a.c\"><lines>");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().what, HasSubstr("the file ends inside <lines>"));
  EXPECT_THAT(recorder.events, IsEmpty());
  EXPECT_FALSE(read("<report/>").result);
}

TEST(Cobertura, IsToldByItsRootAndChildren) {
  const auto accepted = [](std::string_view bytes) {
    return accepts_cobertura(inspect({"x", bytes}));
  };
  EXPECT_TRUE(
      accepted("<?xml version=\"1.0\" ?>\n<!DOCTYPE coverage\n SYSTEM 'u'>\n"
               "<coverage version=\"gcovr 3.2\"><sources><source>.</source></sources>"));
  EXPECT_TRUE(accepted("<coverage><packages/></coverage>"));
  EXPECT_FALSE(accepted("<coverage generated=\"1\"><project/></coverage>"));  // Clover
  EXPECT_FALSE(accepted("<report><package/></report>"));
}

// (file, line) -> count, as a reader's events say.
std::map<std::string, std::string> lines_of(const Recorder& recorder) {
  std::map<std::string, std::string> lines;
  std::string file;
  for (const std::string& event : recorder.events) {
    if (event.starts_with("file ")) file = event.substr(5);
    if (!event.starts_with("line ")) continue;
    const std::size_t count = event.find(" x");
    lines[file + ':' + event.substr(5, count - 5)] = event.substr(count + 2);
  }
  return lines;
}

// gcovr and lcov made both reports from one run: two formats, one truth.
TEST(CoberturaRecorded, AgreesWithTheTracefilesOfTheSameRun) {
  const std::string archive = CULPRIT_SOURCE_DIR "/../shared/data/anomod/sn_coverage.tar.xz";
  if (!std::filesystem::exists(archive)) GTEST_SKIP() << "no recorded data at " << archive;
  const auto tree = FileTree::open(archive);
  ASSERT_TRUE(tree);
  std::size_t reports = 0;
  std::size_t normal_lines = 0;
  for (const FileTree::Entry& entry : tree->entries()) {
    if (!entry.path.ends_with("/coverage.xml")) continue;
    const FileTree::Entry* tracefile =
        tree->find(entry.path.substr(0, entry.path.size() - 3) + "info");
    ASSERT_NE(tracefile, nullptr);
    const std::string xml = tree->read(entry).value();
    const std::string info = tree->read(*tracefile).value();
    Recorder cobertura;
    Recorder lcov;
    ASSERT_TRUE(read_cobertura({entry.path, xml}, cobertura));
    ASSERT_TRUE(read_lcov({tracefile->path, info}, lcov));
    EXPECT_THAT(cobertura.warnings, IsEmpty());
    const auto lines = lines_of(cobertura);
    EXPECT_EQ(lines, lines_of(lcov)) << entry.path;
    ++reports;
    if (entry.path.find("/Normal_Baseline") != std::string::npos) normal_lines += lines.size();
  }
  EXPECT_EQ(reports, 140U);
  EXPECT_EQ(normal_lines, 4980U);
}

}  // namespace
}  // namespace culprit
