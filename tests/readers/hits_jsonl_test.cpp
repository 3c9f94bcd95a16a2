#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/coverage_hits_jsonl.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Recorder read(std::string_view text) {
  Recorder sink;
  const auto result = read_hits_jsonl({"runs.jsonl", text}, sink);
  EXPECT_TRUE(result) << to_string(result.error());
  return sink;
}

TEST(HitsJsonl, OneRunALine) {
  EXPECT_THAT(read("{\"run\":\"r1\",\"hits\":[{\"file\":\"a.cc\",\"line\":12,\"count\":3},"
                   "{\"file\":\"a.cc\",\"line\":13,\"count\":0},{\"file\":\"b.cc\",\"line\":1}]}\n"
                   "{\"hits\":[{\"line\":2,\"file\":\"b.cc\"}],\"run\":\"r2\"}\n")
                  .events,
              ElementsAre("run r1", "file a.cc", "line 12 x3", "line 13 x0", "file b.cc", "hit 1",
                          "run r2", "file b.cc", "hit 2"));
}

TEST(HitsJsonl, OneRunAndServiceALine) {
  EXPECT_THAT(read(R"({"run":7,"service":"order","hits":[{"file":".\\src\\a.cc","line":"2"}]}
{"run":7,"service":"pay","hits":[]}
{"run":8,"hits":[]}
)")
                  .events,
              ElementsAre("run 7", "service order", "file src/a.cc", "hit 2", "run 7",
                          "service pay", "run 8", "service "));
}

TEST(HitsJsonl, CarriesFunctionsAndCountsInAnyForm) {
  EXPECT_THAT(read(R"j({"run":"r","hits":[{"file":"a","line":1,"function":"f(int)","count":"2"},)j"
                   R"j({"file":"a","line":2,"count":null,"function":null},)j"
                   R"j({"file":"a","line":3,"count":18446744073709551615},)j"
                   R"j({"file":"a","line":4.0,"count":3.0}]})j")
                  .events,
              ElementsAre("run r", "file a", "line 1 x2 in f(int)", "hit 2",
                          "line 3 x18446744073709551615", "line 4 x3"));
}

TEST(HitsJsonl, PlacesFunctionsWhereAHitTellsTheirLines) {
  EXPECT_THAT(read(R"j({"run":"r","hits":[{"file":"a","line":4,"function":"f()","first_line":3,)j"
                   R"j("last_line":9,"count":1},{"file":"a","line":5,"function":"f()"},)j"
                   R"j({"file":"a","line":1,"first_line":1}]})j"
                   "\n")
                  .events,
              ElementsAre("run r", "file a", "function f() 3-9", "line 4 x1 in f()", "hit 5 in f()",
                          "hit 1"));
}

TEST(HitsJsonl, CarriesBranchesAsCountsOrAsHowMany) {
  EXPECT_THAT(read(R"({"run":"r","hits":[{"file":"a","line":4,"branches":[3,0,"1"]},)"
                   R"({"file":"a","line":5,"branches":{"taken":1,"of":2}},)"
                   R"({"file":"a","line":6,"branches":{"taken":3,"of":2}},)"
                   R"({"file":"a","line":7,"branches":"both"}]})"
                   "\n")
                  .branches_told,
              ElementsAre("4.0 taken", "4.1 not", "4.2 taken", "5: 1/2"));
}

TEST(HitsJsonl, AVerdictIsTheRunsOutcome) {
  EXPECT_THAT(read("{\"run\":\"a\",\"hits\":[],\"verdict\":\"fail\"}\n"
                   "{\"run\":\"b\",\"hits\":[],\"verdict\":true}\n"
                   "{\"run\":\"c\",\"hits\":[],\"verdict\":\"ERROR\"}\n"
                   "{\"run\":\"d\",\"hits\":[],\"verdict\":null}\n")
                  .events,
              ElementsAre("run a", "outcome failed (verdict fail)", "run b",
                          "outcome passed (verdict true)", "run c",
                          "outcome failed (verdict ERROR)", "run d"));
}

TEST(HitsJsonl, AWordThatIsNoVerdictIsUnknownWithAWarning) {
  const Recorder sink = read("{\"run\":\"a\",\"hits\":[],\"verdict\":\"maybe\"}\n");
  EXPECT_THAT(sink.events, ElementsAre("run a"));
  EXPECT_EQ(to_string(sink.warnings.at(0)),
            "runs.jsonl:1:32: not a verdict; taken as unknown\n"
            "    {\"run\":\"a\",\"hits\":[],\"verdict\":\"maybe\"}\n"
            "                                   ^\n"
            "  write pass, fail, error, true or false");
}

TEST(HitsJsonl, TimeOrTraceMakeTheRunARequestOnce) {
  const Recorder sink = read(
      "{\"run\":\"a\",\"service\":\"x\",\"hits\":[],\"time\":1674981729487160534,\"trace\":"
      "\"6F3CBF058C2765548A39AD724905D6A1\",\"verdict\":\"fail\"}\n"
      "{\"run\":\"a\",\"service\":\"y\",\"hits\":[],\"time\":1674981729487160534,\"trace\":"
      "\"6f3cbf058c2765548a39ad724905d6a1\",\"verdict\":\"fail\"}\n"
      "{\"run\":\"b\",\"hits\":[],\"time\":\"2023-01-29T08:42:09.487+00:00\"}\n"
      "{\"run\":\"c\",\"hits\":[]}\n");
  ASSERT_THAT(sink.requests, SizeIs(2));
  EXPECT_EQ(sink.requests[0].run, "a");
  EXPECT_EQ(sink.requests[0].time_ns, 1674981729487160534);
  EXPECT_EQ(sink.requests[0].trace, "6f3cbf058c2765548a39ad724905d6a1");
  EXPECT_EQ(sink.requests[0].verdict, Verdict::kFailed);
  EXPECT_EQ(sink.requests[1].time_ns, 1674981729487000000);
}

