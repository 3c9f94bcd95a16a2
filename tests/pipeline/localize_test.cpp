#include "culprit/localize.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/packer.h"

namespace culprit {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kPricing = CULPRIT_SOURCE_DIR "/fixtures/systems/pricing/recorded/";
const std::string kAnomod = CULPRIT_SOURCE_DIR "/../shared/data/anomod/";

// One .info with the given executed lines of a.cc (1 to 9; functions f 1-3, g 4-6, h 7-9).
std::string executed(const std::string& lines) {
  std::string text = "SF:a.cc\nFN:1,f\nFN:4,g\nFN:7,h\n";
  for (char c = '1'; c <= '9'; ++c) {
    text += std::string("DA:") + c + (lines.find(c) == std::string::npos ? ",0\n" : ",1\n");
  }
  return text + "end_of_record\n";
}

void write_run(const Folder& folder, const std::string& run, const std::string& lines,
               const std::string& verdict) {
  folder.write(run + "/a.info", executed(lines));
  folder.write(run + "/results.jsonl",
               R"({"run":")" + run + R"(","verdict":")" + verdict + "\"}\n");
}

Query query(const std::string& runs,
            std::vector<std::pair<std::string, std::string>> settings = {}) {
  Query q;
  q.runs = runs;
  q.settings = std::move(settings);
  return q;
}

TEST(Localize, RanksTheFunctionThatOnlyFailingRunsExecute) {
  const Folder folder;
  write_run(folder, "bad", "123789", "failed");
  write_run(folder, "ok1", "123456", "passed");
  write_run(folder, "ok2", "123", "passed");
  const Result<Report> report = localize(query(folder.path()));
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->failed, 1U);
  EXPECT_EQ(report->passed, 2U);
  ASSERT_EQ(report->ranking.rows.size(), 3U);
  EXPECT_EQ(report->ranking.rows[0].code.name, "h");
  // Lines 7, 8 and 9 are alike; the first of a function is the fault less often.
  EXPECT_EQ(report->ranking.rows[0].line.first_line, 8U);
  EXPECT_EQ(report->ranking.rows[0].counts, (Counts{1, 0, 0, 2}));
}

// h fails a change of order 1, and g is executed by those who then ask for the order.
TEST(Localize, ComparesNoFailuresThatFollowFromOthersAtTheSameResource) {
  const Folder folder;
  const auto request = [&](const std::string& run, const std::string& lines,
                           const std::string& asked, int second) {
    folder.write(run + "/a.info", executed(lines));
    folder.write(run + "/results.jsonl", R"({"run":")" + run + R"(",)" + asked +
                                             R"(,"time":"2026-01-01T00:00:0)" +
                                             std::to_string(second) + "Z\"}\n");
  };
  const std::string failed = R"("verdict":"failed")";
  const std::string passed = R"("verdict":"passed")";
  request("a-cancel", "123789", R"("method":"POST","url":"/orders/1/cancel",)" + failed, 1);
  request("b-order", "1236", R"("method":"GET","url":"/orders/1",)" + failed, 2);
  request("c-tickets", "1236", R"("method":"GET","url":"/orders/1/tickets",)" + failed, 3);
  request("d-cancel", "123789", R"("method":"POST","url":"/orders/4/cancel",)" + failed, 4);
  request("e-order", "1234", R"("method":"GET","url":"/orders/2",)" + passed, 5);
  request("f-order", "12345", R"("method":"GET","url":"/orders/3",)" + passed, 6);

  const Result<Report> report = localize(query(folder.path()));
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->failed, 4U);
  EXPECT_EQ(report->ranking.rows[0].code.name, "h");
  EXPECT_EQ(report->ranking.rows[0].counts, (Counts{2, 0, 0, 2}));
  EXPECT_THAT(report->notes,
              Contains("not compared: 2 failing runs that may follow from another at the same "
                       "resource (b-order after a-cancel); --use-consequences yes compares them"));

  const Result<Report> all = localize(query(folder.path(), {{"use-consequences", "yes"}}));
  ASSERT_TRUE(all) << to_string(all.error());
  EXPECT_EQ(all->ranking.rows[0].counts.failing(), 4);
  EXPECT_THAT(all->notes, Not(Contains(HasSubstr("may follow"))));

  // Where most failures seem to follow, or the cause has no coverage, all are compared.
  request("g-order", "1236", R"("method":"GET","url":"/orders/1/plan",)" + failed, 7);
  EXPECT_EQ(localize(query(folder.path()))->ranking.rows[0].counts.failing(), 5);
  std::filesystem::remove(folder.path("g-order/a.info"));
  EXPECT_EQ(localize(query(folder.path()))->ranking.rows[0].counts.failing(), 2);
  std::filesystem::remove(folder.path("a-cancel/a.info"));
  EXPECT_EQ(localize(query(folder.path()))->ranking.rows[0].counts.failing(), 3);

  // Who points at one is told of it.
  Query one = query(folder.path());
  one.case_name = "b-order";
  const Result<Report> follows = localize(one);
  ASSERT_TRUE(follows) << to_string(follows.error());
  EXPECT_EQ(follows->ranking.rows[0].code.name, "g");
}

