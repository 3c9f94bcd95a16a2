#include "pipeline/change_prior.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/packer.h"
#include "culprit/localize.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Spectrum two_functions() {
  Spectrum::Builder builder;
  const RunId run = builder.run("r1");
  const FileId file = builder.file(builder.service(""), "/build/src/a.cc");
  builder.function(file, "f", 10, 19);
  builder.function(file, "g", 20, 29);
  for (const std::uint32_t line : {11U, 12U, 13U, 21U, 23U})
    builder.hit(run, builder.line(file, line), 1);
  return std::move(builder).build();
}

Changes change(const std::string& path,
               std::vector<std::pair<std::uint32_t, std::uint32_t>> lines) {
  Changes changes;
  changes.files.push_back({path, path, std::move(lines), ""});
  return changes;
}

TEST(ChangedLines, AreTheExecutableOnesThatAChangeTouches) {
  const Spectrum spectrum = two_functions();
  EXPECT_THAT(changed_lines(spectrum, change("src/a.cc", {{12, 13}})),
              ElementsAre(false, true, true, false, false));
  EXPECT_THAT(changed_lines(spectrum, change("src/b.cc", {{12, 13}})), Each(false));
}

TEST(ChangedLines, AreAllOfAFunctionWhoseOtherLinesChange) {
  const Spectrum spectrum = two_functions();
  EXPECT_THAT(changed_lines(spectrum, change("src/a.cc", {{22, 22}})),
              ElementsAre(false, false, false, true, true));
  // Lines that execute say it better.
  EXPECT_THAT(changed_lines(spectrum, change("src/a.cc", {{22, 22}, {23, 23}})),
              ElementsAre(false, false, false, false, true));
}

TEST(ChangeShifts, GiveChangedLinesTheirShareOfAllFaults) {
  const std::vector<double> shifts = change_shifts({true, false, false, false, true}, 0.6);
  ASSERT_EQ(shifts.size(), 5U);
  double all = 0;
  for (const double shift : shifts) all += std::exp(shift);
  EXPECT_NEAR((std::exp(shifts[0]) + std::exp(shifts[4])) / all, 0.6, 1e-12);
  EXPECT_NEAR(all, 5, 1e-12);  // on average nothing changes
  EXPECT_THAT(change_shifts({false, false}, 0.6), IsEmpty());
  EXPECT_THAT(change_shifts({true, true}, 0.6), IsEmpty());
  EXPECT_THAT(change_shifts({true, false}, 0), IsEmpty());
}

// Two functions that the failing run alone executes: a tie that the change breaks.
class WithRepository : public testing::Test {
 protected:
  void SetUp() override {
    source_.write("src/a.cc", "int f() {\n  return 1;\n}\nint g() {\n  return 2;\n}\n");
    git("init -q -b main .");
    git("add -A");
    git("commit -q -m first");
    git("tag v1");
    source_.write("src/a.cc", "int f() {\n  return 1;\n}\nint g() {\n  return 3;\n}\n");
    git("commit -q -a -m second");
    git("tag v2");
    runs_.write(
        "hits.jsonl",
        R"({"run":"bad","verdict":"failed","hits":[{"file":"src/a.cc","line":2,"function":"f"},{"file":"src/a.cc","line":5,"function":"g"},{"file":"src/a.cc","line":1,"function":"h"}]})"
        "\n"
        R"({"run":"good","verdict":"passed","hits":[{"file":"src/a.cc","line":1,"function":"h"}]})"
        "\n");
    query_.runs = runs_.path();
    query_.source = source_.path();
  }
  void git(const std::string& arguments) const {
    const std::string command =
        "cd '" + source_.path() +
        "' && git -c user.name=t -c user.email=t@example.org -c commit.gpgsign=false " + arguments +
        " >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  Folder source_;
  Folder runs_;
  Query query_;
};

TEST_F(WithRepository, ChangedCodeComesFirstAmongWhatIsEquallySuspicious) {
  const Result<Report> without = localize(query_);
  ASSERT_TRUE(without) << to_string(without.error());
  ASSERT_EQ(without->ranking.rows[0].worst_rank, 2U);
  EXPECT_FALSE(without->ranking.rows[0].in_change);
  query_.base = "v1";
  const Result<Report> report = localize(query_);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->ranking.rows[0].code.name, "g");
  EXPECT_EQ(report->ranking.rows[0].worst_rank, 1U);
  EXPECT_TRUE(report->ranking.rows[0].in_change);
  EXPECT_FALSE(report->ranking.rows[1].in_change);
  // Of 3 lines 1 is changed: odds of 1/2 : 1/4 a line.
  EXPECT_NEAR(*report->ranking.rows[0].probability / *report->ranking.rows[1].probability, 2, 1e-6);
  query_.settings = {{"change-share", "0"}};
  EXPECT_EQ(localize(query_)->ranking.rows[0].worst_rank, 2U);
}

TEST_F(WithRepository, SourceThatACloneWroteAnewIsNotCalledChanged) {
  namespace fs = std::filesystem;
  const auto tomorrow = fs::file_time_type::clock::now() + std::chrono::hours(24);
  fs::last_write_time(source_.path("src/a.cc"), tomorrow);
  EXPECT_THAT(localize(query_)->notes, Each(Not(HasSubstr("changed after"))));
  source_.write("src/a.cc", "int f() {\n  return 7;\n}\nint g() {\n  return 3;\n}\n");
  fs::last_write_time(source_.path("src/a.cc"), tomorrow);
  EXPECT_THAT(localize(query_)->notes, Contains(HasSubstr("such as src/a.cc")));
}

