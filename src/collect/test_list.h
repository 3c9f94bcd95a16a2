// The tests that a test runner lists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"

namespace culprit {

struct ListedTest {
  std::string name;    // what {run} stands for
  std::string number;  // what {number} stands for: ctest's own, else the place in the list, from 1
};

// Understands what `ctest -N`, a GoogleTest program with --gtest_list_tests and `pytest
// --collect-only -q` print, and a JUnit report; anything else is one test a line. Errors: no test.
[[nodiscard]] Result<std::vector<ListedTest>> parse_test_list(std::string_view output);

}  // namespace culprit
