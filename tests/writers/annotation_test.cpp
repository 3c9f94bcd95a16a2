#include "culprit/annotation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "writers/writers.h"

namespace culprit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Report report_of_two_runs() {
  Report report;
  report.runs_path = "runs";
  report.runs = {{"bad", Outcome::failed("status 500"), 1, {}, true},
                 {"ok", Outcome::passed("status 200"), 1, {}, true}};
  report.failed = report.passed = 1;
  report.ranking.elements = 9;
  return report;
}

Annotation annotation_of_one_file() {
  AnnotatedFile file;
  file.heat = {"", "src/a.cc", {{2, {1, 1, 0, 0}, 0.001}, {3, {1, 0, 0, 1}, 1}}, "code/src/a.cc"};
  file.text = {"// <f>", "int f() {", "\treturn \"&\x1b[2J\";", "}"};
  file.shown = {{1, 4}};
  Ranked row;
  row.code = {Level::kFunction, "", "src/a.cc", "f()", 2, 4};
  row.line = {Level::kLine, "", "src/a.cc", "f()", 3, 3};
  row.counts = {1, 0, 0, 1};
  row.probability = 0.9;
  row.best_rank = row.worst_rank = 1;
  file.functions = {row};
  return {{file}, false, true};
}

TEST(AnnotationText, PutsCountsAndHeatBeforeTheText) {
  EXPECT_THAT(
      annotation_as_text(report_of_two_runs(), annotation_of_one_file(), {}),
      HasSubstr("code/src/a.cc\n"
                "     failing  passing  heat\n"
                "#1  90.0%  f()  failing 1/1, passing 0/1\n"
                "  1                              | // <f>\n"
                "  2      1/1      1/1            | int f() {\n"
                "  3      1/1      0/1  █████ 100 |     return \"&?[2J\";\n"
                "  4                              | }\n"
                "\n"
                "1 of 9 functions shown, with 90.0% of the probability; --top N shows N\n"));
}

TEST(AnnotationText, ShowsNumbersAndCountsWhereThereIsNoText) {
  Annotation annotation = annotation_of_one_file();
  annotation.files[0].text.clear();
  annotation.files[0].heat.source.clear();
  annotation.has_source = false;
  const std::string text = annotation_as_text(report_of_two_runs(), annotation, {});
  EXPECT_THAT(text, HasSubstr("src/a.cc\n"
                              "     failing  passing  heat\n"
                              "#1  90.0%  f()  failing 1/1, passing 0/1\n"
                              "  2      1/1      1/1\n"
                              "  3      1/1      0/1  █████ 100\n"));
  EXPECT_THAT(text, HasSubstr("hint: --source DIR shows the text"));
}

