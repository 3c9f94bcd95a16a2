// The program as its users meet it: arguments in; output, messages and exit codes out.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/packer.h"

namespace culprit {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kRoot = CULPRIT_SOURCE_DIR;
const std::string kTierBoundary = "fixtures/systems/pricing/recorded/tier-boundary.tar.xz";

struct Finished {
  int exit_code;
  std::string out;
  std::string err;
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// `culprit ARGUMENTS` in the source folder, through a shell.
Finished culprit(const std::string& arguments, const std::string& environment = "") {
  const Folder folder;
  const std::filesystem::path tool = CULPRIT_TOOL;
  const std::string command = "cd '" + kRoot + "' && env PATH='" + tool.parent_path().string() +
                              "':\"$PATH\" " + environment + " culprit " + arguments + " >'" +
                              folder.path("out") + "' 2>'" + folder.path("err") + "'";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(folder.path("out")),
          content(folder.path("err"))};
}

// Compares with tests/golden/NAME; CULPRIT_UPDATE_GOLDEN=1 writes it instead, to be reviewed.
void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = kRoot + "/tests/golden/" + name;
  if (std::getenv("CULPRIT_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << actual;
  EXPECT_EQ(actual, content(path)) << "in " << path;
}

TEST(Cli, RanksTheRecordedFault) {
  const Finished run = culprit("rank " + kTierBoundary + " --top 5");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
  expect_golden("rank_tier_boundary.txt", run.out);
}

TEST(Cli, ShowsSourceLinesUnderTheRows) {
  expect_golden(
      "rank_source.txt",
      culprit("rank " + kTierBoundary + " --top 4 --level line --source fixtures/systems/pricing")
          .out);
}

TEST(Cli, RanksUnderAFormulaAndARollUp) {
  expect_golden("rank_ochiai_vote.txt",
                culprit("rank " + kTierBoundary + " --top 3 --formula Ochiai --roll-up vote").out);
}

TEST(Cli, RefusesACaseWithoutAName) {
  const Finished run = culprit("rank " + kTierBoundary + " --case ''");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("--case: takes a run's name, a trace's id or a cluster's"));
}

TEST(Cli, SaysThatTheTestsToRecordAreNotThere) {
  const Finished missing = culprit("record --out /tmp/never --ctest /nonexistent/build");
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("/nonexistent/build: does not exist"));
  const Finished other = culprit("record --out /tmp/never --ctest tests");
  EXPECT_THAT(other.err, HasSubstr("tests: no build folder of CMake with tests"));
}

TEST(Cli, ReadsACaseAgainstItsNearestPassingRun) {
  expect_golden("rank_case.txt",
                culprit("rank fixtures/systems/shop/recorded/austria-missing.tar.xz --top 3 --case "
                        "003a-order")
                    .out);
}

TEST(Cli, ExplainsAFunction) {
  const Finished run = culprit("explain " + kTierBoundary + " tier_discount");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  expect_golden("explain_tier_discount.txt", run.out);
}

TEST(Cli, AnnotatesTheSourceWhereTheFaultIsLikely) {
  const std::string pricing = " --source fixtures/systems/pricing --exclude 'tests/*'";
  const Finished run = culprit("annotate " + kTierBoundary + pricing);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  expect_golden("annotate_tier_boundary.txt", run.out);
  // In another order the formats and the files mean the same.
  EXPECT_THAT(
      culprit("annotate " + kTierBoundary + pricing + " discounts.cpp --format lcov-heat").out,
      HasSubstr("SF:fixtures/systems/pricing/src/discounts.cpp\n"));
  EXPECT_THAT(culprit("annotate " + kTierBoundary + pricing + " --format ansi").out,
              HasSubstr("\x1b[1;31m"));
  const Finished none = culprit("annotate " + kTierBoundary + " discout.cpp");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("did you mean `discounts.cpp`?"));
}

TEST(Cli, TypesTheNextCommandSoThatItWorks) {
  const std::string out =
      culprit("rank " + kTierBoundary + " --exclude 'tests/*' --formula ochiai --top 3").out;
  const std::size_t at = out.find("next: culprit ");
  ASSERT_NE(at, out.npos);
  const Finished next = culprit(out.substr(at + 14, out.find('\n', at) - at - 14));
  EXPECT_EQ(next.exit_code, 0) << next.err;
  EXPECT_THAT(next.out, HasSubstr("tier_discount"));
}

