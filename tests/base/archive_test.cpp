#include "base/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/packer.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "path=content" of every entry.
std::vector<std::string> words(const Result<std::vector<ArchiveEntry>>& entries) {
  if (!entries) return {to_string(entries.error())};
  std::vector<std::string> list;
  for (const ArchiveEntry& entry : *entries) list.push_back(entry.path + '=' + entry.content);
  return list;
}

std::vector<std::string> words(const std::vector<Error>& errors) {
  std::vector<std::string> list;
  for (const Error& error : errors) list.push_back(to_string(error));
  return list;
}

class ArchiveReaderTest : public testing::Test {
 protected:
  std::vector<std::string> read(const std::string& bytes) {
    ArchiveReader reader(limits);
    const auto entries = reader.read(bytes, "a.tar", "");
    warnings = words(reader.warnings);
    return words(entries);
  }
  Limits limits;
  std::vector<std::string> warnings;
};

TEST(PackingOf, KnowsPackingsByTheirFirstBytes) {
  EXPECT_EQ(packing_of(gzip("x")), Packing::kGzip);
  EXPECT_EQ(packing_of(compressed("x", archive_write_add_filter_xz)), Packing::kXz);
  EXPECT_EQ(packing_of(compressed("x", archive_write_add_filter_zstd)), Packing::kZstd);
  EXPECT_EQ(packing_of(compressed("x", archive_write_add_filter_bzip2)), Packing::kBzip2);
  EXPECT_EQ(packing_of(compressed("", archive_write_add_filter_bzip2)), Packing::kBzip2);
  EXPECT_EQ(packing_of(tar({{"a", "1"}})), Packing::kTar);
  EXPECT_EQ(packing_of(zip({{"a", "1"}})), Packing::kZip);
  EXPECT_EQ(packing_of(zip({})), Packing::kZip);
  EXPECT_EQ(packing_of("BZh1 begins a text"), Packing::kNone);
  EXPECT_EQ(packing_of(""), Packing::kNone);
}

TEST(IsArchive, TellsATarFromOneCompressedFileByContent) {
  for (const Filter filter : {archive_write_add_filter_gzip, archive_write_add_filter_xz,
                              archive_write_add_filter_zstd, archive_write_add_filter_bzip2}) {
    EXPECT_TRUE(is_archive(tar({{"a", noise(3000)}}, filter), "a.data"));
    EXPECT_FALSE(is_archive(compressed(noise(3000), filter), "a.tar.gz"));
    EXPECT_FALSE(is_archive(compressed("short", filter), "a.tar.gz"));
  }
  EXPECT_FALSE(is_archive("plain", "a.tar"));
}

TEST(IsArchive, GoesByTheNameWhereDamageHidesTheContent) {
  const std::string bytes = tar({{"a", noise(3000)}}, archive_write_add_filter_xz).substr(0, 100);
  EXPECT_TRUE(is_archive(bytes, "a.tar.xz"));
  EXPECT_FALSE(is_archive(bytes, "a.info.xz"));
}

TEST(Suffixes, GoOnlyWhereANameRemains) {
  EXPECT_EQ(without_archive_suffix("x/tier.tar.xz"), "x/tier");
  EXPECT_EQ(without_archive_suffix("tier.TGZ"), "tier");
  EXPECT_EQ(without_archive_suffix("tier.data"), "tier.data");
  EXPECT_EQ(without_compression_suffix("a.gcov.json.gz"), "a.gcov.json");
  EXPECT_EQ(without_compression_suffix("x/.gz"), "x/.gz");
}

