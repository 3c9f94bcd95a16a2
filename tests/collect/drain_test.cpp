#include "collect/drain.h"

#include <gmock/gmock.h>

#include <deque>

namespace culprit {
namespace {

using namespace std::chrono_literals;

// Answers what it was told to, round by round, then nothing.
class Scripted : public CoverageSource {
 public:
  using Round = Result<std::vector<RawFile>>;
  explicit Scripted(std::deque<Round> rounds) : rounds_(std::move(rounds)) {}

  Result<std::vector<RawFile>> take() override {
    if (rounds_.empty()) return std::vector<RawFile>{};
    Round round = std::move(rounds_.front());
    rounds_.pop_front();
    return round;
  }

 private:
  std::deque<Round> rounds_;
};

Scripted::Round files(const std::string& name) { return std::vector<RawFile>{{name, "x"}}; }
Scripted::Round nothing() { return std::vector<RawFile>{}; }
Scripted::Round gone() { return fail(error_in("s", "connection refused")); }

using Sources = std::vector<std::unique_ptr<CoverageSource>>;

TEST(Drain, AsksAgainUntilARoundBringsNothingFromAnyService) {
  Sources sources;
  sources.push_back(std::make_unique<Scripted>(std::deque{files("a"), nothing(), files("b")}));
  sources.push_back(std::make_unique<Scripted>(std::deque{nothing(), files("c")}));
  const Drained drained = drain(sources, {1ms, 10s});
  ASSERT_EQ(drained.services.size(), 2U);
  EXPECT_EQ(drained.services[0].files.size(), 2U);  // also what came after a quiet round of its own
  EXPECT_EQ(drained.services[1].files.size(), 1U);
  EXPECT_EQ(drained.services[0].rounds, 4U);
  EXPECT_TRUE(drained.services[0].quiet);
  EXPECT_TRUE(drained.services[1].quiet);
}

TEST(Drain, AsksTwiceEvenWhenNothingComes) {
  Sources sources;
  sources.push_back(std::make_unique<Scripted>(std::deque{nothing(), files("late")}));
  EXPECT_EQ(drain(sources, {1ms, 10s}).services[0].files.size(), 1U);
}

TEST(Drain, MarksWhatIsStillAtWorkAtTheEnd) {
  Sources sources;
  sources.push_back(std::make_unique<Scripted>(std::deque<Scripted::Round>(100000, files("busy"))));
  sources.push_back(std::make_unique<Scripted>(std::deque{files("a")}));
  const Drained drained = drain(sources, {1ms, 5ms});
  EXPECT_FALSE(drained.services[0].quiet);
  EXPECT_TRUE(drained.services[1].quiet);
}

TEST(Drain, CallsAServiceMissingThatFailsHalfWay) {
  Sources sources;
  sources.push_back(std::make_unique<Scripted>(std::deque{files("a"), gone(), files("b")}));
  sources.push_back(std::make_unique<Scripted>(std::deque{files("c")}));
  const Drained drained = drain(sources, {1ms, 10s});
  EXPECT_EQ(drained.services[0].missing, "connection refused");
  EXPECT_TRUE(drained.services[0].files.empty());
  EXPECT_EQ(drained.services[1].missing, "");
  EXPECT_EQ(drained.services[1].files.size(), 1U);
}

TEST(Drain, TakesOnceWithoutWaiting) {
  Sources sources;
  sources.push_back(std::make_unique<Scripted>(std::deque{files("a"), files("b")}));
  const Drained drained = take(sources);
  EXPECT_EQ(drained.services[0].rounds, 1U);
  EXPECT_TRUE(drained.services[0].quiet);
}

}  // namespace
}  // namespace culprit
