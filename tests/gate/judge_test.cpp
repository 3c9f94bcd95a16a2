#include "gate/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/reports.h"

namespace culprit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using Answer = GateVerdict::Answer;

Baseline clean(std::size_t runs) {
  Baseline baseline;
  baseline.runs["POST /pay"] = runs;
  return baseline;
}

GateVerdict judged(const Report& report, const Baseline& baseline, const GatePolicy& policy = {},
                   const GateFacts& facts = {}) {
  return judge(report, baseline, policy, facts);
}

TEST(Judge, IsRedForANewFailureThatIsConfirmed) {
  const auto verdict = judged(report_of({failing("POST /pay", 5, 5)}), clean(20));
  EXPECT_EQ(verdict.answer, Answer::kNewFaults);
  ASSERT_EQ(verdict.clusters.size(), 1U);
  EXPECT_TRUE(verdict.clusters[0].fails_gate);
  EXPECT_EQ(verdict.clusters[0].novelty, Novelty::kNew);
  EXPECT_THAT(verdict.clusters[0].because, HasSubstr("5 of 5 runs, baseline 0 of 20 runs"));
}

TEST(Judge, OnlyReportsWhatFailedOnce) {
  const auto verdict = judged(report_of({failing("POST /pay", 1, 1)}), clean(200));
  EXPECT_EQ(verdict.answer, Answer::kPass);
  EXPECT_FALSE(verdict.clusters[0].confirmed) << "p = 1/201, but one failing run";
  EXPECT_THAT(verdict.clusters[0].because, HasSubstr("not confirmed"));
}

TEST(Judge, BelievesTwoOfThreeReruns) {
  const Report report = report_of({failing("POST /pay", 1, 1)});
  const std::string fingerprint = report.clusters[0].fingerprint;
  GateFacts facts;
  facts.reruns[fingerprint] = {2, 3};
  EXPECT_EQ(judged(report, clean(10), {}, facts).answer, Answer::kNewFaults);
  facts.reruns[fingerprint] = {2, 2};
  EXPECT_EQ(judged(report, clean(10), {}, facts).answer, Answer::kNewFaults);
  facts.reruns[fingerprint] = {1, 3};
  EXPECT_EQ(judged(report, clean(10), {}, facts).answer, Answer::kPass);
  facts.reruns[fingerprint] = {2, 9};
  EXPECT_EQ(judged(report, clean(10), {}, facts).answer, Answer::kPass);
}

TEST(Judge, LetsAKnownFlakyFailurePass) {
  Baseline baseline;
  add_to_baseline(baseline, report_of({failing("POST /pay", 10, 100)}), {});
  const auto same = judged(report_of({failing("POST /pay", 2, 20)}), baseline);
  EXPECT_EQ(same.answer, Answer::kPass);
  EXPECT_EQ(same.clusters[0].novelty, Novelty::kKnown);
  const auto worse = judged(report_of({failing("POST /pay", 15, 20)}), baseline);
  EXPECT_EQ(worse.answer, Answer::kNewFaults);
  EXPECT_EQ(worse.clusters[0].novelty, Novelty::kWorse);
}

TEST(Judge, SeesANewCauseOfAKnownFailure) {
  Report before = report_of({failing("POST /pay", 5, 50)});
  before.clusters[0].ranking.rows[0].body = "aaaa";
  Baseline baseline;
  add_to_baseline(baseline, before, {});
  Report now = report_of({failing("POST /pay", 5, 50)});
  now.clusters[0].ranking.rows = {suspicious("refund", 0.8)};
  now.clusters[0].ranking.rows[0].body = "bbbb";
  const auto verdict = judged(now, baseline);
  EXPECT_EQ(verdict.answer, Answer::kNewFaults);
  EXPECT_EQ(verdict.clusters[0].novelty, Novelty::kNewCause);
  EXPECT_TRUE(verdict.clusters[0].suspects[0].new_cause);

  now.clusters[0].ranking.rows[0].body = "aaaa";  // renamed
  EXPECT_EQ(judged(now, baseline).answer, Answer::kPass);
  now.clusters[0].ranking.rows[0].body = "";  // nothing tells
  const auto unsure = judged(now, baseline);
  EXPECT_EQ(unsure.answer, Answer::kPass);
  ASSERT_EQ(unsure.notes.size(), 1U);
  EXPECT_THAT(unsure.notes[0], HasSubstr("--source would tell"));
  now.clusters[0].ranking.rows[0].body = "bbbb";
  Report without = before;
  without.clusters[0].ranking.rows[0].body = "";
  Baseline blind;
  add_to_baseline(blind, without, {});
  const auto lacking = judged(now, blind);
  EXPECT_EQ(lacking.answer, Answer::kPass);
  ASSERT_EQ(lacking.notes.size(), 1U);
  EXPECT_THAT(lacking.notes[0], HasSubstr("the baseline was made without --source"));
  now.clusters[0].ranking.rows = {suspicious("pay", 0.8)};
  now.clusters[0].ranking.rows[0].code.file = "elsewhere/pay.cc";  // moved
  EXPECT_EQ(judged(now, baseline).answer, Answer::kPass);
}

