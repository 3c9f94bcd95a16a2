#include "writers/writers.h"

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "base/gzip.h"
#include "readers/trace_ids.h"
#include "writers/readable_name.h"
#include "writers/table.h"

namespace culprit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Report small_report() {
  Report report;
  report.runs_path = "my runs/";
  report.runs = {{"bad", Outcome::failed("status 500"), 2, {}, true},
                 {"ok", Outcome::passed("status 200"), 2, {}, true}};
  report.failed = report.passed = 1;
  report.lines = 10;
  report.functions = 3;
  report.files = 1;
  report.services = 1;
  report.ranking.formula = "ochiai";
  report.ranking.roll_up = RollUp::kMax;
  report.ranking.elements = 3;
  for (int i = 0; i < 2; ++i) {
    Ranked row;
    row.code = {Level::kFunction, "", "a.cc", i == 0 ? "f(int)" : "g()", 1, 4};
    row.line = {Level::kLine, "", "a.cc", row.code.name, 2, 2};
    row.counts = {1, 0.25, 0, 3.75};
    row.score = i == 0 ? std::numeric_limits<double>::infinity() : 0.5;
    row.best_rank = 1;
    row.worst_rank = 2;
    row.group = 1;
    report.ranking.rows.push_back(row);
  }
  return report;
}

TEST(Text, MarksTiesAndAmbiguityGroups) {
  const std::string text = ranking_as_text(small_report(), {});
  EXPECT_THAT(text, HasSubstr(" 1-2    inf  f(int)    a.cc:2                failing 1/1, passing "
                              "0.2/4  A\n"));
  EXPECT_THAT(text, HasSubstr("rows of one group have identical columns"));
  EXPECT_THAT(text, HasSubstr("2 of 3 shown, --top 0 shows all"));
}

TEST(Text, QuotesTheNextCommandForAShell) {
  Report report = small_report();
  report.runs_path = "it's here";
  EXPECT_THAT(ranking_as_text(report, {}),
              HasSubstr("next: culprit explain 'it'\\''s here' 'f(int)'\n"));
  report.services = 2;
  report.ranking.rows[0].code.service = "pay";
  EXPECT_THAT(ranking_as_text(report, {}), HasSubstr(" 'pay:f(int)'\n"));
}

TEST(Text, LetsNoControlCharacterOfTheInputReachTheTerminal) {
  Report report = small_report();
  report.ranking.rows[0].code.name = "f\x1b[31m\r\n";
  report.ranking.rows[0].line.file = "a\x1b]0;x\a.cc";
  report.runs[0].name = "bad\x1b[2J";
  report.runs[0].outcome.reason = "why\x1b[2J";
  for (const std::string& text : {ranking_as_text(report, {}), labels_as_text(report, {})}) {
    const std::size_t next = text.find("next: ");
    EXPECT_THAT(text.substr(0, next), Not(HasSubstr("\x1b")));
  }
}

TEST(Text, SaysWhyThereIsNoRanking) {
  Report report = small_report();
  report.ranking.rows.clear();
  report.undecided = "nothing discriminates these runs: no run failed";
  const std::string text = ranking_as_text(report, {});
  EXPECT_THAT(text, HasSubstr("\nnothing discriminates these runs: no run failed\n"));
  EXPECT_THAT(text, Not(HasSubstr("next:")));
}

TEST(Text, ListsProblemsWithTheirPlaces) {
  Report report = small_report();
  report.problems = {{{"r1/a.xml", 3, 7}, "unclosed element", "<a><b>", 3, "fetch it again"}};
  EXPECT_THAT(ranking_as_text(report, {}),
              HasSubstr("warning: r1/a.xml:3:7: unclosed element\n    <a><b>\n       ^\n  fetch it "
                        "again\n"));
}

TEST(Text, NamesFilesThatWereNotReadWhereTheyAreFew) {
  Report report = small_report();
  report.inputs = {{"", "not a known format", 3}};
  report.problems = {{{"r1/responses.jsonl"}, "not a known format"}};
  EXPECT_THAT(ranking_as_text(report, {}), HasSubstr("r1/responses.jsonl"));
  report.inputs[0].files = 4;
  EXPECT_THAT(ranking_as_text(report, {}), Not(HasSubstr("r1/responses.jsonl")));
  Style all;
  all.all_problems = true;
  EXPECT_THAT(ranking_as_text(report, all), HasSubstr("r1/responses.jsonl"));
}

