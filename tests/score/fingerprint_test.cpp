#include "score/fingerprint.h"

#include <gmock/gmock.h>

namespace culprit {
namespace {

CodeElement function(const std::string& file, const std::string& name, std::uint32_t line = 1) {
  return {Level::kFunction, "orders", file, name, line, line + 9};
}

// printf 'src/a.cc\x1fshop::Cart::total(int)const' | sha256sum
TEST(ElementFingerprint, IsTheDigestOfPathAndSignature) {
  EXPECT_EQ(element_fingerprint(function("src/a.cc", "shop::Cart::total(int) const")),
            "cle/v1:811c9d80279eaaca141da02ea0ddde03");
  EXPECT_EQ(element_fingerprint({Level::kFile, "orders", "src/a.cc", "", 0, 0}),
            "cle/v1:ab219fb313d7e58ac8317b0e7941e4ac");
  EXPECT_EQ(element_fingerprint({Level::kService, "pay", "", "", 0, 0}),
            "cle/v1:6983a6ebf5c5da8494e43f9851dd7d05");
}

TEST(ElementFingerprint, SurvivesShiftedLinesAndAnotherService) {
  CodeElement line{Level::kLine, "stock", "./src/a.cc", "f(int)", 812, 812};
  EXPECT_EQ(element_fingerprint(function("src/a.cc", "f(int)")), element_fingerprint(line));
  EXPECT_EQ(element_fingerprint(function("src/a.cc", "f(int)", 1)),
            element_fingerprint(function("src/a.cc", "f(int)", 700)));
}

TEST(ElementFingerprint, ForgetsHowToolsSpellNames) {
  EXPECT_EQ(
      element_fingerprint(function("a.cc", "f(std::__cxx11::list<std::vector<int> > const&)")),
      element_fingerprint(function("a.cc", "f(std::list<std::vector<int>> const &)")));
  EXPECT_NE(element_fingerprint(function("a.cc", "f(unsigned int)")),
            element_fingerprint(function("a.cc", "f(unsignedint)")));
}

TEST(ElementFingerprint, TellsOverloadsAndFilesApart) {
  EXPECT_NE(element_fingerprint(function("a.cc", "f(int)")),
            element_fingerprint(function("a.cc", "f(long)")));
  EXPECT_NE(element_fingerprint(function("a.cc", "f(int)")),
            element_fingerprint(function("b/a.cc", "f(int)")));
  EXPECT_NE(element_fingerprint(function("a.cc", "C#f(int)")),
            element_fingerprint(function("a.cc", "D#f(int)")));
}

}  // namespace
}  // namespace culprit
