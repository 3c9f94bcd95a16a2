#include "readers/coverage_jacoco_xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "readers/java_names.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Reading read(std::string_view bytes) { return reading_of(read_jacoco_xml, {"jacoco.xml", bytes}); }

std::vector<std::string> events(std::string_view bytes) {
  Reading reading = read(bytes);
  EXPECT_TRUE(reading.result);
  EXPECT_THAT(reading.recorder.warnings, IsEmpty());
  return reading.recorder.events;
}

constexpr const char* kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><!DOCTYPE report PUBLIC "
    "\"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\"><report name=\"r\"><sessioninfo "
    "id=\"$(HOSTNAME)\" start=\"1762197129778\" dump=\"1762197760358\"/>";

std::string report(const std::string& inside) { return kHead + inside + "</report>"; }

std::string owner(const std::string& name, const std::string& source, const std::string& methods) {
  return "<class name=\"" + name + "\" sourcefilename=\"" + source + "\">" + methods + "</class>";
}

// A method with its first line, number of lines and of instructions.
std::string method(const std::string& name, const std::string& desc, int line, int lines,
                   int instructions) {
  const auto counter = [](const char* type, int missed) {
    return std::string("<counter type=\"") + type + "\" missed=\"" + std::to_string(missed) +
           "\" covered=\"0\"/>";
  };
  return "<method name=\"" + name + "\" desc=\"" + desc + "\" line=\"" + std::to_string(line) +
         "\">" + counter("INSTRUCTION", instructions) + counter("LINE", lines) + "</method>";
}

// Lines (number, instructions), none executed.
std::string source(const std::string& name, const std::vector<std::pair<int, int>>& lines) {
  std::string text = "<sourcefile name=\"" + name + "\">";
  for (const auto& [number, instructions] : lines) {
    text += "<line nr=\"" + std::to_string(number) + "\" mi=\"" + std::to_string(instructions) +
            "\" ci=\"0\" mb=\"0\" cb=\"0\"/>";
  }
  return text + "</sourcefile>";
}

TEST(JacocoXml, TellsMethodsAndLinesOfEverySourceFile) {
  EXPECT_THAT(
      events(report(
          "<package name=\"order/controller\">"
          "<class name=\"order/controller/Home\" sourcefilename=\"Home.java\">"
          "<method name=\"&lt;init&gt;\" desc=\"()V\" line=\"20\">"
          "<counter type=\"INSTRUCTION\" missed=\"0\" covered=\"3\"/>"
          "<counter type=\"LINE\" missed=\"0\" covered=\"1\"/></method>"
          "<method name=\"home\" desc=\"(ILjava/lang/String;[J)Ljava/lang/String;\" line=\"32\">"
          "<counter type=\"INSTRUCTION\" missed=\"3\" covered=\"4\"/>"
          "<counter type=\"LINE\" missed=\"1\" covered=\"1\"/></method></class>"
          "<sourcefile name=\"Home.java\"><line nr=\"20\" mi=\"0\" ci=\"3\" mb=\"0\" cb=\"0\"/>"
          "<line nr=\"32\" mi=\"1\" ci=\"4\" mb=\"1\" cb=\"1\"/>"
          "<line nr=\"33\" mi=\"2\" ci=\"0\" mb=\"0\" cb=\"0\"/></sourcefile></package>"
          "<package name=\"\"><sourcefile name=\"Top.java\"/></package>")),
      ElementsAre("file order/controller/Home.java", "function order.controller.Home#<init>() 20-0",
                  "function order.controller.Home#home(int,String,long[]) 32-0",
                  "hit 20 in order.controller.Home#<init>()",
                  "hit 32 in order.controller.Home#home(int,String,long[])",
                  "miss 33 in order.controller.Home#home(int,String,long[])", "file Top.java"));
}