TEST_F(ArchiveReaderTest, ReadsEveryKindOfArchive) {
  const std::vector<Member> members = {{"run", "", AE_IFDIR}, {"run/b.info", "B"}, {"./a", ""}};
  for (const Filter filter :
       {Filter{nullptr}, Filter{archive_write_add_filter_gzip}, Filter{archive_write_add_filter_xz},
        Filter{archive_write_add_filter_zstd}, Filter{archive_write_add_filter_bzip2}}) {
    EXPECT_THAT(read(tar(members, filter)), ElementsAre("run/b.info=B", "a="));
  }
  EXPECT_THAT(read(zip(members)), ElementsAre("run/b.info=B", "a="));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(ArchiveReaderTest, KeepsNamesThatAreNotAscii) {
  EXPECT_THAT(read(tar({{"läuf/größe.info", "x"}})), ElementsAre("läuf/größe.info=x"));
  EXPECT_THAT(read(zip({{"läuf/größe.info", "x"}})), ElementsAre("läuf/größe.info=x"));
}

TEST_F(ArchiveReaderTest, RefusesNamesThatLeadOut) {
  EXPECT_THAT(read(tar({{"../evil", "1"}, {"a/../../evil", "2"}, {"/etc/evil", "3"}, {"ok", "4"}})),
              ElementsAre("ok=4"));
  EXPECT_THAT(warnings, ElementsAre("a.tar/../evil: its path contains `..`; skipped",
                                    "a.tar/a/../../evil: its path contains `..`; skipped",
                                    "a.tar//etc/evil: its path is absolute; skipped"));
}

TEST_F(ArchiveReaderTest, SkipsLinksAndDevices) {
  EXPECT_THAT(read(tar({{"file", "1"},
                        {"soft", "", AE_IFLNK, "/etc/passwd"},
                        {"hard", "", AE_IFREG, "file"},
                        {"pipe", "", AE_IFIFO}})),
              ElementsAre("file=1"));
  EXPECT_THAT(warnings, ElementsAre("a.tar/soft: links inside archives are not followed; skipped",
                                    "a.tar/hard: links inside archives are not followed; skipped",
                                    "a.tar/pipe: neither a file nor a folder; skipped"));
}

TEST_F(ArchiveReaderTest, SkipsHiddenFilesAndFolders) {
  EXPECT_THAT(read(tar({{".git/config", "1"}, {"a/.cache", "2"}, {"a/b", "3"}})),
              ElementsAre("a/b=3"));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(ArchiveReaderTest, FoldsWarningsOfOneKind) {
  std::vector<Member> members;
  for (int i = 0; i < 10; ++i) members.push_back({"../" + std::to_string(i), "x"});
  members.push_back({"ok", ""});
  EXPECT_THAT(read(tar(members)), ElementsAre("ok="));
  ASSERT_EQ(warnings.size(), 4U);
  EXPECT_EQ(warnings[3], "a.tar: 7 further entries skipped: its path contains `..`");
}

TEST_F(ArchiveReaderTest, ReadsNestedArchivesAsFolders) {
  const std::string inner = tar({{"b", "2"}}, archive_write_add_filter_xz);
  EXPECT_THAT(read(tar({{"x/a", "1"}, {"x/tier.tar.xz", inner}, {"x/c.zip", zip({{"d", "3"}})}})),
              ElementsAre("x/a=1", "x/tier/b=2", "x/c/d=3"));
}

TEST_F(ArchiveReaderTest, StopsAtTheNestingLimit) {
  limits.nesting = 2;
  const std::string third = tar({{"deep", "3"}});
  const std::string second = tar({{"two", "2"}, {"third.tar", third}});
  EXPECT_THAT(read(tar({{"second.tar", second}})), ElementsAre("second/two=2"));
  EXPECT_THAT(warnings, ElementsAre("a.tar/second.tar/third.tar: archives nested deeper than 2, "
                                    "the limit nesting; skipped"));
}

TEST_F(ArchiveReaderTest, KeepsCompressedFilesCompressedUnderTheirPlainName) {
  const std::string bytes = gzip("content");
  EXPECT_THAT(read(tar({{"a.info.gz", bytes}})), ElementsAre("a.info=" + bytes));
}

TEST_F(ArchiveReaderTest, SkipsAFileBeyondTheLimit) {
  limits.file_bytes = 10;
  EXPECT_THAT(read(tar({{"big", std::string(11, 'x')}, {"fits", std::string(10, 'y')}})),
              ElementsAre("fits=yyyyyyyyyy"));
  EXPECT_THAT(warnings,
              ElementsAre("a.tar/big: larger than 10 bytes, the limit file_bytes; skipped"));
}

TEST_F(ArchiveReaderTest, RefusesArchivesThatUnpackToTooMuch) {
  limits.archive_bytes = 5000;
  EXPECT_THAT(read(tar({{"a", noise(3000)}, {"b", noise(3000)}})),
              ElementsAre("a.tar: archives unpack to more than 4.8 KiB, the limit archive_bytes"));
}

TEST_F(ArchiveReaderTest, CountsNestedArchivesTowardsTheLimit) {
  limits.archive_bytes = 5000;
  const std::string inner = zip({{"x", std::string(4000, 'x')}});  // small, until unpacked
  EXPECT_THAT(read(tar({{"1.zip", inner}, {"2.zip", inner}})),
              ElementsAre("1/x=" + std::string(4000, 'x')));
  EXPECT_THAT(
      warnings,
      ElementsAre("a.tar/2.zip: archives unpack to more than 4.8 KiB, the limit archive_bytes"));
}

TEST_F(ArchiveReaderTest, RefusesTooManyEntries) {
  limits.archive_entries = 2;
  EXPECT_THAT(read(tar({{"a", ""}, {"b", ""}, {"c", ""}})),
              ElementsAre("a.tar: more than 2 entries, the limit archive_entries"));
}

TEST_F(ArchiveReaderTest, RefusesBombs) {
  limits.expansion_ratio = 100;
  const std::string zeros(3 << 20, '\0');
  for (const std::string& bomb :
       {zip({{"a", zeros}}), tar({{"a", zeros}}, archive_write_add_filter_xz),
        tar({{"../skipped", zeros}}, archive_write_add_filter_gzip)}) {
    EXPECT_THAT(read(bomb),
                ElementsAre("a.tar: expands more than 100 times, the limit expansion_ratio"));
  }
}

TEST_F(ArchiveReaderTest, LetsSmallContentExpandAsItLikes) {
  limits.expansion_ratio = 2;
  EXPECT_THAT(read(zip({{"a", std::string(1 << 20, '\0')}})),
              ElementsAre("a=" + std::string(1 << 20, '\0')));
}

TEST_F(ArchiveReaderTest, ReadsFourLevelsOfArchivesAndNoFifth) {
  std::string archive = tar({{"deep", "5"}});
  for (const char* level : {"4", "3", "2", "1"}) {
    archive = tar({{"at", level}, {"in.tar", archive}});
  }
  EXPECT_THAT(read(archive), ElementsAre("at=1", "in/at=2", "in/in/at=3", "in/in/in/at=4"));
  EXPECT_THAT(warnings,
              ElementsAre("a.tar/in.tar/in.tar/in.tar/in.tar: archives nested deeper than 4, the "
                          "limit nesting; skipped"));
}

TEST_F(ArchiveReaderTest, RefusesNamesThatAreTooLong) {
  const std::string name(2000, 'n');
  EXPECT_THAT(read(tar({{name + '/' + name + "/ok", "1"}, {name + '/' + name + '/' + name, "2"}})),
              ElementsAre(name + '/' + name + "/ok=1"));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("its name is longer than 4096 bytes; skipped"));
}

TEST_F(ArchiveReaderTest, SkipsSparseFiles) {
  Member holes{"holes", "xy"};
  holes.sparse = true;
  const auto entries =
      read(pack(archive_write_set_format_pax, nullptr, {holes, Member{"ok", "1"}}));
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0], "ok=1");
  EXPECT_THAT(warnings, ElementsAre("a.tar/holes: sparse files are not read; skipped"));
}

