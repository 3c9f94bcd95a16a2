// How well-known test runners list their tests and run one of them.
#pragma once

#include <string>

#include "collect/record.h"

namespace culprit {

// `folder`: the build folder with the tests.
[[nodiscard]] TestPlan ctest_plan(const std::string& folder);
// `program`: a GoogleTest program.
[[nodiscard]] TestPlan gtest_plan(const std::string& program);
// `folder`: a Maven project whose test classes are compiled; a run is a test class. `agent`:
// JaCoCo's agent.
[[nodiscard]] TestPlan surefire_plan(const std::string& folder, const std::string& agent);

}  // namespace culprit
