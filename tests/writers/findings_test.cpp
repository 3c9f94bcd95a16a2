#include "writers/findings.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "writers/gate_report.h"
#include "writers/writers.h"

namespace culprit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kGolden = std::string(CULPRIT_SOURCE_DIR) + "/tests/golden/writers/";

// Compares with tests/golden/writers/NAME; CULPRIT_UPDATE_GOLDEN=1 writes it instead.
void expect_golden(const std::string& name, const std::string& actual) {
  if (std::getenv("CULPRIT_UPDATE_GOLDEN") != nullptr) std::ofstream(kGolden + name) << actual;
  std::ifstream in(kGolden + name);
  std::ostringstream expected;
  expected << in.rdbuf();
  EXPECT_EQ(actual, expected.str()) << "in " << kGolden << name;
}

std::string count_lines_with(const std::string& text, std::string_view what) {
  std::istringstream in(text);
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);) count += line.starts_with(what) ? 1 : 0;
  return std::to_string(count);
}

TEST(FailureSignatures, AreSentencesThoughTheirEndpointIsNotKnown) {
  EXPECT_EQ(in_words(FailureSignature{"POST /pay", "http-5xx", "payment", ""}),
            "POST /pay fails with http-5xx, first in payment");
  EXPECT_EQ(in_words(FailureSignature{"", "assertion", "", ""}), "a run fails with assertion");
}

TEST(Findings, AreWrittenInEveryFormatOfCi) {
  Style gitlab;
  gitlab.junit_for_gitlab = true;
  for (const auto& [command, report] :
       {std::pair("gate", gate_report()), std::pair("rank", rank_report())}) {
    const std::string name = command;
    expect_golden(name + ".gcc.txt", findings_as_gcc(report, {}));
    expect_golden(name + ".github.txt", findings_as_github(report, {}));
    expect_golden(name + ".gitlab.json", findings_as_gitlab(report, {}));
    expect_golden(name + ".rdjson.json", findings_as_rdjson(report, {}));
    expect_golden(name + ".csv", findings_as_csv(report, {}));
    expect_golden(name + ".md", findings_as_markdown(report, {}));
    expect_golden(name + ".jenkins.xml", outcomes_as_junit(report, {}));
    expect_golden(name + ".gitlab.xml", outcomes_as_junit(report, gitlab));
    expect_golden(name + ".sarif", findings_as_sarif(report, {}));
    expect_golden(name + ".report.json", ranking_as_json(report, {}));
  }
}

TEST(Findings, FailOnlyWhereTheGateDoes) {
  const Report report = gate_report();
  std::size_t errors = 0;
  for (const Finding& finding : findings_of(report)) {
    if (finding.level != FindingLevel::kError) continue;
    ++errors;
    EXPECT_EQ(finding.rule->id, "CL1001");
    EXPECT_EQ(finding.path, "services/orders/src/total 1.cpp");
  }
  EXPECT_EQ(errors, 1U);
  for (const Finding& finding : findings_of(rank_report())) {
    EXPECT_NE(finding.level, FindingLevel::kError);
    EXPECT_EQ(finding.rule->id, "CL1004");
  }
}

TEST(Findings, NameCodeOnceHoweverManyClustersSuspectIt) {
  const Report report = gate_report();
  std::set<std::string> seen;
  for (const Finding& finding : findings_of(report)) {
    EXPECT_TRUE(seen.insert(finding.fingerprint).second) << finding.subject;
    if (finding.subject != "shop::help()") continue;
    EXPECT_EQ(finding.clusters.size(), 2U);
  }
}

TEST(Findings, BlameNoCodeForWhatADatabaseDid) {
  const Report report = gate_report();
  const std::vector<Finding> findings = findings_of(report);
  const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.subject == "GET /slow";
  });
  ASSERT_NE(found, findings.end());
  EXPECT_EQ(found->rule->id, "CL1005");
  EXPECT_EQ(found->code, nullptr);
  EXPECT_THAT(found->message, HasSubstr("level database: the client span to orders-db"));
}

TEST(Findings, LeaveNoPathOutsideOfTheRepository) {
  EXPECT_EQ(below_the_root("./a/./b/../c.cc"), "a/c.cc");
  EXPECT_EQ(below_the_root("a/../../c.cc"), "");
  EXPECT_EQ(below_the_root("/usr/include/c.h"), "");
  EXPECT_EQ(below_the_root("C:\\src\\c.cc"), "");
  const std::string sarif = findings_as_sarif(gate_report(), {});
  EXPECT_THAT(sarif, Not(HasSubstr("Stub.java")));
  EXPECT_THAT(findings_as_gcc(rank_report(), {}), Not(HasSubstr("..")));
}