// f and g are entered by the same runs, but for one that enters g alone.
TEST(Localize, SaysWhatWouldSplitTheFirstAmbiguityGroup) {
  const Folder folder;
  write_run(folder, "bad", "1245", "failed");
  write_run(folder, "ok1", "789", "passed");
  write_run(folder, "ok2", "6", "passed");
  write_run(folder, "ok3", "1245", "passed");
  write_run(folder, "ok4", "78", "passed");
  const Result<Report> report = localize(query(folder.path()));
  ASSERT_TRUE(report) << to_string(report.error());
  ASSERT_TRUE(report->diagnosability);
  const Diagnosability& runs = *report->diagnosability;
  EXPECT_EQ(runs.top_functions, 2U);
  EXPECT_EQ(runs.top_lines, 4U);
  ASSERT_EQ(runs.top_group.size(), 2U);
  EXPECT_EQ(runs.top_group[0].code.name, report->ranking.rows[0].code.name);
  const bool f_leads = runs.top_group[0].code.name == "f";
  const std::string f = "f (a.cc:1, 2)";
  const std::string g = "g (a.cc:4, 5)";
  EXPECT_EQ(
      runs.to_split,
      (f_leads ? f + " and " + g : g + " and " + f) +
          " are executed by the same runs, 1 failing and 1 passing; a request or test that "
          "reaches one without the other would tell them apart; 1 run (ok2) enters g at other "
          "lines and not f");
  // 3 groups of 9 lines and those nobody executes: {1 2 4 5} {3} {6} {7 8} {9}.
  EXPECT_NEAR(runs.uniqueness, 4.0 / 9 + 1.0 / 9, 1e-12);
  EXPECT_NEAR(runs.diversity, 1 - 2.0 / 20, 1e-12);
  EXPECT_NEAR(runs.density, 1 - std::abs(1 - 2 * 14.0 / 45), 1e-12);
}

TEST(Localize, SaysNothingOfSplittingASuspectThatIsAlone) {
  const Folder folder;
  write_run(folder, "bad", "123789", "failed");
  write_run(folder, "ok1", "123456", "passed");
  const Result<Report> report = localize(query(folder.path()));
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->diagnosability->top_functions, 1U);
  EXPECT_EQ(report->diagnosability->to_split, "");
}

// h fails three runs, g two others.
TEST(Localize, RanksAgainWhatTheFirstSuspectDoesNotExplain) {
  const Folder folder;
  for (const std::string run : {"h1", "h2", "h3"}) write_run(folder, run, "123789", "failed");
  for (const std::string run : {"g1", "g2"}) write_run(folder, run, "123456", "failed");
  for (int i = 0; i < 30; ++i) write_run(folder, "ok" + std::to_string(i), "123", "passed");
  Query asked = query(folder.path());
  asked.diagnose = true;
  const Result<Report> report = localize(asked);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->ranking.rows[0].code.name, "h");
  ASSERT_EQ(report->rounds.size(), 1U);
  EXPECT_EQ(report->rounds[0].failing, 2U);
  EXPECT_THAT(report->rounds[0].runs, ElementsAre("g1", "g2"));
  EXPECT_EQ(report->rounds[0].ranking.rows[0].code.name, "g");
  ASSERT_TRUE(report->diagnosis);
  const DiagnosisCandidate& first = report->diagnosis->candidates.front();
  ASSERT_EQ(first.faults.size(), 2U);
  EXPECT_EQ(first.faults[0].code.name, "h");
  EXPECT_EQ(first.faults[1].code.name, "g");
  // Against f, which all runs execute: 1/1000 to (5/35)^5 (30/35)^30.
  EXPECT_NEAR(first.share, 0.9994, 1e-4);

  const Result<Report> none = localize(query(folder.path(), {{"rounds", "0"}}));
  EXPECT_THAT(none->rounds, IsEmpty());
  EXPECT_FALSE(none->diagnosis);
  asked.case_name = "g1";
  const Result<Report> one = localize(asked);
  ASSERT_TRUE(one) << to_string(one.error());
  EXPECT_THAT(one->rounds, IsEmpty());
  EXPECT_EQ(one->diagnosis->failing, 1U);
  EXPECT_EQ(one->diagnosis->candidates.front().faults[0].code.name, "g");
}

// h fails three runs. A fourth executes what passing runs execute, but for one of these:
// of line 3, failing 1/1, passing 29/30. A rate of their own gives B(2, 30) / B(1, 1) = 1/930, for
// the one that does not execute it 1/1.2; one rate for all B(1.2, 31) / B(0.2, 1) = 1/337.
TEST(Localize, EndsRoundsWhereSuspectsAreNoBetterThanChanceAndSaysSo) {
  const auto ended = [](const std::string& odd_run, bool also_g) {
    const Folder folder;
    for (const std::string run : {"h1", "h2", "h3"}) write_run(folder, run, "123789", "failed");
    if (also_g) write_run(folder, "g1", "456", "failed");
    if (!odd_run.empty()) write_run(folder, "odd", odd_run, "failed");
    write_run(folder, "ok", "12", "passed");
    for (int i = 1; i < 30; ++i) write_run(folder, "ok" + std::to_string(i), "123", "passed");
    const Result<Report> report = localize(query(folder.path(), {{"rounds", "9"}}));
    EXPECT_EQ(report->rounds.size(), also_g ? 1U : 0U);
    return report->notes;
  };
  EXPECT_THAT(ended("", false), IsEmpty());
  EXPECT_THAT(ended("123", false), IsEmpty());
  EXPECT_THAT(ended("", true),
              ElementsAre("1 round and no more: no failing run is left unexplained"));
  EXPECT_THAT(ended("123", true),
              ElementsAre("1 round and no more: nothing tells the 1 failing run left from passing "
                          "ones better than chance"));
}