// Failures that follow from others are not compared, and the ranking's counts are without them.
TEST(Text, SaysHowManyOfTheFailingRunsAreCompared) {
  Report report = small_report();
  EXPECT_THAT(ranking_as_text(report, {}), HasSubstr("2 runs: 1 failed, 1 passed"));
  report.runs.push_back({"after", Outcome::failed("status 404"), 2, {}, false});
  report.failed = 2;
  EXPECT_THAT(ranking_as_text(report, {}), HasSubstr("3 runs: 2 failed (1 compared), 1 passed"));
  report.runs.push_back({"without coverage", Outcome::failed("status 404"), 0, {}, false});
  report.failed = 3;
  EXPECT_THAT(ranking_as_text(report, {}), HasSubstr("4 runs: 3 failed (1 compared), 1 passed"));
  report.case_name = "bad";
  EXPECT_THAT(ranking_as_text(report, {}), HasSubstr("4 runs: 3 failed, 1 passed"));
}

TEST(Text, ShowsWhatTracesSayOfServices) {
  Report report = small_report();
  report.suspects = {{"pay", 12.34, "error in POST /pay", {9, 1, 0, 30}, true},
                     {"web", 0, "", {}, false}};
  report.calls = {{"cart", "pay", 39, 9}, {"web", "cart", 40, 0}, {"web", "pay", 1, 0}};
  EXPECT_THAT(ranking_as_text(report, {}),
              HasSubstr("pay      12.3  error in POST /pay      9/9     1/31  yes       cart (39 "
                        "calls, 9 errors), web (1 call)\n"
                        "web       0.0                                        no\n"));
}

// Of one service, which traces blame: by S, or by a peer, which gives no share.
Report service_report(bool peer) {
  Report report = small_report();
  report.ranking = {};
  report.ranking.level = Level::kService;
  report.ranking.formula = peer ? "microrank" : "posterior";
  report.ranking.elements = 1;
  Ranked row;
  row.code.level = Level::kService;
  row.code.service = "pay";
  row.score = 0.75;
  row.best_rank = row.worst_rank = 1;
  if (!peer) row.probability = 0.5;
  if (!peer) row.counts = {9, 1, 0, 30};
  report.ranking.rows = {row};
  report.suspects = {{"pay", 12.34, "error in POST /pay", {9, 1, 0, 30}, true}};
  return report;
}

TEST(Text, ShowsNoEvidenceOfOursBesideAPeersServices) {
  const std::string ours = ranking_as_text(service_report(false), {});
  EXPECT_THAT(ours, HasSubstr("error in POST /pay: failing 9/9, passing 1/31 traces\n"));
  const std::string peers = ranking_as_text(service_report(true), {});
  EXPECT_THAT(peers, HasSubstr("pay      -                     -\n"));
  EXPECT_THAT(peers, Not(HasSubstr("POST /pay: failing")));
}

TEST(Text, FitsTheTerminalByCuttingNames) {
  Report report = small_report();
  report.ranking.rows[0].code.name = "namespace_of_some_length::function_of_some_length_too";
  Style style;
  style.width = 90;
  const std::string text = ranking_as_text(report, style);
  const std::size_t table = text.find("rank ");
  for (std::size_t at = table; text[at] != '\n' || text[at + 1] != '\n';) {
    const std::size_t end = text.find('\n', at);
    if (text.substr(at, 4) == "rows") break;
    EXPECT_LE(width_of(text.substr(at, end - at)), 90U) << text.substr(at, end - at);
    at = end + 1;
  }
  EXPECT_THAT(text, HasSubstr("…"));
}

TEST(Json, WritesInfinitiesAsWordsAndStaysValid) {
  Report report = small_report();
  report.runs[0].name = "caf\xe9";  // not UTF-8
  const auto json = nlohmann::json::parse(ranking_as_json(report, {}));
  EXPECT_EQ(json["ranking"][0]["score"], "inf");
  EXPECT_EQ(json["ranking"][1]["score"], 0.5);
  EXPECT_EQ(json["ranking"][0]["probability"], nullptr);
  EXPECT_EQ(json["runs"][0]["run"], "caf\xef\xbf\xbd");
}

TEST(Json, HasNoCountsOfAPeersServices) {
  const auto ours = nlohmann::json::parse(ranking_as_json(service_report(false), {}));
  EXPECT_EQ(ours["ranking"][0]["counts"]["np"], 30);
  const auto peers = nlohmann::json::parse(ranking_as_json(service_report(true), {}));
  EXPECT_FALSE(peers["ranking"][0].contains("counts"));
}

