#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "readers/recorder.h"
#include "readers/traces_eadro.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(Eadro, MakesATraceOfEachSecondAndASpanOfEachLatency) {
  const std::string bytes =
      R"({"1650000000": {"web-cart": [1200, 900.5], "cart-db": [7]}, "1650000001": {}})";
  const auto reader = detect({"traces0.json", bytes});
  ASSERT_TRUE(reader) << to_string(reader.error());
  EXPECT_EQ((*reader)->name, "eadro");
  Recorder recorder;
  ASSERT_TRUE(read_eadro({"traces0.json", bytes}, recorder));
  EXPECT_THAT(recorder.events, ElementsAre("run 00000000000000000000001650000000",
                                           "run 00000000000000000000001650000001"));
  ASSERT_EQ(recorder.spans.size(), 3U);
  EXPECT_EQ(recorder.spans[0].trace, "00000000000000000000001650000000");
  EXPECT_EQ(recorder.spans[0].service, "cart");
  EXPECT_EQ(recorder.spans[0].operation, "called by web");
  EXPECT_EQ(recorder.spans[0].start_ns, 1'650'000'000'000'000'000);
  EXPECT_EQ(recorder.spans[0].duration_ns, 1'200'000);
  EXPECT_EQ(recorder.spans[1].duration_ns, 900'500);
  EXPECT_EQ(recorder.spans[2].service, "db");
  ASSERT_EQ(recorder.windows.size(), 2U);
  EXPECT_EQ(recorder.windows[1].time,
            (TimeSpan{1'650'000'001'000'000'000, 1'650'000'001'999'999'999}));
}

TEST(Eadro, CutsPairsOfNamesWithDashesWhereOtherPairsDo) {
  EXPECT_THAT(
      split_pairs({"ts-order-service-ts-station-service", "ts-travel-service-ts-order-service",
                   "ts-order-service-ts-user-service", "ts-ui-ts-travel-service",
                   "ts-travel-service-ts-station-service"}),
      ElementsAre(Pair("ts-order-service", "ts-station-service"),
                  Pair("ts-travel-service", "ts-order-service"),
                  Pair("ts-order-service", "ts-user-service"), Pair("ts-ui", "ts-travel-service"),
                  Pair("ts-travel-service", "ts-station-service")));
  EXPECT_THAT(
      split_pairs({"text-service-user-service", "alone", "-x", "x-"}),
      ElementsAre(Pair("text-service", "user-service"), Pair("", ""), Pair("", ""), Pair("", "")));
}

TEST(Eadro, LeavesOutWhatIsNoCallAndSaysSo) {
  Recorder recorder;
  ASSERT_TRUE(read_eadro({"traces0.json", R"({"1650000000": {"a-b": ["x", -1, 5], "ab": [1]},
                          "1650000001": 7, "soon": {}})"},
                         recorder));
  EXPECT_EQ(recorder.spans.size(), 1U);
  EXPECT_EQ(recorder.warnings.size(), 6U);  // the last says how many of all
  EXPECT_THAT(to_string(recorder.warnings[0]), HasSubstr("a latency that is no number: a-b"));
  EXPECT_FALSE(read_eadro({"traces0.json", "[1]"}, recorder));
}

}  // namespace
}  // namespace culprit
