#include "base/file_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "base/packer.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> paths(const FileTree& tree) {
  std::vector<std::string> list;
  for (const FileTree::Entry& entry : tree.entries()) list.push_back(entry.path);
  return list;
}

std::vector<std::string> warnings(const FileTree& tree) {
  std::vector<std::string> list;
  for (const Error& error : tree.warnings()) list.push_back(to_string(error));
  return list;
}

std::string content(const FileTree& tree, std::string_view path) {
  const FileTree::Entry* const entry = tree.find(path);
  if (entry == nullptr) return "(no such entry)";
  const Result<std::string> bytes = tree.read(*entry);
  return bytes ? *bytes : to_string(bytes.error());
}

TEST(FileTree, ListsAFolderSortedByPath) {
  const Folder folder;
  folder.write("b/z.info", "1");
  folder.write("b/a/deep.xml", "2");
  folder.write("a.json", "3");
  const auto tree = FileTree::open(folder.path());
  ASSERT_TRUE(tree);
  EXPECT_THAT(paths(*tree), ElementsAre("a.json", "b/a/deep.xml", "b/z.info"));
  EXPECT_THAT(warnings(*tree), IsEmpty());
  EXPECT_EQ(content(*tree, "b/a/deep.xml"), "2");
  EXPECT_EQ(tree->find("b"), nullptr);
  EXPECT_EQ(tree->root(), folder.path());
}

TEST(FileTree, SkipsHiddenFiles) {
  const Folder folder;
  folder.write(".git/config", "1");
  folder.write("a/.DS_Store", "2");
  folder.write("a/b", "3");
  EXPECT_THAT(paths(*FileTree::open(folder.path())), ElementsAre("a/b"));
}

TEST(FileTree, ShowsCompressedFilesByTheirPlainName) {
  const Folder folder;
  folder.write("a.gcov.json.gz", gzip("{}"));
  folder.write("b.info.xz", compressed("SF:b\n", archive_write_add_filter_xz));
  folder.write("c.info.gz", "not compressed at all");
  folder.write("d.info", gzip("compressed all the same"));
  const auto tree = FileTree::open(folder.path());
  EXPECT_THAT(paths(*tree), ElementsAre("a.gcov.json", "b.info", "c.info.gz", "d.info"));
  EXPECT_EQ(content(*tree, "a.gcov.json"), "{}");
  EXPECT_EQ(content(*tree, "b.info"), "SF:b\n");
  EXPECT_EQ(content(*tree, "c.info.gz"), "not compressed at all");
  EXPECT_EQ(content(*tree, "d.info"), "compressed all the same");
}

TEST(FileTree, SaysWhatIsWrongWithACompressedFileWhenItIsRead) {
  const Folder folder;
  const std::string bytes = gzip(noise(1000));
  folder.write("a.gz", bytes.substr(0, 500));
  const auto tree = FileTree::open(folder.path());
  EXPECT_EQ(content(*tree, "a"), folder.path("a.gz") +
                                     ": gzip data is cut short: it ends after 500 bytes without "
                                     "its trailer");
}

TEST(FileTree, ShowsArchivesAsFolders) {
  const Folder folder;
  folder.write("x/recorded/tier.tar.xz",
               tar({{"r1/a.info.gz", gzip("A")}, {"r2/b.zip", zip({{"c", "C"}})}},
                   archive_write_add_filter_xz));
  folder.write("x/big.tgz", tar({{"d", noise(9000)}}, archive_write_add_filter_gzip));
  const auto tree = FileTree::open(folder.path());
  EXPECT_THAT(paths(*tree),
              ElementsAre("x/big/d", "x/recorded/tier/r1/a.info", "x/recorded/tier/r2/b/c"));
  EXPECT_EQ(content(*tree, "x/recorded/tier/r1/a.info"), "A");
  EXPECT_EQ(content(*tree, "x/recorded/tier/r2/b/c"), "C");
  EXPECT_EQ(content(*tree, "x/big/d"), noise(9000));
}

