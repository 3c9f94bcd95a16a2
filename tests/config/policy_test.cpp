#include "config/policy.h"

#include <gmock/gmock.h>

#include <set>

namespace culprit {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view toml) {
  Policy policy;
  const auto done = apply_manifest(policy, {"culprit.toml", toml});
  return done ? "accepted" : to_string(done.error());
}

TEST(Manifest, SetsWhatFlagsSetUnderTheSameNames) {
  Policy policy;
  ASSERT_TRUE(apply_manifest(policy, {"culprit.toml",
                                      "formula = \"Ochiai\"\n"
                                      "top = 3\n"
                                      "slo-ms = 250.5\n"
                                      "use-latency = false\n"
                                      "roll-up = \"vote\"\n"
                                      "level = \"line\"\n"}));
  EXPECT_EQ(policy.formula, "ochiai");
  EXPECT_EQ(policy.top, 3U);
  EXPECT_EQ(policy.label.slo_ms, 250.5);
  EXPECT_FALSE(policy.label.use_latency);
  EXPECT_EQ(policy.roll_up, RollUp::kVote);
  EXPECT_EQ(policy.level, Level::kLine);
}

TEST(Manifest, SaysWhatTracesCallTheServicesOfCoverage) {
  Policy policy;
  ASSERT_TRUE(apply_manifest(
      policy, {"culprit.toml", "[service_map]\n\"orders v2\" = \"orders\"\nn = \"web\"\n"}));
  EXPECT_EQ(policy.service_map,
            (std::map<std::string, std::string>{{"n", "web"}, {"orders v2", "orders"}}));
  EXPECT_THAT(refusal("service_map = 3\n"), HasSubstr("write [service_map], then lines"));
  EXPECT_THAT(refusal("[service_map]\na = \"\"\n"),
              HasSubstr("a service's name as coverage has it"));
}

TEST(Manifest, SuppressesForAReasonAndAWhile) {
  Policy policy;
  ASSERT_TRUE(apply_manifest(policy, {"culprit.toml",
                                      "[[suppress]]\nfunction = \"pay*\"\nreason = \"PAY-1\"\n"
                                      "expires = 2026-02-03\n"
                                      "[[suppress]]\nfingerprint = \"clc/v1:12\"\nreason = \"x\"\n"
                                      "expires = \"2026-12-31\"\n"}));
  ASSERT_EQ(policy.gate.suppress.size(), 2U);
  EXPECT_EQ(policy.gate.suppress[0].function, "pay*");
  EXPECT_EQ(policy.gate.suppress[0].reason, "PAY-1");
  EXPECT_EQ(policy.gate.suppress[0].expires, "2026-02-03");
  EXPECT_EQ(policy.gate.suppress[1].fingerprint, "clc/v1:12");
  EXPECT_EQ(policy.gate.suppress[1].expires, "2026-12-31");
}

TEST(Manifest, SuppressesNothingForEverOrWithoutAReason) {
  const std::string begin = "[[suppress]]\nendpoint = \"GET /\"\n";
  EXPECT_THAT(refusal(begin + "reason = \"x\"\n"), HasSubstr("takes a reason and an expires"));
  EXPECT_THAT(refusal(begin + "expires = 2026-12-31\n"), HasSubstr("takes a reason"));
  EXPECT_THAT(refusal(begin + "reason = \" \"\n"), HasSubstr("`reason` takes a text"));
  EXPECT_THAT(refusal(begin + "expires = \"soon\"\n"), HasSubstr("takes a day"));
  EXPECT_THAT(refusal(begin + "expires = \"2026-02-31\"\n"), HasSubstr("takes a day"));
  EXPECT_THAT(refusal(begin + "function = \"f\"\nreason = \"x\"\nexpires = 2026-12-31\n"),
              HasSubstr("takes one of fingerprint, function and endpoint"));
  EXPECT_THAT(refusal(begin + "until = 2026-12-31\n"), HasSubstr("known here: fingerprint"));
}