TEST(HitsJsonl, ABadTimeIsIgnoredNotTheRun) {
  const Recorder sink =
      read("{\"run\":\"a\",\"hits\":[{\"file\":\"f\",\"line\":1}],\"time\":12}\n");
  EXPECT_THAT(sink.events, ElementsAre("run a", "file f", "hit 1"));
  EXPECT_THAT(sink.requests, IsEmpty());
  EXPECT_EQ(sink.warnings.at(0).place, (Place{"runs.jsonl", 1, 50}));
}

TEST(HitsJsonl, BadHitsAreSkippedWithTheirPlace) {
  const Recorder sink = read(
      "\n{\"run\":\"a\",\"hits\":[{\"file\":\"f\",\"line\":0},"
      "{\"line\":1},\"f:3\",{\"file\":\"f\",\"line\":10000001},"
      "{\"file\":\"f\",\"line\":1,\"count\":\"x\"},"
      "{\"file\":\"f\",\"line\":2,\"count\":-4}]}\n");
  EXPECT_THAT(sink.events, ElementsAre("run a", "file f", "line 2 x0"));
  // Three bad hits shown, the negative count, the number of further bad hits, the doubt.
  ASSERT_THAT(sink.warnings, SizeIs(6));
  EXPECT_EQ(to_string(sink.warnings[0]),
            "runs.jsonl:2:39: hit has no line number in 1..10000000; skipped\n"
            "    "
            "{\"run\":\"a\",\"hits\":[{\"file\":\"f\",\"line\":0},{\"line\":1},\"f:3\",{\"file\":"
            "\"f\",\"line\":10000001},{\"file\":\"f\",\"\n"
            "                                          ^");
  EXPECT_EQ(sink.warnings[1].place.column, 42U);
  EXPECT_EQ(sink.warnings[2].place.column, 53U);
  EXPECT_THAT(sink.warnings[3].what, HasSubstr("negative"));
  EXPECT_EQ(sink.warnings[4].what, "2 further warnings of this kind: bad hit");
  EXPECT_THAT(sink.warnings[5].what, HasSubstr("5 of 7 records"));
}

TEST(HitsJsonl, RecordsWithoutRunOrHitsAreSkipped) {
  const Recorder sink = read("{\"hits\":[]}\n{\"run\":\"a\"}\n{\"run\":[],\"hits\":[]}\n[1]\n");
  EXPECT_THAT(sink.events, IsEmpty());
  EXPECT_EQ(sink.warnings.at(2).place, (Place{"runs.jsonl", 3, 8}));
}

TEST(HitsJsonl, ALineThatIsNotJsonIsSkippedWithACaret) {
  const Recorder sink =
      read("{\"run\":\"a\",\"hits\":[]}\n{\"run\":\"b\",hits:[]}\n{\"run\":\"c\",\"hits\":[]}\n");
  EXPECT_THAT(sink.events, ElementsAre("run a", "run c"));
  EXPECT_EQ(to_string(sink.warnings.at(0)),
            "runs.jsonl:2:12: invalid literal\n"
            "    {\"run\":\"b\",hits:[]}\n"
            "               ^");
}

TEST(HitsJsonl, AFileCutShortKeepsItsCompleteRecords) {
  const Recorder sink = read("{\"run\":\"a\",\"hits\":[]}\n{\"run\":\"b\",\"hits\":[{\"fi");
  EXPECT_THAT(sink.events, ElementsAre("run a"));
  ASSERT_THAT(sink.warnings, SizeIs(1));
  EXPECT_EQ(sink.warnings[0].what, "the last record is cut short; the 1 before it were kept");
  EXPECT_EQ(sink.warnings[0].place.line, 2U);
}

TEST(HitsJsonl, ReadsWindowsLineEndsAByteOrderMarkAndNoFinalLineEnd) {
  const Recorder sink =
      read("\xef\xbb\xbf{\"run\":\"a\",\"hits\":[]}\r\n{\"run\":\"b\",\"hits\":[]}");
  EXPECT_THAT(sink.events, ElementsAre("run a", "run b"));
  EXPECT_THAT(sink.warnings, IsEmpty());
}

TEST(HitsJsonl, DeepNestingIsABadLine) {
  const Recorder sink = read("{\"run\":" + std::string(5000, '[') + "\n");
  EXPECT_THAT(sink.warnings.at(0).what, HasSubstr("nested deeper than 256"));
}

TEST(HitsJsonl, IsRecognisedByItsKeys) {
  Head head;
  head.shape = Head::Shape::kJsonObject;
  head.keys = {"hits", "run"};
  EXPECT_TRUE(accepts_hits_jsonl(head));
  head.keys = {"trace", "hits"};
  EXPECT_FALSE(accepts_hits_jsonl(head));
}

}  // namespace
}  // namespace culprit