TEST_F(WithRepository, SourceCommittedAfterTheCoverageIsCalledChanged) {
  namespace fs = std::filesystem;
  fs::last_write_time(runs_.path("hits.jsonl"),
                      fs::file_time_type::clock::now() - std::chrono::hours(24));
  EXPECT_THAT(localize(query_)->notes, Contains(HasSubstr("such as src/a.cc")));
}

TEST_F(WithRepository, TheTermsOfAnExplanationHaveTheChange) {
  query_.base = "v1";
  const auto explained = explain(query_, "g");
  ASSERT_TRUE(explained) << to_string(explained.error());
  const LineDetail& line = explained->second.lines.at(0);
  ASSERT_EQ(line.priors.size(), 1U);
  EXPECT_EQ(line.priors[0].first, "change");
  EXPECT_NEAR(line.priors[0].second, std::log(0.5 * 3), 1e-9);
  EXPECT_NEAR(line.function_mass, explained->second.element.score, 1e-9);
}

TEST_F(WithRepository, WithAWeightNewerCodeComesFirstAmongWhatIsEquallySuspicious) {
  // A file whose lines are of 2020, but for that of g.
  source_.write("src/a.cc", "int f() {\n  return 4;\n}\nint g() {\n  return 4;\n}\n");
  ASSERT_EQ(setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z", 1), 0);
  git("commit -q -a -m old");
  ASSERT_EQ(setenv("GIT_COMMITTER_DATE", "2022-01-01T00:00:00Z", 1), 0);
  source_.write("src/a.cc", "int f() {\n  return 4;\n}\nint g() {\n  return 5;\n}\n");
  git("commit -q -a -m new");
  unsetenv("GIT_COMMITTER_DATE");
  EXPECT_EQ(localize(query_)->ranking.rows[0].worst_rank, 2U);
  query_.settings = {{"age-weight", "1"}};
  const Result<Report> report = localize(query_);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->ranking.rows[0].code.name, "g");
  // Two years and a leap day: a quarter of the odds.
  const auto probability = [&](const std::string& name) {
    for (const Ranked& row : report->ranking.rows) {
      if (row.code.name == name) return *row.probability;
    }
    return 0.0;
  };
  EXPECT_NEAR(probability("g") / probability("f"), 4, 0.02);
  const auto explained = explain(query_, "g");
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->second.lines.at(0).priors.at(0).first, "age");
  // Where nothing is known of ages, that is said and nothing changes.
  query_.source.clear();
  EXPECT_THAT(localize(query_)->notes, Contains(HasSubstr("age-weight needs --source")));
}

TEST_F(WithRepository, ADiffInItsPlaceSaysTheSame) {
  query_.diff =
      runs_.path("../" + std::filesystem::path(runs_.path()).filename().string() + ".diff");
  ASSERT_EQ(
      std::system(("git -C '" + source_.path() + "' diff v1 v2 > '" + query_.diff + "'").c_str()),
      0);
  const Result<Report> report = localize(query_);
  std::filesystem::remove(query_.diff);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->ranking.rows[0].code.name, "g");
}

TEST_F(WithRepository, AChangeOfOtherFilesSaysSo) {
  source_.write("src/b.cc", "int b;\n");
  git("add -A");
  git("commit -q -m third");
  query_.base = "v2";
  const Result<Report> report = localize(query_);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_THAT(report->notes, Contains(HasSubstr("touches no line of this coverage")));
  EXPECT_EQ(report->ranking.rows[0].worst_rank, 2U);
}

TEST_F(WithRepository, ShowsTheSourceThatRanAndWhereItIsNow) {
  source_.write("src/a.cc",
                "// new\n// lines\nint f() {\n  return 1;\n}\nint g() {\n  return 7;\n}\n");
  query_.settings = {{"commit", "v2"}};
  query_.heat = true;
  const Result<Report> report = localize(query_);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_THAT(report->notes, Contains(HasSubstr("1 file changed since, such as src/a.cc")));
  for (const Ranked& row : report->ranking.rows) {
    ASSERT_TRUE(row.source_place) << row.code.name;
    if (row.code.name == "f") {
      EXPECT_EQ(row.source, "return 1;");
      EXPECT_EQ(row.source_place->line, 4U);
      EXPECT_EQ(row.source_place->column, 3U);
    }
    if (row.code.name == "g") {  // its line is gone: the one before it
      EXPECT_EQ(row.source, "return 3;");
      EXPECT_EQ(row.source_place->line, 6U);
      EXPECT_EQ(row.source_place->column, 0U);
    }
  }
  ASSERT_EQ(report->heat.size(), 1U);
  EXPECT_EQ(report->heat[0].recorded, "int f() {\n  return 1;\n}\nint g() {\n  return 3;\n}\n");
  query_.settings = {{"commit", "v9"}};
  EXPECT_THAT(to_string(localize(query_).error()), HasSubstr("there is no revision `v9`"));
}

TEST_F(WithRepository, SaysWhichCommitLastChangedASuspiciousLine) {
  source_.write("src/a.cc", "// new\nint f() {\n  return 1;\n}\nint g() {\n  return 3;\n}\n");
  query_.settings = {{"blame", "yes"}, {"commit", "v2"}};
  const Result<Report> report = localize(query_);
  ASSERT_TRUE(report) << to_string(report.error());
  for (const Ranked& row : report->ranking.rows) {
    ASSERT_TRUE(row.last_change) << row.code.name;
    EXPECT_EQ(row.last_change->summary, row.code.name == "g" ? "second" : "first");
  }
}

}  // namespace
}  // namespace culprit
