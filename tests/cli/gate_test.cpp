// `culprit gate` as CI meets it: exit codes, reruns by a command, and a baseline that survives.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/packer.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kRoot = CULPRIT_SOURCE_DIR;
const std::string kTool = CULPRIT_TOOL;
const std::string kNormal = kRoot + "/fixtures/systems/shop/recorded/normal.tar.xz";
const std::string kSeldom = kRoot + "/fixtures/systems/shop/recorded/language-at.tar.xz";
const std::string kOften = kRoot + "/fixtures/systems/shop/recorded/event-cache.tar.xz";

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class Gate : public testing::Test {
 protected:
  struct Finished {
    int exit_code;
    std::string out;
    std::string err;
  };

  Finished gate(const std::string& arguments) const {
    const std::string command = "'" + kTool + "' gate " + arguments + " >'" + folder_.path("out") +
                                "' 2>'" + folder_.path("err") + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(folder_.path("out")),
            content(folder_.path("err"))};
  }
  std::string baseline() const { return folder_.path("baseline.jsonl"); }
  void make_baseline() const {
    ASSERT_EQ(gate(kNormal + " --update-baseline --baseline " + baseline()).exit_code, 0);
  }

  Folder folder_;
};

TEST_F(Gate, EndsWithOneForANewFaultAndNamesItsFunction) {
  make_baseline();
  const Finished run = gate(kOften + " --baseline " + baseline());
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_THAT(run.out, HasSubstr("gate: RED, 1 new fault\n"));
  EXPECT_THAT(run.out, HasSubstr("new and confirmed: 8 of 26 runs, baseline 0 of 26 runs"));
  EXPECT_THAT(run.out, HasSubstr("shop::gateway::"));
  EXPECT_EQ(gate(kNormal + " --baseline " + baseline()).exit_code, 0);
}

TEST_F(Gate, RunsCandidatesAgainAndBelievesTheirExitStatus) {
  make_baseline();
  const std::string with = kSeldom + " --baseline " + baseline() + " --rerun-cmd ";
  EXPECT_EQ(gate(kSeldom + " --baseline " + baseline()).exit_code, 0);
  EXPECT_EQ(gate(with + "true").exit_code, 0);
  const std::string log = folder_.path("log");
  const Finished run = gate(with + "'echo {run} >> " + log + "; false'");
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_THAT(run.out, HasSubstr("failed in 2 of 2 reruns"));
  EXPECT_THAT(content(log), testing::MatchesRegex("([0-9]+.?-order\n)([0-9]+.?-order\n)"))
      << "two failures are enough";
  const Finished missing = gate(with + "no-such-command-at-all");
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("--rerun-cmd: the shell cannot start it"));
}

TEST_F(Gate, ConfirmsByARunSetOfReruns) {
  make_baseline();
  EXPECT_EQ(gate(kOften + " --alpha 0 --baseline " + baseline()).exit_code, 0);
  EXPECT_EQ(gate(kOften + " --alpha 0 --confirm 1/4 --confirm-dir " + kOften + " --baseline " +
                 baseline())
                .exit_code,
            1);
}

TEST_F(Gate, EndsWithTwoForWrongUseAndSaysWhatToDo) {
  const Finished none = gate(kNormal);
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("--update-baseline makes one"));
  EXPECT_EQ(gate(kNormal + " --baseline " + baseline()).exit_code, 2) << "there is none";
  EXPECT_EQ(gate(kNormal + " --ignore-baseline --base x --diff y").exit_code, 2);
  EXPECT_EQ(gate(kNormal + " --ignore-baseline --levels cod").exit_code, 2);
  EXPECT_EQ(gate(kNormal + " --ignore-baseline --confirm 3/2").exit_code, 2);
  EXPECT_EQ(
      gate(kNormal + " --ignore-baseline --base no-such-revision --source " + kRoot).exit_code, 2);
  EXPECT_EQ(gate(kNormal + " --ignore-baseline --diff /no/such.diff").exit_code, 2);
}

TEST_F(Gate, TellsUnderExplainWhatWouldChangeTheVerdict) {
  make_baseline();
  const Finished run = gate(kSeldom + " --explain --baseline " + baseline());
  EXPECT_THAT(run.out, HasSubstr("it would be confirmed by 2 failures in 3 reruns"));
  EXPECT_THAT(gate(kSeldom + " --baseline " + baseline()).out,
              Not(HasSubstr("would be confirmed")));
}

TEST_F(Gate, ObeysSuppressionsOfTheManifest) {
  make_baseline();
  const std::string manifest = folder_.path("gate.toml");
  std::ofstream(manifest) << "[[suppress]]\nendpoint = \"GET /events/*\"\nreason = \"SHOP-1\"\n"
                             "expires = 2999-12-31\n";
  const std::string with = kOften + " --baseline " + baseline() + " --manifest " + manifest;
  const Finished run = gate(with);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("suppressed: SHOP-1"));
  std::ofstream(manifest) << "[[suppress]]\nendpoint = \"GET /events/*\"\nreason = \"SHOP-1\"\n";
  const Finished endless = gate(with);
  EXPECT_EQ(endless.exit_code, 2);
  EXPECT_THAT(endless.err, HasSubstr("takes a reason and an expires"));
  std::ofstream(manifest) << "[[suppress]]\nendpoint = \"GET /events/*\"\nreason = \"SHOP-1\"\n"
                             "expires = 2020-01-01\n";
  const Finished old = gate(with);
  EXPECT_EQ(old.exit_code, 1);
  EXPECT_THAT(old.out, HasSubstr("ended on 2020-01-01 (SHOP-1)"));
}

// Killed anywhere, an update leaves the old baseline or the new one.
TEST_F(Gate, LeavesAWholeBaselineWhenItIsKilled) {
  make_baseline();
  std::string before = content(baseline());
  std::size_t killed = 0;
  for (int i = 0; i < 25; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      std::freopen("/dev/null", "w", stdout);
      execl(kTool.c_str(), kTool.c_str(), "gate", kNormal.c_str(), "--update-baseline",
            "--baseline", baseline().c_str(), static_cast<char*>(nullptr));
      _exit(127);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100 + 20 * i));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    killed += WIFSIGNALED(status) ? 1 : 0;
    const std::string after = content(baseline());
    EXPECT_TRUE(after.ends_with("{\"end\":\"culprit.baseline/1\"}\n"));
    if (after != before) {
      EXPECT_EQ(gate(kNormal + " --baseline " + baseline()).exit_code, 0);
      before = after;
    }
  }
  EXPECT_GT(killed, 0U);
}

}  // namespace
}  // namespace culprit
