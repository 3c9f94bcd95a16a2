// What of javac's code counts. Expected lines are told by the source: a line of the source counts,
// what javac adds does not. tests/readers/jacoco_parity_test.cpp compares with JaCoCo itself.
#include "readers/java_filters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/java_analysis.h"
#include "readers/java_compiler.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

struct Seen {
  std::vector<int> lines;
  std::vector<std::string> methods;  // "name line", sorted
};

JavaFilterSet all_or_none(bool filters) {
  return filters ? JavaFilterSet::all() : JavaFilterSet::none();
}

// Of all classes of the source, which is a file X.java.
Seen seen(const std::string& source, bool filters, const std::string& options = "--release 11") {
  Seen result;
  for (const auto& [path, bytes] : compiled("X.java", source, options)) {
    const Result<AnalysedClass> analysed = analyse_class({path, bytes}, all_or_none(filters));
    EXPECT_TRUE(analysed) << to_string(analysed.error());
    if (!analysed) continue;
    for (const AnalysedClass::Line& line : analysed->lines) {
      result.lines.push_back(static_cast<int>(line.number));
    }
    for (const AnalysedClass::Method& method : analysed->methods) {
      result.methods.push_back(method.name + ' ' + std::to_string(method.first_line));
    }
  }
  std::sort(result.lines.begin(), result.lines.end());
  result.lines.erase(std::unique(result.lines.begin(), result.lines.end()), result.lines.end());
  std::sort(result.methods.begin(), result.methods.end());
  return result;
}

// The number of instructions counted for one line.
std::uint32_t instructions(const std::string& source, std::uint32_t line, bool filters) {
  std::uint32_t count = 0;
  for (const auto& [path, bytes] : compiled("X.java", source)) {
    const Result<AnalysedClass> analysed = analyse_class({path, bytes}, all_or_none(filters));
    if (!analysed) continue;
    for (const AnalysedClass::Line& each : analysed->lines) {
      if (each.number == line) count += each.instructions;
    }
  }
  return count;
}

class JavaFilters : public testing::Test {
 protected:
  void SetUp() override {
    if (!runs("command -v javac >/dev/null")) GTEST_SKIP() << "no javac";
  }
};

TEST_F(JavaFilters, CountAFinallyBlockOnce) {
  const std::string source = R"(class X {
  static void f() {
    try {
      System.gc();
    } finally {
      System.exit(1);
    }
  }
})";
  // iconst_1 and invokestatic; without filters twice, and what catches and throws on.
  EXPECT_EQ(instructions(source, 6, true), 2U);
  EXPECT_EQ(instructions(source, 6, false), 5U);
  EXPECT_THAT(seen(source, true).lines, ElementsAre(1, 4, 6, 8));
  EXPECT_THAT(seen(source, false).lines, ElementsAre(1, 4, 6, 7, 8));
}

TEST_F(JavaFilters, LeaveOutTheClosingOfResources) {
  const std::string source = R"(class X {
  static void f() throws Exception {
    try (AutoCloseable a = null) {
      System.gc();
    }
  }
})";
  EXPECT_THAT(seen(source, true).lines, ElementsAre(1, 3, 4, 6));
  EXPECT_THAT(seen(source, false).lines, ElementsAre(1, 3, 4, 5, 6));
}

TEST_F(JavaFilters, LeaveOutUnlockingAfterAnException) {
  const std::string source = R"(class X {
  static int f() {
    synchronized (X.class) {
      return 1;
    }
  }
})";
  EXPECT_THAT(seen(source, true).lines, ElementsAre(1, 3, 4));
  EXPECT_THAT(seen(source, false).lines, ElementsAre(1, 3, 4, 5));
}

TEST_F(JavaFilters, LeaveOutTheComparisonsOfAStringSwitch) {
  const std::string source = R"(class X {
  static int f(String s) {
    switch (s) {
      case "a": return 1;
      case "b": return 2;
      default: return 3;
    }
  }
})";
  // aload, astore, iconst_m1, istore, aload, hashCode, and one of the two switches.
  EXPECT_EQ(instructions(source, 3, true), 8U);
  EXPECT_EQ(instructions(source, 3, false), 22U);
}