TEST(Localize, FindsBothOfTwoFaultsAtOnce) {
  Query two = query(CULPRIT_SOURCE_DIR "/fixtures/systems/shop/recorded/two-at-once.tar.xz");
  two.diagnose = true;
  const Result<Report> report = localize(two);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_THAT(report->ranking.rows[0].code.name, HasSubstr("cancellation_fee"));
  ASSERT_EQ(report->rounds.size(), 1U);
  EXPECT_EQ(report->rounds[0].failing, 7U);  // orders and quotes
  EXPECT_THAT(report->rounds[0].ranking.rows[2].code.name, HasSubstr("Discounts#groupPercent"));
}

// Two faults at once: least-fee breaks cancellations, group-of-ten orders and quotes.
TEST(Localize, RanksForOneClusterOfFailingRuns) {
  Query two = query(CULPRIT_SOURCE_DIR "/fixtures/systems/shop/recorded/two-at-once.tar.xz");
  const Result<Report> all = localize(two);
  ASSERT_TRUE(all) << to_string(all.error());
  ASSERT_EQ(all->clusters.size(), 3U);
  const FailureCluster& orders = all->clusters[1];
  EXPECT_EQ(orders.signature, (FailureSignature{"POST /orders", "assertion", "", ""}));
  EXPECT_EQ(orders.runs.size(), 4U);
  two.case_name = orders.fingerprint.substr(0, 15);
  const Result<Report> one = localize(two);
  ASSERT_TRUE(one) << to_string(one.error());
  EXPECT_EQ(one->case_name, orders.fingerprint);
  EXPECT_EQ(one->failed, 21U);
  const Counts& counts = one->ranking.rows.front().counts;
  EXPECT_EQ(counts.failing(), 4);
  EXPECT_EQ(counts.passing(), 379);

  two.case_name = "clc/v1:";
  EXPECT_THAT(localize(two).error().what, HasSubstr("several clusters"));
  two.case_name = "clc/v1:zz";
  EXPECT_THAT(localize(two).error().what, HasSubstr("no failing run is of the cluster"));
}

// austria-missing: tickets for Austria are taxed as in Germany, line 17 in place of line 11.
TEST(Localize, ReadsACaseAgainstThePassingRunThatDidMostNearlyTheSame) {
  Query austria =
      query(CULPRIT_SOURCE_DIR "/fixtures/systems/shop/recorded/austria-missing.tar.xz");
  const Result<Report> all = localize(austria);
  ASSERT_TRUE(all) << to_string(all.error());
  EXPECT_EQ(all->comparison, std::nullopt);
  austria.case_name = "003a-order";
  const Result<Report> report = localize(austria);
  ASSERT_TRUE(report) << to_string(report.error());
  ASSERT_TRUE(report->comparison);
  const CaseComparison& comparison = *report->comparison;
  EXPECT_EQ(comparison.run, "003a-order");
  EXPECT_THAT(comparison.reason, HasSubstr("/price/tax_cents"));
  EXPECT_EQ(comparison.passing, "034a-order");
  EXPECT_EQ(comparison.endpoint, "POST /orders");
  ASSERT_EQ(comparison.only_failing.size(), 1U);
  EXPECT_EQ(comparison.only_failing[0].name, "pricing.Taxes#standardRate(String)");
  EXPECT_EQ(comparison.only_failing[0].first_line, 11U);
  EXPECT_EQ(comparison.only_passing.size(), 3U);
  // What traces say is of this run and the passing ones, not of other failing runs.
  for (const ServiceRecord& service : report->suspects) EXPECT_LE(service.counts.failing(), 1);
}

// issuer-unknown: a card of an unknown bank throws. JaCoCo loses the line that threw, and passing
// requests execute it; the spans' exceptions name it.
TEST(Localize, PutsTheLineThatThrewFirstWhereTracesNameIt) {
  Query thrown = query(CULPRIT_SOURCE_DIR "/fixtures/systems/shop/recorded/issuer-unknown.tar.xz");
  const Result<Report> report = localize(thrown);
  ASSERT_TRUE(report) << to_string(report.error());
  const Ranked& first = report->ranking.rows.front();
  EXPECT_EQ(first.code.name, "payment.Risk#isForeign(String,Cards$Card)");
  EXPECT_EQ(first.line.first_line, 29U);
  EXPECT_EQ(first.raised, (Counts{6, 0, 0, 394}));

  const auto explained = explain(thrown, "isForeign");
  ASSERT_TRUE(explained) << to_string(explained.error());
  const Explanation& why = explained->second;
  EXPECT_TRUE(why.arithmetic.raised);
  double mass = 0;
  for (const MassPart& part : why.parts) mass += std::exp(part.mass + part.bonus);
  EXPECT_NEAR(std::log(mass), why.element.score, 1e-9);

  thrown.settings.emplace_back("raised-share", "0");
  const Result<Report> deaf = localize(thrown);
  ASSERT_TRUE(deaf) << to_string(deaf.error());
  EXPECT_NE(deaf->ranking.rows.front().code.name, first.code.name);
  EXPECT_EQ(deaf->ranking.rows.front().raised, std::nullopt);
}

TEST(Localize, NamesTheSeededFaultOfEveryRecordingFirstOrSecond) {
  const std::vector<std::tuple<std::string, std::string, std::size_t>> expected = {
      {"tier-boundary", "tier_discount", 1},
      {"coupon-precedence", "applies_before", 1},
      {"freight-waived", "shipping_cost", 1},
      {"tax-rounding", "tax_by_rate", 2}};
  for (const auto& [fault, function, rank] : expected) {
    const Result<Report> report = localize(query(kPricing + fault + ".tar.xz"));
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_THAT(report->ranking.rows[rank - 1].code.name, HasSubstr(function));
    EXPECT_THAT(report->problems, IsEmpty());
  }
}

