// Results of published data sets, where their files say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/packer.h"
#include "culprit/localize.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

const std::string kFixtures = CULPRIT_SOURCE_DIR "/fixtures/";

TEST(PublishedResults, AnoModsResponsesThatWereNotFetchedAreNamedAsSuch) {
  const Folder folder;
  const std::string run = "Normal_Baseline_20251103_220228";
  folder.write("SN_data/coverage_data/" + run + "_coverage_2025/text-service/coverage.info",
               "SF:a.cc\nDA:1,1\nend_of_record\n");
  folder.write("SN_data/api_responses/" + run + "_openapi_2025/openapi_responses.jsonl",
               "version https://git-lfs.github.com/spec/v1\n"
               "oid sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
               "size 92640\n");
  Query query;
  query.runs = folder.path();
  query.manifest = kFixtures + "anomod/socialnetwork.toml";
  const Result<Report> report = localize(query);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_THAT(report->problems,
              Contains(Field(&Error::what, HasSubstr("Git LFS pointer: 92640 bytes not fetched"))));
}

TEST(PublishedResults, Lo2sCallsAreCountedByEndpoint) {
  Query query;
  query.runs = kFixtures + "lo2";
  query.manifest = kFixtures + "lo2/lo2.toml";
  const Result<Report> report = localize(query);
  ASSERT_TRUE(report) << to_string(report.error());
  ASSERT_EQ(report->runs.size(), 2U);
  EXPECT_EQ(report->runs[0].outcome.verdict, Verdict::kPassed);
  EXPECT_EQ(report->runs[1].outcome.verdict, Verdict::kFailed);
  ASSERT_EQ(report->endpoints.size(), 2U);
  EXPECT_EQ(report->endpoints[0].method, "GET");
  EXPECT_EQ(report->endpoints[0].requests, 80U);
  EXPECT_EQ(report->endpoints[1].requests, 40U);
  // Spans lie in their runs' folders and name their service by the file.
  EXPECT_EQ(report->traces, 2U);
  EXPECT_THAT(report->notes, Not(Contains(HasSubstr("could not be joined"))));
  ASSERT_EQ(report->suspects.size(), 1U);
  EXPECT_EQ(report->suspects[0].service, "oauth2-client");
  EXPECT_EQ(report->suspects[0].counts, (Counts{1, 0, 0, 1}));
}

TEST(PublishedResults, EadrosSecondsSuspectTheServiceThatIsSlowInFailingOnes) {
  Query query;
  query.runs = kFixtures + "eadro";
  query.manifest = kFixtures + "eadro/eadro.toml";
  const Result<Report> report = localize(query);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->runs.size(), 60U);
  EXPECT_EQ(report->traces, 60U);
  EXPECT_EQ(report->failed, 10U);
  EXPECT_EQ(report->passed, 50U);
  ASSERT_FALSE(report->suspects.empty());
  EXPECT_EQ(report->suspects[0].service, "post-storage-service");
  EXPECT_EQ(report->suspects[0].strongest, "slow in called by home-timeline-service");
  EXPECT_EQ(report->suspects[0].counts.ef, 10);
  // Names with dashes are cut between the services, not within one.
  for (const ServiceRecord& suspect : report->suspects) {
    EXPECT_THAT(suspect.service, testing::EndsWith("-service"));
    EXPECT_THAT(suspect.service, Not(HasSubstr("service-")));
  }
}

}  // namespace
}  // namespace culprit
