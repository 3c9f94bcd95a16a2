#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/file_tree.h"
#include "readers/coverage_gcov_json.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Recorder read(std::string_view text) {
  Recorder sink;
  const auto result = read_gcov_json({"order.gcov.json", text}, sink);
  EXPECT_TRUE(result) << to_string(result.error());
  return sink;
}

Error error_of(std::string_view text) {
  Recorder sink;
  const auto result = read_gcov_json({"order.gcov.json", text}, sink);
  EXPECT_FALSE(result);
  return result ? Error{} : result.error();
}

// One file with these `lines`.
std::string report(const std::string& lines) {
  return R"j({"files":[{"file":"a.cc","functions":[],"lines":[)j" + lines + "]}]}";
}

TEST(GcovJson, PushesFunctionsThenLinesWithTheirOwnersWhateverTheOrderOfKeys) {
  EXPECT_THAT(
      read(R"j({"files":[{"lines":[
          {"branches":[{"count":9,"throw":false}],"count":3,"line_number":7,"function_name":"_Z1fv"},
          {"function_name":"_Z1fv","line_number":8,"count":0}],
        "functions":[{"name":"_Z1fv","demangled_name":"f()","start_line":7,"end_line":9}],
        "file":"./src//a.cc"
}],"gcc_version":"12","current_working_directory":"/srv"
})j")
          .events,
      ElementsAre("file src/a.cc", "function f() 7-9", "line 7 x3 in f()", "line 8 x0 in f()"));
}

TEST(GcovJson, KeepsPathsAsTheReportSpellsThem) {
  EXPECT_THAT(read(R"j({"current_working_directory":"/srv/build","files":[
      {"file":"../a.cc","lines":[]},{"file":"/usr/include/b.h"}]})j")
                  .events,
              ElementsAre("file ../a.cc", "file /usr/include/b.h"));
}

TEST(GcovJson, RepeatsTheLinesOfTemplateInstancesEachWithItsOwner) {
  EXPECT_THAT(read(R"j({"files":[{"file":"a.h",
      "functions":[{"name":"_Zi","demangled_name":"int f<int>()","start_line":3,"end_line":3},
                   {"name":"_Zl","demangled_name":"long f<long>()","start_line":3,"end_line":3}],
      "lines":[{"line_number":3,"count":3,"function_name":"_Zi"},
               {"line_number":3,"count":1,"function_name":"_Zl"}]
}]
})j")
                  .events,
              ElementsAre("file a.h", "function int f<int>() 3-3", "function long f<long>() 3-3",
                          "line 3 x3 in int f<int>()", "line 3 x1 in long f<long>()"));
}

TEST(GcovJson, OwnersAreOptionalAndMayBeUnknownToTheFile) {
  EXPECT_THAT(read(report(R"j({"line_number":1,"count":1},
                             {"line_number":2,"count":1,"function_name":"_Zx"},
                             {"line_number":3,"count":1,"function_name":null})j"))
                  .events,
              ElementsAre("file a.cc", "line 1 x1", "line 2 x1 in _Zx", "line 3 x1"));
}

TEST(GcovJson, AnOwnerOfOneFileIsNotLookedUpInAnother) {
  EXPECT_THAT(read(R"j({"files":[
      {"file":"a.cc","functions":[{"name":"_Zf","demangled_name":"f()"}],
       "lines":[{"line_number":1,"count":1,"function_name":"_Zf"}]
},
      {"file":"b.cc","functions":[],
       "lines":[{"line_number":1,"count":1,"function_name":"_Zf"}]}]
})j")
                  .events,
              ElementsAre("file a.cc", "function f() 0-0", "line 1 x1 in f()", "file b.cc",
                          "line 1 x1 in _Zf"));
}