TEST(Manifest, ReadsTheGatesSettings) {
  Policy policy;
  ASSERT_TRUE(
      apply_manifest(policy, {"culprit.toml",
                              "levels = \"code, performance\"\nconfirm = \"3/5\"\n"
                              "alpha = 0.001\nmin-failing = 3\nunattributed = \"fail\"\n"}));
  EXPECT_TRUE(policy.gate.red_code);
  EXPECT_TRUE(policy.gate.red_performance);
  EXPECT_FALSE(policy.gate.red_database);
  EXPECT_EQ(policy.gate.rerun_fails, 3U);
  EXPECT_EQ(policy.gate.reruns, 5U);
  EXPECT_EQ(policy.gate.alpha, 0.001);
  EXPECT_EQ(policy.gate.min_failing, 3U);
  EXPECT_TRUE(policy.gate.unattributed_fails);
  for (const char* wrong :
       {"confirm = \"0/3\"", "confirm = \"4/3\"", "confirm = \"2\"", "levels = \"\"",
        "levels = \"code,x\"", "min-failing = 0", "alpha = 2", "unattributed = \"maybe\""}) {
    EXPECT_NE(refusal(wrong), "accepted") << wrong;
  }
}

TEST(Manifest, MapsPathsOnlyBelowTheFolderWithTheSource) {
  Policy policy;
  ASSERT_TRUE(apply_manifest(
      policy, {"culprit.toml", "path-map = [\"/app/=services/orders\", \"C:\\\\ci=.\"]\n"}));
  ASSERT_EQ(policy.path_map.size(), 2U);
  EXPECT_EQ(policy.path_map[0].from, "/app");
  EXPECT_EQ(policy.path_map[0].to, "services/orders");
  EXPECT_EQ(policy.path_map[1].from, "C:/ci");
  EXPECT_EQ(policy.path_map[1].to, "");
  for (const char* bad : {"/app", "=x", "/app=/etc", "/app=../x", "/app=a/../../x"}) {
    EXPECT_THAT(refusal("path-map = \"" + std::string(bad) + "\"\n"), HasSubstr("FROM=TO")) << bad;
  }
}