TEST(Localize, ExplainsOneFailureAgainstThePassingRuns) {
  const Folder folder;
  write_run(folder, "bad1", "123789", "failed");
  write_run(folder, "bad2", "123456", "failed");
  write_run(folder, "ok", "123", "passed");
  Query q = query(folder.path());
  q.case_name = "bad2";
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->ranking.rows[0].code.name, "g");
  EXPECT_EQ(report->ranking.rows[0].counts, (Counts{1, 0, 0, 1}));
  EXPECT_EQ(report->failed, 2U);  // both are still shown
}

TEST(Localize, RefusesACaseThatDidNotFailOrDoesNotExist) {
  const Folder folder;
  write_run(folder, "bad1", "1", "failed");
  write_run(folder, "ok", "2", "passed");
  Query q = query(folder.path());
  q.case_name = "ok";
  EXPECT_THAT(to_string(localize(q).error()), HasSubstr("run `ok` passed"));
  q.case_name = "bad2";
  EXPECT_THAT(to_string(localize(q).error()), HasSubstr("a failing run is `bad1`"));
}

TEST(Localize, FindsACaseByTheTraceOfItsRequest) {
  const Folder folder;
  write_run(folder, "bad", "1", "failed");
  write_run(folder, "ok", "2", "passed");
  folder.write(
      "bad/results.jsonl",
      R"({"run":"bad","method":"GET","url":"/x","status":500,"trace_id":"00000000000000000000000000000abc"})"
      "\n");
  Query q = query(folder.path());
  q.case_name = "00000000000000000000000000000ABC";
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->case_name, "bad");
}

TEST(Localize, SaysWhyNothingDiscriminates) {
  const auto undecided = [](const Folder& folder) {
    return localize(query(folder.path()))->undecided;
  };
  {
    const Folder folder;
    write_run(folder, "a", "12", "passed");
    EXPECT_EQ(undecided(folder), "nothing discriminates these runs: no run failed");
  }
  {
    const Folder folder;
    write_run(folder, "a", "12", "failed");
    EXPECT_THAT(undecided(folder), HasSubstr("no run passed"));
  }
  {
    const Folder folder;
    folder.write("a/a.info", executed("12"));
    EXPECT_THAT(undecided(folder), HasSubstr("no run has both an outcome and coverage"));
  }
  {
    const Folder folder;
    write_run(folder, "a", "12", "failed");
    folder.write("b/results.jsonl", "{\"run\":\"b\",\"verdict\":\"passed\"}\n");
    EXPECT_THAT(undecided(folder), HasSubstr("no passing run has coverage"));
  }
  {
    const Folder folder;
    write_run(folder, "a", "12", "failed");
    write_run(folder, "b", "12", "passed");
    EXPECT_THAT(undecided(folder),
                HasSubstr("all 9 lines were executed by the same share of the 1 failing run"));
  }
}

TEST(Localize, NamesAServiceThatFailingRunsMissTheReportOf) {
  const Folder folder;
  write_run(folder, "bad", "123", "failed");
  write_run(folder, "ok", "12", "passed");
  folder.write("bad/api/x.info", executed("1"));
  folder.write("ok/api/x.info", executed("12"));
  folder.write("ok/pay/x.info", executed("1"));
  const Result<Report> report = localize(query(folder.path()));
  ASSERT_TRUE(report);
  EXPECT_THAT(report->notes, Contains(HasSubstr("no report of pay in 1 of 1 failing run")));
  const RunRecord& bad = report->runs.front();
  EXPECT_EQ(bad.name, "bad");
  EXPECT_EQ(bad.missing, std::vector<std::string>{"pay"});
}

TEST(Localize, NotesRunsThatOnlyHaveHalfOfWhatARankingNeeds) {
  const Folder folder;
  write_run(folder, "bad", "123789", "failed");
  write_run(folder, "ok", "123", "passed");
  folder.write("more.jsonl", "{\"run\":\"typo\",\"verdict\":\"failed\"}\n");
  folder.write("silent/a.info", executed("1"));
  const Result<Report> report = localize(query(folder.path()));
  ASSERT_TRUE(report);
  EXPECT_THAT(report->notes,
              ::testing::ElementsAre("1 failing run without coverage, such as typo",
                                     "1 run with coverage but no outcome, such as silent"));
}

TEST(Localize, NotesOutcomeRulesThatNameNoRun) {
  const Folder folder;
  write_run(folder, "bad", "123", "failed");
  write_run(folder, "ok", "1", "passed");
  folder.write("culprit.toml",
               "[[outcomes]]\nrun = \"ba?\"\noutcome = \"failed\"\n"
               "[[outcomes]]\nrun = \"nigthly*\"\noutcome = \"failed\"\n");
  EXPECT_THAT(localize(query(folder.path()))->notes,
              ::testing::ElementsAre("[[outcomes]] 2, run = \"nigthly*\", names no run"));
}

TEST(Localize, SaysWhenExcludeLeavesNothing) {
  const Folder folder;
  write_run(folder, "bad", "1", "failed");
  write_run(folder, "ok", "2", "passed");
  EXPECT_THAT(localize(query(folder.path(), {{"exclude", "*"}}))->undecided,
              HasSubstr("`exclude` leaves no line (1 source file excluded)"));
}

TEST(Localize, WantsASourceFolderThatExists) {
  const Folder folder;
  write_run(folder, "bad", "1", "failed");
  Query q = query(folder.path());
  q.source = folder.path("nosuch");
  EXPECT_THAT(to_string(localize(q).error()), HasSubstr("is no folder with source code"));
}

