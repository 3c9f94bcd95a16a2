#include "collect/recording.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/file_tree.h"
#include "base/packer.h"
#include "collect/build_copies.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> files_below(const std::string& folder) {
  const auto tree = FileTree::open(folder);
  std::vector<std::string> paths;
  for (const FileTree::Entry& entry : tree->entries()) paths.push_back(entry.path);
  return paths;
}

TEST(Recording, ShowsARunOnlyWhenItIsWhole) {
  const Folder folder;
  const std::string out = folder.path("runs");
  const auto recording = Recording::open(out, false);
  ASSERT_TRUE(recording);
  {
    auto abandoned = recording->start("r1");
    ASSERT_TRUE(abandoned);
    ASSERT_TRUE(abandoned->add("a/one.gcda", "x"));
    EXPECT_THAT(files_below(out), ElementsAre());
  }
  EXPECT_FALSE(fs::exists(out + "/.partial/r1"));
  auto run = recording->start("r1");
  ASSERT_TRUE(run);
  ASSERT_TRUE(run->add("a/one.gcda", "x"));
  ASSERT_TRUE(run->add("a/one.gcda", "y"));  // a second part of the same
  ASSERT_TRUE(run->add("a/one.gcda", "z"));
  EXPECT_FALSE(recording->has("r1"));
  ASSERT_TRUE(run->finish());
  EXPECT_TRUE(recording->has("r1"));
  EXPECT_THAT(files_below(out), ElementsAre("r1/a/one.2.gcda", "r1/a/one.3.gcda", "r1/a/one.gcda"));
}

TEST(Recording, AddsToAFolderOnlyWhenAskedTo) {
  const Folder folder;
  folder.write("runs/r1/responses.jsonl", "{}\n");
  const std::string out = folder.path("runs");
  const auto refused = Recording::open(out, false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error()), HasSubstr("already holds something"));
  const auto resumed = Recording::open(out, true);
  ASSERT_TRUE(resumed);
  EXPECT_TRUE(resumed->has("r1"));
  EXPECT_FALSE(resumed->has("r2"));
}

TEST(Recording, KeepsASecondRecorderOutAndCleansUpAfterAKilledOne) {
  const Folder folder;
  folder.write("runs/.partial/r7/half.gcda", "x");
  const std::string out = folder.path("runs");
  {
    const auto first = Recording::open(out, true);
    ASSERT_TRUE(first);
    EXPECT_FALSE(fs::exists(out + "/.partial/r7"));
    const auto second = Recording::open(out, true);
    ASSERT_FALSE(second);
    EXPECT_THAT(to_string(second.error()), HasSubstr("another recorder is at work"));
  }
  EXPECT_TRUE(Recording::open(out, true));
}

TEST(Recording, NamesFoldersSafelyAndApart) {
  std::set<std::string> taken;
  EXPECT_EQ(folder_name("Cart.Adds/0", taken), "Cart.Adds_0");
  EXPECT_EQ(folder_name("Cart.Adds?0", taken), "Cart.Adds_0~2");
  EXPECT_EQ(folder_name("../../etc", taken), "_.._.._etc");
  EXPECT_EQ(folder_name("build", taken), "_build");
  EXPECT_EQ(folder_name("", taken), "_");
  EXPECT_EQ(folder_name(std::string(400, 'x'), taken).size(), 150U);
}

TEST(BuildCopies, TakesNotesFromBesideTheObjectOrFromTheBuildFolder) {
  const Folder folder;
  folder.write("b/src/a.cpp.gcno", "notes a");
  folder.write("b/src/b.cpp.gcno", "notes b");
  folder.write("b/classes/X.class", "class");
  const std::string build = fs::canonical(folder.path("b")).string();
  BuildCopies copies(folder.path("runs/build"), {build});
  ASSERT_TRUE(copies.copy_classes());
  ASSERT_TRUE(copies.copy_notes(build + "/src/a.cpp.gcda"));
  ASSERT_TRUE(copies.copy_notes("/in/a/container/b.cpp.gcda"));  // by its name
  ASSERT_TRUE(copies.copy_notes("/in/a/container/c.cpp.gcda"));
  EXPECT_THAT(copies.without_notes(), ElementsAre("/in/a/container/c.cpp.gcda"));
  EXPECT_THAT(files_below(folder.path("runs/build")),
              ElementsAre("#in#a#container#b.cpp.gcno", "classes/X.class", "src#a.cpp.gcno"));
}

TEST(BuildCopies, RefusesNotesOfAnotherBuild) {
  const Folder folder;
  folder.write("b/a.gcno", "new");
  folder.write("runs/build/a.gcno", "old");
  BuildCopies copies(folder.path("runs/build"), {folder.path("b")});
  const auto copied = copies.copy_notes(fs::canonical(folder.path("b")).string() + "/a.gcda");
  ASSERT_FALSE(copied);
  EXPECT_THAT(to_string(copied.error()), HasSubstr("another build"));
}

}  // namespace
}  // namespace culprit
