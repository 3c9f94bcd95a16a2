// Against git itself: the repositories are made by the command, the expectations by hand.
#include "source/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace culprit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class ChangesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        ("changes_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    git("init -q -b main .");
    write("a.cc", "one\ntwo\nthree\nfour\nfive\n");
    write("b.cc", "alpha\nbeta\ngamma\ndelta\nepsilon\nzeta\neta\ntheta\n");
    commit("first");
  }

  void git(const std::string& arguments) const {
    const std::string command =
        "cd '" + folder_.string() +
        "' && git -c user.name=t -c user.email=t@example.org -c commit.gpgsign=false "
        "-c protocol.file.allow=always " +
        arguments + " >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  void commit(const std::string& message) const {
    git("add -A");
    git("commit -q -m " + message);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  const ChangedFile* file(const Changes& changes, const std::string& path) const {
    for (const ChangedFile& one : changes.files) {
      if (one.path == path) return &one;
    }
    return nullptr;
  }

  fs::path folder_;
};

TEST_F(ChangesTest, TellsTheLinesThatDifferAndWhereLinesAreGone) {
  write("a.cc", "one\n2\nthree\nfour\nfive\nsix\n");
  write("b.cc", "alpha\nbeta\nepsilon\nzeta\neta\ntheta\n");
  commit("second");
  const auto changes = changes_since(folder_.string(), "HEAD~1");
  ASSERT_TRUE(changes) << to_string(changes.error());
  ASSERT_NE(file(*changes, "a.cc"), nullptr);
  EXPECT_THAT(file(*changes, "a.cc")->lines, ElementsAre(Pair(2, 2), Pair(6, 6)));
  EXPECT_EQ(file(*changes, "a.cc")->added, "2\nsix\n");
  ASSERT_NE(file(*changes, "b.cc"), nullptr);
  EXPECT_THAT(file(*changes, "b.cc")->lines, ElementsAre(Pair(2, 3)));
}

TEST_F(ChangesTest, CountsWhatIsNotCommitted) {
  write("a.cc", "one\ntwo\n3\nfour\nfive\n");
  const auto changes = changes_since(folder_.string(), "HEAD");
  ASSERT_TRUE(changes) << to_string(changes.error());
  ASSERT_EQ(changes->files.size(), 1U);
  EXPECT_THAT(changes->files[0].lines, ElementsAre(Pair(3, 3)));
}

TEST_F(ChangesTest, KnowsRenamedAddedAndDeletedFiles) {
  git("mv b.cc moved.cc");
  git("rm -q a.cc");
  write("new.cc", "x\n");
  commit("second");
  const auto changes = changes_since(folder_.string(), "HEAD~1");
  ASSERT_TRUE(changes) << to_string(changes.error());
  ASSERT_NE(file(*changes, "moved.cc"), nullptr);
  EXPECT_EQ(file(*changes, "moved.cc")->old_path, "b.cc");
  EXPECT_TRUE(file(*changes, "moved.cc")->lines.empty());
  ASSERT_NE(file(*changes, "new.cc"), nullptr);
  EXPECT_EQ(file(*changes, "new.cc")->old_path, "");
  EXPECT_THAT(file(*changes, "new.cc")->lines, ElementsAre(Pair(1, 1)));
  EXPECT_NE(file(*changes, "a.cc"), nullptr);
}

TEST_F(ChangesTest, LeavesOutWhatOthersMergedMeanwhile) {
  git("checkout -q -b topic");
  write("a.cc", "one\ntwo\nthree\nfour\n5\n");
  commit("mine");
  git("checkout -q main");
  write("b.cc", "alpha\n");
  commit("theirs");
  git("checkout -q topic");
  const auto changes = changes_since(folder_.string(), "main");
  ASSERT_TRUE(changes) << to_string(changes.error());
  ASSERT_EQ(changes->files.size(), 1U);
  EXPECT_EQ(changes->files[0].path, "a.cc");
}

TEST_F(ChangesTest, ComparesAMergeCommitWithItsFirstParent) {
  git("checkout -q -b topic");
  write("a.cc", "one\ntwo\nthree\nfour\n5\n");
  commit("mine");
  git("checkout -q main");
  write("b.cc", "alpha\n");
  commit("theirs");
  git("merge -q --no-ff topic -m merged");
  const auto changes = changes_since(folder_.string(), "HEAD^1");
  ASSERT_TRUE(changes) << to_string(changes.error());
  ASSERT_EQ(changes->files.size(), 1U);
  EXPECT_EQ(changes->files[0].path, "a.cc");
}

TEST_F(ChangesTest, SaysWhatAShallowCloneLacks) {
  write("a.cc", "1\n");
  commit("second");
  const fs::path clone = folder_.string() + "_clone";
  fs::remove_all(clone);
  git("clone -q --depth 1 'file://" + folder_.string() + "' '" + clone.string() + "'");
  const auto changes = changes_since(clone.string(), "HEAD~1");
  ASSERT_FALSE(changes);
  EXPECT_THAT(to_string(changes.error()), HasSubstr("the clone is shallow"));
  EXPECT_THAT(to_string(changes.error()), HasSubstr("--unshallow"));
}