TEST(Localize, HoldsARollUpAgainstThePosterior) {
  const Folder folder;
  write_run(folder, "bad", "1", "failed");
  EXPECT_THAT(to_string(localize(query(folder.path(), {{"roll-up", "max"}})).error()),
              HasSubstr("name a formula too"));
  EXPECT_THAT(to_string(localize(query(folder.path(), {{"formula", "ochia"}})).error()),
              HasSubstr("ochiai"));
}

TEST(Localize, TracesMoveTheRankingAndWithoutThemItIsTheSame) {
  // Two services with equal coverage; the traces of failing requests blame `b`.
  const Folder folder;
  std::string spans;
  for (int i = 0; i < 40; ++i) {
    const bool bad = i % 4 == 0;
    const std::string run = "r" + std::to_string(i);
    const std::string trace =
        std::string(31 - std::to_string(i).size(), 'a') + "0" + std::to_string(i);
    for (const char* service : {"a", "b"}) {
      folder.write(run + "/" + service + "/x.info", executed(bad ? "12" : "1"));
    }
    folder.write(run + "/results.jsonl",
                 R"({"run":")" + run + R"(","method":"GET","url":"/x","status":)" +
                     (bad ? "500" : "200") + R"(,"trace_id":")" + trace + "\"}\n");
    for (const char* service : {"a", "b"}) {
      const bool error = bad && *service == 'b';
      spans +=
          std::string(spans.empty() ? "" : ",") +
          R"({"resource":{"attributes":[{"key":"service.name","value":{"stringValue":")" + service +
          R"("}}]},"scopeSpans":[{"spans":[{"traceId":")" + trace +
          R"(","spanId":"000000000000000)" + (*service == 'a' ? "1" : "2") +
          R"(","parentSpanId":")" + (*service == 'a' ? "" : "0000000000000001") +
          R"(","name":"op","kind":2,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001000000","status":{)" +
          (error ? R"("code":2)" : "") + "}}]}]}";
    }
  }
  const auto ranked = [&] {
    return localize(query(folder.path(), {{"level", "line"}, {"top", "0"}}));
  };
  const Result<Report> without = ranked();
  ASSERT_TRUE(without) << to_string(without.error());
  EXPECT_EQ(without->ranking.rows[0].code.service, "a");  // a tie, in the spectrum's order
  EXPECT_EQ(without->ranking.rows[0].worst_rank, 2U);
  folder.write("traces/all.json", R"({"resourceSpans":[)" + spans + "]}");
  const Result<Report> with = ranked();
  ASSERT_TRUE(with) << to_string(with.error());
  EXPECT_EQ(with->traces, 40U);
  EXPECT_EQ(with->ranking.rows[0].code.service, "b");
  EXPECT_EQ(with->ranking.rows[0].worst_rank, 1U);
  ASSERT_FALSE(with->suspects.empty());
  EXPECT_EQ(with->suspects[0].service, "b");
  EXPECT_TRUE(with->suspects[0].covered);
  ASSERT_EQ(with->calls.size(), 1U);
  EXPECT_EQ(with->calls[0].caller, "a");
  EXPECT_EQ(with->calls[0].callee, "b");
  EXPECT_EQ(with->calls[0].calls, 40U);
  EXPECT_EQ(with->calls[0].errors, 10U);
  // Turned off, the traces change nothing.
  const Result<Report> off =
      localize(query(folder.path(), {{"level", "line"}, {"top", "0"}, {"trace-weight", "0"}}));
  ASSERT_EQ(off->ranking.rows.size(), without->ranking.rows.size());
  for (std::size_t i = 0; i < off->ranking.rows.size(); ++i) {
    EXPECT_EQ(off->ranking.rows[i].code, without->ranking.rows[i].code);
    EXPECT_EQ(off->ranking.rows[i].score, without->ranking.rows[i].score);
  }
}

TEST(Localize, ReadsTheManifestOfTheRunSet) {
  const Folder folder;
  write_run(folder, "bad", "123789", "failed");
  write_run(folder, "ok", "123", "passed");
  folder.write("culprit.toml", "top = 1\nlevel = \"line\"\n");
  EXPECT_EQ(localize(query(folder.path()))->ranking.rows.size(), 1U);
  EXPECT_EQ(localize(query(folder.path(), {{"top", "2"}}))->ranking.rows.size(), 2U);  // flags win
  folder.write("culprit.toml", "tpo = 1\n");
  EXPECT_THAT(to_string(localize(query(folder.path())).error()), HasSubstr("did you mean `top`?"));
}

TEST(Localize, ShowsSourceLinesOnlyFromInsideTheFolder) {
  const Folder folder;
  folder.write("runs/bad/a.info",
               "SF:/build/src/a.cc\nDA:1,1\nend_of_record\n"
               "SF:../../secret.cc\nDA:1,1\nend_of_record\n");
  folder.write("runs/ok/a.info", "SF:/build/src/a.cc\nDA:1,0\nend_of_record\n");
  folder.write("runs/results.jsonl",
               "{\"run\":\"bad\",\"verdict\":\"failed\"}\n"
               "{\"run\":\"ok\",\"verdict\":\"passed\"}\n");
  folder.write("code/src/a.cc", "  return 1;\n");
  folder.write("secret.cc", "secret\n");
  Query q = query(folder.path("runs"), {{"level", "line"}});
  q.source = folder.path("code/src");
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  for (const Ranked& row : report->ranking.rows) {
    EXPECT_EQ(row.source, row.code.file == "/build/src/a.cc" ? "return 1;" : "") << row.code.file;
  }
}

TEST(Localize, TellsWhereLinesAreInTheRepository) {
  const Folder folder;
  folder.write("runs/bad/a.info", "SF:/build/a.cc\nDA:2,1\nend_of_record\n");
  folder.write("runs/ok/a.info", "SF:/build/a.cc\nDA:2,0\nend_of_record\n");
  folder.write("runs/results.jsonl",
               "{\"run\":\"bad\",\"verdict\":\"failed\"}\n"
               "{\"run\":\"ok\",\"verdict\":\"passed\"}\n");
  folder.write("checkout/.git/HEAD", "ref: refs/heads/main\n");
  folder.write("checkout/services/shop/a.cc", "int f() {\n  return 1;\n}\n");
  Query q = query(folder.path("runs"), {{"level", "line"}, {"path-map", "/build="}});
  q.source = folder.path("checkout/services/shop");
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  for (const Ranking* ranking : {&report->ranking, &report->clusters.front().ranking}) {
    ASSERT_FALSE(ranking->rows.empty());
    const std::optional<SourcePlace>& place = ranking->rows.front().source_place;
    ASSERT_TRUE(place);
    EXPECT_EQ(place->path, "services/shop/a.cc");
    EXPECT_EQ(place->column, 3U);
    EXPECT_EQ(place->line_hash, "87eb679314fe4ac0:1");  // as a second implementation has it
  }
  q.source = folder.path("checkout");
  q.settings.back().second = "/build=services/shop";
  EXPECT_EQ(localize(q)->ranking.rows.front().source_place->path, "services/shop/a.cc");
}

TEST(Localize, SaysWhichSourceFilesItDidNotFind) {
  const Folder folder;
  for (const char* run : {"bad", "ok"}) {
    folder.write(std::string("runs/") + run + "/a.info",
                 std::string("SF:/ci/x/a.cc\nDA:1,") + (*run == 'b' ? "1" : "0") +
                     "\nend_of_record\nSF:/ci/x/b.cc\nDA:1,1\nend_of_record\n");
  }
  folder.write("runs/results.jsonl",
               "{\"run\":\"bad\",\"verdict\":\"failed\"}\n"
               "{\"run\":\"ok\",\"verdict\":\"passed\"}\n");
  folder.write("code/app/a.cc", "return 1;\n");
  Query q = query(folder.path("runs"), {{"level", "line"}});
  q.source = folder.path("code");
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_THAT(report->notes, Contains(HasSubstr("0 of 2 files found")));
  q.settings.emplace_back("path-map", "/ci/x=app");
  const Result<Report> mapped = localize(q);
  ASSERT_TRUE(mapped) << to_string(mapped.error());
  EXPECT_EQ(mapped->ranking.rows.front().source, "return 1;");
  EXPECT_THAT(mapped->notes, Contains(HasSubstr("not /ci/x/b.cc (not where --path-map says)")));
}

TEST(Localize, WarnsOfSourceThatChangedSinceTheCoverageWasTaken) {
  const Folder folder;
  write_run(folder, "runs/bad", "123789", "failed");
  write_run(folder, "runs/ok", "123456", "passed");
  folder.write("code/a.cc", "x\n");
  Query q = query(folder.path("runs"));
  q.source = folder.path("code");
  EXPECT_THAT(localize(q)->notes, Not(Contains(HasSubstr("changed after"))));
  std::filesystem::last_write_time(
      folder.path("code/a.cc"),
      std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_THAT(localize(q)->notes,
              Contains("1 source file changed after the coverage was taken, such as a.cc: lines "
                       "may have moved"));
}

TEST(Details, SayWhichRunsExecutedWhichFunctions) {
  const Folder folder;
  write_run(folder, "bad", "123789", "failed");
  write_run(folder, "ok1", "1234567", "passed");
  write_run(folder, "ok2", "123", "passed");
  Query q = query(folder.path(), {{"top", "1"}});
  q.details = true;
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->ranking.rows.size(), 1U);
  const ReportDetails& details = *report->details;
  ASSERT_EQ(details.functions.rows.size(), 3U);
  EXPECT_EQ(details.functions.rows[0].code.name, "h");
  EXPECT_EQ(details.sizes, (std::vector<std::size_t>{3, 3, 3}));
  // h is rank 1 with line 8: ok1 executed line 7 of it only.
  ASSERT_EQ(details.matrix.runs.size(), 3U);
  EXPECT_EQ(details.matrix.runs[0].name, "bad");
  EXPECT_TRUE(details.matrix.runs[0].failed);
  EXPECT_EQ(details.matrix.runs[0].cells[0], 'x');
  EXPECT_EQ(details.matrix.runs[1].name, "ok1");
  EXPECT_EQ(details.matrix.runs[1].cells[0], 'f');
  EXPECT_EQ(details.matrix.runs[2].cells[0], '-');
  EXPECT_FALSE(report->heat.empty());
}

// Two faults: /x fails through h, /y through g. ok executes f and the ends of g and h.
TEST(Details, HaveHeatAndColumnsOfEachCluster) {
  const Folder folder;
  write_run(folder, "x", "123789", "failed");
  write_run(folder, "y", "123456", "failed");
  write_run(folder, "ok", "12369", "passed");
  folder.write("responses.jsonl",
               R"({"run": "x", "method": "GET", "url": "/x", "status": 500}
{"run": "y", "method": "GET", "url": "/y", "status": 500}
{"run": "ok", "method": "GET", "url": "/x", "status": 200}
)");
  Query q = query(folder.path());
  q.details = true;
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  ASSERT_EQ(report->clusters.size(), 2U);
  const ReportDetails& details = *report->details;
  ASSERT_EQ(details.heat.size(), 2U);
  for (const ClusterHeat& heat : details.heat) {
    const bool of_x = report->clusters[heat.cluster].signature.endpoint == "GET /x";
    const std::string evident = report->clusters[heat.cluster].ranking.rows[0].code.name;
    EXPECT_EQ(evident, of_x ? "h" : "g");
    // Lines that the cluster's run executed, and none of the other's alone.
    std::vector<std::uint32_t> hottest;
    std::vector<std::uint32_t> executed;
    for (const LineHeat& line : heat.files.at(0).lines) {
      if (line.heat == 1) hottest.push_back(line.line);
      if (line.counts.ef == 1) executed.push_back(line.line);
      EXPECT_EQ(line.counts.failing(), 1);
    }
    // The first line of a function is the fault less often, and the passing run executes the last.
    EXPECT_EQ(hottest, (std::vector<std::uint32_t>{of_x ? 8U : 5U}));
    EXPECT_EQ(executed, (of_x ? std::vector<std::uint32_t>{1, 2, 3, 7, 8, 9}
                              : std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6}));
  }
  // Each cluster's first function has a column at its most suspicious line.
  for (const FailureCluster& cluster : report->clusters) {
    const Ranked& first = cluster.ranking.rows[0];
    EXPECT_TRUE(std::any_of(details.matrix.columns.begin(), details.matrix.columns.end(),
                            [&](const ExecutionMatrix::Column& column) {
                              return details.functions.rows[column.function].code == first.code &&
                                     column.line == first.line.first_line;
                            }));
  }
}

