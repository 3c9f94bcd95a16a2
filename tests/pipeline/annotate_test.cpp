#include <gmock/gmock.h>

#include "base/packer.h"
#include "culprit/localize.h"

namespace culprit {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// a.cc has functions f (5-24) and g (30-40), b.cc h (1-3). The failing run alone executes line 20
// of f.
class Annotate : public ::testing::Test {
 protected:
  void SetUp() override {
    run("bad", "failed", 1, 0);
    for (int i = 1; i <= 30; ++i) run("ok" + std::to_string(i), "passed", 0, 1);
    std::string text;
    for (int line = 1; line <= 45; ++line) {
      text += line == 4 || line == 25 ? "\n" : "  line " + std::to_string(line) + "\n";
    }
    folder_.write("code/src/a.cc", text);
    folder_.write("code/src/b.cc", "1\n2\n3\n");
    query_.runs = folder_.path("runs");
    query_.source = folder_.path("code");
  }

  void run(const std::string& name, const std::string& verdict, int only_failing, int other) {
    folder_.write(
        "runs/" + name + "/c.info",
        "SF:/ci/src/a.cc\nFN:5,24,f\nFN:30,40,g\nDA:5,1\nDA:6,1\nDA:20," +
            std::to_string(only_failing) + "\nDA:30,1\nDA:31," + std::to_string(other) +
            "\nend_of_record\nSF:/ci/src/b.cc\nFN:1,3,h\nDA:1,1\nDA:2,1\nend_of_record\n");
    folder_.write("runs/" + name + "/results.jsonl",
                  R"({"run":")" + name + R"(","verdict":")" + verdict + "\"}\n");
  }

  Annotation annotated(const AnnotationRequest& request = {}) {
    auto answer = annotate(query_, request);
    EXPECT_TRUE(answer) << to_string(answer.error());
    return answer ? std::move(answer->second) : Annotation{};
  }

  Folder folder_;
  Query query_;
};

TEST_F(Annotate, ShowsTheStartOfTheFunctionAndWhatSurroundsItsWarmLines) {
  query_.settings = {{"top", "1"}};
  const Annotation annotation = annotated();
  ASSERT_EQ(annotation.files.size(), 1U);
  const AnnotatedFile& file = annotation.files[0];
  EXPECT_EQ(file.heat.file, "/ci/src/a.cc");
  EXPECT_EQ(file.heat.source, folder_.path("code/src/a.cc"));
  ASSERT_EQ(file.functions.size(), 1U);
  EXPECT_EQ(file.functions[0].code.name, "f");
  // Line 4 is blank; nothing behind the function's end is shown.
  EXPECT_THAT(file.shown, ElementsAre(LineRange{5, 5}, LineRange{17, 23}));
  EXPECT_EQ(file.text[19], "  line 20");
}

TEST_F(Annotate, ShowsEveryLineWhereAsked) {
  EXPECT_THAT(annotated({{"a.cc"}, true}).files[0].shown, ElementsAre(LineRange{1, 45}));
}

TEST_F(Annotate, ShowsWhatIsKnownWithoutTheSource) {
  query_.source.clear();
  const Annotation annotation = annotated({{"src/a.cc"}, true});
  EXPECT_FALSE(annotation.has_source);
  EXPECT_THAT(annotation.files[0].text, IsEmpty());
  EXPECT_THAT(annotation.files[0].shown, ElementsAre(LineRange{1, 31}));
}

TEST_F(Annotate, TakesFilesByTheEndOfTheirPaths) {
  EXPECT_EQ(annotated({{"b.cc"}, false}).files[0].heat.file, "/ci/src/b.cc");
  EXPECT_EQ(annotated({{folder_.path("code/src/b.cc")}, false}).files[0].heat.file, "/ci/src/b.cc");
  // The file of the more suspicious function comes first, and no file twice.
  const Annotation both = annotated({{"b.cc", "a.cc", "src/a.cc"}, false});
  ASSERT_EQ(both.files.size(), 2U);
  EXPECT_EQ(both.files[0].heat.file, "/ci/src/a.cc");
  EXPECT_TRUE(both.named);
}

TEST_F(Annotate, NamesTheNearestFile) {
  const auto complaint = [&](const std::string& name) {
    return to_string(annotate(query_, {{name}, false}).error());
  };
  EXPECT_THAT(complaint("other/a.cc"), HasSubstr("did you mean `/ci/src/a.cc`?"));
  EXPECT_THAT(complaint("bb.cc"), HasSubstr("did you mean `b.cc`?"));
  EXPECT_THAT(complaint("Checkout.java"), HasSubstr("--level file"));
}

TEST_F(Annotate, StopsWhereTheProbabilityIsSpentUnlessToldHowMany) {
  std::size_t functions = 0;
  for (const AnnotatedFile& file : annotated().files) functions += file.functions.size();
  EXPECT_LE(functions, 3U);
  query_.settings = {{"top", "0"}};
  functions = 0;
  for (const AnnotatedFile& file : annotated().files) functions += file.functions.size();
  EXPECT_EQ(functions, 3U);
}

TEST_F(Annotate, SurvivesASourceThatIsShorterThanTheCoverageSays) {
  folder_.write("code/src/a.cc", "one\ntwo\n");
  const Annotation annotation = annotated({{"a.cc"}, false});
  EXPECT_THAT(annotation.files[0].shown, IsEmpty());
}

TEST_F(Annotate, TakesExtentsAndStatementsFromTheSourceWhereLibclangIs) {
  std::string text = "\n\n\n\n";  // f begins in line 5
  text += "int\nf(int x)\n{\n";   // and its name stands in line 6
  for (int line = 8; line < 20; ++line) text += "  x += " + std::to_string(line) + ";\n";
  folder_.write("code/src/a.cc", text + "  return x;\n}\n");
  for (int i = 0; i <= 30; ++i) {
    const std::string run = i == 0 ? "bad" : "ok" + std::to_string(i);
    folder_.write("runs/" + run + "/c.info",
                  std::string("SF:/ci/src/a.cc\nFN:6,f\nDA:6,1\nDA:20,") + (i == 0 ? "1" : "0") +
                      "\nend_of_record\n");
  }
  query_.settings = {{"top", "1"}};
  const Annotation parsed = annotated();
  ASSERT_EQ(parsed.files.size(), 1U);
  const Ranked& row = parsed.files[0].functions.at(0);
  if (!row.facts) GTEST_SKIP() << "no libclang";
  EXPECT_EQ(row.facts->signature, "int f(int x)");
  EXPECT_EQ(row.facts->first_line, 5U);
  EXPECT_EQ(row.facts->last_line, 21U);
  EXPECT_EQ(row.facts->statement, "return");
  EXPECT_EQ(parsed.files[0].shown.back().last, 21U);
  const auto explained = explain(query_, "f");
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->second.element.facts->signature, "int f(int x)");
  EXPECT_EQ(explained->second.lines.back().statement, "return");
  query_.settings.emplace_back("parse-source", "no");
  EXPECT_FALSE(annotated().files[0].functions.at(0).facts);
}

TEST_F(Annotate, HasNothingToShowWhereNothingDiscriminates) {
  run("bad", "passed", 1, 0);
  const auto answer = annotate(query_, {});
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->first.undecided, "");
  EXPECT_THAT(answer->second.files, IsEmpty());
}

}  // namespace
}  // namespace culprit
