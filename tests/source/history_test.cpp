// Against git itself: the repositories are made by the command, the expectations by hand or by
// `git blame`.
#include "source/history.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/text.h"
#include "source/changes.h"
#include "source/line_moves.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class HistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        ("history_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "sub");
    git("init -q -b main .");
    write("sub/a.cc", "one\ntwo\nthree\n");
    commit("first");
    git("tag v1");
    write("sub/a.cc", "one\n2\nthree\nfour\n");
    commit("second");
  }
  void git(const std::string& arguments) const {
    const std::string command =
        "cd '" + folder_.string() +
        "' && git -c user.name=t -c user.email=t@example.org -c commit.gpgsign=false " + arguments +
        " >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  void commit(const std::string& message) const {
    git("add -A");
    git("commit -q -m " + message);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  fs::path folder_;
};

TEST_F(HistoryTest, HasFilesAsTheCommitHasThem) {
  write("sub/a.cc", "not committed\n");
  const Result<History> history = History::open((folder_ / "sub").string(), "v1");
  ASSERT_TRUE(history) << to_string(history.error());
  EXPECT_EQ(history->text("a.cc"), "one\ntwo\nthree\n");
  EXPECT_EQ(history->text("b.cc"), std::nullopt);
  EXPECT_EQ(history->text("../sub"), std::nullopt);
  EXPECT_EQ(History::open(folder_.string(), "HEAD")->text("sub/a.cc"), "one\n2\nthree\nfour\n");
  EXPECT_EQ(History::open(folder_.string(), "HEAD")->text("sub"), std::nullopt);
}

TEST_F(HistoryTest, SaysWhichCommitLastChangedALine) {
  const Result<History> head = History::open(folder_.string(), "HEAD");
  ASSERT_TRUE(head);
  const auto change = [&](std::uint32_t line) {
    const auto found = head->last_change("sub/a.cc", line);
    return found ? found->summary : "none";
  };
  EXPECT_EQ(change(1), "first");
  EXPECT_EQ(change(2), "second");
  EXPECT_EQ(change(3), "first");
  EXPECT_EQ(change(4), "second");
  EXPECT_EQ(change(5), "none");
  EXPECT_EQ(head->last_change("sub/b.cc", 1), std::nullopt);
  EXPECT_EQ(head->last_change("sub/a.cc", 2)->commit, head->commit());
  EXPECT_GT(head->last_change("sub/a.cc", 2)->time_s, 1'700'000'000);
  // Up to its commit only.
  const Result<History> v1 = History::open((folder_ / "sub").string(), "v1");
  EXPECT_EQ(v1->last_change("a.cc", 2)->summary, "first");
}

TEST_F(HistoryTest, KnowsAShallowClone) {
  EXPECT_FALSE(History::open(folder_.string(), "HEAD")->is_shallow());
  git("clone -q --depth 1 file://" + folder_.string() + " shallow");
  EXPECT_TRUE(History::open((folder_ / "shallow").string(), "HEAD")->is_shallow());
}

TEST_F(HistoryTest, RefusesWhatIsNoRevisionAndWhatIsNoRepository) {
  const Result<History> wrong = History::open(folder_.string(), "v9");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(to_string(wrong.error()), HasSubstr("there is no revision `v9`"));
  EXPECT_THAT(wrong.error().hint, HasSubstr("git fetch origin v9"));
  EXPECT_FALSE(History::open("/proc", "HEAD"));
}

TEST_F(HistoryTest, ChangesUpToACommitLeaveOutWhatCameLater) {
  git("tag v2");
  write("sub/a.cc", "zero\none\n2\nthree\nfour\n");
  commit("third");
  const Result<Changes> changes = changes_since(folder_.string(), "v1", "v2");
  ASSERT_TRUE(changes) << to_string(changes.error());
  ASSERT_EQ(changes->files.size(), 1U);
  EXPECT_THAT(changes->files[0].lines,
              testing::ElementsAre(testing::Pair(2, 2), testing::Pair(4, 4)));
  EXPECT_FALSE(changes_since(folder_.string(), "v1", "v9"));
}

// Lines that are all different, so that where each is after edits is known.
TEST(LineMoves, FollowsLinesThroughRandomEdits) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<int> before(1 + random() % 40);
    for (std::size_t i = 0; i < before.size(); ++i) before[i] = static_cast<int>(i);
    std::vector<int> after = before;
    for (auto edit = random() % 6; edit > 0 && !after.empty(); --edit) {
      const auto at = after.begin() + static_cast<std::ptrdiff_t>(random() % after.size());
      if (random() % 2 == 0) {
        after.erase(at);
      } else {
        after.insert(at, 1000 + static_cast<int>(random() % 1'000'000));
      }
    }
    const auto text = [](const std::vector<int>& lines) {
      std::string all;
      for (const int line : lines) all += "line " + std::to_string(line) + "\n";
      return all;
    };
    const LineMoves moves(text(before), text(after));
    std::uint32_t last = 1;
    for (std::uint32_t i = 0; i < before.size(); ++i) {
      const auto found = std::find(after.begin(), after.end(), before[i]);
      const auto now = moves.after(i + 1);
      EXPECT_EQ(now.has_value(), found != after.end()) << round << ": " << i;
      if (!now) {
        EXPECT_EQ(moves.nearest(i + 1), last);
        continue;
      }
      EXPECT_EQ(*now, found - after.begin() + 1) << round << ": " << i;
      EXPECT_EQ(moves.nearest(i + 1), *now);
      last = *now;
    }
  }
}

TEST(LineMoves, TakesOtherLineEndsForNoChange) {
  const LineMoves moves("a\nb\nc\n", "x\r\na\r\nb\r\nc\r\n");
  EXPECT_EQ(moves.after(1), 2U);
  EXPECT_EQ(moves.after(3), 4U);
  EXPECT_EQ(LineMoves("", "").after(7), 7U);
}

}  // namespace
}  // namespace culprit