TEST(Details, AreFilledOnlyWhereTheyAreAskedFor) {
  const Folder folder;
  write_run(folder, "bad", "123789", "failed");
  write_run(folder, "ok", "123", "passed");
  const Result<Report> report = localize(query(folder.path()));
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->details);
  EXPECT_TRUE(report->heat.empty());
}

// The recording's answer says: least-fee lies in cancellation_fee, line 74 of orders.
TEST(Details, LeadFromAFailingRequestToItsCode) {
  const std::string shop = CULPRIT_SOURCE_DIR "/fixtures/systems/shop";
  Query q = query(shop + "/recorded/least-fee.tar.xz");
  q.details = true;
  q.source = shop;
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  const ReportDetails& details = *report->details;
  ASSERT_FALSE(details.requests.empty());
  const FailingRequest& request = details.requests.front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_THAT(request.url, HasSubstr("/cancel"));
  EXPECT_EQ(request.cluster, 0U);
  ASSERT_FALSE(request.spans.empty());
  EXPECT_EQ(request.spans.front().service, "gateway");
  EXPECT_EQ(request.spans.front().depth, 0U);
  bool found = false;
  for (const SpanRecord& span : request.spans) {
    if (span.service != "orders" || !span.function) continue;
    const Ranked& row = details.functions.rows[*span.function];
    found = found || row.code.name.find("cancellation_fee") != std::string::npos;
  }
  EXPECT_TRUE(found);
  const auto source =
      std::find_if(details.sources.begin(), details.sources.end(),
                   [](const SourceFile& file) { return file.path == "orders/cancellation.cpp"; });
  ASSERT_NE(source, details.sources.end());
  EXPECT_THAT(source->text, HasSubstr("// FAULT least-fee"));
  ASSERT_FALSE(details.formulas.rows.empty());
  EXPECT_EQ(details.formulas.formulas.size(), details.formulas.rows.front().ranks.size());
  EXPECT_EQ(details.services.places.size(), 5U);
  EXPECT_EQ(details.services.routes.size(), report->calls.size());
}