TEST(Sarif, HasUtf16ColumnsAndRdjsonHasBytes) {
  const auto sarif = nlohmann::json::parse(findings_as_sarif(gate_report(), {}));
  const auto& region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
  EXPECT_EQ(region["startColumn"], 5);
  EXPECT_EQ(region["endColumn"], 5 + 16);  // r-e-t-u-r-n-blank-p-r-é-i-s-[-0-]-;
  const auto rdjson = nlohmann::json::parse(findings_as_rdjson(gate_report(), {}));
  EXPECT_EQ(rdjson["diagnostics"][0]["location"]["range"]["end"]["column"], 5 + 17);
}

TEST(Sarif, TellsTheStateAgainstTheBaselineAndSuppressions) {
  const auto sarif = nlohmann::json::parse(findings_as_sarif(gate_report(), {}));
  std::map<std::string, nlohmann::json> by_function;
  for (const auto& result : sarif["runs"][0]["results"]) {
    by_function[result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]] = result;
  }
  EXPECT_EQ(by_function["shop.Card#check(int[])"]["suppressions"][0]["justification"],
            "flaky terminal, SHOP-12 (until 2027-01-31)");
  EXPECT_EQ(by_function["shop.Card#check(int[])"]["baselineState"], "new");
  EXPECT_EQ(by_function["shop::help()"]["suppressions"].size(), 0U);
  EXPECT_EQ(by_function["shop::total(std::vector<int> const&, int*)"]["partialFingerprints"]
                       ["primaryLocationLineHash"],
            "a1b2c3d4e5f60718:1");
  EXPECT_FALSE(
      by_function["shop::help()"]["partialFingerprints"].contains("primaryLocationLineHash"));
  EXPECT_EQ(by_function["shop::help()"]["codeFlows"][0]["threadFlows"][0]["locations"].size(), 2U);
  // The link of the message leads to the function, and brackets of names are no links.
  EXPECT_THAT(by_function["shop.Card#check(int[])"]["message"]["text"].get<std::string>(),
              StartsWith("[shop.Card#check(int\\[\\])](0): "));
}

TEST(Sarif, KeepsToGithubsLimits) {
  Report report = rank_report();
  const Ranked row = report.ranking.rows.front();
  report.ranking.rows.assign(6000, row);
  const auto sarif = nlohmann::json::parse(findings_as_sarif(report, {}));
  EXPECT_EQ(sarif["runs"][0]["results"].size(), 5000U);
  EXPECT_EQ(sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "1000 more results were left out");
}

TEST(Github, ShowsNineAndSaysHowManyMore) {
  Report report = rank_report();
  for (int i = 0; i < 30; ++i) report.ranking.rows.push_back(report.ranking.rows.back());
  const std::string text = findings_as_github(report, {});
  EXPECT_EQ(count_lines_with(text, "::"), "10");
  EXPECT_THAT(text, HasSubstr("::notice title=culprit::+23 more;"));
}

TEST(Github, EscapesWhatWouldEndACommand) {
  Report report = rank_report();
  report.ranking.rows[0].source_place->path = "a,b:c%/d.cc";
  report.ranking.rows[0].code.name = "f\n::error::injected";
  const std::string text = findings_as_github(report, {});
  EXPECT_THAT(text, HasSubstr("file=a%2Cb%3Ac%25/d.cc,"));
  EXPECT_EQ(count_lines_with(text, "::error"), "0");
}

TEST(Gitlab, NumbersEqualFingerprints) {
  Report report = rank_report();
  report.ranking.rows.push_back(report.ranking.rows.front());
  const auto rows = nlohmann::json::parse(findings_as_gitlab(report, {}));
  std::set<std::string> fingerprints;
  for (const auto& row : rows) fingerprints.insert(row["fingerprint"]);
  EXPECT_EQ(fingerprints.size(), 3U);
}

TEST(Markdown, StaysBelowWhatAStepMayWrite) {
  Report report = gate_report();
  const ClusterVerdict verdict = report.gate->clusters[0];
  report.gate->clusters.assign(5000, verdict);
  const std::string text = findings_as_markdown(report, {});
  EXPECT_LT(text.size(), 1U << 20);
  EXPECT_THAT(text, HasSubstr("more parts left out"));
}

TEST(Markdown, CallsNobodyAndTakesNoMarkupFromTheInput) {
  const std::string text = findings_as_markdown(gate_report(), {});
  EXPECT_THAT(text, HasSubstr("a note with \\<b\\>markup\\</b\\> and @\xe2\x80\x8bsomeone"));
  EXPECT_THAT(text, HasSubstr("`POST /pay\\|\"x\"`"));
}

