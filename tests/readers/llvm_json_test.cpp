#include "readers/coverage_llvm_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "readers/coverage_lcov.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Reading read(const std::string& bytes) {
  return reading_of(read_llvm_json, {"export.json", bytes});
}

// One file with these segments and further keys.
std::string export_of(const std::string& segments, const std::string& more = "",
                      const std::string& functions = "") {
  return R"({"data":[{"files":[{"filename":"src/a.cc","segments":[)" + segments + "]" + more +
         R"(}],"functions":[)" + functions +
         R"(]}],"type":"llvm.coverage.json.export","version":"2.0.1"})";
}

TEST(LlvmJson, GivesALineTheCountItBeginsInOrTheHighestThatBeginsOnIt) {
  // f is lines 3 to 7: `if (x) { g(); }` on line 4, its body on line 5.
  const auto [recorder, result] =
      read(export_of("[3,9,2,true,true,false],[4,7,2,true,true,false],[4,10,1,true,false,true],"
                     "[4,11,1,true,true,false],[6,4,2,true,false,false],[8,2,0,false,false,false],"
                     "[10,1,7,true,true,false],[10,9,0,false,false,false]"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file src/a.cc", "line 3 x2", "line 4 x2", "line 5 x1",
                                           "line 6 x1", "line 7 x2", "line 8 x2", "line 10 x7"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(LlvmJson, LeavesOutWhatThePreprocessorDropped) {
  // `#if 0` from line 4 to 6 is a region without a count.
  const auto [recorder, result] =
      read(export_of("[3,9,2,true,true,false],[4,1,0,false,true,false],[6,1,2,true,false,false],"
                     "[8,2,0,false,false,false]"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file src/a.cc", "line 3 x2", "line 7 x2", "line 8 x2"));
}

TEST(LlvmJson, NamesFunctionsWithTheirLinesAndWithoutTheFileOfStaticOnes) {
  const auto [recorder, result] = read(export_of(
      "[3,9,2,true,true,false],[5,2,0,false,false,false]", "",
      R"({"name":"a.cc:_ZL5totali","filenames":["src/a.cc"],"regions":[[3,9,5,2,2,0,0,0]]},)"
      R"({"name":"src/a.cc;_ZL5neveri","filenames":["src/a.cc"],"regions":[[7,9,8,2,0,0,0,0]]},)"
      R"({"name":"-[Cart add:]","filenames":["src/a.cc"],"regions":[[9,9,9,20,0,0,0,0]]},)"
      R"({"name":"elsewhere","filenames":["b.cc"],"regions":[[3,9,5,2,2,0,0,0]]},)"
      R"({"name":"none","filenames":[],"regions":[]})"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("file src/a.cc", "function total(int) 3-5", "function never(int) 7-8",
                          "function -[Cart add:] 9-9", "line 3 x2", "line 4 x2", "line 5 x2"));
}

TEST(LlvmJson, NumbersTheBranchesOfALineByPlaceAndAddsThoseOfInstances) {
  const auto [recorder, result] = read(
      export_of("[3,9,2,true,true,false],[3,30,0,false,false,false]",
                R"(,"branches":[[3,20,3,22,0,3,0,0,4],[3,5,3,9,2,0,0,0,4],[3,20,3,22,1,0,0,0,4],)"
                R"([90,1,90,2,1,1,0,0,4],[3],["x"],[3,5,3,9]])"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.branches_told,
              ElementsAre("3.0 taken", "3.1 not", "3.2 taken", "3.3 taken"));
}

// llvm-cov derives the tracefile's counts from the segments: a second implementation.
TEST(LlvmJson, CountsLinesAsLlvmCovDoesWhereThatIsHard) {
  const std::string folder = CULPRIT_SOURCE_DIR "/fixtures/reports/llvm_export/";
  for (const std::string name : {"odd-14", "odd-19"}) {
    const auto lines_of = [&](Result<void> (*read_report)(const Input&, Sink&),
                              const std::string& path) {
      std::ifstream file(folder + path, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      const auto [recorder, result] = reading_of(read_report, {path, bytes});
      EXPECT_TRUE(result);
      std::vector<std::string> lines;
      for (const std::string& event : recorder.events) {
        if (event.starts_with("line ")) lines.push_back(event);
      }
      return lines;
    };
    const std::vector<std::string> json = lines_of(read_llvm_json, name + ".json");
    EXPECT_EQ(json.size(), 35U);
    EXPECT_EQ(json, lines_of(read_lcov, name + ".info"));
  }
}

TEST(LlvmJson, SkipsBadSegmentsWithTheirPlace) {
  const auto [recorder, result] = read(
      export_of("[3,9,2,true,true,false],[2,9,2,true,true,false],[4,1],7,[0,1,1,true,true],"
                "[5,1,\"x\",true,true],[5,1,-4,true,true],[6,1,99999999999999999999,true,true],"
                "[6,9,0,false,false,false]"));
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events, ElementsAre("file src/a.cc", "line 3 x2", "line 4 x2", "line 5 x2",
                                           "line 6 x18446744073709551615"));
  ASSERT_THAT(recorder.warnings, SizeIs(6));
  EXPECT_THAT(recorder.warnings[0].what, HasSubstr("beyond 64 bits"));
  EXPECT_THAT(recorder.warnings[1].what, HasSubstr("not a segment"));
  EXPECT_EQ(recorder.warnings[1].place.line, 1U);
}

TEST(LlvmJson, SaysWhatIsMissing) {
  const auto error = [](const std::string& bytes) {
    const auto [recorder, result] = read(bytes);
    return result ? std::string("read") : to_string(result.error());
  };
  EXPECT_THAT(error(R"({"data":[{"files":[{"filename":"a.cc","summary":{}}]}]})"),
              HasSubstr("only summaries"));
  EXPECT_THAT(error(R"({"data":[{"totals":{}}]})"), HasSubstr("without a list `files`"));
  EXPECT_THAT(error(R"({"type":"llvm.coverage.json.export"})"), HasSubstr("without a list `data`"));
  EXPECT_THAT(error(R"({"data":[{"files":[)"), HasSubstr("export.json:1:"));
  EXPECT_EQ(error(export_of("")), "read");
}

TEST(LlvmJson, BoundsTheLinesThatFewBytesCanSpan) {
  std::string files;
  for (int i = 0; i < 6; ++i) {
    files += std::string(i == 0 ? "" : ",") + R"({"filename":"f)" + std::to_string(i) +
             R"(","segments":[[1,1,1,false,true,false],[10000000,1,1,false,false,false]]})";
  }
  const auto [recorder, result] = read(R"({"data":[{"files":[)" + files + "]}]}");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().what, HasSubstr("more than 50000000 lines"));
}

TEST(LlvmJson, IsKnownByItsTypeOrItsStart) {
  const auto accepts = [](std::string_view bytes) {
    return accepts_llvm_json(inspect({"export.json", bytes}));
  };
  EXPECT_TRUE(accepts(R"({"type":"llvm.coverage.json.export","data":[]})"));
  EXPECT_TRUE(accepts("{ \"data\": [\n {\"files\": [{}"));
  EXPECT_FALSE(accepts(R"({"data":[{"traceID":"1"}]})"));
  EXPECT_FALSE(accepts(R"([{"data":[{"files":[]}]}])"));
}

}  // namespace
}  // namespace culprit