// A span whose exception's first frame is line 29 of Risk.java leads there, whatever else ran.
TEST(Details, LinkASpanToTheLineThatItNames) {
  Query q = query(CULPRIT_SOURCE_DIR "/fixtures/systems/shop/recorded/issuer-unknown.tar.xz");
  q.details = true;
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  const ReportDetails& details = *report->details;
  std::size_t named = 0;
  for (const FailingRequest& request : details.requests) {
    for (const SpanRecord& span : request.spans) {
      if (span.line == 0) continue;
      ++named;
      EXPECT_EQ(span.line, 29U);
      EXPECT_EQ(details.functions.rows[*span.function].code.name,
                "payment.Risk#isForeign(String,Cards$Card)");
    }
  }
  EXPECT_EQ(named, details.requests.size());
}

TEST(Details, PutTheCaseThatIsAskedForAmongTheRequests) {
  Query q = query(CULPRIT_SOURCE_DIR "/fixtures/systems/shop/recorded/payment-stopped.tar.xz");
  q.details = true;
  const Result<Report> all = localize(q);
  ASSERT_TRUE(all);
  // The last of the largest cluster, of which the first eight are shown otherwise.
  const std::string last = all->clusters.front().runs.back();
  const auto shown = [&](const Report& report) {
    return std::any_of(report.details->requests.begin(), report.details->requests.end(),
                       [&](const FailingRequest& request) { return request.run == last; });
  };
  EXPECT_FALSE(shown(*all));
  EXPECT_GT(all->details->requests_left_out, 0U);
  q.case_name = last;
  const Result<Report> one = localize(q);
  ASSERT_TRUE(one);
  EXPECT_TRUE(shown(*one));
}