TEST(Json, HasNoLineOfAServiceThatTracesBlame) {
  const auto json = nlohmann::json::parse(ranking_as_json(service_report(false), {}));
  EXPECT_FALSE(json["ranking"][0].contains("line"));
  EXPECT_EQ(json["ranking"][0]["element"]["service"], "pay");
  EXPECT_EQ(nlohmann::json::parse(ranking_as_json(small_report(), {}))["ranking"][0]["line"], 2);
}

TEST(Scores, HaveTheSameFiguresInEveryFormat) {
  Score score;
  score.suite = "s";
  score.formula = "op2 max+vote";
  score.n = 3;
  score.figures.resize(figures().size());
  score.figures[figure_index("line_top1")] = {33.3333, 0, 66.6667};
  score.figures[figure_index("exam")] = {12.3456, 1, 99};
  Score difference = score;
  difference.against = "posterior";
  Evaluation scores{{score, difference}, {}};
  scores.calibrations.push_back(
      calibration("posterior", std::vector<std::vector<Forecast>>{{{0.7, true}, {0.3, false}}}));
  const std::string csv = scores_as_csv(scores, {});
  EXPECT_THAT(csv, StartsWith("suite,formula,against,n,line_top1,line_top1_low,line_top1_high,"));
  EXPECT_THAT(csv, HasSubstr("\ns,op2 max+vote,,3,33.3,0.0,66.7,"));
  EXPECT_THAT(csv, HasSubstr("\ns,op2 max+vote,posterior,3,33.3,"));
  EXPECT_THAT(csv, HasSubstr(",12.35,1.00,99.00,"));
  const auto json = nlohmann::json::parse(scores_as_json(scores, {}))["scores"];
  EXPECT_EQ(json[0]["line_top1"], 33.3);
  EXPECT_EQ(json[0]["line_top1_interval"], nlohmann::json({0.0, 66.7}));
  EXPECT_EQ(json[0]["exam"], 12.35);
  EXPECT_FALSE(json[0].contains("against"));
  EXPECT_EQ(json[1]["against"], "posterior");
  EXPECT_THAT(scores_as_markdown(scores, {}),
              HasSubstr("| s | op2 max+vote | 3 | 0.0 / 0.0 / 0.0 | 0.00 | 33.3 / 0.0 / 0.0 |\n"));
  EXPECT_EQ(json[2]["suite"], "calibration");
  EXPECT_EQ(json[2]["bins"][1]["at_fault"], 1.0);
  const std::string text = scores_as_text(scores, {});
  EXPECT_THAT(text, HasSubstr("Brier score 0.180; equal shares for all: 0.500"));
  EXPECT_THAT(text, HasSubstr("12.35"));
  EXPECT_THAT(text, HasSubstr("How much higher than posterior"));
}

TEST(ReadableName, ShortensOnlyWhatIsTooLong) {
  EXPECT_EQ(readable_name("f(std::__cxx11::basic_string<char, std::char_traits<char>, "
                          "std::allocator<char> > const&)"),
            "f(std::string const&)");
  EXPECT_EQ(readable_name("shop::order(int, int, int)", 20), "shop::order(…)");
  EXPECT_EQ(readable_name("shop::Pool<shop::Client<int> >::get(int)", 20), "shop::Pool<…>::get(…)");
  EXPECT_EQ(readable_name("a::(anonymous namespace)::f(int, char)", 12),
            "a::(anonymous namespace)::f(…)");
  EXPECT_EQ(readable_name("bool operator<(Money const&, Money const&)", 20), "bool operator<(…)");
  EXPECT_EQ(readable_name("f()", 2), "f()");
}

TEST(Table, AlignsByColumnsNotBytes) {
  Table table({"name", ">n"});
  table.add({"é", "1"});
  table.add({"ab", "10"});
  EXPECT_EQ(table.text(false, 0, 0), "name   n\né      1\nab    10\n");
}

TEST(FindWriter, SuggestsTheNearest) {
  EXPECT_TRUE(find_writer("json"));
  EXPECT_THAT(to_string(find_writer("jsno").error()), HasSubstr("did you mean `json`?"));
}

