#include "readers/java_class.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/java_analysis.h"
#include "readers/java_compiler.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kSource = R"(package shop;
@Deprecated
class Price extends Exception {
  @Override public String toString() {
    return "x" + hashCode();
  }
  static int of(long[] parts, String name) {
    if (parts.length > 3) {
      throw new IllegalStateException(name);
    }
    return 1;
  }
  native void far();
}
)";

const std::string& price() {
  static const std::string none;
  const auto& classes = compiled("Price.java", kSource);
  const auto found = classes.find("shop/Price.class");
  return found == classes.end() ? none : found->second;
}

TEST(JavaClass, TellsNamesMethodsAndTables) {
  if (price().empty()) GTEST_SKIP() << "no javac";
  const Result<JavaClass> parsed = JavaClass::parse({"Price.class", price()});
  ASSERT_TRUE(parsed) << to_string(parsed.error());
  EXPECT_EQ(parsed->name, "shop/Price");
  EXPECT_EQ(parsed->super_name, "java/lang/Exception");
  EXPECT_EQ(parsed->source_file, "Price.java");
  EXPECT_THAT(parsed->annotations, ElementsAre("Ljava/lang/Deprecated;"));
  ASSERT_EQ(parsed->methods.size(), 4U);
  const JavaMethod& of = parsed->methods[2];
  EXPECT_EQ(of.name, "of");
  EXPECT_EQ(of.descriptor, "([JLjava/lang/String;)I");
  std::vector<int> lines;
  for (const JavaLineEntry& entry : of.lines) lines.push_back(entry.line);
  EXPECT_THAT(lines, ElementsAre(8, 9, 11));
  EXPECT_TRUE(parsed->methods[3].code.empty());
}

// jacoco_parity_test.cpp compares whole classes with JaCoCo itself. Version 53 counts as 52.
TEST(JavaClass, HasTheIdentityThatJacocoGivesIt) {
  EXPECT_EQ(java_class_id(""), 0U);
  EXPECT_EQ(java_class_id("\x01"), 0x01b0000000000000U);
  EXPECT_EQ(java_class_id(std::string("\xca\xfe\xba\xbe\0\0\0\x35", 8)),
            java_class_id(std::string("\xca\xfe\xba\xbe\0\0\0\x34", 8)));
}

TEST(JavaClass, IsAnErrorWhereverItIsCutShort) {
  if (price().empty()) GTEST_SKIP() << "no javac";
  for (std::size_t size = 0; size < price().size(); ++size) {
    EXPECT_FALSE(JavaClass::parse({"Price.class", std::string_view(price()).substr(0, size)}))
        << size;
  }
}

TEST(JavaClass, SurvivesAnyByteThatIsWrong) {
  if (price().empty()) GTEST_SKIP() << "no javac";
  std::size_t refused = 0;
  for (std::size_t i = 0; i < price().size(); ++i) {
    for (const char wrong : {'\0', '\x7f', '\xff'}) {
      std::string bytes = price();
      bytes[i] = wrong;
      if (!analyse_class({"Price.class", bytes}, JavaFilterSet::all())) ++refused;
    }
  }
  EXPECT_GT(refused, 100U);
}

TEST(JavaClass, SaysWhatIsWrong) {
  const Result<JavaClass> parsed = JavaClass::parse({"a/X.class", "PK"});
  ASSERT_FALSE(parsed);
  EXPECT_EQ(to_string(parsed.error()), "a/X.class: not a Java class");
}

TEST(JavaClass, SpellsNamesInUtf8) {
  EXPECT_EQ(to_utf8("shop/Preis"), "shop/Preis");
  EXPECT_EQ(to_utf8("a\xc0\x80z"), std::string("a\0z", 3));
  EXPECT_EQ(to_utf8("\xed\xa0\xbd\xed\xb8\x80!"), "\xf0\x9f\x98\x80!");  // U+1F600
  EXPECT_EQ(to_utf8("\xed\xa0\xbd"), "\xed\xa0\xbd");                    // half of it
}

}  // namespace
}  // namespace culprit