TEST(GcovJson, CountsAreExactUpTo64Bits) {
  EXPECT_THAT(read(report(R"j({"line_number":1,"count":9007199254740993},
                             {"line_number":2,"count":18446744073709551615},
                             {"line_number":"3","count":"12"})j"))
                  .events,
              ElementsAre("file a.cc", "line 1 x9007199254740993", "line 2 x18446744073709551615",
                          "line 3 x12"));
}

TEST(GcovJson, CountsBeyond64BitsAreClampedWithAWarning) {
  const Recorder sink = read(report(R"j({"line_number":1,"count":18446744073709551616},
      {"line_number":2,"count":-99999999999999999999999},
      {"line_number":3,"count":5,"function_name":"f\"99999999999999999999999"})j"));
  EXPECT_THAT(sink.events, ElementsAre("file a.cc", "line 1 x18446744073709551615", "line 2 x0",
                                       "line 3 x5 in f\"99999999999999999999999"));
  EXPECT_THAT(sink.warnings.at(0).what, HasSubstr("beyond 64 bits"));
}

TEST(GcovJson, ReadsTheFloatsGcc9WritesFromAMillionOn) {
  EXPECT_THAT(
      read(report(R"j({"line_number":1,"count":1.37297e+06},
                             {"line_number":2,"count":1e30},{"line_number":3,"count":-2.5e3})j"))
          .events,
      ElementsAre("file a.cc", "line 1 x1372970", "line 2 x18446744073709551615", "line 3 x0"));
}

TEST(GcovJson, NegativeCountsBecomeZeroAndAreShownWithTheirPlace) {
  const Recorder sink = read(
      "{\"files\":[{\"file\":\"a.cc\",\"lines\":[\n"
      "  {\"line_number\":4,\"count\":-7}]}]}");
  EXPECT_THAT(sink.events, ElementsAre("file a.cc", "line 4 x0"));
  ASSERT_THAT(sink.warnings, SizeIs(1));
  EXPECT_EQ(to_string(sink.warnings[0]),
            "order.gcov.json:2:28: count is negative; taken as 0\n"
            "      {\"line_number\":4,\"count\":-7}]}]}\n"
            "                               ^");
}

TEST(GcovJson, BadRecordsAreSkippedAndTheOthersKept) {
  const Recorder sink = read(report(R"j({"line_number":0,"count":1},
      {"line_number":10000001,"count":1}, {"line_number":1,"count":"many"}, {"line_number":2},
      {"count":2}, 17, {"line_number":3,"count":1.5}, {"line_number":9,"count":1})j"));
  EXPECT_THAT(sink.events, ElementsAre("file a.cc", "line 9 x1"));
  // Two line numbers, two counts, three without; and the doubt: 7 of 8.
  ASSERT_THAT(sink.warnings, SizeIs(8));
  EXPECT_EQ(sink.warnings[7].what,
            "7 of 8 records were skipped: results from this file are doubtful");
}

TEST(GcovJson, WarningsOfOneKindAreFoldedAfterThree) {
  std::string lines;
  for (int i = 1; i <= 100; ++i) {
    lines += (i == 1 ? "" : ",") + std::string("{\"line_number\":") + std::to_string(i) +
             ",\"count\":-1}";
  }
  const Recorder sink = read(report(lines));
  EXPECT_THAT(sink.events, SizeIs(101));
  ASSERT_THAT(sink.warnings, SizeIs(4));
  EXPECT_EQ(sink.warnings[3].what, "97 further warnings of this kind: negative count, taken as 0");
}

TEST(GcovJson, FilesWithoutNameFunctionsOrLinesAreNotTheEnd) {
  const Recorder sink =
      read(R"j({"files":[{"lines":[{"line_number":1,"count":1}]},{"file":"b.cc"}]})j");
  EXPECT_THAT(sink.events, ElementsAre("file b.cc"));
  EXPECT_THAT(sink.warnings.at(0).what, HasSubstr("no `file`"));
}

TEST(GcovJson, AnEmptyListOfFilesIsAValidReport) {
  const Recorder sink = read(R"j({"gcc_version":"12","files":[]})j");
  EXPECT_THAT(sink.events, IsEmpty());
  EXPECT_THAT(sink.warnings, IsEmpty());
}

TEST(GcovJson, TruncatedDocumentIsAnErrorAtItsEnd) {
  const Error error = error_of(
      "{\"files\":[{\"file\":\"a.cc\",\"lines\":[\n"
      "{\"line_number\":1,\"count\":1},\n{\"line_num");
  EXPECT_EQ(error.place, (Place{"order.gcov.json", 3, 11}));
  EXPECT_THAT(error.what, HasSubstr("ends early"));
  // Cut behind a brace that looks like an end.
  EXPECT_EQ(error_of("{\"files\":[{\"file\":\"a.cc\",\"lines\":[{\"line_number\":1,\"count\":1}")
                .place.column,
            62U);
}

TEST(GcovJson, InvalidJsonIsAnErrorWithACaret) {
  EXPECT_EQ(to_string(error_of("{\"files\":\n [{\"file\" \"a.cc\"}]}")),
            "order.gcov.json:2:11: unexpected string literal; expected ':'\n"
            "     [{\"file\" \"a.cc\"}]}\n"
            "              ^");
}

TEST(GcovJson, OtherDocumentsAreErrors) {
  EXPECT_THAT(error_of("{\"a\":1}").what, HasSubstr("`files`"));
  EXPECT_THAT(error_of("{\"files\":7}").what, HasSubstr("`files`"));
  EXPECT_THAT(error_of("[1]").what, HasSubstr("`files`"));
  EXPECT_THAT(error_of("").what, HasSubstr("ends early"));
  EXPECT_EQ(error_of("{\"files\":[]} {\"files\":[]}").place.column, 14U);
  EXPECT_THAT(error_of(std::string(100'000, '[')).what, HasSubstr("nested deeper than 256"));
}

TEST(GcovJson, BytesThatAreNotUtf8BecomeQuestionMarks) {
  const Recorder sink = read("{\"files\":[{\"file\":\"na\xefve/\xc3\xbc.cc\",\"lines\":[]}]}");
  EXPECT_THAT(sink.events, ElementsAre("file na?ve/\xc3\xbc.cc"));
  EXPECT_THAT(sink.warnings, SizeIs(1));
}

TEST(GcovJson, SkipsAByteOrderMark) {
  const Recorder sink = read(
      "\xef\xbb\xbf{\"files\":[{\"file\":\"a.cc\",\"lines\":["
      "{\"line_number\":1,\"count\":-1}]}]}");
  EXPECT_THAT(sink.events, ElementsAre("file a.cc", "line 1 x0"));
  EXPECT_EQ(sink.warnings.at(0).place.column, 63U);
}

TEST(GcovJson, IsRecognisedByItsKeys) {
  Head head;
  head.shape = Head::Shape::kJsonObject;
  head.keys = {"gcc_version", "files"};
  EXPECT_TRUE(accepts_gcov_json(head));
  head.keys = {"files"};
  EXPECT_FALSE(accepts_gcov_json(head));
  head.path = "run1/a.cc.gcov.json";
  EXPECT_TRUE(accepts_gcov_json(head));
  head.keys = {"gcc_version"};
  EXPECT_FALSE(accepts_gcov_json(head));
}

// Expected values: `gcov -t` of the same run, instance by instance; see the fixture's ORIGIN.md.
TEST(GcovJson, AgreesWithGcovsTextReportOfARealProgram) {
  std::ifstream file(CULPRIT_SOURCE_DIR "/fixtures/reports/gcov_json/order.gcov.json");
  std::stringstream text;
  text << file.rdbuf();
  const Recorder sink = read(text.str());
  const std::string wide = "long with_fee<long>(long)";
  const std::string narrow = "int with_fee<int>(int)";
  const std::vector<std::string> header_lines = {"line 4 x1 in " + wide,
                                                 "line 5 x1 in " + wide,
                                                 "line 6 x0 in " + wide,
                                                 "line 4 x3 in " + narrow,
                                                 "line 5 x3 in " + narrow,
                                                 "line 6 x3 in " + narrow,
                                                 "line 10 x3 in Order::Order(int)",
                                                 "line 11 x3 in Order::Order(int)",
                                                 "line 12 x3 in Order::Order(int)"};
  const std::vector<std::string> source_lines = {"line 5 x2 in parse(char const*)",
                                                 "line 6 x2 in parse(char const*)",
                                                 "line 7 x1 in parse(char const*)",
                                                 "line 9 x1 in parse(char const*)",
                                                 "line 12 x0 in never()",
                                                 "line 13 x0 in never()",
                                                 "line 16 x1 in main",
                                                 "line 17 x1 in main",
                                                 "line 18 x4 in main",
                                                 "line 19 x3 in main",
                                                 "line 20 x3 in main",
                                                 "line 22 x1 in main",
                                                 "line 24 x1 in main",
                                                 "line 25 x1 in main",
                                                 "line 26 x1 in main",
                                                 "line 27 x1 in main",
                                                 "line 28 x1 in main",
                                                 "line 29 x1 in main"};
  std::map<std::string, std::vector<std::string>> lines;
  std::vector<std::string> functions;
  std::string current;
  for (const std::string& event : sink.events) {
    if (event.starts_with("file ")) current = event.substr(5);
    if (event.starts_with("line ")) lines[current].push_back(event);
    if (event.starts_with("function ")) functions.push_back(event.substr(9));
  }
  EXPECT_THAT(lines["order.h"], testing::UnorderedElementsAreArray(header_lines));
  EXPECT_THAT(lines["order.cc"], testing::UnorderedElementsAreArray(source_lines));
  EXPECT_THAT(functions, testing::UnorderedElementsAre(
                             narrow + " 4-7", wide + " 4-7", "Order::Order(int) 10-12",
                             "parse(char const*) 5-10", "never() 12-14", "main 16-30"));
  EXPECT_THAT(sink.warnings, IsEmpty());
}

// GCC 9's report of a Qt program; the figures come from adding up the JSON with Python.
TEST(GcovJson, ReadsAReportOfGcc9) {
  const std::string path = CULPRIT_SOURCE_DIR
      "/../shared/data/samples/coverage-hard/"
      "mozillavpn_serverconnection.gcno.gcov.json.gz";
  if (!std::ifstream(path)) GTEST_SKIP() << "the shared samples are not beside the source";
  const auto text = read_file(path);
  ASSERT_TRUE(text) << to_string(text.error());
  const Recorder sink = read(*text);
  std::uint64_t lines = 0;
  std::uint64_t sum = 0;
  for (const std::string& event : sink.events) {
    if (!event.starts_with("line ")) continue;
    ++lines;
    sum += std::stoull(event.substr(event.find('x') + 1));
  }
  EXPECT_EQ(lines, 1176U);
  EXPECT_EQ(sum, 29291597U);
  EXPECT_THAT(sink.warnings, IsEmpty());
}

}  // namespace
}  // namespace culprit
