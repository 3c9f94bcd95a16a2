#include "collect/child_process.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "base/packer.h"

namespace culprit {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

Ended ended(ChildProcess process) {
  const auto result = run_process(process);
  EXPECT_TRUE(result) << to_string(result.error());
  return result.value_or(Ended{});
}

TEST(ChildProcess, GivesOutputAndExitStatus) {
  const Ended end = ended({.command = "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(end.status, 3);
  EXPECT_FALSE(end.well());
  EXPECT_EQ(end.output, "out\nerr\n");
  EXPECT_TRUE(ended({.command = "true"}).well());
}

TEST(ChildProcess, SaysWhichSignalEndedIt) {
  EXPECT_EQ(ended({.command = "kill -ABRT $$"}).status, 128 + 6);
}

TEST(ChildProcess, HasTheVariablesAndNoInput) {
  const Ended end =
      ended({.command = "printf '%s' \"$CULPRIT_X\"; cat", .environment = {{"CULPRIT_X", "a b"}}});
  EXPECT_EQ(end.output, "a b");
}

TEST(ChildProcess, IsEndedWithItsChildrenWhenItTakesTooLong) {
  const Folder folder;
  const Ended end = ended(
      {.command = "(sleep 30; touch " + folder.path("late") + ") & sleep 30", .timeout = 100ms});
  EXPECT_TRUE(end.timed_out);
  EXPECT_LT(end.took_ms, 20'000);
  struct stat status;
  EXPECT_NE(::stat(folder.path("late").c_str(), &status), 0);
}

TEST(ChildProcess, IsEndedThoughItIgnoresTheFirstSignal) {
  const Ended end =
      ended({.command = "trap '' TERM; while :; do sleep 0.1; done", .timeout = 50ms});
  EXPECT_TRUE(end.timed_out);
  EXPECT_EQ(end.status, 128 + 9);
}

TEST(ChildProcess, IsEndedWhenTheUserStops) {
  std::atomic<bool> stop = false;
  std::thread user([&] {
    std::this_thread::sleep_for(100ms);
    stop = true;
  });
  EXPECT_TRUE(ended({.command = "sleep 30", .stop = &stop}).stopped);
  user.join();
}

TEST(ChildProcess, KeepsTheEndOfALongOutput) {
  const Ended end = ended({.command = "yes | head -c 3000000; echo end", .max_output = 1000});
  EXPECT_EQ(end.output.size(), 1000U);
  EXPECT_TRUE(end.output.ends_with("y\nend\n"));
}

}  // namespace
}  // namespace culprit
