#include "lsp/edited_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace culprit::lsp {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "" : "\n") + lines[i];
  return text;
}

TEST(EditedText, CountsPositionsInUtf16Units) {
  // U+1F600 takes four bytes and two units, U+00E9 two bytes and one.
  EXPECT_EQ(utf16_length("a\xF0\x9F\x98\x80\xC3\xA9z"), 5U);
  EditedText text("", "a\xF0\x9F\x98\x80\xC3\xA9z");
  text.replace({{0, 3}, {0, 4}}, "e");
  EXPECT_EQ(text.lines().front(),
            "a\xF0\x9F\x98\x80"
            "ez");
}

TEST(EditedText, EndsLinesAsEditorsDo) {
  EXPECT_EQ(split_lines("a\r\nb\rc\n"), (std::vector<std::string>{"a", "b", "c", ""}));
  EXPECT_EQ(split_lines(""), std::vector<std::string>{""});
}

TEST(EditedText, TakesBytesThatAreNoUtf8) {
  EditedText text("\xF0\x9F", "\xF0\x9F");
  text.replace({{0, 1}, {0, 9}}, "\xFF");
  EXPECT_EQ(text.lines().size(), 1U);
}

TEST(EditedText, ShiftsLinesBelowAnInsertionAndDropsTouchedOnes) {
  EditedText text("a\nb\nc\nd", "a\nb\nc\nd");
  text.replace({{1, 0}, {1, 0}}, "new\n");
  EXPECT_EQ(text.now(1), 0U);
  EXPECT_EQ(text.now(2), 2U);
  EXPECT_EQ(text.recorded(1), 0U);
  text.replace({{2, 0}, {2, 1}}, "B");
  EXPECT_EQ(text.now(2), std::nullopt);
  EXPECT_EQ(text.now(3), 3U);
  text.replace({{2, 0}, {2, 1}}, "b");  // undone
  EXPECT_EQ(text.now(2), 2U);
}

TEST(EditedText, KeepsLinesOfABufferThatDiffersFromTheDisk) {
  const EditedText text("a\nb\nc", "x\na\nb\nc");
  EXPECT_EQ(text.now(3), 3U);
  EXPECT_EQ(text.recorded(0), 0U);
}

TEST(EditedText, StartsAnewFromWhatWasRecordedLast) {
  EditedText text("a\nb\nc", "a\nnew\nb\nc");
  text.rebase("a\nnew\nb\nc");
  EXPECT_EQ(text.now(2), 1U);
  EXPECT_EQ(text.now(4), 3U);
  EXPECT_FALSE(text.edited());
}

// Against a text kept as one string; lines that have a number still read as they were recorded.
TEST(EditedText, FollowsAnyEdits) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return static_cast<std::uint32_t>(random() % n); };
  for (int round = 0; round < 300; ++round) {
    std::string start;
    for (std::uint32_t i = below(30); i > 0; --i) start += "abc\n"[below(4)];
    const std::vector<std::string> recorded = split_lines(start);
    std::string model = start;
    EditedText text(start, start);
    for (int edit = 0; edit < 20; ++edit) {
      const std::size_t from = below(model.size() + 1);
      const std::size_t to = from + below(model.size() - from + 1);
      std::string fresh;
      for (std::uint32_t i = below(6); i > 0; --i) fresh += "abc\n"[below(4)];
      const auto position = [&](std::size_t offset) {
        const std::string before = model.substr(0, offset);
        const auto lines =
            static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
        return Position{lines, static_cast<std::uint32_t>(offset - (before.rfind('\n') + 1))};
      };
      text.replace({position(from), position(to)}, fresh);
      model.replace(from, to - from, fresh);
      ASSERT_EQ(joined(text.lines()), model);
      std::uint32_t last = 0;
      for (std::uint32_t line = 0; line < text.lines().size(); ++line) {
        const std::uint32_t number = text.recorded(line);
        if (number == 0) continue;
        ASSERT_GT(number, last);
        last = number;
        ASSERT_EQ(text.lines()[line], recorded.at(number - 1));
        ASSERT_EQ(text.now(number), line);
      }
    }
  }
}

}  // namespace
}  // namespace culprit::lsp