TEST(Manifest, ReadsPatternsAndOutcomesInOrder) {
  Policy policy;
  ASSERT_TRUE(apply_manifest(policy, {"culprit.toml",
                                      "[[coverage]]\n"
                                      "path = \"cov/{run}_{*}/{service}/coverage.info\"\n"
                                      "[[traces]]\n"
                                      "path = \"traces/{run}.json\"\n"
                                      "[[outcomes]]\n"
                                      "run = \"Normal*\"\n"
                                      "outcome = \"passed\"\n"
                                      "[[outcomes]]\n"
                                      "from = \"2023-01-29T08:51:00Z\"\n"
                                      "to = 2023-01-29T09:51:00+01:00\n"
                                      "service = \"*\"\n"
                                      "outcome = \"failed\"\n"}));
  ASSERT_EQ(policy.coverage.size(), 1U);
  EXPECT_EQ(policy.coverage[0].match("cov/r1_x/s/coverage.info")->run, "r1");
  EXPECT_EQ(policy.traces.size(), 1U);
  ASSERT_EQ(policy.label.outcomes.size(), 2U);
  EXPECT_EQ(policy.label.outcomes[0].run, "Normal*");
  EXPECT_EQ(policy.label.outcomes[0].verdict, Verdict::kPassed);
  // date -u -d 2023-01-29T08:51:00Z +%s
  EXPECT_EQ(policy.label.outcomes[1].from_ns, 1674982260'000000000);
  EXPECT_EQ(policy.label.outcomes[1].to_ns, 1674982260'000000000);
}

TEST(Manifest, PointsAtWhatIsWrong) {
  EXPECT_EQ(refusal("top = 3\nformla = \"ochiai\"\n"),
            "culprit.toml:2:1: there is no setting `formla`\n"
            "    formla = \"ochiai\"\n"
            "    ^\n"
            "  did you mean `formula`?");
  EXPECT_THAT(refusal("level = \"method\"\n"),
              HasSubstr("culprit.toml:1:1: `method` is not what `level` takes: "
                        "one of line, function, file, service"));
  EXPECT_THAT(refusal("omission = \"2\"\n"),
              HasSubstr("`2` is not what `omission` takes: a number from 0 to 0.999"));
  EXPECT_THAT(refusal("min-failing = 0\n"),
              HasSubstr("`0` is not what `min-failing` takes: a whole number from 1 on"));
  EXPECT_THAT(refusal("[[coverage]]\npath = \"{runs}/x\"\n"),
              HasSubstr("culprit.toml:2:8: `{runs}` is none of {run}, {service} and {*}"));
  EXPECT_THAT(refusal("[[coverage]]\nfile = \"x\"\n"),
              HasSubstr("culprit.toml:2:1: unknown key `file`"));
  EXPECT_THAT(refusal("[[outcomes]]\nrun = \"a\"\n"), HasSubstr("without `outcome`"));
  EXPECT_THAT(refusal("[[outcomes]]\noutcome = \"bad\"\n"),
              HasSubstr("culprit.toml:2:11: `outcome` takes passed, failed or unknown"));
  EXPECT_THAT(refusal("[[outcomes]]\nfrom = \"yesterday\"\noutcome = \"failed\"\n"),
              HasSubstr("culprit.toml:2:8: `from` takes a time with an offset"));
  EXPECT_THAT(refusal("coverage = 3\n"), HasSubstr("this takes tables"));
  EXPECT_THAT(refusal("top = = 3\n"), HasSubstr("culprit.toml:1:7"));
}

TEST(Manifest, RefusesTimesWithoutAnOffset) {
  EXPECT_THAT(refusal("[[outcomes]]\nfrom = 2023-01-29T08:51:00\noutcome = \"failed\"\n"),
              HasSubstr("takes a time with an offset"));
}

TEST(Settings, HaveNamesOfTheirOwnAndRefuseNonsense) {
  std::set<std::string_view> names;
  for (const Setting& setting : settings()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    Policy policy;
    // Any text may be these.
    if (setting.name != "formula" && setting.name != "exclude" && setting.name != "commit") {
      EXPECT_NE(setting.apply(policy, "nonsense"), "") << setting.name;
    }
    EXPECT_NE(setting.apply(policy, ""), "") << setting.name;
  }
}

TEST(Settings, KeepSharesWithinZeroAndOne) {
  Policy policy;
  EXPECT_FALSE(apply_setting(policy, "rare-client-error-share", "1.5", "--x"));
  EXPECT_FALSE(apply_setting(policy, "rare-client-error-share", "-0.1", "--x"));
  EXPECT_TRUE(apply_setting(policy, "rare-client-error-share", "0.2", "--x"));
  EXPECT_EQ(policy.label.rare_client_error_share, 0.2);
}

std::string matched(std::string_view pattern, std::string_view path) {
  std::string error;
  const auto parsed = PathPattern::parse(pattern, error);
  if (!parsed) return "error: " + error;
  const auto match = parsed->match(path);
  return match ? match->run + "|" + match->service : "no";
}

TEST(PathPattern, CapturesRunAndService) {
  EXPECT_EQ(matched("{run}/{service}/coverage.xml", "r1/order/coverage.xml"), "r1|order");
  EXPECT_EQ(matched("{run}/{service}/coverage.xml", "r1/coverage.xml"), "no");
  EXPECT_EQ(matched("{run}/{service}/coverage.xml", "a/r1/order/coverage.xml"), "no");
}

TEST(PathPattern, TakesAsLittleAsItCan) {
  EXPECT_EQ(matched("{run}_coverage_{*}/x", "Code_Stop_coverage_2025_coverage_1/x"), "Code_Stop|");
}

TEST(PathPattern, LetsANameThatOccursAgainStandForWhatItCaptured) {
  EXPECT_EQ(matched("{run}/{run}_traces.json", "a/a_traces.json"), "a|");
  EXPECT_EQ(matched("{run}/{run}_traces.json", "a/b_traces.json"), "no");
}

TEST(PathPattern, TwoStarsCrossFolders) {
  EXPECT_EQ(matched("**/{service}/c.xml", "a/b/order/c.xml"), "|order");
  EXPECT_EQ(matched("*/c.xml", "a/b/c.xml"), "no");
}

TEST(PathPattern, GivesUpOnPatternsBuiltToTakeForEver) {
  std::string pattern, path;
  for (int i = 0; i < 40; ++i) pattern += "{*}a";
  pattern += "b";
  path.assign(2000, 'a');
  EXPECT_EQ(matched(pattern, path), "no");
}

TEST(PathPattern, NamesUnknownCaptures) {
  EXPECT_EQ(matched("{host}/x", "a/x"), "error: `{host}` is none of {run}, {service} and {*}");
  EXPECT_EQ(matched("", ""), "error: a pattern must not be empty");
}

}  // namespace
}  // namespace culprit
