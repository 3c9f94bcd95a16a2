#include "base/gzip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/packer.h"

namespace culprit {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kPlenty = 1 << 20;

TEST(Gunzip, InflatesOneMember) {
  EXPECT_EQ(gunzip("a.gz", gzip("SF:a.cc\n"), kPlenty), "SF:a.cc\n");
}

TEST(Gunzip, InflatesAnEmptyContent) { EXPECT_EQ(gunzip("a.gz", gzip(""), kPlenty), ""); }

TEST(Gunzip, JoinsSeveralMembers) {
  // The trailer's size is that of the last member only: far too small a hint here.
  const std::string first = noise(100'000);
  EXPECT_EQ(gunzip("a.gz", gzip(first) + gzip("") + gzip("end"), kPlenty), first + "end");
}

TEST(Gunzip, AcceptsZeroPadding) {
  EXPECT_EQ(gunzip("a.gz", gzip("x") + std::string(512, '\0'), kPlenty), "x");
}

TEST(Gunzip, DoesNotTrustTheSizeInTheTrailer) {
  std::string bytes = gzip("small");
  for (std::size_t i = 1; i <= 4; ++i) bytes[bytes.size() - i] = '\xff';
  const auto result = gunzip("a.gz", bytes, kPlenty);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().what, HasSubstr("incorrect length check"));
}

TEST(Gunzip, SaysThatDataIsCutShort) {
  const std::string bytes = gzip(noise(5000));
  for (const std::size_t size :
       {std::size_t{2}, std::size_t{9}, std::size_t{100}, bytes.size() - 8, bytes.size() - 1}) {
    const auto result = gunzip("a.gz", bytes.substr(0, size), kPlenty);
    ASSERT_FALSE(result) << size;
    EXPECT_EQ(to_string(result.error()), "a.gz: gzip data is cut short: it ends after " +
                                             std::to_string(size) + " bytes without its trailer");
  }
}

TEST(Gunzip, SaysThatTheSecondMemberIsCutShort) {
  const std::string bytes = gzip("one") + gzip("two");
  const auto result = gunzip("a.gz", bytes.substr(0, bytes.size() - 3), kPlenty);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().what, HasSubstr("cut short"));
}

TEST(Gunzip, SaysThatDataIsCorrupt) {
  std::string bytes = gzip("coverage");
  bytes[bytes.size() - 6] ^= 1;  // in the checksum
  const auto result = gunzip("a.gz", bytes, kPlenty);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().what, HasSubstr("corrupt gzip data at byte"));
  EXPECT_THAT(result.error().what, HasSubstr("incorrect data check"));
}

TEST(Gunzip, RefusesWhatFollowsTheData) {
  const std::string bytes = gzip("x");
  const auto result = gunzip("a.gz", bytes + "garbage", kPlenty);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what,
            "7 bytes follow the end of the gzip data at byte " + std::to_string(bytes.size()));
}

TEST(Gunzip, StopsAtTheLimitAndNamesIt) {
  const std::string bytes = gzip(std::string(4097, 'a'));
  EXPECT_TRUE(gunzip("a.gz", bytes, 4097));
  const auto result = gunzip("a.gz", bytes, 4096);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "decompresses to more than 4 KiB, the limit file_bytes");
}

TEST(Gzipped, GivesBackWhatWentIn) {
  const std::string text = std::string(100'000, 'a') + '\0' + "end";
  const auto packed = gzipped(text);
  ASSERT_TRUE(packed);
  EXPECT_LT(packed->size(), 1000U);
  EXPECT_EQ(gunzip("a.gz", *packed, kPlenty), text);
  EXPECT_EQ(gunzip("a.gz", gzipped("").value(), kPlenty), "");
}

}  // namespace
}  // namespace culprit
