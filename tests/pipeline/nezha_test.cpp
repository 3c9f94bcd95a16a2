// Nezha's TrainTicket data as published, beside the source folder on some machines only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "base/file_tree.h"
#include "culprit/localize.h"
#include "pipeline/run_set.h"

namespace culprit {
namespace {

const std::string kNezha = CULPRIT_SOURCE_DIR "/../shared/data/nezha/";

class Nezha : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kNezha)) GTEST_SKIP() << "../shared/data/nezha is not there";
  }
};

using Hits = std::set<std::string>;  // "trace service:Class#line"

Hits hits_of(const Spectrum& spectrum) {
  Hits hits;
  for (std::uint32_t line = 0; line < spectrum.lines().size(); ++line) {
    const CodeElement e = spectrum.element(Level::kLine, line);
    const std::string name = e.service + ":" + e.file + "#" + std::to_string(e.first_line);
    for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
      if (spectrum.executed({run}, {line})) hits.insert(spectrum.runs()[run] + " " + name);
    }
  }
  return hits;
}

// A script derived the same from the logs, for all 84 files of the day.
Hits derived() {
  Hits hits;
  const auto text = read_file(kNezha + "derived-spectra-2023-01-29.jsonl.gz");
  if (!text) return hits;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view row = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(row.size() + 1, rest.size()));
    const std::size_t id = row.find("\"trace\": \"") + 10;
    const std::string trace(row.substr(id, 32));
    for (std::size_t at = row.find('[') + 1; at < row.size();) {
      const std::size_t open = row.find('"', at);
      if (open == std::string_view::npos) break;
      const std::size_t close = row.find('"', open + 1);
      hits.insert(trace + " " + std::string(row.substr(open + 1, close - open - 1)));
      at = close + 1;
    }
  }
  return hits;
}

TEST_F(Nezha, LogPositionsAreTheDerivedSpectra) {
  const Result<FileTree> tree = FileTree::open(kNezha + "trainticket.tar.xz");
  ASSERT_TRUE(tree);
  Policy policy;
  ASSERT_TRUE(apply_manifest(
      policy, {"culprit.toml",
               "[[logs]]\npath = \"rca_data/2023-01-29/log/{*}_log.csv\"\ntext = \"Log\"\n"
               "position = \"{class}#{line}\"\ntrace = \"TraceID\"\nservice = \"PodName\"\n"}));
  const RunSet set = read_run_set(*tree, "", policy, 1);
  const Hits expected = derived();
  EXPECT_EQ(expected.size(), 109'218U);
  EXPECT_EQ(set.spectrum.runs().size(), 4'483U);
  const Hits found = hits_of(set.spectrum);
  // One record has more fields than its header; it is skipped and said, the script took its start.
  EXPECT_EQ(found.size(), expected.size() - 1);
  EXPECT_TRUE(std::includes(expected.begin(), expected.end(), found.begin(), found.end()));
  EXPECT_TRUE(std::ranges::any_of(set.problems, [](const Error& problem) {
    return problem.place == Place{"rca_data/2023-01-29/log/10_06_log.csv", 631, 1};
  }));
}

// Figures counted by a script over the same files, times taken from TimeUnixNano.
TEST_F(Nezha, TheCommittedManifestReadsLogsAndTracesOfItsFault) {
  Query query;
  query.runs = kNezha + "trainticket.tar.xz";
  query.manifest = CULPRIT_SOURCE_DIR "/fixtures/nezha/trainticket.toml";
  query.jobs = 1;
  query.settings = {{"top", "0"}};
  const Result<Report> report = localize(query);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->undecided, "");
  EXPECT_EQ(report->runs.size(), 259U);
  EXPECT_EQ(report->failed, 68U);
  EXPECT_EQ(report->passed, 182U);
  EXPECT_EQ(report->unknown, 9U);
  EXPECT_EQ(report->lines, 197U);
  EXPECT_EQ(report->traces, 259U);
  // construct_data/root_cause_ts.json: between TravelServiceImpl#451 and #457. Of the traces that
  // wrote 451, 47 of 47 that passed and 6 of 19 that failed wrote 457.
  const auto& rows = report->ranking.rows;
  const auto fault = std::ranges::find_if(rows, [](const Ranked& row) {
    return row.line.service == "ts-travel-service" && row.line.file == "t.s.TravelServiceImpl" &&
           row.line.first_line == 457;
  });
  ASSERT_NE(fault, rows.end());
  EXPECT_EQ(fault->counts, (Counts{6, 47, 68 - 6, 182 - 47}));
}

}  // namespace
}  // namespace culprit