TEST_F(ArchiveReaderTest, RefusesDeepPaths) {
  limits.folder_depth = 2;
  EXPECT_THAT(read(tar({{"1/2/ok", ""}, {"1/2/3/deep", ""}})), ElementsAre("1/2/ok="));
  EXPECT_THAT(warnings, ElementsAre("a.tar/1/2/3/deep: it lies deeper than 2 folders, the limit "
                                    "folder_depth; skipped"));
}

TEST_F(ArchiveReaderTest, KeepsWhatStandsBeforeTheDamage) {
  const std::string bytes = tar({{"a", noise(600)}, {"b", noise(5000)}});
  EXPECT_THAT(read(bytes.substr(0, bytes.size() - 4000)), ElementsAre("a=" + noise(600)));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("a.tar: cut short"));
  EXPECT_THAT(warnings[0], HasSubstr("its first 1 files were read"));
}

TEST_F(ArchiveReaderTest, GivesAnErrorWhenNothingCouldBeRead) {
  for (const Filter filter : {archive_write_add_filter_gzip, archive_write_add_filter_xz,
                              archive_write_add_filter_zstd, archive_write_add_filter_bzip2}) {
    const std::string bytes = tar({{"a", noise(100'000)}}, filter);
    const auto result = read(bytes.substr(0, bytes.size() / 2));
    ASSERT_EQ(result.size(), 1U);
    EXPECT_THAT(result[0], HasSubstr("cut short"));
  }
}

TEST_F(ArchiveReaderTest, WarnsOfAnEntryWithAWrongChecksum) {
  std::string bytes = zip({{"a", noise(500)}, {"b", "fine"}});
  // Stored or deflated, the middle of the first entry's data is its own.
  bytes[200] ^= 0x55;
  const auto result = read(bytes);
  ASSERT_EQ(result.size(), 1U) << warnings.size();
  EXPECT_EQ(result[0], "b=fine");
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("a.tar/a: damaged or cut short: "));
}

TEST(ArchiveReader, DoesNotUnpackWhatItSkipsOfAZip) {
  const Folder folder;
  folder.write("a.zip",
               pack(archive_write_set_format_zip, nullptr,
                    {{"r1/large.info", std::string(3 << 20, '\0')}, {"r2/small.info", "SF:a.cc"}}));
  Limits limits;
  limits.file_bytes = 1000;
  limits.archive_bytes = 2 << 20;  // the large one alone is more
  const auto tree = FileTree::open(folder.path("a.zip"), limits);
  ASSERT_TRUE(tree);
  ASSERT_EQ(tree->entries().size(), 1U);
  EXPECT_EQ(tree->entries()[0].path, "r2/small.info");
  ASSERT_EQ(tree->warnings().size(), 1U);
  EXPECT_THAT(tree->warnings()[0].what, testing::HasSubstr("the limit file_bytes; skipped"));
}

TEST(Decompress, KnowsEveryCompression) {
  const std::string content = noise(70'000);
  for (const Filter filter : {archive_write_add_filter_gzip, archive_write_add_filter_xz,
                              archive_write_add_filter_zstd, archive_write_add_filter_bzip2}) {
    EXPECT_EQ(decompress("a", compressed(content, filter), {}), content);
  }
  EXPECT_EQ(decompress("a", compressed("", archive_write_add_filter_xz), {}), "");
  EXPECT_EQ(decompress("a", "plain", {}), "plain");
}

TEST(Decompress, SaysThatDataIsCutShort) {
  for (const Filter filter : {archive_write_add_filter_xz, archive_write_add_filter_zstd,
                              archive_write_add_filter_bzip2}) {
    const std::string bytes = compressed(noise(300'000), filter);
    const auto result = decompress("a.xz", bytes.substr(0, bytes.size() - 1000), {});
    ASSERT_FALSE(result);
    EXPECT_THAT(to_string(result.error()), HasSubstr("cut short"));
  }
}

TEST(Decompress, StopsAtTheLimits) {
  Limits limits;
  limits.file_bytes = 1000;
  const std::string bytes = compressed(std::string(2 << 20, 'x'), archive_write_add_filter_xz);
  auto result = decompress("a.xz", bytes, limits);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "decompresses to more than 1000 bytes, the limit file_bytes");
  limits = {};
  limits.expansion_ratio = 50;
  result = decompress("a.xz", bytes, limits);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "expands more than 50 times, the limit expansion_ratio");
}

}  // namespace
}  // namespace culprit