TEST(Judge, LeavesOtherLevelsGreenUnlessAskedNotTo) {
  Report report = report_of({failing("POST /pay", 5, 5)});
  report.clusters[0].level = FaultLevel::kDatabase;
  const auto verdict = judged(report, clean(20));
  EXPECT_EQ(verdict.answer, Answer::kPass);
  EXPECT_TRUE(verdict.clusters[0].confirmed);
  EXPECT_THAT(verdict.clusters[0].because, HasSubstr("level database, not code"));
  GatePolicy policy;
  policy.red_database = true;
  EXPECT_EQ(judged(report, clean(20), policy).answer, Answer::kNewFaults);
}

TEST(Judge, BlamesChangedCodeForBeingSlow) {
  Report report = report_of({failing("POST /pay", 5, 5)});
  report.clusters[0].level = FaultLevel::kPerformance;
  Changes changes;
  changes.files = {{"src/other.cc", "src/other.cc", {{1, 99}}, ""}};
  blame_changed_code(changes, report);
  EXPECT_EQ(report.clusters[0].level, FaultLevel::kPerformance);
  changes.files[0].path = "src/pay.cc";
  blame_changed_code(changes, report);
  EXPECT_EQ(report.clusters[0].level, FaultLevel::kCode);
}

TEST(Judge, IsInconclusiveWhereNoFunctionCanBeNamed) {
  Report report = report_of({failing("POST /pay", 5, 5)});
  report.clusters[0].ranking.rows.assign(11, suspicious("f", 0.09));
  for (Ranked& row : report.clusters[0].ranking.rows) row.worst_rank = 11;
  EXPECT_EQ(judged(report, clean(20)).answer, Answer::kInconclusive);
  GatePolicy policy;
  policy.max_ambiguity = 11;
  EXPECT_EQ(judged(report, clean(20), policy).answer, Answer::kNewFaults);
  report.clusters[0].ranking.rows.clear();
  report.clusters[0].undecided = "no failing run has coverage";
  const auto verdict = judged(report, clean(20));
  EXPECT_EQ(verdict.answer, Answer::kInconclusive);
  EXPECT_THAT(verdict.clusters[0].because, HasSubstr("no failing run has coverage"));
}

TEST(Judge, ObeysSuppressionsUntilTheyExpire) {
  const Report report = report_of({failing("POST /pay", 5, 5)});
  GatePolicy policy;
  policy.suppress = {{.fingerprint = "",
                      .function = "pay*",
                      .endpoint = "",
                      .reason = "PAY-12",
                      .expires = "2026-06-30"}};
  GateFacts facts;
  facts.today = "2026-06-30";
  const auto last_day = judged(report, clean(20), policy, facts);
  EXPECT_EQ(last_day.answer, Answer::kPass);
  ASSERT_TRUE(last_day.clusters[0].suppressed);
  EXPECT_EQ(last_day.clusters[0].suppressed->reason, "PAY-12");
  EXPECT_THAT(last_day.stale, IsEmpty());
  facts.today = "2026-07-01";
  const auto after = judged(report, clean(20), policy, facts);
  EXPECT_EQ(after.answer, Answer::kNewFaults);
  ASSERT_EQ(after.stale.size(), 1U);
  EXPECT_THAT(after.stale[0], HasSubstr("ended on 2026-06-30"));
  policy.suppress[0].function = "refund*";
  policy.suppress[0].expires = "2027-01-01";
  const auto other = judged(report, clean(20), policy, facts);
  EXPECT_EQ(other.answer, Answer::kNewFaults);
  ASSERT_EQ(other.stale.size(), 1U);
  EXPECT_THAT(other.stale[0], HasSubstr("matches no failure"));
}

TEST(Judge, ObeysTheSource) {
  Report report = report_of({failing("POST /pay", 5, 5)});
  report.clusters[0].ranking.rows[0].ignored = "known to the bank";
  const auto verdict = judged(report, clean(20));
  EXPECT_EQ(verdict.answer, Answer::kPass);
  EXPECT_THAT(verdict.clusters[0].because, HasSubstr("known to the bank"));
}