TEST(Cli, TellsSignaturesInTheJsonOfARanking) {
  const std::string command = "rank " + kTierBoundary +
                              " --source '" CULPRIT_SOURCE_DIR
                              "/fixtures/systems/pricing' --top 2 --format json";
  const auto json = nlohmann::json::parse(culprit(command).out);
  for (const auto& note : json["notes"]) {
    if (note.get<std::string>().find("signatures and statements are not known") == 0) {
      GTEST_SKIP() << note;
    }
  }
  // Lines 22 to 30 of src/discounts.cpp; the most suspicious one, 25, is an `if`.
  const auto& first = json["ranking"][0];
  // libclang 14 writes the namespaces, 16 does not.
  EXPECT_THAT(first["signature"].get<std::string>(),
              AnyOf("Money tier_discount(Money merchandise)",
                    "pricing::Money tier_discount(pricing::Money merchandise)"));
  EXPECT_EQ(first["source_first_line"], 22);
  EXPECT_EQ(first["source_last_line"], 30);
  EXPECT_EQ(first["statement"], "if");
  EXPECT_TRUE(json["clusters"][0]["ranking"][0].contains("signature"));
  const auto plain = nlohmann::json::parse(culprit(command + " --parse-source no").out);
  EXPECT_FALSE(plain["ranking"][0].contains("signature"));
}

TEST(Cli, LabelsEveryRun) {
  const Finished run = culprit("label " + kTierBoundary);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, StartsWith("109 runs: 6 failed, 103 passed, 0 unknown"));
  EXPECT_THAT(run.out, HasSubstr("TierDiscount.FirstTierStartsAtOneHundred"));
}

TEST(Cli, WritesJsonThatHoldsTheSameRanking) {
  const auto json = nlohmann::json::parse(culprit("rank " + kTierBoundary + " --format json").out);
  EXPECT_EQ(json["summary"]["runs"], 109);
  EXPECT_EQ(json["summary"]["failed"], 6);
  EXPECT_EQ(json["formula"], "posterior");
  EXPECT_EQ(json["ranking"][0]["element"]["function"], "pricing::tier_discount(pricing::Money)");
  EXPECT_EQ(json["ranking"][0]["counts"]["ef"], 6);
  EXPECT_EQ(json["ranking"].size(), 10U);
  EXPECT_EQ(json["runs"].size(), 109U);
  EXPECT_EQ(json["undecided"], nullptr);
}

TEST(Cli, GivesTheSameBytesWhateverTheNumberOfThreads) {
  const std::string one = culprit("rank " + kTierBoundary + " --format json --top 0 --jobs 1").out;
  const std::string five = culprit("rank " + kTierBoundary + " --format json --top 0 --jobs 5").out;
  EXPECT_EQ(one, five);
}

TEST(Cli, WritesFilesBesidesStandardOutput) {
  const Folder folder;
  const Finished run = culprit("rank " + kTierBoundary + " --out json=" + folder.path("r.json") +
                               " --out text=" + folder.path("r.txt"));
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(content(folder.path("r.json")))["summary"]["runs"], 109);
  EXPECT_EQ(content(folder.path("r.txt")), run.out);
  const Finished bad = culprit("rank " + kTierBoundary + " --out json=" + folder.path("no/r.json"));
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("no/r.json"));
}

TEST(Cli, DoesNotOverwriteFilesOfTheRunSet) {
  const Folder folder;
  folder.write("results.jsonl", "{\"run\":\"a\",\"verdict\":\"failed\"}\n");
  const Finished run =
      culprit("rank " + folder.path() + " --out json=" + folder.path("results.jsonl"));
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("would be overwritten"));
}

TEST(Cli, RefusesAPipeInsteadOfWaitingForIt) {
  const Folder folder;
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(culprit("rank " + folder.path("pipe")).err, HasSubstr("neither a file nor a folder"));
}

TEST(Cli, ColoursOnlyWhereAsked) {
  EXPECT_THAT(culprit("rank " + kTierBoundary).out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(culprit("rank " + kTierBoundary + " --color always").out, HasSubstr("\x1b["));
}

TEST(Cli, ColoursOnATerminalUnlessNoColorIsSet) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0) GTEST_SKIP() << "this machine makes no pseudo-terminals";
  close(terminal);
  const auto on_terminal = [&](const std::string& environment) {
    const Folder folder;
    const std::string command = "cd '" + kRoot + "' && script -qec \"" + environment + " " +
                                CULPRIT_TOOL + " rank " + kTierBoundary + "\" '" +
                                folder.path("log") + "' >/dev/null </dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return content(folder.path("log"));
  };
  EXPECT_THAT(on_terminal("env -u NO_COLOR"), HasSubstr("\x1b[1m"));
  EXPECT_THAT(on_terminal("env NO_COLOR=1"), Not(HasSubstr("\x1b[1m")));
}

