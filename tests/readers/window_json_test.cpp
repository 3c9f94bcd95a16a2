#include "readers/window_json.h"

#include <gmock/gmock.h>

#include "readers/recorder.h"

namespace culprit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<Window> windows_of(const std::string& text) {
  const Reading reading = reading_of(read_window, {"r1/window.json", text});
  EXPECT_TRUE(reading.result) << to_string(reading.result.error());
  return reading.recorder.windows;
}

std::string error_of(const std::string& text) {
  const Reading reading = reading_of(read_window, {"r1/window.json", text});
  EXPECT_THAT(reading.recorder.windows, IsEmpty());
  return reading.result ? "" : to_string(reading.result.error());
}

TEST(WindowJson, TellsWhenTheWindowOfARunWasOpen) {
  // 2023-01-29T08:51:00Z is 1674982260 s.
  const std::int64_t from = 1674982260'250'000'000;
  const std::int64_t to = 1674982270'000'000'000;
  EXPECT_THAT(windows_of(R"({"schema":"culprit.window/1","from":"2023-01-29T08:51:00.25Z",
                             "to":"2023-01-29T08:51:10Z"})"),
              ElementsAre(Window{TimeSpan{from, to}, "", true}));
}

TEST(WindowJson, TellsWhetherAServiceAnswered) {
  EXPECT_THAT(windows_of(R"({"schema":"culprit.window/1","rounds":2,"quiet":false,"files":3})"),
              ElementsAre(Window{std::nullopt, "", false}));
  EXPECT_THAT(windows_of(R"({"schema":"culprit.window/1","missing":"connection refused"})"),
              ElementsAre(Window{std::nullopt, "connection refused", true}));
}

TEST(WindowJson, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(error_of(R"({"schema":"culprit.window/2","rounds":2})"),
              HasSubstr("r1/window.json:1:11: not a window this version knows"));
  EXPECT_THAT(error_of(R"({"schema":"culprit.window/1","from":"2023-01-29T08:51:00Z"})"),
              HasSubstr("needs `to`"));
  EXPECT_THAT(error_of(R"({"schema":"culprit.window/1","from":"2023-01-29T08:51:00Z",
                           "to":"2023-01-29T08:50:00Z"})"),
              HasSubstr("ends before it begins"));
  EXPECT_THAT(error_of(R"({"schema":"culprit.window/1","rounds":2,"quiet":"no"})"),
              HasSubstr("`quiet` is true or false"));
  EXPECT_THAT(error_of(R"({"schema":"culprit.window/1","missing":{}})"), HasSubstr("in words"));
  EXPECT_THAT(error_of(R"({"schema":"culprit.window/1",)"), HasSubstr("r1/window.json:1:"));
}

}  // namespace
}  // namespace culprit
