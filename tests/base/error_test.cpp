#include "culprit/error.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

TEST(ToString, LetsNoControlCharacterOfAFileNameThrough) {
  EXPECT_EQ(to_string(error_in("run\n\x1b[31m/a.info", "is bad")), "run??[31m/a.info: is bad");
}

TEST(ErrorText, ShowsPlaceLineAndCaret) {
  const std::string bytes = "SF:a.cc\nDA:x,3\nend_of_record\n";
  EXPECT_EQ(to_string(error_at("c.info", bytes, bytes.find('x'), "`x` is not a number")),
            "c.info:2:4: `x` is not a number\n"
            "    DA:x,3\n"
            "       ^");
}

TEST(ErrorText, ShowsAHintOnALineOfItsOwn) {
  EXPECT_EQ(to_string(error_in("runz", "does not exist", "did you mean runs?")),
            "runz: does not exist\n  did you mean runs?");
}

TEST(ErrorText, NeedsNoPlace) { EXPECT_EQ(to_string(error_in("", "no input")), "no input"); }

TEST(ErrorAt, TakesOffsetsBeyondTheEndForTheEnd) {
  const Error error = error_at("a", "one\ntwo", 1000, "cut short");
  EXPECT_EQ(error.place, (Place{"a", 2, 4}));
  EXPECT_EQ(error.excerpt, "two");
  EXPECT_EQ(error.caret, 3U);
}

TEST(ErrorAt, CutsALongLineAroundTheCaret) {
  const std::string line = std::string(500, 'a') + '!' + std::string(500, 'b');
  const Error error = error_at("a", line, 500, "here");
  EXPECT_EQ(error.place.column, 501U);
  EXPECT_EQ(error.excerpt.size(), 100U);
  EXPECT_EQ(error.excerpt.at(error.caret), '!');
}

TEST(ErrorAt, KeepsTheCaretUnderItsByteBesideTabsAndOtherBytes) {
  const Error error = error_at("a", "\t\xc3\xa4\x01!", 4, "here");
  EXPECT_EQ(error.excerpt, std::string(" ??") + "?!");
  EXPECT_EQ(error.caret, 4U);
}

TEST(ErrorAt, ShowsNoBlankExcerpt) { EXPECT_EQ(error_at("a", "  \n", 1, "blank").excerpt, ""); }

TEST(ErrorAt, TakesCarriageReturnsBeforeTheLineEndForAPartOfIt) {
  EXPECT_EQ(error_at("a", "one\r\r\n", 0, "x").excerpt, "one");
  const Error at_the_end = error_at("a", "one\r\ntwo", 4, "x");
  EXPECT_EQ(at_the_end.excerpt, "one");
  EXPECT_EQ(at_the_end.caret, 3U);
  EXPECT_EQ(error_at("a", "b\n" + std::string(200, '\r') + "\n", 150, "x").excerpt, "");
}

TEST(ErrorAt, KeepsTheCaretUnderItsByteBehindACarriageReturn) {
  const Error error = error_at("a", "one\rtwo!\r\n", 7, "x");
  EXPECT_EQ(error.excerpt, "one?two!");
  EXPECT_EQ(error.caret, 7U);
}

}  // namespace
}  // namespace culprit