TEST(JacocoXml, EntersGroups) {
  EXPECT_THAT(events(report("<group name=\"a\"><group name=\"b\"><package name=\"p\">" +
                            source("A.java", {{1, 1}}) +
                            "</package></group></group>"
                            "<group name=\"c\"><package name=\"q\">" +
                            source("A.java", {{2, 1}}) + "</package></group>")),
              ElementsAre("file p/A.java", "miss 1", "file q/A.java", "miss 2"));
}

TEST(JacocoXml, TellsFilesOfOnePathInSeveralModulesApart) {
  const auto module = [](const std::string& name, const std::string& file, const char* covered) {
    return "<group name=\"" + name + "\"><package name=\"p\"><sourcefile name=\"" + file +
           "\"><line nr=\"1\" mi=\"0\" ci=\"" + covered +
           "\" mb=\"0\" cb=\"0\"/></sourcefile></package></group>";
  };
  const auto [recorder, result] = read(
      std::string(kHead) + "<group name=\"shop\">" + module("order", "Main.java", "3") +
      module("pay", "Main.java", "0") + module("ship", "Ship.java", "1") + "</group></report>");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file shop/order/p/Main.java", "hit 1", "file shop/pay/p/Main.java",
                          "miss 1", "file p/Ship.java", "hit 1"));
}

TEST(JacocoXml, TellsHowManyBranchesOfALineWereTaken) {
  const auto [recorder, result] =
      read(std::string(kHead) +
           "<package name=\"p\"><sourcefile name=\"A.java\">"
           "<line nr=\"1\" mi=\"0\" ci=\"3\" mb=\"1\" cb=\"3\"/>"
           "<line nr=\"2\" mi=\"0\" ci=\"3\" mb=\"0\" cb=\"0\"/>"
           "<line nr=\"3\" mi=\"0\" ci=\"3\" mb=\"99999999999\" cb=\"1\"/>"
           "</sourcefile></package></report>");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.branches_told, ElementsAre("1: 3/4"));
}

TEST(JacocoXml, GivesLinesOfALambdaToItAndThoseAfterItBackToTheMethod) {
  // 10 void f() { a();
  // 11   run(() -> {
  // 12     b();
  // 13   });
  // 14 }
  // 16 void g() { }
  EXPECT_THAT(
      events(report("<package name=\"p\">" +
                    owner("p/A", "A.java",
                          method("f", "()V", 10, 3, 6) + method("g", "()V", 16, 1, 1) +
                              method("lambda$f$0", "()V", 12, 2, 3)) +
                    source("A.java", {{10, 2}, {11, 3}, {12, 2}, {13, 1}, {14, 1}, {16, 1}}) +
                    "</package>")),
      ElementsAre("file p/A.java", "function p.A#f() 10-0", "function p.A#g() 16-0",
                  "function p.A#lambda$f$0() 12-0", "miss 10 in p.A#f()", "miss 11 in p.A#f()",
                  "miss 12 in p.A#lambda$f$0()", "miss 13 in p.A#lambda$f$0()",
                  "miss 14 in p.A#f()", "miss 16 in p.A#g()"));
}

// The owners of the lines in order, by simple name.
std::vector<std::string> owners(const std::string& classes,
                                const std::vector<std::pair<int, int>>& lines) {
  std::vector<std::string> names;
  for (const std::string& event :
       events(report("<package name=\"p\">" + classes + source("A.java", lines) + "</package>"))) {
    if (!event.starts_with("miss ")) continue;
    const std::size_t hash = event.find('#');
    names.push_back(hash == std::string::npos ? "-"
                                              : event.substr(hash + 1, event.find('(') - hash - 1));
  }
  return names;
}