TEST(FileTree, AddsNoFolderForARootArchive) {
  const Folder folder;
  const std::string path = folder.write("runs.zip", zip({{"r2/b", "2"}, {"r1/a", "1"}}));
  const auto tree = FileTree::open(path);
  EXPECT_THAT(paths(*tree), ElementsAre("r1/a", "r2/b"));
}

TEST(FileTree, TakesAnyOtherFileForATreeOfOne) {
  const Folder folder;
  const auto plain = FileTree::open(folder.write("x/coverage.info", "SF:a\n"));
  EXPECT_THAT(paths(*plain), ElementsAre("coverage.info"));
  EXPECT_EQ(content(*plain, "coverage.info"), "SF:a\n");
  const auto packed = FileTree::open(folder.write("x/coverage.info.gz", gzip("SF:b\n")));
  EXPECT_THAT(paths(*packed), ElementsAre("coverage.info"));
  EXPECT_EQ(content(*packed, "coverage.info"), "SF:b\n");
}

TEST(FileTree, WritesNothingToDiskWhateverTheNamesOfEntriesSay) {
  const Folder folder;
  folder.write("in/evil.tar.gz", tar({{"../out", "1"},
                                      {"/tmp/../out", "2"},
                                      {"a/../../../out", "3"},
                                      {"ok/a", "4"},
                                      {"link", "", AE_IFLNK, "../out"},
                                      {"link/out", "5"}},
                                     archive_write_add_filter_gzip));
  const auto tree = FileTree::open(folder.path("in"));
  ASSERT_TRUE(tree);
  for (const auto& entry : tree->entries()) ASSERT_TRUE(tree->read(entry));
  EXPECT_EQ(tree->entries().size(), 2U);  // ok/a and link/out, names in the tree only
  std::vector<std::string> on_disk;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path())) {
    on_disk.push_back(file.path().filename().string());
  }
  std::sort(on_disk.begin(), on_disk.end());
  EXPECT_EQ(on_disk, (std::vector<std::string>{"evil.tar.gz", "in"}));
}

TEST(FileTree, ReadsUtf16AsUtf8WhereverItLies) {
  const std::string utf16("\xff\xfeS\0F\0:\0", 8);
  const Folder folder;
  folder.write("plain.info", utf16);
  folder.write("packed.info.gz", gzip(utf16));
  folder.write("in.zip", zip({{"a.info", utf16}}));
  const auto tree = FileTree::open(folder.path());
  ASSERT_TRUE(tree);
  ASSERT_EQ(tree->entries().size(), 3U);
  for (const auto& entry : tree->entries()) EXPECT_EQ(tree->read(entry), "SF:");
}

TEST(FileTree, PrefersThePlainFileOfTwoWithOnePath) {
  const Folder folder;
  folder.write("a.info", "plain");
  folder.write("a.info.gz", gzip("packed"));
  folder.write("b.tar", tar({{"c", "first"}, {"c", "again"}}));
  folder.write("b/c", "on disk");
  folder.write("d.tar", tar({{"e", "first"}, {"e", "again"}}));
  const auto tree = FileTree::open(folder.path());
  EXPECT_THAT(paths(*tree), ElementsAre("a.info", "b/c", "d/e"));
  EXPECT_EQ(content(*tree, "a.info"), "plain");
  EXPECT_EQ(content(*tree, "b/c"), "on disk");
  EXPECT_EQ(content(*tree, "d/e"), "again");
  EXPECT_THAT(
      warnings(*tree),
      ElementsAre(
          folder.path("a.info.gz") + ": skipped: " + folder.path("a.info") +
              " comes to the same path",
          folder.path("b.tar/c") + ": skipped: " + folder.path("b/c") + " comes to the same path",
          folder.path("b.tar/c") + ": skipped: " + folder.path("b/c") + " comes to the same path",
          folder.path("d.tar/e") + ": skipped: " + folder.path("d.tar/e") +
              " comes to the same path"));
}

