#include "base/utf16.h"

#include <gtest/gtest.h>

#include <string>

namespace culprit {
namespace {

using namespace std::string_literals;

TEST(Utf16, BecomesUtf8InEitherByteOrder) {
  EXPECT_EQ(utf8_of_utf16("\xff\xfeS\0F\0:\0\xfc\0\xac\x20\r\0\n\0"s), "SF:ü€\r\n");
  EXPECT_EQ(utf8_of_utf16("\xfe\xff\0S\0F\0:\0\xfc\x20\xac"s), "SF:ü€");
  EXPECT_EQ(utf8_of_utf16("\xff\xfe\x3d\xd8\x1b\xde"s), "\xf0\x9f\x98\x9b");  // U+1F61B
  EXPECT_EQ(utf8_of_utf16("\xff\xfe"s), "");
}

TEST(Utf16, ReplacesWhatIsNoCharacter) {
  const std::string unknown = "\xef\xbf\xbd";
  EXPECT_EQ(utf8_of_utf16("\xff\xfe\x3d\xd8x\0"s), unknown + "x");  // high surrogate alone
  EXPECT_EQ(utf8_of_utf16("\xff\xfe\x1b\xdex\0"s), unknown + "x");  // low surrogate alone
  EXPECT_EQ(utf8_of_utf16("\xff\xfe\x3d\xd8"s), unknown);
  EXPECT_EQ(utf8_of_utf16("\xff\xfex\0y"s), "x" + unknown);
}

TEST(Utf16, LeavesEverythingElseAlone) {
  for (const std::string& bytes : {"SF:a.cc\n"s, ""s, "\xff"s, "\xef\xbb\xbfTN:"s, "S\0F\0"s}) {
    EXPECT_EQ(utf8_of_utf16(bytes), bytes);
  }
}

}  // namespace
}  // namespace culprit