TEST(Cli, TakesSettingsFromTheEnvironmentAndFlagsWin) {
  EXPECT_EQ(nlohmann::json::parse(
                culprit("rank " + kTierBoundary + " --format json", "CULPRIT_TOP=2").out)["ranking"]
                .size(),
            2U);
  EXPECT_EQ(nlohmann::json::parse(
                culprit("rank " + kTierBoundary + " --format json --top 3", "CULPRIT_TOP=2")
                    .out)["ranking"]
                .size(),
            3U);
  const Finished bad = culprit("rank " + kTierBoundary, "CULPRIT_TOP=many");
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("CULPRIT_TOP: `many` is not what `top` takes"));
}

TEST(Cli, HelpsWithoutBeingInTheWay) {
  for (const std::string command :
       {"", "rank ", "explain ", "annotate ", "label ", "eval ", "list "}) {
    const Finished run = culprit(command + "--help");
    EXPECT_EQ(run.exit_code, 0) << command;
    EXPECT_EQ(run.err, "");
    EXPECT_LE(std::count(run.out.begin(), run.out.end(), '\n'), 30) << command;
    for (std::size_t at = 0; at < run.out.size();) {
      const std::size_t end = run.out.find('\n', at);
      EXPECT_LE(end - at, 100U) << run.out.substr(at, end - at);
      at = end + 1;
    }
  }
  EXPECT_THAT(culprit("--version").out, StartsWith("culprit 0."));
}

TEST(Cli, SuggestsWhatWasMeant) {
  const auto complaint = [](const std::string& arguments) {
    const Finished run = culprit(arguments);
    EXPECT_EQ(run.exit_code, 2) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    return run.err;
  };
  EXPECT_THAT(complaint("rnak x"), HasSubstr("did you mean `rank`?"));
  EXPECT_THAT(complaint("rank " + kTierBoundary + " --tpo 3"), HasSubstr("did you mean `--top`?"));
  EXPECT_THAT(complaint("rank " + kTierBoundary + " --formula ochai"),
              HasSubstr("did you mean `ochiai`?"));
  EXPECT_THAT(complaint("rank " + kTierBoundary + " --format jsn"), HasSubstr("`json`"));
  EXPECT_THAT(complaint("rank " + kTierBoundary + " --level method"),
              HasSubstr("one of line, function, file, service"));
  EXPECT_THAT(complaint("explain " + kTierBoundary + " tier_discuont"),
              HasSubstr("did you mean `tier_discount`?"));
  EXPECT_THAT(complaint("rank fixtures/systems/pricing/recorded/tier-bundary.tar.xz"),
              HasSubstr("tier-boundary.tar.xz"));
  EXPECT_THAT(complaint("rank"), HasSubstr("RUNS"));
  EXPECT_THAT(complaint(""), HasSubstr("culprit rank RUNS"));
  EXPECT_THAT(complaint("rank README.md"), HasSubstr("no usable run"));
  EXPECT_THAT(complaint("list colours"), HasSubstr("formulas"));
  EXPECT_THAT(complaint("eval fixtures/systems/pricing/src"), HasSubstr("no faulty version"));
}

TEST(Cli, EndsWithTwoUnderStrictInputWhenAFileWasBad) {
  const Folder folder;
  folder.write("r1/a.info", "SF:a\nDA:1,1\nDA:2,1\nend_of_record\n");
  folder.write("r2/a.info", "SF:a\nDA:1,x\nDA:2,1\nend_of_record\n");
  folder.write("r3/a.info", "SF:a\nDA:1,0\nDA:2,1\nend_of_record\n");
  folder.write("results.jsonl",
               "{\"run\":\"r1\",\"verdict\":\"failed\"}\n"
               "{\"run\":\"r2\",\"verdict\":\"passed\"}\n"
               "{\"run\":\"r3\",\"verdict\":\"passed\"}\n");
  EXPECT_EQ(culprit("rank " + folder.path()).exit_code, 0);
  const Finished strict = culprit("rank " + folder.path() + " --strict-input");
  EXPECT_EQ(strict.exit_code, 2);
  EXPECT_THAT(strict.out, HasSubstr("r2/a.info:2:6: "));
  EXPECT_THAT(strict.out, HasSubstr("    DA:1,x\n         ^"));
}

