#include "readers/matrix_tcm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "recorder.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Reading read(std::string_view bytes) { return reading_of(read_tcm, {"runs/d.tcm", bytes}); }

TEST(Tcm, TellsEveryElementInTheFirstTestAndThenTheExecutedOnes) {
  const auto [recorder, result] = read(
      "#metadata\nproject demo\n\n"
      "#tests\nadds PASSED\nbreaks it FAILED java.lang.Error: 1 PASSED\n\n"
      "#uuts\na.c$#f(int, int):3\nb.c$#g:1 | 4 | 7\na.c$#f(int, int):4\n\n"
      "#groups\n0 1\n\n"
      "#matrix\n2 5 0 1\n1 2\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("run adds", "outcome passed (test matrix)", "file a.c",
                          "line 3 x1 in f(int, int)", "line 4 x5 in f(int, int)", "file b.c",
                          "line 1 x0 in g", "run breaks it", "outcome failed (test matrix)",
                          "file b.c", "line 1 x2 in g"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST(Tcm, ReadsElementsOfAClassAndThoseThatTellNoPlace) {
  const auto [recorder, result] = read(
      "#tests\nt1 ERROR\n#uuts\norg.demo.Feat$In:run(int):12\norg.demo$Feat#go():4\nl6 | 0\n"
      "Json::Reader:5\n#matrix\n0 1 1 1 2 1\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(
      recorder.events,
      ElementsAre("run t1", "outcome failed (test matrix)", "file org/demo/Feat.java",
                  "line 12 x1 in org.demo.Feat$In#run(int)", "line 4 x1 in org.demo.Feat#go()",
                  "file runs/d.tcm", "line 6 x1 in l6", "line 7 x0 in Json::Reader:5"));
}

TEST(Tcm, TakesABlankRowForATestThatExecutedNothingOnlyWhereOneIsMissing) {
  for (const char* matrix : {"0 1\n\n0 2\n", "\n0 1\n\n0 2\n\n"}) {
    const bool leading = matrix[0] == '\n';
    const auto [recorder, result] =
        read(std::string(leading ? "#tests\na PASSED\nc PASSED\n"
                                 : "#tests\na PASSED\nb PASSED\nc PASSED\n") +
             "#uuts\na.c$#f:1\n#matrix\n" + matrix);
    ASSERT_TRUE(result);
    if (leading) {
      EXPECT_EQ(recorder.events.back(), "line 1 x2 in f");
      EXPECT_THAT(recorder.events, SizeIs(8));
    } else {
      EXPECT_THAT(
          recorder.events,
          ElementsAre("run a", "outcome passed (test matrix)", "file a.c", "line 1 x1 in f",
                      "run b", "outcome passed (test matrix)", "file a.c", "miss 1 in f", "run c",
                      "outcome passed (test matrix)", "file a.c", "line 1 x2 in f"));
    }
  }
}

TEST(Tcm, KeepsATestWithoutVerdictAndNumbersRepeatedNames) {
  const auto [recorder, result] = read("#tests\na PASSED\na\n#uuts\na.c$#f:1\n#matrix\n0 1\n0 1\n");
  ASSERT_TRUE(result);
  EXPECT_THAT(recorder.events,
              ElementsAre("run a", "outcome passed (test matrix)", "file a.c", "line 1 x1 in f",
                          "run a#2", "file a.c", "line 1 x1 in f"));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(recorder.warnings[0].place, (Place{"runs/d.tcm", 3, 1}));
}

TEST(Tcm, RefusesAMatrixThatDoesNotFit) {
  const auto error = [](const std::string& matrix) {
    const auto [recorder, result] =
        read("#tests\na PASSED\nb FAILED\n#uuts\na.c$#f:1\na.c$#f:2\n#matrix\n" + matrix);
    return result ? std::string("read") : to_string(result.error());
  };
  EXPECT_THAT(error("0 1\n"), HasSubstr("the matrix has 1 rows, #tests has 2 tests"));
  EXPECT_THAT(error("0 1\n0 1\n0 1\n"), HasSubstr("has 3 rows"));
  EXPECT_THAT(error("0 1\n2 1\n"), HasSubstr("d.tcm:9:1: #uuts has 2 elements"));
  EXPECT_THAT(error("0 1\n0\n"), HasSubstr("d.tcm:9:2: a row is"));
  EXPECT_THAT(error("0 1\nx 1\n"), HasSubstr("d.tcm:9:1: a row is"));
  EXPECT_EQ(error("0\t1  1 1\n1 1 1 1\n"), "read");
  for (const char* bytes : {"#tests\na PASSED\n#uuts\nx\n", "#uuts\nx\n#matrix\n"}) {
    const auto [recorder, result] = read(bytes);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().what, HasSubstr("without the section #"));
  }
}

TEST(Tcm, IsKnownByItsFirstSection) {
  const auto accepts = [](std::string_view bytes) { return accepts_tcm(inspect({"x", bytes})); };
  EXPECT_TRUE(accepts("\n#tests\na PASSED\n"));
  EXPECT_TRUE(accepts("#metadata\r\n"));
  EXPECT_FALSE(accepts("# tests\n"));
  EXPECT_FALSE(accepts("#!/bin/sh\n"));
  EXPECT_FALSE(accepts(""));
}

}  // namespace
}  // namespace culprit