TEST(FileTree, FollowsLinksToFilesInsideOnly) {
  const Folder outside;
  outside.write("secret", "s");
  const Folder folder;
  folder.write("sub/real", "r");
  fs::create_symlink("sub/real", folder.path("inside"));
  fs::create_symlink(outside.path("secret"), folder.path("outside"));
  fs::create_symlink("sub", folder.path("loop"));
  fs::create_symlink("nowhere", folder.path("dangling"));
  const auto tree = FileTree::open(folder.path());
  EXPECT_THAT(paths(*tree), ElementsAre("inside", "sub/real"));
  EXPECT_EQ(content(*tree, "inside"), "r");
  EXPECT_THAT(warnings(*tree),
              ElementsAre(HasSubstr("dangling: a symbolic link that leads nowhere"),
                          HasSubstr("loop: a symbolic link to a folder; skipped"),
                          HasSubstr("outside: a symbolic link out of the folder read; skipped")));
}

TEST(FileTree, WarnsOfPartsItCannotRead) {
  const Folder folder;
  folder.write("good", "1");
  folder.write("damaged.tar", tar({{"a", noise(600)}}).substr(0, 700));
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  folder.write("1/2/3/deep", "x");
  Limits limits;
  limits.folder_depth = 2;
  const auto tree = FileTree::open(folder.path(), limits);
  EXPECT_THAT(paths(*tree), ElementsAre("good"));
  EXPECT_THAT(
      warnings(*tree),
      ElementsAre(folder.path("1/2/3") + ": deeper than 2 folders, the limit folder_depth; skipped",
                  HasSubstr("damaged.tar: cut short"),
                  folder.path("pipe") + ": neither a file nor a folder; skipped"));
}

TEST(FileTree, WarnsOfAFolderItMayNotOpen) {
  const Folder folder;
  folder.write("good", "1");
  folder.write("locked/x", "x");
  fs::permissions(folder.path("locked"), fs::perms::none);
  if (access(folder.path("locked").c_str(), R_OK) == 0) {
    GTEST_SKIP() << "this user may read everything";
  }
  const auto tree = FileTree::open(folder.path());
  fs::permissions(folder.path("locked"), fs::perms::owner_all);
  EXPECT_THAT(paths(*tree), ElementsAre("good"));
  EXPECT_THAT(warnings(*tree),
              ElementsAre(folder.path("locked") + ": cannot be read: Permission denied"));
}

TEST(FileTree, SuggestsTheNearestNameForAMissingRoot) {
  const Folder folder;
  folder.write("recorded/runs/a", "1");
  auto tree = FileTree::open(folder.path("recorded/runz"));
  ASSERT_FALSE(tree);
  EXPECT_EQ(to_string(tree.error()), folder.path("recorded/runz") +
                                         ": does not exist\n  did you mean " +
                                         folder.path("recorded/runs") + "?");
  tree = FileTree::open(folder.path("recoded/runs"));
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().hint, "did you mean " + folder.path("recorded") + "?");
  tree = FileTree::open(folder.path("entirely-different/"));
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().hint, "");
}