TEST(Cli, EndsWithTwoWhenNothingCouldBeRankedBecauseOfDamage) {
  const auto runs = [](const std::string& failing, const std::string& results) {
    auto folder = std::make_unique<Folder>();
    folder->write("bad/a.info", failing);
    folder->write("ok/a.info", "SF:a\nDA:1,0\nend_of_record\n");
    folder->write("results.jsonl", results);
    return folder;
  };
  const std::string whole = "SF:a\nDA:1,1\nend_of_record\n";
  const std::string results =
      "{\"run\":\"bad\",\"verdict\":\"failed\"}\n{\"run\":\"ok\",\"verdict\":\"passed\"}\n";
  EXPECT_EQ(culprit("rank " + runs(whole, results)->path()).exit_code, 0);
  for (const std::string command : {"rank ", "annotate "}) {
    const auto damaged = runs("\x1f\x8b\x08", results);  // the beginning of a gzip file
    const Finished run = culprit(command + damaged->path());
    EXPECT_EQ(run.exit_code, 2) << command;
    EXPECT_THAT(run.err, HasSubstr("no failing run has coverage")) << command;
    EXPECT_THAT(run.err, HasSubstr("bad/a.info")) << command;
  }
  const auto without = runs(whole, "{\"run\":\"bad\",\"verdict\":\"fai");
  for (const std::string command : {"rank ", "gate --ignore-baseline "}) {
    const Finished run = culprit(command + without->path());
    EXPECT_EQ(run.exit_code, 2) << command;
    EXPECT_THAT(run.err, HasSubstr("results.jsonl")) << command;
  }
  // That nothing differs is an answer, and so is that nothing failed, whatever lies beside it.
  const auto alike = runs("SF:a\nDA:1,0\nend_of_record\n", results);
  EXPECT_EQ(culprit("rank " + alike->path()).exit_code, 0);
  const auto passed = runs(whole,
                           "{\"run\":\"bad\",\"verdict\":\"passed\"}\n"
                           "{\"run\":\"ok\",\"verdict\":\"passed\"}\n");
  passed->write("ok/b.info", "SF:b\nDA:1,x\nend_of_record\n");
  EXPECT_EQ(culprit("rank " + passed->path()).exit_code, 0);
}

TEST(Cli, RefusesOptionsThatWouldDoNothing) {
  const auto refusal = [](const std::string& arguments) {
    const Finished run = culprit(arguments);
    EXPECT_EQ(run.exit_code, 2) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    return run.err;
  };
  EXPECT_THAT(refusal("rank " + kTierBoundary + " --commit v1"),
              HasSubstr("--commit does nothing without --source or --base"));
  EXPECT_THAT(refusal("rank " + kTierBoundary + " --blame yes"),
              HasSubstr("--blame does nothing without --source"));
  EXPECT_THAT(refusal("explain " + kTierBoundary + " x --change-share 0.2"),
              HasSubstr("--change-share does nothing without --base or --diff"));
  EXPECT_THAT(refusal("gate " + kTierBoundary + " --ignore-baseline --confirm 3/5"),
              HasSubstr("--confirm does nothing without --rerun-cmd or --confirm-dir"));
  EXPECT_THAT(refusal("record --out runs --gtest tests --agent a.jar"),
              HasSubstr("--agent does nothing without --surefire"));
  EXPECT_THAT(refusal("list"), HasSubstr("formulas, formats, filters, writers or settings"));
  const Folder folder;
  folder.write("kept", "");
  EXPECT_THAT(refusal("rank " + kTierBoundary + " --out json=" + folder.path() +
                      "/a --out csv=" + folder.path() + "/./a"),
              HasSubstr("is named by two --out"));
}

TEST(Cli, EvaluatesRecordings) {
  const Finished run = culprit("eval fixtures/systems/pricing/recorded --format csv");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("4 versions measured, 0 skipped"));
  EXPECT_THAT(run.out, StartsWith("suite,formula,against,n,line_top1,"));
  // Three of four faults first, the fourth second.
  EXPECT_THAT(run.out, HasSubstr("\npricing,posterior,,4,"));
  const auto rows = nlohmann::json::parse(
      culprit("eval fixtures/systems/pricing/recorded --format json").out)["scores"];
  EXPECT_GT(rows.size(), 3U);
  for (const auto& row : rows) {
    if (row["suite"] == "pricing" && row["formula"] == "posterior") {
      EXPECT_EQ(row["function_top1"], 75.0);
      EXPECT_EQ(row["function_top3"], 100.0);
      EXPECT_EQ(row["function_mfr"], 1.25);
    }
  }
}