TEST(JacocoXml, SharesALineOfTwoMethodsFairly) {
  // 10 f: a();  11 list.map(x -> x + 1)  12 .toList();  13 }  then an initialiser on 15: the lambda
  // has 3 of line 11's 8 instructions, so f has that line too and lacks none after 13.
  EXPECT_THAT(owners(owner("p/A", "A.java",
                           method("&lt;init&gt;", "()V", 5, 2, 6) + method("f", "()V", 10, 4, 9) +
                               method("lambda$f$0", "(I)I", 11, 1, 3)),
                     {{5, 3}, {10, 1}, {11, 8}, {12, 2}, {13, 1}, {15, 3}}),
              ElementsAre("<init>", "f", "lambda$f$0", "f", "f", "<init>"));
}

TEST(JacocoXml, EndsALambdaInALambdaWhereItsLinesEnd) {
  // 10 f, 11-13 lambda 1 with lambda 2 on 12 (shared with lambda 1), 14 f again.
  EXPECT_THAT(owners(owner("p/A", "A.java",
                           method("f", "()V", 10, 2, 4) + method("lambda$f$1", "()V", 11, 3, 9) +
                               method("lambda$f$0", "()V", 12, 1, 2)),
                     {{10, 3}, {11, 3}, {12, 7}, {13, 1}, {14, 1}}),
              ElementsAre("f", "lambda$f$1", "lambda$f$0", "lambda$f$1", "f"));
}

TEST(JacocoXml, ReturnsToTheMethodAroundAnAnonymousClass) {
  // 10 f: run(new Runnable() {  12 public void run() { a();  13 }  14 });  15 }
  EXPECT_THAT(owners(owner("p/A", "A.java", method("f", "()V", 10, 2, 6)) +
                         owner("p/A$1", "A.java",
                               method("&lt;init&gt;", "(Lp/A;)V", 10, 1, 4) +
                                   method("run", "()V", 12, 2, 3)),
                     {{10, 9}, {12, 2}, {13, 1}, {15, 1}})[3],
              "f");
}

TEST(JacocoXml, GivesAOneLineMethodTheLineThatAClassOrLambdaInItHasToo) {
  // 10 Configurer cors() { return new Configurer() { /* nothing of its own */ }; }
  const std::string outer = owner("p/A", "A.java", method("cors", "()V", 10, 1, 5));
  const std::string anonymous =
      owner("p/A$1", "A.java", method("&lt;init&gt;", "(Lp/A;)V", 10, 1, 6));
  EXPECT_THAT(owners(anonymous + outer, {{10, 11}}), ElementsAre("cors"));
  EXPECT_THAT(owners(outer + anonymous, {{10, 11}}), ElementsAre("cors"));
  // 10 Runnable f() { return () -> g(); }
  const std::string lambda = method("lambda$f$0", "()V", 10, 1, 3);
  const std::string f = method("f", "()V", 10, 1, 2);
  EXPECT_THAT(owners(owner("p/A", "A.java", lambda + f), {{10, 5}}), ElementsAre("f"));
  EXPECT_THAT(owners(owner("p/A", "A.java", f + lambda), {{10, 5}}), ElementsAre("f"));
  // A class in a class, and a method of the inner one.
  const std::string innermost =
      owner("p/A$1$1", "A.java", method("&lt;init&gt;", "(Lp/A$1;)V", 10, 1, 6));
  EXPECT_THAT(owners(innermost + anonymous + outer, {{10, 17}}), ElementsAre("cors"));
}

TEST(JacocoXml, GivesScatteredFieldInitialisersToTheConstructor) {
  // 5 field, 8-9 f, 11 field, 14-15 constructor; 20 a nested class's only method, 30 another class.
  EXPECT_THAT(owners(owner("p/A", "A.java",
                           method("&lt;init&gt;", "()V", 5, 4, 10) + method("f", "()V", 8, 2, 4)) +
                         owner("p/A$B", "A.java", method("g", "()V", 20, 1, 1)) +
                         owner("p/C", "A.java", method("h", "()V", 30, 1, 1)),
                     {{5, 3}, {8, 3}, {9, 1}, {11, 3}, {14, 3}, {15, 1}, {20, 1}, {30, 1}}),
              ElementsAre("<init>", "f", "f", "<init>", "<init>", "<init>", "g", "h"));
}

