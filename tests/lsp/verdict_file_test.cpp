#include "lsp/verdict_file.h"

#include <gmock/gmock.h>

namespace culprit::lsp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string suspect(int rank, const std::string& name, const std::string& probability) {
  return R"({"best_rank": )" + std::to_string(rank) + R"(, "probability": )" + probability +
         R"(, "line": 7, "element": {"service": "shop", "file": "a.cc", "function": ")" + name +
         "\"}}";
}

std::string cluster(const std::string& fingerprint, const std::string& members) {
  return R"({"cluster": ")" + fingerprint + R"(", "novelty": "new", "confirmed": true,
             "confirmation": "failed in 3 of 3 reruns", "suppressed": null, "fails_gate": true)" +
         members + "}";
}

Result<Confirmations> read(const std::string& clusters) {
  const std::string text =
      R"({"schema": "culprit.report/1", "gate": {"clusters": [)" + clusters + "]}}";
  return read_confirmations({"v.json", text});
}

TEST(VerdictFile, NamesTheLikelySuspectsOfARedFailure) {
  const auto found =
      read(cluster("clc/v1:1", R"(, "suspects": [)" + suspect(1, "f", "0.5") + "," +
                                   suspect(2, "g", "0.1") + "," + suspect(3, "h", "0.09") + "]"));
  ASSERT_TRUE(found) << to_string(found.error());
  ASSERT_EQ(found->size(), 1U);
  const Confirmation& one = found->at("clc/v1:1");
  EXPECT_EQ(one.why, "failed in 3 of 3 reruns");
  EXPECT_THAT(one.suspects, ElementsAre("shop:f", "shop:g"));
}

TEST(VerdictFile, NamesOnlyTheFirstSuspectsOfAConfirmedFailureThatIsNotRed) {
  const auto found = read(
      R"({"cluster": "c", "novelty": "worse", "confirmed": true, "confirmation": "x",
               "fails_gate": false, "suspects": [)" +
      suspect(1, "f", "0.4") + "," + suspect(1, "g", "0.4") + "," + suspect(3, "h", "0.2") + "]}");
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_THAT(found->at("c").suspects, ElementsAre("shop:f", "shop:g"));
}

TEST(VerdictFile, LeavesOutWhatIsKnownSuppressedOrNotConfirmed) {
  const std::string rest = R"(, "confirmation": "x", "fails_gate": false, "suspects": []})";
  const auto found =
      read(R"({"cluster": "a", "novelty": "known", "confirmed": true)" + rest + "," +
           R"({"cluster": "b", "novelty": "new", "confirmed": false)" + rest + "," +
           R"({"cluster": "c", "novelty": "new", "confirmed": true, "suppressed": {"what": "c"})" +
           rest + "," + R"({"cluster": "d", "novelty": "new-cause", "confirmed": true)" + rest);
  ASSERT_TRUE(found) << to_string(found.error());
  ASSERT_EQ(found->size(), 1U);
  EXPECT_TRUE(found->at("d").new_cause);
}

TEST(VerdictFile, RefusesWhatIsNoVerdict) {
  const auto error = [](const std::string& text) {
    const auto found = read_confirmations({"v.json", text});
    return found ? std::string("read") : to_string(found.error());
  };
  EXPECT_THAT(error(""), HasSubstr("v.json: is not JSON"));
  EXPECT_THAT(error("[]"), HasSubstr("no report of this version"));
  EXPECT_THAT(error(R"({"schema": "culprit.report/2"})"), HasSubstr("`culprit.report/2`"));
  EXPECT_THAT(error(R"({"schema": "culprit.report/1"})"), HasSubstr("holds no verdict"));
  EXPECT_THAT(error(R"({"schema": "culprit.report/1", "gate": {"clusters": 1}})"),
              HasSubstr("gate/clusters is no list"));
  EXPECT_THAT(error(R"({"schema": "culprit.report/1", "gate": {"clusters": [7]}})"),
              HasSubstr("/cluster is no text"));
  EXPECT_THAT(error(std::string(1000, '[')), HasSubstr("nests deeper than 100 levels"));
}

TEST(VerdictFile, TakesSuspectsOfAnotherShapeForNone) {
  const auto found = read(cluster("c", R"(, "suspects": [1, null, {"element": 3}, "x"])"));
  ASSERT_TRUE(found) << to_string(found.error());
  for (const std::string& name : found->at("c").suspects) EXPECT_EQ(name, ":0");
}

}  // namespace
}  // namespace culprit::lsp
