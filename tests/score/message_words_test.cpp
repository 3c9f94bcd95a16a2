#include "score/message_words.h"

#include <gmock/gmock.h>

#include <cmath>

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(WordsOf, AreThePartsOfNamesStemmed) {
  EXPECT_THAT(words_of("spent_cents"), ElementsAre("cent", "spent"));
  EXPECT_THAT(words_of("shop::Desk::releaseHTTPHold"),
              ElementsAre("desk", "hold", "releas", "shop"));
  EXPECT_THAT(words_of("expected /price/fee_cents = 0, got 150"),
              ElementsAre("cent", "fee", "pric"));
  EXPECT_THAT(words_of("released 12 to ab"), ElementsAre("releas"));
  EXPECT_THAT(words_of("\xff\xfe\0x"), IsEmpty());
}

Spectrum three_functions() {
  Spectrum::Builder builder;
  const RunId run = builder.run("r");
  const FileId file = builder.file(builder.service(""), "src/a.cc");
  for (const auto& [name, line] :
       {std::pair("shop::page_count(int)", 10U), {"shop::show()", 20U}, {"shop::sort()", 30U}}) {
    builder.function(file, name, line, line + 5);
    builder.hit(run, builder.line(file, line + 1), 1);
  }
  return std::move(builder).build();
}

TEST(MessageShifts, GiveTheirShareToFunctionsThatAreNamedAsMessagesSpeak) {
  const std::vector<std::string> messages = {"expected /pages = 5, got 6"};
  const std::vector<double> shifts = message_shifts(three_functions(), messages, 0.3);
  // One of three functions has the whole share.
  ASSERT_EQ(shifts.size(), 3U);
  EXPECT_NEAR(shifts[0], std::log(0.7 + 0.3 * 3), 1e-12);
  EXPECT_NEAR(shifts[1], std::log(0.7), 1e-12);
  EXPECT_NEAR(shifts[2], std::log(0.7), 1e-12);
}

TEST(MessageShifts, SayNothingWhereNoNameFits) {
  const Spectrum spectrum = three_functions();
  EXPECT_THAT(message_shifts(spectrum, {}, 0.3), IsEmpty());
  EXPECT_THAT(message_shifts(spectrum, std::vector<std::string>{"timeout", "got 500"}, 0.3),
              IsEmpty());
  EXPECT_THAT(message_shifts(spectrum, std::vector<std::string>{"pages"}, 0), IsEmpty());
  // What all functions share tells none of them apart.
  for (const double shift : message_shifts(spectrum, std::vector<std::string>{"shop"}, 0.3)) {
    EXPECT_NEAR(shift, 0, 0.15);
  }
}

TEST(MessageShifts, CountWhatMostMessagesSayMost) {
  const std::vector<std::string> messages = {"pages", "pages", "pages", "show"};
  const std::vector<double> shifts = message_shifts(three_functions(), messages, 0.3);
  EXPECT_GT(shifts[0], shifts[1]);
  EXPECT_GT(shifts[1], shifts[2]);
}

}  // namespace
}  // namespace culprit