TEST(JacocoXml, LeavesNoLineOfConstructorsThatShareAFieldWithoutAnOwner) {
  // 5 field, in both; 8-9 one constructor, 12-13 the other.
  EXPECT_THAT(owners(owner("p/A", "A.java",
                           method("&lt;init&gt;", "()V", 5, 3, 7) +
                               method("&lt;init&gt;", "(I)V", 5, 3, 7)),
                     {{5, 6}, {8, 3}, {9, 1}, {12, 3}, {13, 1}}),
              ElementsAre("<init>", "<init>", "<init>", "<init>", "<init>"));
}

TEST(JacocoXml, KnowsNoOwnerOfALineNoMethodCounts) {
  EXPECT_THAT(owners(owner("p/A", "A.java", method("f", "()V", 8, 1, 4)), {{3, 1}, {8, 4}, {9, 1}}),
              ElementsAre("-", "f", "-"));
}

TEST(JacocoXml, LetsAMethodWithoutCountersLastUntilTheNext) {
  EXPECT_THAT(owners(owner("p/A", "A.java",
                           "<method name=\"f\" desc=\"()V\" line=\"3\"/>"
                           "<method name=\"none\" desc=\"()V\"/>"
                           "<method name=\"g\" desc=\"()V\" line=\"6\"/>"),
                     {{3, 1}, {4, 1}, {6, 1}, {7, 1}}),
              ElementsAre("f", "f", "g", "g"));
}

TEST(JacocoXml, DecidesOwnersByTheBuildAndNotByWhatRan) {
  const std::string before =
      "<package name=\"p\">" +
      owner("p/A", "A.java", method("f", "()V", 10, 2, 4) + method("lambda$f$0", "()V", 11, 1, 2));
  const auto lines = [&](const std::string& first, const std::string& second) {
    auto result = events(report(before + "<sourcefile name=\"A.java\"><line nr=\"10\" " + first +
                                "/><line nr=\"11\" " + second + "/></sourcefile></package>"));
    for (std::string& event : result) event = event.substr(event.find(' '));
    return result;
  };
  EXPECT_EQ(lines("mi=\"2\" ci=\"0\"", "mi=\"4\" ci=\"0\""),
            lines("mi=\"0\" ci=\"2\"", "mi=\"2\" ci=\"2\""));
}

TEST(JacocoXml, SortsLinesBeforeItLooksForOwners) {
  EXPECT_THAT(events(report("<package name=\"p\">" +
                            owner("p/A", "A.java",
                                  method("f", "()V", 3, 1, 1) + method("g", "()V", 7, 1, 1)) +
                            "<sourcefile name=\"A.java\"><line nr=\"7\" ci=\"1\"/>"
                            "<line nr=\"3\" ci=\"0\" mi=\"1\"/></sourcefile></package>")),
              ElementsAre("file p/A.java", "function p.A#f() 3-0", "function p.A#g() 7-0",
                          "miss 3 in p.A#f()", "hit 7 in p.A#g()"));
}

TEST(JacocoXml, PlacesClassesOfTheOldFormatByTheirNames) {
  const std::string classes = "<class name=\"p/A$B\">" + method("f", "()V", 1, 1, 1) +
                              "</class><class name=\"p/Other\">" + method("g", "()V", 2, 1, 1) +
                              "</class>";
  EXPECT_THAT(events(report("<package name=\"p\">" + classes + source("A.java", {{1, 1}}) +
                            source("B.java", {{2, 1}}) + "</package>")),
              ElementsAre("file p/A.java", "function p.A$B#f() 1-0", "miss 1 in p.A$B#f()",
                          "file p/B.java", "miss 2"));
  EXPECT_THAT(
      events(report("<package name=\"p\">" + classes + source("A.java", {{2, 1}}) + "</package>")),
      ElementsAre("file p/A.java", "function p.A$B#f() 1-0", "function p.Other#g() 2-0",
                  "miss 2 in p.Other#g()"));
}

