#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "readers/log_positions.h"
#include "readers/recorder.h"
#include "readers/service_names.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kTrace = "ffc8ca7e4c8f06c75142c880d5595d96";

Recorder read(const std::string& bytes, const LogFormat& format = {}) {
  Recorder recorder;
  const auto result = read_logs({"a.csv", bytes}, format, recorder);
  EXPECT_TRUE(result) << to_string(result.error());
  return recorder;
}

TEST(LogPositions, AreHitsOfTheTraceThatTheLineNames) {
  const Recorder recorder = read(
      "Timestamp,TimeUnixNano,PodName,TraceID,Log\n"
      "2023-01-29T08:42:22Z,1674981742383150913,ts-travel-service-64469b5b48-25zj6," +
      kTrace +
      ",\"{\"\"log\"\":\"\"16:42:22.382 INFO  t.s.TravelServiceImpl#532 TraceID: x see "
      "Other#3\"\"}\"\n"
      "2023-01-29T08:42:23Z,1674981743000000000,ts-travel-service-64469b5b48-25zj6," +
      kTrace + ",INFO t.s.TravelServiceImpl#529 again\n");
  EXPECT_THAT(recorder.events, ElementsAre("run " + kTrace, "service ts-travel-service",
                                           "file t.s.TravelServiceImpl", "hit 529", "hit 532"));
  ASSERT_EQ(recorder.windows.size(), 1U);
  EXPECT_EQ(recorder.windows[0].time, (TimeSpan{1674981742383150913, 1674981743000000000}));
  EXPECT_TRUE(recorder.warnings.empty());
}

TEST(LogPositions, MayBeOfFilesAndInPlainText) {
  std::string error;
  LogFormat format;
  format.trace_in_text = TextPattern::parse("trace={trace}", error);
  ASSERT_TRUE(format.trace_in_text) << error;
  const Recorder recorder =
      read("12:00:01 [src/cart.cc:41] trace=0a total\nno place\nb.cc:7 no trace\n", format);
  EXPECT_THAT(recorder.events, ElementsAre("run 0000000000000000000000000000000a", "service ",
                                           "file src/cart.cc", "hit 41"));
  ASSERT_EQ(recorder.warnings.size(), 1U);
  EXPECT_THAT(recorder.warnings[0].what,
              HasSubstr("2 of 3 log lines were left out: 1 name no place, 1 no trace"));
}

TEST(LogPositions, NameWhatTheyAreToldOfAndDoNotHave) {
  LogFormat format;
  format.text = "Log";
  format.trace = "TraceId";
  format.time = "When";
  Recorder recorder;
  ASSERT_TRUE(read_logs({"a.csv", "Log,TraceID\nA#3,0a\n"}, format, recorder));
  ASSERT_EQ(recorder.warnings.size(), 1U);
  EXPECT_EQ(to_string(recorder.warnings[0]),
            "a.csv: has no column `When`, which [[logs]] names as its time");
  Recorder json;
  ASSERT_TRUE(read_logs({"a.json", R"({"Log":"A#3","TraceID":"0a"})"
                                   "\n"
                                   R"({"Log":"A#3","When":5})"
                                   "\n"},
                        format, json));
  EXPECT_EQ(to_string(json.warnings[0]),
            "a.json: has no member `TraceId`, which [[logs]] names as its trace");
}

TEST(LogPositions, MayBeJsonLines) {
  const Recorder recorder =
      read(R"({"trace_id":"0a","service":"s","message":"A#3","time":"2023-01-29T08:42:22Z"})"
           "\n{\"message\":\"A#3\"}\n");
  EXPECT_THAT(recorder.events,
              ElementsAre("run 0000000000000000000000000000000a", "service s", "file A", "hit 3"));
  EXPECT_EQ(recorder.warnings.size(), 1U);
}

TEST(TextPattern, FindsTheFirstPlaceThatFits) {
  std::string error;
  const auto pattern = TextPattern::parse("<{class}:{line}> {service}", error);
  ASSERT_TRUE(pattern) << error;
  const auto match = pattern->find("<A:x> <a.B$1:12> order-service, <C:3> x");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->place, "a.B$1");
  EXPECT_EQ(match->line, "12");
  EXPECT_EQ(match->service, "order-service");
  EXPECT_FALSE(pattern->find(""));
  EXPECT_FALSE(pattern->find("<A:1>"));
}

TEST(TextPattern, HasHolesAndATextBetweenThem) {
  for (const char* text : {"", "#", "{class}", "{class}{line}", "{class#{line}", "{x}#{line}"}) {
    std::string error;
    EXPECT_FALSE(TextPattern::parse(text, error)) << text;
    EXPECT_FALSE(error.empty()) << text;
  }
}

TEST(ServiceNames, LoseWhatAPodsNameAdds) {
  EXPECT_EQ(service_of_pod("ts-order-service-6f6cfc45b-h5m2n"), "ts-order-service");
  EXPECT_EQ(service_of_pod("cart-64469b5b48-25zj6"), "cart");
  EXPECT_EQ(service_of_pod("ts-order-other-service"), "ts-order-other-service");
  EXPECT_EQ(service_of_pod("a-b"), "a-b");
  EXPECT_EQ(service_of_pod("-"), "-");
  EXPECT_EQ(service_of_pod(""), "");
}

}  // namespace
}  // namespace culprit
