#include "source/java_index.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/text.h"
#include "source/outline_child.h"

namespace culprit {
namespace {

using ::testing::HasSubstr;

const std::string kSample = std::string(CULPRIT_SOURCE_DIR) + "/tests/source/outline/Shapes.java";

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class WithGrammar : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!java_grammar()) GTEST_SKIP() << "built without tree-sitter";
  }
};

TEST_F(WithGrammar, FindsWhatTheSampleSays) {
  const Result<CodeOutline> found = outline_java(kSample, content(kSample));
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->approximate);
  std::istringstream lines(content(kSample));
  std::map<std::string, std::uint32_t> ends;
  std::size_t functions = 0;
  std::size_t kinds = 0;
  std::uint32_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    if (++number < 5) continue;  // tells of the marks
    const auto marked = [&](const std::string& mark) -> std::string {
      const std::size_t at = line.find("// " + mark + " ");
      return at == std::string::npos ? "" : std::string(trim(line.substr(at + 4 + mark.size())));
    };
    if (const std::string name = marked("FN"); !name.empty()) {
      ++functions;
      const auto at = std::find_if(
          found->functions.begin(), found->functions.end(),
          [&](const OutlinedFunction& f) { return f.name == name && f.name_line == number; });
      EXPECT_NE(at, found->functions.end()) << kSample << ":" << number << " " << name;
    }
    if (const std::string name = marked("END"); !name.empty()) ends[name] = number;
    if (const std::string kind = marked("KIND"); !kind.empty()) {
      ++kinds;
      ASSERT_LE(number, found->statements.size());
      EXPECT_EQ(found->statements[number - 1], kind) << kSample << ":" << number;
    }
  }
  EXPECT_EQ(functions, 10U);
  EXPECT_GT(kinds, 25U);
  for (const auto& end : ends) {
    const auto at = std::find_if(found->functions.begin(), found->functions.end(),
                                 [&](const OutlinedFunction& f) { return f.name == end.first; });
    ASSERT_NE(at, found->functions.end()) << end.first;
    EXPECT_EQ(at->last_line, end.second) << end.first;
  }
}

TEST_F(WithGrammar, KnowsMethodsByTheNamesThatCoverageGivesThem) {
  const Result<CodeOutline> found = outline_java(kSample, content(kSample));
  ASSERT_TRUE(found);
  const auto signature = [&](std::string_view name, std::uint32_t line) {
    const OutlinedFunction* const f = find_java_method(*found, name, line);
    return f == nullptr ? "none" : f->signature;
  };
  EXPECT_EQ(signature("shop.cart.Shapes#pair(Object,Object[])", 43),
            "static <K, V> Map.Entry<K, V> pair(K key, V... values) throws Exception");
  EXPECT_EQ(signature("shop.cart.Shapes#run()", 30), "public void run()");
  EXPECT_EQ(signature("shop.cart.Shapes#lambda$run$0(Comparable)", 34), "lambda");
  EXPECT_EQ(signature("shop.cart.Shapes$1#compare(Comparable,Comparable)", 64),
            "public int compare(T a, T b)");
  EXPECT_EQ(signature("shop.cart.Shapes$Colour$1#shade()", 72), "int shade()");
  EXPECT_EQ(signature("shop.cart.Shapes$Money#<init>(long)", 80), "Money");
  // A field's initialiser is a constructor's.
  EXPECT_EQ(signature("shop.cart.Shapes#<init>(int)", 17), "Shapes(int first)");
  EXPECT_EQ(signature("shop.cart.Shapes#absent()", 30), "none");
  EXPECT_EQ(signature("shop.cart.Shapes", 30), "none");
}

TEST_F(WithGrammar, TellsOverloadsApartByTheirLines) {
  const Result<CodeOutline> found = outline_java("A.java",
                                                 "class A {\n  int f(int x) {\n    return x;\n  "
                                                 "}\n  int f(long x) {\n    return 1;\n  }\n}\n");
  ASSERT_TRUE(found);
  const OutlinedFunction* const second = find_java_method(*found, "A#f(long)", 6);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->signature, "int f(long x)");
  EXPECT_EQ(find_java_method(*found, "A#f(int)", 100), nullptr);  // of neither
}

TEST_F(WithGrammar, ReadsOnBehindWhatIsNoJava) {
  const Result<CodeOutline> found = outline_java(
      "A.java", "class A {\n  int f(int) {\n  ]]\n  }\n  int g() {\n    return 1;\n  }\n}\n");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->approximate);
  const OutlinedFunction* const g = find_java_method(*found, "A#g()", 6);
  ASSERT_NE(g, nullptr);
  EXPECT_EQ(g->last_line, 7U);
}

TEST_F(WithGrammar, EndsWhateverItIsGiven) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "class A { int f() { return (";
  std::string sums = "class A { int f() { return 1";
  for (int i = 0; i < 200'000; ++i) sums += "\n+ g(x -> { return 1; })";
  for (const std::string& text :
       {deep, sums, std::string(1'000'000, '('), std::string(1'000'000, '\xff'), std::string()}) {
    const auto found = outline_in_children(
        [](const OutlineTask& task) { return outline_java(task.path, task.text); },
        {{"A.java", text, {}}}, 1, 30);
    if (found.front()) {
      EXPECT_LE(found.front()->functions.size(), 200'000U);
    } else {
      EXPECT_THAT(to_string(found.front().error()), HasSubstr("could not be parsed"));
    }
  }
}

}  // namespace
}  // namespace culprit
