#include "source/outline_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/packer.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;

CodeOutline outline_of(const std::string& name) {
  CodeOutline outline;
  outline.functions = {{name, "int " + name + "()", "", "", 1, 1, 2, false, false}};
  outline.statements = {"signature", "brace"};
  return outline;
}

std::vector<fs::path> entries(const std::string& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path());
  return found;
}

TEST(OutlineCache, KnowsAnOutlineByContentPathAndFlagsOnly) {
  const Folder folder;
  const OutlineCache cache(folder.path("a/b"));
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {"-DX"}), std::nullopt);
  cache.add("/s/a.cpp", "text", {"-DX"}, outline_of("f"));
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {"-DX"}), outline_of("f"));
  EXPECT_EQ(cache.find("/s/b.cpp", "text", {"-DX"}), std::nullopt);
  EXPECT_EQ(cache.find("/s/a.cpp", "texT", {"-DX"}), std::nullopt);
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {}), std::nullopt);
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {"-D", "X"}), std::nullopt);
  EXPECT_EQ(fs::status(folder.path("a/b")).permissions(), fs::perms::owner_all);
}

TEST(OutlineCache, KeepsNoOutlineThatMissesHeaders) {
  const Folder folder;
  const OutlineCache cache(folder.path());
  CodeOutline outline = outline_of("f");
  outline.approximate = true;
  cache.add("/s/a.cpp", "text", {}, outline);
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {}), std::nullopt);
}

TEST(OutlineCache, TakesADamagedEntryForNone) {
  const Folder folder;
  const OutlineCache cache(folder.path());
  cache.add("/s/a.cpp", "text", {}, outline_of("function"));
  const fs::path entry = entries(folder.path()).at(0);
  std::ifstream in(entry, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  for (std::size_t cut = 0; cut < whole.size(); cut += 7) {
    std::ofstream(entry, std::ios::binary) << whole.substr(0, cut);
    EXPECT_EQ(cache.find("/s/a.cpp", "text", {}), std::nullopt) << cut;
  }
  std::string other = whole;
  other[other.find("function")] = 'F';  // sound JSON, another name
  std::ofstream(entry, std::ios::binary) << other;
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {}), std::nullopt);
  fs::remove(entry);
  fs::create_symlink("/dev/zero", entry);
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {}), std::nullopt);
  fs::remove(entry);
  cache.add("/s/a.cpp", "text", {}, outline_of("function"));
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {}), outline_of("function"));
}

TEST(OutlineCache, DropsWhatWasNotUsedForLongest) {
  const Folder folder;
  const OutlineCache cache(folder.path(), 4000);
  const auto hours_ago = [](int hours) {
    return fs::file_time_type::clock::now() - std::chrono::hours(hours);
  };
  const auto set_all = [&](int hours) {
    for (const fs::path& entry : entries(folder.path())) {
      fs::last_write_time(entry, hours_ago(hours));
    }
  };
  cache.add("/s/used.cpp", "", {}, outline_of("used"));
  cache.add("/s/old.cpp", "", {}, outline_of("old"));
  set_all(2);
  EXPECT_TRUE(cache.find("/s/used.cpp", "", {}));  // and so is younger than the other
  const std::uint64_t each = fs::file_size(entries(folder.path()).at(0));
  for (std::uint64_t all = 2 * each, i = 0; all <= 4000; all += each, ++i) {
    cache.add("/s/" + std::to_string(i) + ".cpp", "", {}, outline_of("new" + std::to_string(i)));
  }
  EXPECT_FALSE(cache.find("/s/old.cpp", "", {}));
  std::uint64_t bytes = 0;
  for (const fs::path& entry : entries(folder.path())) bytes += fs::file_size(entry);
  EXPECT_LE(bytes, 4000U);
  EXPECT_GT(bytes, 1000U);
}

TEST(OutlineCache, MayBeWrittenAndReadByManyAtOnce) {
  const Folder folder;
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const OutlineCache cache(folder.path("c"), 8000);
      for (int i = 0; i < 50; ++i) {
        const std::string name = "f" + std::to_string(i % 7);
        cache.add("/s/a.cpp", name, {}, outline_of(name));
        const auto found = cache.find("/s/a.cpp", name, {});
        if (found && *found != outline_of(name)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(OutlineCache, DoesNothingWhereItCannotWrite) {
  const OutlineCache cache("/dev/null/outlines");
  cache.add("/s/a.cpp", "text", {}, outline_of("f"));
  EXPECT_EQ(cache.find("/s/a.cpp", "text", {}), std::nullopt);
}

}  // namespace
}  // namespace culprit
