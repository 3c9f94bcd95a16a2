// Read -> write in an exchange format -> read: the same spectrum and the same ranking.
#include "writers/exchange.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/packer.h"
#include "pipeline/case_study.h"

namespace culprit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kRecorded = CULPRIT_SOURCE_DIR "/fixtures/systems/pricing/recorded/";

CaseStudy study_of(const std::string& runs) {
  Query query;
  query.runs = runs;
  // Failure messages are no part of matrices.
  query.settings = {{"top", "0"}, {"message-share", "0"}};
  Result<CaseStudy> study = investigate(query, true);
  EXPECT_TRUE(study) << to_string(study.error());
  return std::move(*study);
}

LabelledSpectrum labelled(const CaseStudy& study) {
  return {study.run_set->spectrum, study.report.runs};
}

// Writes the study below `folder` and reads that.
CaseStudy read_back(const CaseStudy& study, std::string_view name, const Folder& folder) {
  const ExchangeFormat& format = *find_exchange_format(name);
  for (const ExchangeFile& file : format.files) {
    if (file.needs_counts && !study.run_set->spectrum.has_counts()) continue;
    folder.write(file.name.empty() ? "all." + std::string(name) : std::string(file.name),
                 file.content(labelled(study)));
  }
  CaseStudy again = study_of(folder.path());
  EXPECT_THAT(again.run_set->problems, IsEmpty());
  return again;
}

// Everything a spectrum says, in words; for a `matrix` what one can hold: neither where functions
// lie nor branches.
std::vector<std::string> content(const CaseStudy& study, bool matrix) {
  const Spectrum& spectrum = study.run_set->spectrum;
  std::vector<std::string> rows;
  for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
    std::string row = "run " + spectrum.runs()[run] + " " +
                      std::to_string(static_cast<int>(study.report.runs[run].outcome.verdict));
    for (std::uint32_t service = 0; service < spectrum.services().size(); ++service) {
      if (spectrum.reported({run}, {service})) row += " [" + spectrum.services()[service] + "]";
    }
    rows.push_back(row);
  }
  for (std::uint32_t line = 0; line < spectrum.lines().size(); ++line) {
    const CodeElement code = spectrum.element(Level::kLine, line);
    const Function& function = spectrum.functions()[spectrum.lines()[line].function.value];
    std::string row = code.service + "/" + code.file + ":" + std::to_string(code.first_line) +
                      " of " + function.name;
    if (!matrix) {
      row += " " + std::to_string(function.first_line) + "-" + std::to_string(function.last_line);
    }
    for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
      const std::uint64_t count = spectrum.count({run}, {line});
      if (count != 0) row += " " + std::to_string(run) + "x" + std::to_string(count);
    }
    for (const Branch& branch : spectrum.branches({line})) {
      if (matrix) break;
      const auto id = static_cast<std::uint32_t>(&branch - spectrum.branches().data());
      row += (branch.counting ? " >=" : " ?") + std::to_string(branch.number);
      for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
        if (spectrum.taken({run}, {id})) row += "," + std::to_string(run);
      }
    }
    rows.push_back(row);
  }
  return rows;
}