TEST(FileTree, GivesAnErrorForADamagedRootArchive) {
  const Folder folder;
  const std::string bytes = tar({{"a", noise(90'000)}}, archive_write_add_filter_xz);
  const auto tree = FileTree::open(folder.write("runs.tar.xz", bytes.substr(0, 40'000)));
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().place.path, folder.path("runs.tar.xz"));
  EXPECT_THAT(tree.error().what, HasSubstr("cut short"));
}

TEST(FileTree, NamesTheLimitThatAFileExceeds) {
  const Folder folder;
  folder.write("large", std::string(101, 'x'));
  Limits limits;
  limits.file_bytes = 100;
  const auto tree = FileTree::open(folder.path(), limits);
  EXPECT_EQ(content(*tree, "large"),
            folder.path("large") + ": larger than 100 bytes, the limit file_bytes");
}

TEST(FileTree, IsReadByManyThreadsAtOnce) {
  const Folder folder;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "f" + std::to_string(i);
    folder.write(name + ".gz", gzip(name));
    folder.write("p" + name + ".xz", compressed(name, archive_write_add_filter_xz));
  }
  const auto tree = FileTree::open(folder.path());
  std::vector<std::jthread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (const FileTree::Entry& entry : tree->entries()) {
        const std::string name = entry.path.substr(entry.path.find('f'));
        if (tree->read(entry) != name) ++wrong[t];
      }
    });
  }
  threads.clear();
  EXPECT_THAT(wrong, ElementsAre(0, 0, 0, 0));
}

TEST(ReadFile, SaysThatAFolderIsNoFile) {
  const Folder folder;
  const auto bytes = read_file(folder.path());
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().what, "is a folder, not a file");
}

TEST(ReadFile, ReadsAPipeToItsEnd) {
  const Folder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::string text = noise(200'000);
  std::jthread writer([&] { std::ofstream(path) << text; });
  EXPECT_EQ(read_file(path), text);
}

TEST(WriteFile, ReplacesAFileAndKeepsItsPermissions) {
  const Folder folder;
  const std::string path = folder.write("report.json", "old");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  ASSERT_TRUE(write_file(path, "new"));
  EXPECT_EQ(read_file(path), "new");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(WriteFile, GivesANewFileTheUsualPermissions) {
  const Folder folder;
  const mode_t before = umask(027);
  const auto written = write_file(folder.path("new"), "x");
  umask(before);
  ASSERT_TRUE(written);
  EXPECT_EQ(static_cast<unsigned>(fs::status(folder.path("new")).permissions()), 0640U);
}

TEST(WriteFile, WritesThroughALink) {
  const Folder folder;
  folder.write("real", "old");
  fs::create_symlink("real", folder.path("link"));
  ASSERT_TRUE(write_file(folder.path("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(folder.path("link")));
  EXPECT_EQ(read_file(folder.path("real")), "new");
}

TEST(WriteFile, WritesToADeviceWithoutReplacingIt) {
  ASSERT_TRUE(write_file("/dev/null", "gone"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WriteFile, LeavesNothingBehindWhenItFails) {
  const Folder folder;
  const auto in_missing = write_file(folder.path("no/such/folder"), "x");
  ASSERT_FALSE(in_missing);
  EXPECT_EQ(in_missing.error().what, "cannot be created: No such file or directory");
  fs::create_directory(folder.path("taken"));
  const auto over_folder = write_file(folder.path("taken"), "x");
  ASSERT_FALSE(over_folder);
  EXPECT_EQ(over_folder.error().what, "is a folder, not a file");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(FileTree, LooksAtNothingButWhatIsWanted) {
  const Folder folder;
  folder.write("obj/a.gcno", "a");
  folder.write("obj/a.o", "b");
  folder.write("downloads/big.tar", tar({{"x/b.gcno", "c"}}));
  folder.write("app.jar", zip({{"demo/A.class", "d"}, {"demo/A.txt", "e"}}));
  const auto wanted = [](std::string_view name) {
    return name.ends_with(".gcno") || name.ends_with(".class") || name.ends_with(".jar");
  };
  const Result<FileTree> tree = FileTree::open(folder.path(), {}, wanted);
  ASSERT_TRUE(tree);
  std::vector<std::string> paths;
  for (const FileTree::Entry& entry : tree->entries()) paths.push_back(entry.path);
  EXPECT_THAT(paths, ElementsAre("app/demo/A.class", "obj/a.gcno"));
}

}  // namespace
}  // namespace culprit