// The JSON that a page holds.
nlohmann::json data_of(const std::string& html) {
  const std::string open = "<script type=\"application/gzip+base64\" id=\"report\">";
  const std::size_t from = html.find(open);
  if (from == std::string::npos) return nullptr;
  const std::size_t end = html.find("</script>", from);
  const auto packed = decoded_base64(html.substr(from + open.size(), end - from - open.size()));
  const auto text = gunzip("page", packed.value_or(""), 1U << 30);
  return text ? nlohmann::json::parse(*text, nullptr, false) : nullptr;
}

TEST(Html, HoldsTheReportAsDataAndNothingOfItAsMarkup) {
  Report report = small_report();
  const std::string hostile = "</script><img src=x onerror=alert(1)><!--";
  report.runs_path = report.ranking.rows[0].code.name = report.ranking.rows[0].code.file = hostile;
  report.notes = {hostile};
  const std::string html = ranking_as_html(report, {});
  EXPECT_EQ(html.find("onerror=alert"), std::string::npos);
  const nlohmann::json data = data_of(html);
  ASSERT_TRUE(data.is_object());
  EXPECT_EQ(data["runs_path"], hostile);
  EXPECT_EQ(data["ranking"][0]["title"], hostile);
  EXPECT_EQ(data["notes"][0], hostile);
}

TEST(Html, SaysRanksCountsAndInfiniteScores) {
  const nlohmann::json data = data_of(ranking_as_html(small_report(), {}));
  EXPECT_EQ(data["schema"], "culprit.page/1");
  const nlohmann::json& row = data["ranking"][0];
  EXPECT_EQ(row["rank"], nlohmann::json::parse("[1, 2]"));
  EXPECT_EQ(row["counts"], nlohmann::json::parse("[1, 0.25, 0, 3.75]"));
  EXPECT_EQ(row["score"], "inf");
  EXPECT_EQ(row["group"], 1);
  EXPECT_EQ(data["files"][row["file"].get<std::size_t>()][1], "a.cc");
}

TEST(Html, HasNoPlaceOfAServiceThatTracesBlame) {
  const nlohmann::json data = data_of(ranking_as_html(service_report(false), {}));
  const nlohmann::json& row = data["ranking"][0];
  EXPECT_FALSE(row.contains("line") || row.contains("in"));
  EXPECT_EQ(data["services"][row["service"].get<std::size_t>()], "pay");
  EXPECT_TRUE(data["files"].empty());
}

TEST(Html, TellsASourceOnceHoweverManyServicesShareIt) {
  Report report = small_report();
  report.details.emplace();
  report.details->sources = {{"a", "/b/x.h", "x.h", "int x;\n"},
                             {"b", "/b/x.h", "x.h", "int x;\n"}};
  const nlohmann::json data = data_of(ranking_as_html(report, {}));
  EXPECT_EQ(data["sources"], nlohmann::json::parse(R"([["x.h", "int x;\n"]])"));
  EXPECT_EQ(data["source_of"].size(), 2U);
  for (const auto& [file, source] : data["source_of"].items()) EXPECT_EQ(source, 0) << file;
}

TEST(Html, BoundsClustersAndTheirRankingsAndSaysSo) {
  Report report = small_report();
  FailureCluster cluster;
  cluster.ranking.rows.resize(300, report.ranking.rows.front());
  cluster.ranking.elements = 300;
  report.clusters.resize(120, cluster);
  const nlohmann::json data = data_of(ranking_as_html(report, {}));
  EXPECT_EQ(data["clusters"].size(), 100U);
  EXPECT_EQ(data["more_clusters"], 20);
  EXPECT_EQ(data["clusters"][0]["rows"].size(), 200U);
  EXPECT_EQ(data["clusters"][0]["elements"], 300);
}

TEST(Html, LoadsNothingAndRunsOnlyItsOwnScript) {
  const std::string html = ranking_as_html(small_report(), {});
  EXPECT_THAT(html, StartsWith("<!doctype html>"));
  EXPECT_THAT(html, HasSubstr("content=\"default-src 'none'; script-src 'sha256-"));
  for (const char* loads : {" src=", "<link", "@import", "url(\"", "url(http", "import(\"",
                            "fetch(", "XMLHttpRequest"}) {
    EXPECT_EQ(html.find(loads), std::string::npos) << loads;
  }
  // The notices that the licences of what it includes ask for.
  EXPECT_THAT(html, HasSubstr("d3-hierarchy 3.1.3"));
  EXPECT_THAT(html, HasSubstr("prismjs 1.30.0"));
  EXPECT_THAT(html, HasSubstr("Permission to use, copy, modify, and/or distribute"));
}

}  // namespace
}  // namespace culprit