TEST(Cli, ListsWhatItsTablesHold) {
  EXPECT_THAT(culprit("list formulas").out, HasSubstr("ochiai"));
  EXPECT_THAT(culprit("list formats").out, HasSubstr("jacoco-xml"));
  EXPECT_THAT(culprit("list writers").out, HasSubstr("json"));
  EXPECT_THAT(culprit("list settings").out, HasSubstr("slo-ms"));
}

TEST(Cli, ConvertsToStandardOutputOrAFolder) {
  const Finished tcm = culprit("convert " + kTierBoundary + " --to tcm");
  EXPECT_EQ(tcm.exit_code, 0) << tcm.err;
  EXPECT_THAT(tcm.out, StartsWith("#tests\nBundleDiscount.CountsBooksOnly PASSED\n"));
  EXPECT_EQ(tcm.err, "note: branch outcomes are left out: hits keeps them\n");

  const Folder folder;
  const Finished matrix = culprit("convert " + kTierBoundary + " --to gzoltar --out '" +
                                  folder.path("new/matrix") + "'");
  EXPECT_EQ(matrix.exit_code, 0) << matrix.err;
  EXPECT_THAT(content(folder.path("new/matrix/tests.csv")),
              StartsWith("name,outcome,runtime,stacktrace\n"));
  const Finished ranked = culprit("rank '" + folder.path("new/matrix") + "' --top 1");
  EXPECT_THAT(ranked.out, HasSubstr("pricing::tier_discount"));
}

TEST(Cli, SaysWhatAConversionLosesAndWhereItMayNotGo) {
  const Folder folder;
  for (const char* service : {"order", "pay"}) {
    folder.write(std::string("in/a/") + service + "/c.info", "SF:a.cc\nDA:1,1\nend_of_record\n");
  }
  folder.write("in/results.jsonl", "{\"run\":\"a\",\"verdict\":\"failed\"}\n");
  const std::string in = "'" + folder.path("in") + "'";
  const Finished tcm = culprit("convert " + in + " --to tcm");
  EXPECT_EQ(tcm.exit_code, 0);
  EXPECT_THAT(tcm.err, HasSubstr("note: the format knows no services"));
  EXPECT_THAT(tcm.out, HasSubstr("\norder/a.cc$#:1\n"));

  const Finished without_folder = culprit("convert " + in + " --to gzoltar");
  EXPECT_EQ(without_folder.exit_code, 2);
  EXPECT_THAT(without_folder.err, HasSubstr("name one: --out FOLDER"));
  const Finished inside = culprit("convert " + in + " --to hits --out " + in + "/hits.jsonl");
  EXPECT_EQ(inside.exit_code, 2);
  EXPECT_THAT(inside.err, HasSubstr("lies in the run set"));
  EXPECT_EQ(culprit("convert " + in + " --to csv").exit_code, 2);
  EXPECT_EQ(culprit("convert " + in).exit_code, 2);
}

TEST(Cli, ShowsWhichWayFailingRunsLeaveALine) {
  const Folder folder;
  std::string results;
  for (int run = 0; run < 4; ++run) {
    const bool bad = run == 0;
    const std::string name = std::to_string(run);
    folder.write(name + "/c.info", std::string("SF:a.cc\nFN:1,f\nDA:1,2\nDA:2,") +
                                       (run == 3 ? "0" : "2") + "\nBRDA:1,0,0," +
                                       (bad ? "2" : "0") + "\nBRDA:1,0,1,1\nBRDA:1,0,2,-\n" +
                                       "end_of_record\n");
    results += "{\"run\":\"" + name + "\",\"verdict\":\"" + (bad ? "failed" : "passed") + "\"}\n";
  }
  folder.write("results.jsonl", results);
  const Finished text = culprit("explain '" + folder.path() + "' f");
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("> branch 1 of 3: failing 1/1, passing 0/3\n"));
  EXPECT_THAT(text.out, Not(HasSubstr("branch 2 of 3")));  // as the line itself
  EXPECT_THAT(text.out, Not(HasSubstr("branch 3 of 3")));  // never taken
  const auto json =
      nlohmann::json::parse(culprit("explain '" + folder.path() + "' f --format json").out);
  EXPECT_EQ(json["lines"][0]["branches"].size(), 3U);
  EXPECT_EQ(json["lines"][0]["branches"][0]["counts"]["ef"], 1);
}

}  // namespace
}  // namespace culprit