TEST(Details, OfRunsThatNothingDiscriminatesStillShowTheServices) {
  Query q = query(CULPRIT_SOURCE_DIR "/fixtures/systems/shop/recorded/normal.tar.xz");
  q.details = true;
  const Result<Report> report = localize(q);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_TRUE(report->details->functions.rows.empty());
  EXPECT_TRUE(report->details->requests.empty());
  EXPECT_EQ(report->details->services.places.size(), 5U);
}

TEST(Explain, FindsFunctionsByPartsOfTheirNamesAndLines) {
  const Folder folder;
  write_run(folder, "bad", "123789", "failed");
  write_run(folder, "ok", "123456", "passed");
  const auto by_name = explain(query(folder.path()), "h");
  ASSERT_TRUE(by_name) << to_string(by_name.error());
  EXPECT_EQ(by_name->second.lines.size(), 3U);
  EXPECT_EQ(by_name->second.failing_executed.size(), 1U);
  EXPECT_EQ(by_name->second.passing_not_executed, 1U);
  const auto by_line = explain(query(folder.path()), "a.cc:8");
  ASSERT_TRUE(by_line) << to_string(by_line.error());
  EXPECT_EQ(by_line->second.lines.size(), 1U);
  EXPECT_THAT(to_string(explain(query(folder.path()), "nosuch").error()),
              HasSubstr("no element is called `nosuch`"));
}

TEST(Explain, LetsNoControlCharacterThroughWhenItAsksBack) {
  const Folder folder;
  for (const char* service : {"a", "b"}) {
    for (const char* run : {"bad", "ok"}) {
      folder.write(std::string(run) + "/" + service + "/x.info",
                   "SF:a.cc\nFN:1,fn\x1b[31m\nDA:1," + std::string(*run == 'b' ? "1" : "0") +
                       "\nend_of_record\n");
    }
  }
  folder.write(
      "results.jsonl",
      "{\"run\":\"bad\",\"verdict\":\"failed\"}\n{\"run\":\"ok\",\"verdict\":\"passed\"}\n");
  const std::string asked = to_string(explain(query(folder.path()), "fn").error());
  EXPECT_THAT(asked, HasSubstr("names 2 elements"));
  EXPECT_THAT(asked, ::testing::Not(HasSubstr("\x1b")));
}

TEST(Explain, WantsAnElement) {
  EXPECT_THAT(to_string(explain(query(kPricing + "tier-boundary.tar.xz"), " ").error()),
              HasSubstr("which element?"));
  const std::string nothing =
      to_string(explain(query(kPricing + "tier-boundary.tar.xz"), ":5").error());
  EXPECT_THAT(nothing, HasSubstr("no element is called `:5`"));
  EXPECT_THAT(nothing, ::testing::Not(HasSubstr("``")));
}

TEST(Explain, AsksBackWhenSeveralFunctionsFit) {
  const Folder folder;
  for (const char* service : {"a", "b"}) {
    folder.write(std::string("bad/") + service + "/x.info", executed("12"));
    folder.write(std::string("ok/") + service + "/x.info", executed("1"));
  }
  folder.write("results.jsonl",
               "{\"run\":\"bad\",\"verdict\":\"failed\"}\n"
               "{\"run\":\"ok\",\"verdict\":\"passed\"}\n");
  EXPECT_THAT(to_string(explain(query(folder.path()), "f").error()), HasSubstr("names 2 elements"));
  const auto one = explain(query(folder.path()), "b:f");
  ASSERT_TRUE(one) << to_string(one.error());
  EXPECT_EQ(one->second.element.code.service, "b");
}

// AnoMod's data as published, through the committed manifests.
class Anomod : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kAnomod)) GTEST_SKIP() << "../shared/data/anomod is not there";
  }
  static Result<Report> ranked(const std::string& archive, const std::string& manifest) {
    Query q = query(kAnomod + archive, {{"level", "line"}});
    q.manifest = CULPRIT_SOURCE_DIR "/fixtures/anomod/" + manifest;
    return localize(q);
  }
};

TEST_F(Anomod, SocialNetworkRanksTheCatchBlocksOfTheCallerFirst) {
  const Result<Report> report = ranked("sn_coverage.tar.xz", "socialnetwork.toml");
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->runs.size(), 13U);
  EXPECT_EQ(report->lines, 4980U);
  std::vector<std::string> first;
  for (std::size_t i = 0; i < 6; ++i) {
    const CodeElement& code = report->ranking.rows[i].code;
    EXPECT_EQ(code.service, "compose-post-service");
    first.push_back(std::filesystem::path(code.file).filename().string() + ":" +
                    std::to_string(code.first_line));
  }
  EXPECT_THAT(first, ::testing::UnorderedElementsAre("ClientPool.h:113", "ClientPool.h:114",
                                                     "ClientPool.h:115", "ClientPool.h:116",
                                                     "ThriftClient.h:131", "ThriftClient.h:132"));
  for (const char* service : {"media-service", "text-service", "user-service"}) {
    EXPECT_THAT(report->notes, Contains(HasSubstr("no report of " + std::string(service))));
  }
}

TEST_F(Anomod, TrainTicketCarriesNothingThatDiscriminates) {
  const Result<Report> report = ranked("tt_coverage.tar.xz", "trainticket.toml");
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->runs.size(), 13U);
  EXPECT_EQ(report->services, 41U);
  EXPECT_THAT(report->undecided, HasSubstr("nothing discriminates these runs: all 8338 lines"));
  EXPECT_THAT(report->ranking.rows, IsEmpty());
}

}  // namespace
}  // namespace culprit