TEST_F(ChangesTest, RefusesWhatIsNoRevisionAndWhatIsNoRepository) {
  const auto unknown = changes_since(folder_.string(), "release-9");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(to_string(unknown.error()), HasSubstr("no revision `release-9`"));
  const auto nowhere = changes_since("/", "main");
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(to_string(nowhere.error()), HasSubstr("is in no git repository"));
}

// The same change read from a diff with context, and from the repository without.
TEST_F(ChangesTest, ReadsADiffAsItReadsTheRepository) {
  write("a.cc", "one\n2\nthree\nfour\nfive\nsix\n");
  write("b.cc", "alpha\nbeta\nepsilon\nzeta\neta\ntheta\n");
  git("diff --output=../changes.diff");
  std::ifstream in(folder_.parent_path() / "changes.diff");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto read = changes_of_diff({"changes.diff", text});
  const auto asked = changes_since(folder_.string(), "HEAD");
  ASSERT_TRUE(read) << to_string(read.error());
  ASSERT_TRUE(asked) << to_string(asked.error());
  ASSERT_EQ(read->files.size(), asked->files.size());
  for (std::size_t i = 0; i < read->files.size(); ++i) {
    EXPECT_EQ(read->files[i].path, asked->files[i].path);
    EXPECT_EQ(read->files[i].lines, asked->files[i].lines);
    EXPECT_EQ(read->files[i].added, asked->files[i].added);
  }
}

// As GNU diff -ru wrote it, with a file that git's reader would take for the next one's header.
TEST(ChangesOfDiff, ReadsWhatDiffWrites) {
  const std::string text =
      "diff -ru old/src/a.c new/src/a.c\n"
      "--- old/src/a.c\t2026-11-02 10:00:00.000000000 +0100\n"
      "+++ new/src/a.c\t2026-11-03 10:00:00.000000000 +0100\n"
      "@@ -1,4 +1,4 @@\n"
      " one\n"
      "--- two\n"
      "+++ 2\n"
      " three\n"
      " four\n"
      "@@ -9,2 +9,3 @@ int f()\n"
      " nine\n"
      "+and a half\n"
      " ten\n"
      "\\ No newline at end of file\n"
      "Only in new: b.o\n"
      "--- calc.c.orig\t2026-11-02 10:00:00\n"
      "+++ calc.c\t2026-11-03 10:00:00\n"
      "@@ -3 +3 @@\n"
      "-x\n"
      "+y\n";
  const auto changes = changes_of_diff({"x.diff", text});
  ASSERT_TRUE(changes) << to_string(changes.error());
  ASSERT_EQ(changes->files.size(), 2U);
  EXPECT_EQ(changes->files[0].path, "src/a.c");
  EXPECT_THAT(changes->files[0].lines, ElementsAre(Pair(2, 2), Pair(10, 10)));
  EXPECT_EQ(changes->files[0].added, "++ 2\nand a half\n");
  EXPECT_EQ(changes->files[1].path, "calc.c");
  EXPECT_THAT(changes->files[1].lines, ElementsAre(Pair(3, 3)));
}

TEST(ChangesOfDiff, KnowsFilesThatDiffSaysAreNewOrGone) {
  const auto changes = changes_of_diff({"x.diff",
                                        "--- /dev/null\t1970-01-01\n+++ new/a.c\t2026-11-03\n"
                                        "@@ -0,0 +1,2 @@\n+x\n+y\n"
                                        "--- old/b.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"});
  ASSERT_TRUE(changes) << to_string(changes.error());
  ASSERT_EQ(changes->files.size(), 2U);
  EXPECT_EQ(changes->files[0].path, "new/a.c");
  EXPECT_EQ(changes->files[0].old_path, "");
  EXPECT_THAT(changes->files[0].lines, ElementsAre(Pair(1, 2)));
  EXPECT_EQ(changes->files[1].path, "old/b.c");
}

// Cut short, with lengths that lie: an error or what is there, nothing worse.
TEST(ChangesOfDiff, SurvivesDamage) {
  for (const std::string hunk :
       {"@@ -1,99 +1,99 @@\n x\n", "@@ -1,99999999999999999999 +1 @@\n x\n", "@@ -1 +1 @@\n",
        "@@ -1", "@@ -a +b @@\n-x\n+y\n"}) {
    static_cast<void>(changes_of_diff({"x.diff", "--- a\n+++ b\n" + hunk}));
  }
  EXPECT_FALSE(changes_of_diff({"x.diff", "--- a\n+++ b\n"}));
}

TEST(ChangesOfDiff, RefusesOtherText) {
  EXPECT_FALSE(changes_of_diff({"x.diff", "hello\n"}));
  const auto empty = changes_of_diff({"x.diff", ""});
  EXPECT_TRUE(!empty || empty->files.empty());
}

}  // namespace
}  // namespace culprit
