#include "source/function_text.h"

#include <gtest/gtest.h>

#include <vector>

namespace culprit {
namespace {

std::string hash(const std::vector<std::string>& lines, std::string_view name) {
  return body_hash(lines, 1, static_cast<std::uint32_t>(lines.size()), name);
}

TEST(BodyHash, IsTheSameForARenamedFunction) {
  const std::vector<std::string> old = {"int fee(int n) {", "  return n < 2 ? 1 : fee(n - 1);",
                                        "}"};
  const std::vector<std::string> renamed = {"int charge(int n)", "{ // what it costs",
                                            "  return n<2 ? 1 : charge(n - 1); /* again",
                                            "  and again */", "}"};
  EXPECT_EQ(hash(old, "fee"), hash(renamed, "charge"));
  EXPECT_EQ(hash(old, "fee").size(), 32U);
}

TEST(BodyHash, DiffersWhereTheCodeDoes) {
  const auto of = [](const char* line) { return hash({line}, "f"); };
  EXPECT_NE(of("int f() { return a + b; }"), of("int f() { return a - b; }"));
  EXPECT_NE(of("return x;"), of("returnx;"));
  EXPECT_NE(of("f(\"a b\")"), of("f(\"ab\")")) << "blanks in literals are code";
  EXPECT_NE(of("f(\"//x\")"), of("f(\"//y\")")) << "no comment";
  EXPECT_EQ(of("g('\\'', 1); // it's"), of("g('\\'',1);"));
}

TEST(BodyHash, IsEmptyWhereTheLinesAreNotThere) {
  const std::vector<std::string> lines = {"a", "b"};
  EXPECT_EQ(body_hash(lines, 1, 3, "f"), "");
  EXPECT_EQ(body_hash(lines, 0, 1, "f"), "");
  EXPECT_EQ(body_hash(lines, 2, 1, "f"), "");
}

TEST(IgnoreReason, IsReadFromCommentsInAndBeforeTheFunction) {
  const std::vector<std::string> lines = {"// culprit:ignore(the bank's own doing (PAY-12))",
                                          "int f() {",
                                          "  return 1;",
                                          "}",
                                          "int g() { return 2; /* culprit:ignore(flaky) */ }",
                                          "s = \"culprit:ignore(no)\";",
                                          "// culprit:ignore()"};
  EXPECT_EQ(ignore_reason(lines, 2, 4), "the bank's own doing (PAY-12)");
  EXPECT_EQ(ignore_reason(lines, 5, 5), "flaky");
  EXPECT_EQ(ignore_reason(lines, 7, 7), "") << "a text is no comment, and no reason is none";
  EXPECT_EQ(ignore_reason(lines, 3, 4), "");
  EXPECT_EQ(ignore_reason(lines, 90, 99), "");
  EXPECT_EQ(ignore_reason({}, 1, 1), "");
}

}  // namespace
}  // namespace culprit
