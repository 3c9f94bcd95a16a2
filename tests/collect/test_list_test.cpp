// The lists are as the runners print them: ctest 3.25, GoogleTest 1.12, pytest 7.
#include "collect/test_list.h"

#include <gmock/gmock.h>

namespace culprit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "name #number" of each.
std::vector<std::string> listed(const std::string& output) {
  const auto tests = parse_test_list(output);
  EXPECT_TRUE(tests) << to_string(tests.error());
  std::vector<std::string> names;
  for (const ListedTest& test : tests.value_or(std::vector<ListedTest>{})) {
    names.push_back(test.name + " #" + test.number);
  }
  return names;
}

TEST(TestList, TakesNamesAndNumbersFromCtest) {
  EXPECT_THAT(listed("Internal ctest changing into directory: /tmp/b\n"
                     "Test project /tmp/b\n"
                     "  Test  #1: base\n"
                     "  Test #12: a name: with a colon\n"
                     "  Test #13: Shop.Buys\n\nTotal Tests: 3\n"),
              ElementsAre("base #1", "a name: with a colon #12", "Shop.Buys #13"));
}

TEST(TestList, JoinsSuitesAndCasesOfGoogleTest) {
  EXPECT_THAT(listed("Running main() from ./googletest/src/gtest_main.cc\n"
                     "Cart.\n  Adds\n  DISABLED_Removes\n"
                     "Prices/Tax.  # TypeParam = int\n  Rounds/0  # GetParam() = 4\n"),
              ElementsAre("Cart.Adds #1", "Prices/Tax.Rounds/0 #2"));
}

TEST(TestList, TakesNodeIdsFromPytest) {
  EXPECT_THAT(listed("tests/test_a.py::test_x\ntests/test_a.py::Cart::test_y[1-2]\n\n"
                     "2 tests collected in 0.01s\n"),
              ElementsAre("tests/test_a.py::test_x #1", "tests/test_a.py::Cart::test_y[1-2] #2"));
}

TEST(TestList, TakesCasesFromAJunitReport) {
  EXPECT_THAT(listed("<testsuite name=\"s\"><testcase classname=\"shop.Cart\" name=\"adds\"/>"
                     "<testcase classname=\"shop.Cart\" name=\"removes\"/></testsuite>"),
              ElementsAre("shop.Cart.adds #1", "shop.Cart.removes #2"));
}

TEST(TestList, TakesAnythingElseLineByLineAndEachNameOnce) {
  EXPECT_THAT(listed("one\r\n two \n\none\n"), ElementsAre("one #1", "two #2"));
}

TEST(TestList, SaysThatThereIsNoTest) {
  EXPECT_THAT(to_string(parse_test_list(" \n").error()), HasSubstr("names no test"));
  EXPECT_FALSE(parse_test_list("<testsuite>"));
}

}  // namespace
}  // namespace culprit