TEST(AnnotationText, HasColourOnlyWhereItIsAskedFor) {
  const Report report = report_of_two_runs();
  const Annotation annotation = annotation_of_one_file();
  EXPECT_THAT(annotation_as_text(report, annotation, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(annotation_as_ansi(report, annotation, {}), HasSubstr("\x1b[1;31m█████ 100\x1b[0m"));
}

TEST(AnnotationText, FitsTheTerminal) {
  Annotation annotation = annotation_of_one_file();
  annotation.files[0].text[0] = "// " + std::string(300, 'x') + "end";
  Style narrow;
  narrow.width = 80;
  const std::string text = annotation_as_text(report_of_two_runs(), annotation, narrow);
  const std::size_t at = text.find("  1  ");
  EXPECT_EQ(text.substr(at, text.find('\n', at) - at).find("xxend") != std::string::npos, true);
  EXPECT_LE(text.find('\n', at) - at, 80U + 2);  // the ellipsis has three bytes
}

TEST(AnnotationHtml, EscapesTheSource) {
  const std::string page = annotation_as_html(report_of_two_runs(), annotation_of_one_file(), {});
  EXPECT_THAT(page, HasSubstr("<td class=\"code\">// &lt;f&gt;</td>"));
  EXPECT_THAT(page, HasSubstr("<td>1/1</td><td>0/1</td><td>100</td>"
                              "<td class=\"code\">\treturn &quot;&amp;?[2J&quot;;</td>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"#f0-3\">f()</a>"));
  EXPECT_THAT(page, HasSubstr("id=\"f0-3\""));
  EXPECT_THAT(page, Not(HasSubstr("http")));
}

TEST(AnnotationLcov, TellsHeatInPerCent) {
  Report report = report_of_two_runs();
  Annotation annotation = annotation_of_one_file();
  annotation.named = true;
  EXPECT_EQ(annotation_as_lcov(report, annotation, {}),
            "TN:\nSF:code/src/a.cc\nDA:2,0\nDA:3,100\nLF:2\nLH:1\nend_of_record\n");
}

TEST(AnnotationLcov, HoldsAllFilesUnlessSomeAreNamedAndEachOnce) {
  Report report = report_of_two_runs();
  report.heat = {{"orders", "b.h", {{1, {}, 0.2}, {2, {}, 0}}},
                 {"stock", "b.h", {{1, {}, 0.7}}},
                 {"stock", "c\nSF:d", {{1, {}, 0}}}};
  EXPECT_EQ(annotation_as_lcov(report, annotation_of_one_file(), {}),
            "TN:\nSF:b.h\nDA:1,70\nDA:2,0\nLF:2\nLH:1\nend_of_record\n"
            "TN:\nSF:c?SF:d\nDA:1,0\nLF:1\nLH:0\nend_of_record\n");
}

TEST(AnnotationJson, HoldsEveryLineShown) {
  const auto json =
      nlohmann::json::parse(annotation_as_json(report_of_two_runs(), annotation_of_one_file(), {}));
  ASSERT_EQ(json["files"].size(), 1U);
  const auto& file = json["files"][0];
  EXPECT_EQ(file["source"], "code/src/a.cc");
  EXPECT_EQ(file["lines"].size(), 4U);
  EXPECT_EQ(file["lines"][2]["heat"], 1);
  EXPECT_EQ(file["lines"][2]["counts"]["np"], 1);
  EXPECT_EQ(file["lines"][0]["text"], "// <f>");
  EXPECT_FALSE(file["lines"][0].contains("heat"));
  EXPECT_EQ(file["functions"][0]["element"]["function"], "f()");
}

// Once the runs are read nobody waits for a view: 100 ms are the goal, for a file of 5,000 lines
// shown whole. Sanitizers take several times as long.
TEST(Annotation, OfALargeFileIsWrittenWithin100MsInEachFormat) {
  Annotation annotation = annotation_of_one_file();
  AnnotatedFile& file = annotation.files[0];
  file.text.clear();
  file.heat.lines.clear();
  constexpr std::uint32_t kLines = 5000;
  for (std::uint32_t line = 1; line <= kLines; ++line) {
    file.text.push_back("  if (a < " + std::to_string(line) +
                        ") return f(\"<&>\", a);  // a remark");
    file.heat.lines.push_back({line, {1, 1, 0, 0}, line / static_cast<double>(kLines)});
  }
  file.shown = {{1, kLines}};
  annotation.named = true;  // lcov-heat is of all files otherwise
#if defined(__SANITIZE_ADDRESS__)
  constexpr double kMostSeconds = 1;
#elif defined(__has_feature)
  constexpr double kMostSeconds = __has_feature(address_sanitizer) ? 1 : 0.1;
#else
  constexpr double kMostSeconds = 0.1;
#endif
  for (const std::string_view format : {"text", "ansi", "html", "lcov-heat", "json"}) {
    double least = 1e9;  // other work of the machine only adds
    for (int i = 0; i < 3; ++i) {
      const std::clock_t before = std::clock();
      const std::string text =
          (*find_writer(format))->annotation(report_of_two_runs(), annotation, {});
      least = std::min(least, static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
      EXPECT_GT(text.size(), kLines);
    }
    EXPECT_LT(least, kMostSeconds) << format;
  }
}

}  // namespace
}  // namespace culprit