TEST(JacocoXml, SkipsBadRecordsAndPointsAtThem) {
  const auto [recorder, result] = read(
      "<report name=\"r\"><package name=\"p\">\n"
      "<class name=\"p/A\" sourcefilename=\"A.java\"><method desc=\"()V\"/>"
      "<method name=\"f\" desc=\"()V\" line=\"-1\"/></class>\n"
      "<sourcefile name=\"A.java\">\n<line nr=\"x\" ci=\"1\"/>\n<line nr=\"2\"/>\n"
      "<line nr=\"3\" ci=\"-4\"/>\n</sourcefile>\n<sourcefile/></package></report>");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file p/A.java", "function p.A#f() 0-0", "miss 3"));
  ASSERT_THAT(recorder.warnings, SizeIs(7));
  EXPECT_THAT(to_string(recorder.warnings[0]), HasSubstr("jacoco.xml:2:43: method without a name"));
  EXPECT_THAT(to_string(recorder.warnings[1]),
              HasSubstr("method line=\"-1\" is not between 1 and 10000000"));
  EXPECT_EQ(to_string(recorder.warnings[2]),
            "jacoco.xml:4:11: line nr=\"x\" is not a line number, skipped\n"
            "    <line nr=\"x\" ci=\"1\"/>\n"
            "              ^");
  EXPECT_THAT(to_string(recorder.warnings[3]), HasSubstr("jacoco.xml:5:1: line without ci"));
  EXPECT_THAT(to_string(recorder.warnings[4]), HasSubstr("ci=\"-4\" is negative, taken for 0"));
  EXPECT_THAT(to_string(recorder.warnings[5]), HasSubstr("sourcefile without a name"));
  EXPECT_THAT(recorder.warnings[6].what, HasSubstr("of 3 records were skipped"));
}

TEST(JacocoXml, RefusesBrokenAndForeignDocuments) {
  const auto [recorder, result] = read(std::string(kHead) + "<package name=\"p\"><sourcefile");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().what, HasSubstr("the file ends inside <sourcefile>"));
  EXPECT_THAT(recorder.events, IsEmpty());
  EXPECT_THAT(read("<coverage/>").result.error().what, HasSubstr("not <report>"));
}

TEST(JacocoXml, IsToldByItsDoctypeOrChildren) {
  const auto accepted = [](std::string_view bytes) {
    return accepts_jacoco_xml(inspect({"x", bytes}));
  };
  EXPECT_TRUE(accepted(report("")));
  EXPECT_TRUE(accepted("<report name=\"r\"><package name=\"p\"/></report>"));
  EXPECT_TRUE(
      accepted("<report name=\"r\"><group name=\"g\"><package name=\"p\"/></group></report>"));
  EXPECT_FALSE(accepted("<report><stats/><data/></report>"));
  EXPECT_FALSE(accepted("<coverage><packages/></coverage>"));
}

