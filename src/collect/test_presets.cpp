#include "collect/test_presets.h"

#include <filesystem>

#include "base/text.h"

namespace culprit {

TestPlan ctest_plan(const std::string& folder) {
  const std::string ctest = "ctest --test-dir " + shell_quoted(folder);
  TestPlan plan;
  plan.list = ctest + " -N";
  plan.run = ctest + " -I {number},{number} --output-on-failure";
  plan.build = {folder};
  return plan;
}

TestPlan gtest_plan(const std::string& program) {
  const std::string word =
      shell_quoted(program.find('/') == std::string::npos ? "./" + program : program);
  TestPlan plan;
  plan.list = word + " --gtest_list_tests";
  plan.run = word + " --gtest_filter={run}";
  return plan;
}

TestPlan surefire_plan(const std::string& folder, const std::string& agent) {
  const std::string enter = "cd " + shell_quoted(folder) + " && ";
  TestPlan plan;
  // Surefire's own patterns of what a test class is called.
  plan.list = enter +
              "cd target/test-classes && find . -name 'Test*.class' -o -name '*Test.class' "
              "-o -name '*Tests.class' -o -name '*TestCase.class' | grep -v '\\$' | "
              "sed -e 's|^\\./||' -e 's|\\.class$||' -e 's|/|.|g' | sort";
  plan.run =
      enter + "mvn -q surefire:test -Dtest={run} -DfailIfNoTests=false -DargLine=-javaagent:" +
      shell_quoted(std::filesystem::absolute(agent).string()) + "=destfile={dir}/jacoco.exec";
  plan.junit = folder + "/target/surefire-reports/TEST-{run}.xml";
  plan.build = {folder + "/target/classes"};
  return plan;
}

}  // namespace culprit