TEST(Judge, TellsWhatTheChangeHasToDoWithIt) {
  Report report = report_of({failing("POST /pay", 5, 5)});
  report.clusters[0].ranking.rows = {suspicious("refund", 0.4), suspicious("pay", 0.4),
                                     suspicious("card", 0.1, 3), suspicious("other", 0.1, 4)};
  report.clusters[0].ranking.rows[0].worst_rank = 2;
  report.clusters[0].ranking.rows[1].worst_rank = 2;
  Changes changes;
  changes.name = "main";
  changes.files = {{"src/pay.cc", "src/pay.cc", {{20, 20}}, "  return card(order);\n"}};
  GateFacts facts{.changes = &changes, .reruns = {}, .today = ""};
  const auto verdict = judged(report, clean(20), {}, facts);
  EXPECT_EQ(verdict.answer, Answer::kNewFaults);
  EXPECT_EQ(verdict.change, "main");
  const auto& suspects = verdict.clusters[0].suspects;
  ASSERT_EQ(suspects.size(), 4U) << "none is hidden";
  EXPECT_EQ(suspects[0].code.code.name, "pay()") << "changed first among equal ones";
  EXPECT_EQ(suspects[0].relation, Relation::kChanged);
  EXPECT_EQ(suspects[1].relation, Relation::kUnrelated);
  EXPECT_EQ(suspects[2].relation, Relation::kReached);

  changes.files[0].lines = {{21, 30}};
  changes.files[0].added = "";
  const auto beside = judged(report, clean(20), {}, facts);
  EXPECT_EQ(beside.answer, Answer::kPass);
  EXPECT_THAT(beside.clusters[0].because, HasSubstr("the change is not implicated"));
  GatePolicy policy;
  policy.unattributed_fails = true;
  EXPECT_EQ(judged(report, clean(20), policy, facts).answer, Answer::kNewFaults);
}

TEST(Judge, ReachesServicesThatAChangedOneCalls) {
  Report report = report_of({failing("POST /pay", 5, 5)});
  report.clusters[0].ranking.rows = {suspicious("stock", 0.6), suspicious("cart", 0.1, 2),
                                     suspicious("mail", 0.1, 3)};
  report.clusters[0].ranking.rows[0].code.service = "stock";
  report.clusters[0].ranking.rows[1].code.service = "cart";
  report.clusters[0].ranking.rows[2].code.service = "mail";
  report.calls = {{"cart", "price", 5, 0}, {"price", "stock", 5, 0}, {"mail", "cart", 1, 0}};
  Changes changes;
  changes.files = {{"src/cart.cc", "src/cart.cc", {{1, 2}}, "x"}};
  const auto verdict =
      judged(report, clean(20), {}, {.changes = &changes, .reruns = {}, .today = ""});
  EXPECT_EQ(verdict.clusters[0].suspects[0].relation, Relation::kReached);
  EXPECT_EQ(verdict.clusters[0].suspects[2].relation, Relation::kUnrelated);
}

TEST(Judge, ListsWhatNoLongerFailsAndWhatWasNotAsked) {
  Baseline baseline;
  add_to_baseline(baseline, report_of({failing("POST /pay", 5, 50), failing("GET /x", 2, 9)}), {});
  Report report;
  report.endpoint_runs = {{"POST /pay", 12}};
  const auto verdict = judged(report, baseline);
  EXPECT_EQ(verdict.answer, Answer::kPass);
  ASSERT_EQ(verdict.fixed.size(), 1U);
  EXPECT_EQ(verdict.fixed[0].endpoint, "POST /pay");
  EXPECT_EQ(verdict.fixed[0].runs, 12U);
  EXPECT_EQ(verdict.unasked, std::vector<std::string>{"GET /x"});
}

TEST(RerunCandidates, AreNotWhatStatisticsConfirm) {
  const Report report = report_of({failing("POST /pay", 5, 5)});
  EXPECT_TRUE(rerun_candidates(report, clean(20), {}, {}).empty());
  EXPECT_EQ(rerun_candidates(report, {}, {}, {}).size(), 1U) << "without a baseline";
}

TEST(RerunCandidates, AreNewOrWorseAndNotSuppressed) {
  Baseline baseline;
  add_to_baseline(baseline, report_of({failing("GET /flaky", 5, 50)}), {});
  const Report report = report_of(
      {failing("GET /flaky", 1, 10), failing("GET /new", 1, 10), failing("GET /accepted", 1, 10)});
  GatePolicy policy;
  policy.suppress = {{.fingerprint = "",
                      .function = "",
                      .endpoint = "GET /acc*",
                      .reason = "r",
                      .expires = "2999-01-01"}};
  EXPECT_EQ(rerun_candidates(report, baseline, policy, {}), std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace culprit