TEST(JavaNames, DecodeDescriptors) {
  EXPECT_EQ(java_parameters("()V"), "");
  EXPECT_EQ(java_parameters("(BCDFIJSZ)I"), "byte,char,double,float,int,long,short,boolean");
  EXPECT_EQ(java_parameters("(ILjava/lang/String;[J)V"), "int,String,long[]");
  EXPECT_EQ(java_parameters("([[Ljava/util/Map$Entry;LTop;)[I"), "Map$Entry[][],Top");
  for (const char* bad :
       {"", "()", "(int)", "(I", "(V)V", "(L;)V", "(Ljava/lang/String)V", "()VV", "()[", "I)V"}) {
    EXPECT_EQ(java_parameters(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(java_method_name("p/q/Outer$Inner", "<clinit>", "()V"), "p.q.Outer$Inner#<clinit>()");
  EXPECT_EQ(java_method_name("Top", "f", "damaged"), "Top#fdamaged");
}

struct Sums {
  std::size_t lines = 0;
  std::size_t executed = 0;
  std::size_t unowned = 0;
};

Sums sums_of(const Recorder& recorder) {
  Sums sums;
  for (const std::string& event : recorder.events) {
    const bool hit = event.starts_with("hit ");
    if (!hit && !event.starts_with("miss ")) continue;
    ++sums.lines;
    sums.executed += hit ? 1 : 0;
    sums.unowned += event.find(" in ") == std::string::npos ? 1 : 0;
  }
  return sums;
}

// The report's own total is the oracle.
TEST(JacocoXmlRecorded, AgreesWithTheTotalsOfAllReports) {
  const std::string archive = CULPRIT_SOURCE_DIR "/../shared/data/anomod/tt_coverage.tar.xz";
  if (!std::filesystem::exists(archive)) GTEST_SKIP() << "no recorded data at " << archive;
  const auto tree = FileTree::open(archive);
  ASSERT_TRUE(tree);
  std::size_t reports = 0;
  Sums all;
  for (const FileTree::Entry& entry : tree->entries()) {
    if (!entry.path.ends_with("/coverage.xml")) continue;
    const std::string bytes = tree->read(entry).value();
    const auto [recorder, result] = read(bytes);
    ASSERT_TRUE(result) << entry.path;
    EXPECT_THAT(recorder.warnings, IsEmpty());
    const Sums sums = sums_of(recorder);
    const std::size_t total = bytes.rfind("<counter type=\"LINE\"");
    EXPECT_EQ(bytes.substr(total, 200).substr(0, bytes.substr(total, 200).find("/>")),
              "<counter type=\"LINE\" missed=\"" + std::to_string(sums.lines - sums.executed) +
                  "\" covered=\"" + std::to_string(sums.executed) + "\"")
        << entry.path;
    EXPECT_EQ(sums.unowned, 0U) << entry.path;
    ++reports;
    all.lines += sums.lines;
    all.executed += sums.executed;
  }
  EXPECT_EQ(reports, 533U);
  EXPECT_EQ(all.lines, 13U * 8338U);
  EXPECT_EQ(all.executed, 13U * 3151U);
}

TEST(JacocoXmlRecorded, ReadsKotlinNestedAndSeveralTopLevelClasses) {
  const std::string folder = CULPRIT_SOURCE_DIR "/../shared/data/samples/coverage-hard/jacoco/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recorded data at " << folder;
  const auto read_sample = [&](const std::string& name) {
    const std::string bytes = read_file(folder + name).value();
    return events(bytes);
  };
  EXPECT_THAT(read_sample("basic-report.xml"),
              ElementsAre("file hello.java", "function hello#<init>() 1-0",
                          "function hello#main(String[]) 3-0", "miss 1 in hello#<init>()",
                          "hit 3 in hello#main(String[])", "hit 4 in hello#main(String[])",
                          "hit 6 in hello#main(String[])"));
  const auto unowned = [&](const std::string& name) {
    std::vector<std::string> lines;
    for (const std::string& event : read_sample(name)) {
      const bool line = event.starts_with("miss ") || event.starts_with("hit ");
      if (line && event.find(" in org.gradle.") == std::string::npos) lines.push_back(event);
    }
    return lines;
  };
  EXPECT_THAT(unowned("multiple-top-level-classes.xml"), IsEmpty());
  // This report lacks the class that the last two lines of its source file are of.
  EXPECT_THAT(unowned("inner-classes.xml"), ElementsAre("miss 44", "miss 49"));
  EXPECT_THAT(read_sample("kotlin-jacoco-report.xml"),
              testing::Contains("miss 112 in Breakpoint#getEntries()"));
}

}  // namespace
}  // namespace culprit