TEST_F(JavaFilters, LeaveOutMethodsThatOnlyTheCompilerWrote) {
  const std::string source = R"(class X {
  enum Plain { A, B }
  private X() {
  }
  static abstract class Base<T> {
    abstract T get();
  }
  static class Text extends Base<String> {
    String get() {
      return "";
    }
  }
  static Runnable f() {
    return () -> System.gc();
  }
})";
  EXPECT_THAT(seen(source, true).methods,
              ElementsAre("<clinit> 2", "<init> 5", "<init> 8", "f 14", "get 10", "lambda$f$0 14"));
  EXPECT_THAT(seen(source, false).methods,
              ElementsAre("$values 2", "<clinit> 2", "<init> 2", "<init> 3", "<init> 5", "<init> 8",
                          "f 14", "get 10", "get 8", "lambda$f$0 14", "valueOf 2", "values 2"));
}

TEST_F(JavaFilters, KeepConstructorsThatSaySomething) {
  const std::string source = R"(class X {
  private X() {
    System.gc();
  }
  static class Field {
    int number = 3;
    private Field() {
    }
  }
  static class Taking {
    private Taking(int number) {
    }
  }
  enum Named {
    A(1);
    Named(int number) {
    }
  }
})";
  EXPECT_THAT(seen(source, true).methods,
              ElementsAre("<clinit> 14", "<init> 11", "<init> 16", "<init> 2", "<init> 6"));
}

TEST_F(JavaFilters, LeaveOutWhatIsAnnotatedAsGenerated) {
  const std::string source = R"(class X {
  @interface LombokGenerated {}
  @LombokGenerated static void f() {
    System.gc();
  }
  @Deprecated static void g() {
    System.gc();
  }
  @LombokGenerated static class Y {
    static void h() {
      System.gc();
    }
  }
})";
  EXPECT_THAT(seen(source, true).methods, ElementsAre("<init> 1", "g 7"));
}

TEST_F(JavaFilters, LeaveOutWhatARecordHasWithoutSaying) {
  const std::string source = R"(record X(int number, String name) {
  public String toString() {
    return name;
  }
})";
  const auto methods = seen(source, true, "--release 17").methods;
  EXPECT_THAT(methods, Contains("toString 3"));
  EXPECT_THAT(methods, Contains("<init> 1"));
  EXPECT_THAT(methods, Not(Contains("hashCode 1")));
  EXPECT_THAT(methods, Not(Contains("equals 1")));
}

TEST_F(JavaFilters, AreSwitchedOneByOne) {
  const auto methods = [](std::string_view filters) {
    std::vector<std::string> names;
    for (const auto& [path, bytes] :
         compiled("X.java", "enum X { A; static class Y { private Y() {} } }")) {
      const auto set = JavaFilterSet::parse(filters);
      EXPECT_TRUE(set) << filters;
      const auto analysed = analyse_class({path, bytes}, *set);
      if (!analysed) continue;
      for (const AnalysedClass::Method& method : analysed->methods) {
        names.push_back(analysed->name + '.' + method.name);
      }
    }
    return names;
  };
  EXPECT_THAT(methods("no"), IsSupersetOf({"X.values", "X.valueOf", "X$Y.<init>"}));
  EXPECT_THAT(methods("enum"), Not(Contains("X.values")));
  EXPECT_THAT(methods("enum"), Contains("X$Y.<init>"));
  EXPECT_THAT(methods("finally, private-constructor"), Contains("X.values"));
  EXPECT_THAT(methods("finally, private-constructor"), Not(Contains("X$Y.<init>")));
}

TEST(JavaFilterNames, AreUniqueAndAllOfThemAreYes) {
  std::string all;
  for (const JavaFilterInfo& filter : java_filters()) {
    all += std::string(all.empty() ? "" : ",") + std::string(filter.name);
    EXPECT_NE(JavaFilterSet::parse(filter.name), JavaFilterSet::none());
  }
  EXPECT_EQ(JavaFilterSet::parse(all), JavaFilterSet::parse("yes"));
  EXPECT_EQ(JavaFilterSet::parse("no"), JavaFilterSet::none());
  for (const char* wrong : {"", "finaly", "enum,", "yes,enum"}) {
    EXPECT_FALSE(JavaFilterSet::parse(wrong)) << wrong;
  }
}

TEST_F(JavaFilters, KnowAllProbesOfWhatTheyLeaveOut) {
  const std::string source = "class X { private X() {} enum E { A } }";
  for (const auto& [path, bytes] : compiled("X.java", source)) {
    const auto all = analyse_class({path, bytes}, JavaFilterSet::none());
    const auto some = analyse_class({path, bytes}, JavaFilterSet::all());
    ASSERT_TRUE(all && some);
    EXPECT_EQ(all->probes.size(), some->probes.size());
    EXPECT_GT(some->probes.size(), 0U);
  }
}

}  // namespace
}  // namespace culprit
