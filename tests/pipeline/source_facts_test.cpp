#include "pipeline/source_facts.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "source/clang_index.h"
#include "source/java_index.h"

namespace culprit {
namespace {

using ::testing::HasSubstr;

const std::string kShop = std::string(CULPRIT_SOURCE_DIR) + "/fixtures/systems/shop";

// The coverage's own functions, gcov's and JaCoCo's, each of which must be found in the source.
TEST(SourceFacts, FindsEveryFunctionThatTheShopsCoverageNames) {
  if (!java_grammar()) GTEST_SKIP() << "built without tree-sitter";
  if (!ClangIndex::open(ClangIndex::usual_libraries())) GTEST_SKIP() << "no libclang";
  Query query;
  query.runs = kShop + "/recorded/two-at-once.tar.xz";
  query.source = kShop;
  query.settings = {{"level", "function"}, {"top", "0"}};
  Result<CaseStudy> study = investigate(query);
  ASSERT_TRUE(study) << to_string(study.error());
  Result<CheckoutText> source = CheckoutText::open(query.source, *study);
  ASSERT_TRUE(source) << to_string(source.error());
  // A file at a time: more than are read at once.
  std::map<std::string, std::vector<const Ranked*>> by_file;
  for (const Ranked& row : study->report.ranking.rows) by_file[row.line.file].push_back(&row);
  std::size_t java = 0;
  std::size_t cpp = 0;
  for (const auto& [file, rows] : by_file) {
    const SourceFactsFinder facts(query, *source, rows);
    EXPECT_THAT(facts.notes(), testing::IsEmpty()) << file;
    for (const Ranked* row : rows) {
      const auto found = facts.facts_of(*row);
      // What the compiler makes of fields' initialisers stands in no method.
      if (!found || found->signature.empty()) {
        EXPECT_THAT(row->code.name,
                    testing::AnyOf(HasSubstr("#<init>()"), HasSubstr("#<clinit>()")))
            << row->line.file << ":" << row->line.first_line;
        continue;
      }
      ++(file.ends_with(".java") ? java : cpp);
      EXPECT_LE(found->first_line, row->code.first_line) << row->code.name;
      // JaCoCo's last line of a method is not known: the next method's begin ends it.
      if (!file.ends_with(".java")) {
        EXPECT_GE(found->last_line, row->code.last_line) << row->code.name;
      }
    }
  }
  EXPECT_GT(java, 70U);
  EXPECT_GT(cpp, 200U);
  std::printf("%zu Java methods, %zu C++ functions\n", java, cpp);
}

}  // namespace
}  // namespace culprit