// Sorted, for elements of equal score come in the order of their first lines, which matrices do not
// know.
std::vector<std::string> ranking(const CaseStudy& study) {
  std::vector<std::string> rows;
  for (const Ranked& row : study.report.ranking.rows) {
    rows.push_back(std::to_string(row.best_rank) + "-" + std::to_string(row.worst_rank) + " " +
                   row.code.service + " " + row.code.file + " " + row.code.name + " " +
                   std::to_string(row.score));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

TEST(Exchange, GivesRecordedRunsBackAsTheyWereInEveryFormat) {
  for (const char* fault : {"tier-boundary", "freight-waived"}) {
    const CaseStudy study = study_of(kRecorded + fault + ".tar.xz");
    ASSERT_FALSE(study.report.ranking.rows.empty());
    for (const ExchangeFormat& format : exchange_formats()) {
      SCOPED_TRACE(format.name);
      const Folder folder;
      const CaseStudy again = read_back(study, format.name, folder);
      EXPECT_EQ(content(again, format.matrix), content(study, format.matrix));
      EXPECT_EQ(ranking(again), ranking(study));
      EXPECT_EQ(lost_in(format, labelled(study)).size(), format.matrix ? 1U : 0U);
    }
  }
}

// Services, a missing report, a run without outcome, counts and none, and names in need of quotes.
void write_services(const Folder& folder) {
  std::mt19937 random(11);
  std::string results;
  for (int run = 0; run < 9; ++run) {
    const std::string name = "GET /a, \"b\" " + std::to_string(run);
    std::string order = "SF:src/tracing.h\nFN:3,_Z1fv\nFN:8,g\n";
    std::string pay = "SF:src/tracing.h\nFN:3,_Z1fv\n";
    for (int line = 3; line < 12; ++line) {
      const auto da = [&] {
        const auto count = random() % 3;
        const std::string number = std::to_string(line);
        return "DA:" + number + "," + std::to_string(count) + "\nBRDA:" + number + ",0,0," +
               std::to_string(count == 0 ? 0 : random() % 2) + "\nBRDA:" + number + ",0,1,-\n";
      };
      order += da();
      pay += da();
    }
    folder.write(std::to_string(run) + "/order/c.info", order + "end_of_record\n");
    if (run != 4) folder.write(std::to_string(run) + "/pay/c.info", pay + "end_of_record\n");
    if (run != 5) {
      results += "{\"run\":\"" + std::to_string(run) + "\",\"verdict\":\"" +
                 (run < 3 ? "failed" : "passed") + "\"}\n";
    }
  }
  folder.write("results.jsonl", results);
}

TEST(Exchange, KeepsServicesMissingReportsAndBranchesInHits) {
  const Folder runs;
  write_services(runs);
  const CaseStudy study = study_of(runs.path());
  EXPECT_EQ(study.run_set->spectrum.branches().size(), 2U * 9U * 2U);
  const Folder folder;
  const CaseStudy again = read_back(study, "hits", folder);
  EXPECT_EQ(content(again, false), content(study, false));
  EXPECT_EQ(ranking(again), ranking(study));
  EXPECT_THAT(lost_in(*find_exchange_format("hits"), labelled(study)), IsEmpty());
}

TEST(Exchange, KeepsWhatFailuresSaidInHits) {
  const Folder runs;
  runs.write("r1/cov.info", "SF:a.cc\nDA:1,1\nDA:2,0\nend_of_record\n");
  runs.write("r2/cov.info", "SF:a.cc\nDA:1,1\nDA:2,1\nend_of_record\n");
  runs.write("r1/junit.xml", R"(<testsuite><testcase name="t"/></testsuite>)");
  runs.write("r2/junit.xml", R"(<testsuite><testcase name="t"><failure message="no price for AT"/>)"
                             R"(</testcase></testsuite>)");
  const CaseStudy study = study_of(runs.path());
  ASSERT_EQ(study.report.runs.size(), 2U);
  EXPECT_THAT(study.report.runs[1].outcome.reason, testing::HasSubstr("no price for AT"));
  const Folder folder;
  const CaseStudy again = read_back(study, "hits", folder);
  EXPECT_EQ(again.report.runs[1].outcome.verdict, Verdict::kFailed);
  EXPECT_THAT(again.report.runs[1].outcome.reason, testing::HasSubstr("no price for AT"));
}

TEST(Exchange, SaysWhatAMatrixLoses) {
  const Folder runs;
  write_services(runs);
  const CaseStudy study = study_of(runs.path());
  for (const char* format : {"gzoltar", "tcm"}) {
    EXPECT_THAT(
        lost_in(*find_exchange_format(format), labelled(study)),
        ElementsAre("1 run without outcome or without coverage: left out",
                    "the format knows no services: each became the first folder of its files",
                    "1 run without the report of a service: written as not executed there",
                    "branch outcomes are left out: hits keeps them"));
    const Folder folder;
    const CaseStudy again = read_back(study, format, folder);
    EXPECT_EQ(again.report.runs.size(), 8U);
    EXPECT_EQ(again.run_set->spectrum.files()[0].path, "order/src/tracing.h");
    EXPECT_EQ(again.run_set->spectrum.lines().size(), study.run_set->spectrum.lines().size());
  }
}

TEST(Exchange, KeepsJavaNamesAndBranchesThatAreOnlyCounted) {
  const Folder runs;
  for (const char* run : {"bad", "good"}) {
    const std::string covered = std::string(run) == "bad" ? "2" : "1";
    runs.write(
        std::string(run) + "/jacoco.xml",
        "<report name=\"r\"><sessioninfo id=\"s\" start=\"1\" dump=\"2\"/>"
        "<package name=\"org/demo\"><class name=\"org/demo/Feat\" sourcefilename=\"Feat.java\">"
        "<method name=\"run\" desc=\"(I[J)V\" line=\"3\"><counter type=\"LINE\" missed=\"0\" "
        "covered=\"1\"/></method></class><sourcefile name=\"Feat.java\"><line nr=\"3\" mi=\"0\" "
        "ci=\"4\" mb=\"" +
            std::to_string(covered == "2" ? 0 : 1) + "\" cb=\"" + covered +
            "\"/></sourcefile></package></report>");
  }
  runs.write("results.jsonl",
             "{\"run\":\"bad\",\"verdict\":\"failed\"}\n"
             "{\"run\":\"good\",\"verdict\":\"passed\"}\n");
  const CaseStudy study = study_of(runs.path());
  EXPECT_EQ(content(study, false).back(),
            "/org/demo/Feat.java:3 of org.demo.Feat#run(int,long[]) 3-0 0x1 1x1 >=1,0,1 >=2,0");
  const Folder hits;
  EXPECT_EQ(content(read_back(study, "hits", hits), false), content(study, false));
  EXPECT_THAT(gzoltar_spectra(labelled(study)), HasSubstr("\norg.demo$Feat#run(int,long[]):3\n"));
}

TEST(Exchange, IsEmptyOfRunsWhereNoneHasAnOutcome) {
  const Folder runs;
  runs.write("a/c.info", "SF:a.cc\nDA:1,1\nend_of_record\n");
  const CaseStudy study = study_of(runs.path());
  EXPECT_EQ(gzoltar_matrix(labelled(study)), "");
  EXPECT_EQ(tcm(labelled(study)), "#tests\n\n#uuts\na.cc$#:1\n\n#matrix\n");
  EXPECT_EQ(hits_jsonl(labelled(study)),
            "{\"run\":\"a\",\"hits\":[{\"file\":\"a.cc\",\"line\":1,\"count\":1}]}\n");
}

}  // namespace
}  // namespace culprit
