#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/size.h"

namespace culprit {
namespace {

using testing::ElementsAre;

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_u64("18446744073709551615"), 18446744073709551615ULL);
  EXPECT_EQ(parse_u64("18446744073709551616"), std::nullopt);
  EXPECT_EQ(parse_u64("-1"), std::nullopt);
  EXPECT_EQ(parse_u64("+1"), std::nullopt);
  EXPECT_EQ(parse_u64(" 1"), std::nullopt);
  EXPECT_EQ(parse_u64("1x"), std::nullopt);
  EXPECT_EQ(parse_u64(""), std::nullopt);
  EXPECT_EQ(parse_i64("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(parse_i64("-9223372036854775809"), std::nullopt);
}

TEST(ParseDouble, TakesFiniteNumbersOnly) {
  EXPECT_EQ(parse_double("0.25"), 0.25);
  EXPECT_EQ(parse_double("-1e3"), -1000.0);
  EXPECT_EQ(parse_double("nan"), std::nullopt);
  EXPECT_EQ(parse_double("inf"), std::nullopt);
  EXPECT_EQ(parse_double("1e999"), std::nullopt);
  EXPECT_EQ(parse_double("1,5"), std::nullopt);
}

TEST(Text, TrimsLowersAndCompares) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(lower("Ab-Ä"), "ab-Ä");
  EXPECT_TRUE(equal_ignoring_case("PASS", "pass"));
  EXPECT_FALSE(equal_ignoring_case("PASS", "passed"));
}

TEST(Text, ConsistsOfOnlyWhenThereIsSomething) {
  EXPECT_TRUE(consists_of("0aF", kHexDigits));
  EXPECT_FALSE(consists_of("0aG", kHexDigits));
  EXPECT_FALSE(consists_of("", kDigits));
}

TEST(CleanPath, SpellsSourcePathsOneWay) {
  EXPECT_EQ(clean_path("./src//a.cc"), "src/a.cc");
  EXPECT_EQ(clean_path("src\\sub\\a.cc"), "src/sub/a.cc");
  EXPECT_EQ(clean_path("a/./b/././c"), "a/b/c");
  EXPECT_EQ(clean_path("/abs//x"), "/abs/x");
  EXPECT_EQ(clean_path("../x"), "../x");
}

TEST(Glob, StarStandsForAnyTextAndQuestionMarkForOneCharacter) {
  EXPECT_TRUE(matches_glob("Normal_1", "Normal*"));
  EXPECT_TRUE(matches_glob("Normal", "Normal*"));
  EXPECT_FALSE(matches_glob("Abnormal", "Normal*"));
  EXPECT_TRUE(matches_glob("run-7", "run-?"));
  EXPECT_FALSE(matches_glob("run-", "run-?"));
  EXPECT_FALSE(matches_glob("run-17", "run-?"));
  EXPECT_TRUE(matches_glob("", "*"));
  EXPECT_TRUE(matches_glob("", ""));
  EXPECT_FALSE(matches_glob("a", ""));
}

TEST(Glob, BacktracksToTheLastStar) {
  EXPECT_TRUE(matches_glob("abcabd", "*abd"));
  EXPECT_TRUE(matches_glob("aXbYbZc", "a*b*c"));
  EXPECT_FALSE(matches_glob("aXbYbZ", "a*b*c"));
  EXPECT_TRUE(matches_glob("a*b", "a*b"));
}

// A backtracking matcher needs ages for this one.
TEST(Glob, ManyStarsStayFast) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(matches_glob(std::string(5000, 'a'), pattern + "b"));
}