TEST(Csv, HasNoFormulaOfASpreadsheet) {
  Report report = rank_report();
  report.ranking.rows[0].code.name = "=HYPERLINK(\"http://x\")";
  EXPECT_THAT(findings_as_csv(report, {}), HasSubstr(",\"'=HYPERLINK(\"\"http://x\"\")\","));
}

TEST(Junit, SkipsWhatDoesNotFailTheGate) {
  const std::string text = outcomes_as_junit(gate_report(), {});
  EXPECT_THAT(text, HasSubstr("tests=\"5\" failures=\"1\" errors=\"0\" skipped=\"3\""));
  EXPECT_THAT(text, HasSubstr("name=\"POST /pay|&quot;x&quot;\">\n      <skipped message=\""));
  EXPECT_THAT(text, HasSubstr("suppressed: flaky terminal, SHOP-12"));
}

TEST(Junit, EscapesAllItPrints) {
  Report report = rank_report();
  report.clusters[0].ranking.rows[1].probability = 1e-9;  // "<0.1%"
  report.clusters[0].ranking.rows[1].code.name = "shop::less<int>(int&)";
  EXPECT_THAT(outcomes_as_junit(report, {}),
              HasSubstr("suspect 2 (&lt;0.1%), shop::less&lt;int&gt;(int&amp;), failing"));
}

TEST(Json, BeginsWithItsSchema) {
  EXPECT_THAT(ranking_as_json(gate_report(), {}),
              StartsWith("{\n  \"schema\": \"culprit.report/1\",\n"));
  EXPECT_THAT(labels_as_json(gate_report(), {}),
              StartsWith("{\n  \"schema\": \"culprit.labels/1\",\n"));
  EXPECT_THAT(explanation_as_json(gate_report(), {}, {}),
              StartsWith("{\n  \"schema\": \"culprit.explanation/1\",\n"));
}

TEST(Json, HasTheVerdictOfEachCluster) {
  const auto json = nlohmann::json::parse(ranking_as_json(gate_report(), {}));
  EXPECT_EQ(json["gate"]["answer"], "new-faults");
  EXPECT_EQ(json["gate"]["clusters"][0]["cluster"], json["clusters"][0]["fingerprint"]);
  EXPECT_EQ(json["gate"]["clusters"][0]["suspects"][0]["relation"], "changed");
  EXPECT_EQ(json["gate"]["clusters"][1]["suppressed"]["expires"], "2027-01-31");
  EXPECT_EQ(json["clusters"][0]["ranking"].size(), 2U);
  EXPECT_FALSE(nlohmann::json::parse(ranking_as_json(rank_report(), {})).contains("gate"));
}

TEST(Findings, TakeAnyBytesForNames) {
  std::string any = "]]><!--&\"'";
  for (int byte = 1; byte < 256; ++byte) any += static_cast<char>(byte);
  any += "\xef\xbf\xbf\xed\xa0\x80";
  for (Report report : {gate_report(), rank_report()}) {
    for (FailureCluster& cluster : report.clusters) {
      cluster.signature.endpoint = cluster.signature.operation = cluster.level_evidence = any;
      cluster.trace = {{any, any, true, any, 3}};
      cluster.runs = {any};
      for (Ranked& row : cluster.ranking.rows) row.code.name = row.line.file = row.source = any;
    }
    for (Ranked& row : report.ranking.rows) row.code.name = row.line.file = row.code.service = any;
    if (report.gate) {
      for (ClusterVerdict& verdict : report.gate->clusters) {
        verdict.because = any;
        for (Suspect& suspect : verdict.suspects) {
          suspect.code.code.name = suspect.code.line.file = suspect.code.source = any;
        }
      }
    }
    report.notes = {any};
    for (const std::string& json : {findings_as_sarif(report, {}), findings_as_gitlab(report, {}),
                                    findings_as_rdjson(report, {}), ranking_as_json(report, {})}) {
      EXPECT_TRUE(nlohmann::json::accept(json));
    }
    const std::string xml = outcomes_as_junit(report, {});
    EXPECT_EQ(xml.find_first_of(std::string("\0\x01\x08\x0b\x1b", 5)), std::string::npos);
    EXPECT_THAT(xml, Not(HasSubstr("<!--")));
    EXPECT_THAT(xml, Not(HasSubstr("\xef\xbf\xbf")));
    for (const std::string& text :
         {findings_as_gcc(report, {}), findings_as_github(report, {}),
          findings_as_markdown(report, {}), findings_as_csv(report, {})}) {
      EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    }
  }
}

TEST(Rules, HaveIdsOfTheirOwn) {
  std::set<std::string_view> ids, names;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second);
    EXPECT_TRUE(names.insert(rule.name).second);
    EXPECT_THAT(std::string(rule.id), StartsWith("CL1"));
  }
}

}  // namespace
}  // namespace culprit