TEST(FindBadUtf8, FindsTheFirstByteOfNoValidSequence) {
  EXPECT_EQ(find_bad_utf8("a\x01 \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), std::string_view::npos);
  EXPECT_EQ(find_bad_utf8("a\xff"), 1U);
  EXPECT_EQ(find_bad_utf8("ab\xc3"), 2U);
  EXPECT_EQ(find_bad_utf8("\xff\xff", 1), 1U);
  // RFC 3629, section 10: overlong forms; section 3: surrogates, and what is above U+10FFFF.
  for (const char* bad : {"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x82\x82\xac", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_EQ(find_bad_utf8(bad), 0U);
  }
  EXPECT_EQ(find_bad_utf8("\xf4\x8f\xbf\xbf\xed\x9f\xbf"), std::string_view::npos);
}

TEST(Printable, ReplacesWhatATerminalShouldNotGet) {
  EXPECT_EQ(printable("a\x1b[2Jb\n"), "a?[2Jb?");
  EXPECT_EQ(printable("größe"), "größe");
  EXPECT_EQ(printable("\xff-\xc3-\xc0\xaf"), "?-?-??");
}

TEST(Printable, HidesControlsBeyondAsciiAndChangesOfDirection) {
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31m"),
            "a?31m");
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a?b");
  EXPECT_EQ(printable("\xc2\xa7 \xe2\x80\xa6"), "\xc2\xa7 \xe2\x80\xa6");
}

TEST(EndsWithPath, StopsAtTheBordersOfFolders) {
  EXPECT_TRUE(ends_with_path("/home/me/src/a.cc", "src/a.cc"));
  EXPECT_TRUE(ends_with_path("a.cc", "a.cc"));
  EXPECT_FALSE(ends_with_path("/home/data.cc", "a.cc"));
  EXPECT_FALSE(ends_with_path("a.cc", "src/a.cc"));
}

TEST(OneLine, JoinsLinesAndDropsWhatATerminalShouldNotGet) {
  EXPECT_EQ(one_line("\n expected:\r\n\t 3 \x1b[31m\n"), "expected: 3 ?[31m");
  EXPECT_EQ(one_line(" \n"), "");
}

TEST(ShellQuoted, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(shell_quoted("src/a.cc:12"), "src/a.cc:12");
  EXPECT_EQ(shell_quoted("f(int)"), "'f(int)'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("f\x1b]0;\xc2\x9b'\\"), "$'f\\x1b]0;\\xc2\\x9b\\'\\\\'");
  EXPECT_EQ(shell_quoted("caf\xc3\xa9"), "'caf\xc3\xa9'");
}

TEST(NaturalLess, ComparesRunsOfDigitsAsNumbers) {
  EXPECT_TRUE(natural_less("t2", "t10"));
  EXPECT_FALSE(natural_less("t10", "t2"));
  EXPECT_TRUE(natural_less("v1.9", "v1.10"));
  EXPECT_TRUE(natural_less("t02", "t2"));
  EXPECT_TRUE(natural_less("t2", "t2a"));
  EXPECT_TRUE(natural_less("99999999999999999999998", "99999999999999999999999"));
  EXPECT_FALSE(natural_less("a", "a"));
}

TEST(Nearest, CountsSwappedNeighboursAsOneEdit) {
  EXPECT_EQ(nearest("rnak", {"rank", "label"}), "rank");
  EXPECT_EQ(nearest("xyz", {"rank", "label"}), std::nullopt);
}

TEST(Printable, CutsLongTextBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", 4), "abcd...");
  EXPECT_EQ(printable("abcä", 4), "abc...");
}

TEST(LineReader, SplitsLinesOfAnyEnd) {
  const Input input{"a", "\xef\xbb\xbfone\ntwo\r\nthree\r\r\n\nlast"};
  LineReader lines(input);
  std::vector<std::string> seen;
  while (const auto line = lines.next()) seen.emplace_back(*line);
  EXPECT_THAT(seen, ElementsAre("one", "two", "three", "", "last"));
  EXPECT_EQ(lines.number(), 5U);
  EXPECT_TRUE(lines.unterminated());
}

TEST(LineReader, ReadsNoLineFromNothing) {
  const Input input{"a", ""};
  LineReader lines(input);
  EXPECT_EQ(lines.next(), std::nullopt);
  EXPECT_FALSE(lines.unterminated());
}

TEST(LineReader, PlacesErrorsInTheLineLastRead) {
  const Input input{"c.info", "SF:a\nDA:1,x\n"};
  LineReader lines(input);
  (void)lines.next();
  const auto line = lines.next();
  const Error error = lines.error(line->substr(5), "not a number");
  EXPECT_EQ(error.place, (Place{"c.info", 2, 6}));
  EXPECT_EQ(error.excerpt, "DA:1,x");
  EXPECT_EQ(error.caret, 5U);
  EXPECT_EQ(lines.error("elsewhere", "x").place, (Place{"c.info", 2, 1}));
}

TEST(LineReader, CountsTheByteOrderMarkInColumns) {
  const Input input{"a", "\xef\xbb\xbfxy"};
  LineReader lines(input);
  const auto line = lines.next();
  EXPECT_EQ(lines.error(line->substr(1), "y").place, (Place{"a", 1, 5}));
}

TEST(Nearest, FindsATypoButNothingFarFetched) {
  EXPECT_EQ(nearest("ochia", {"tarantula", "ochiai"}), "ochiai");
  EXPECT_EQ(nearest("OCHIAI", {"tarantula", "ochiai"}), "ochiai");
  EXPECT_EQ(nearest("xyz", {"tarantula", "ochiai"}), std::nullopt);
  EXPECT_EQ(nearest("a", {}), std::nullopt);
}

TEST(SizeText, NamesTheLargestUnit) {
  EXPECT_EQ(size_text(1), "1 byte");
  EXPECT_EQ(size_text(1023), "1023 bytes");
  EXPECT_EQ(size_text(1ULL << 30), "1 GiB");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  EXPECT_EQ(size_text(UINT64_MAX), "16777215.9 TiB");
}

}  // namespace
}  // namespace culprit
