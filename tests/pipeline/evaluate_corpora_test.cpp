#include "pipeline/evaluate_corpora.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "base/packer.h"

namespace culprit {
namespace {

using ::testing::HasSubstr;

// Two functions of two lines; line a.c:2 (in f) is faulty. Failing: t1. Tarantula's scores, by
// hand:
//   a.c:1 (f) executed by all:            1 / (1 + 1)   = 1/2
//   a.c:2 (f) executed by t1:             1 / (1 + 0)   = 1
//   a.c:7 (g) executed by t1 and t2:      1 / (1 + 1/2) = 2/3
//   a.c:8 (g) executed by t1, like a.c:2:                 1
void write_version(const Folder& folder, const std::string& name) {
  folder.write(name + "/spectra.csv", "name\na.c$#f:1\na.c$#f:2\na.c$#g:7\na.c$#g:8\n");
  folder.write(name + "/matrix.txt", "1 1 1 1 -\n1 0 1 0 +\n1 0 0 0 +\n");
  folder.write(name + "/ground_truth.json",
               R"({"suite":"small","lines":[{"file":"a.c","line":2}]})");
}

const Score& row(const CorpusFigures& figures, const std::string& suite,
                 const std::string& formula) {
  for (const Score& score : figures.evaluation.scores) {
    if (score.suite == suite && score.formula == formula && score.against.empty()) return score;
  }
  ADD_FAILURE() << "no row " << suite << ", " << formula;
  return figures.evaluation.scores.front();
}

TEST(EvaluateCorpora, MeasuresAVersionWithTiesAsExpectation) {
  const Folder folder;
  write_version(folder, "prog/v1");
  const auto figures = evaluate_corpora({folder.path()}, {"tarantula"}, 1);
  ASSERT_TRUE(figures) << to_string(figures.error());
  EXPECT_EQ(figures->versions, 1U);
  // Line 2 ties with line 8 for the first place.
  const Score& max = row(*figures, "small", "tarantula");
  EXPECT_NEAR(max.figure("line_top1").value, 50, 1e-9);
  EXPECT_NEAR(max.figure("line_mfr").value, 1.5, 1e-9);
  EXPECT_NEAR(max.figure("exam").value, 100 * 1.5 / 4, 1e-9);
  EXPECT_NEAR(max.figure("function_top1").value, 50, 1e-9);  // f and g both have a line with 1
  // Votes: f: 1/2 + 1/4, g: 1/3 + 1/2, so g comes first.
  EXPECT_NEAR(row(*figures, "all", "tarantula vote").figure("function_top1").value, 0, 1e-9);
  EXPECT_NEAR(row(*figures, "programs", "tarantula max+vote").figure("function_mfr").value, 2,
              1e-9);
}

// Nothing fails, and r20 takes 200 ms where the others of its route take 10. By their paths alone
// no two requests are of one endpoint, and none is slow.
TEST(EvaluateCorpora, LabelsSlowRequestsByTheRoutesOfTraces) {
  const Folder folder;
  std::string responses;
  for (int i = 0; i <= 20; ++i) {
    const std::string run = "r" + std::to_string(i);
    const std::string path = "/seats/" + std::string(1, static_cast<char>('a' + i)) + "-row";
    const bool slow = i == 20;
    folder.write(
        "prog/v1/" + run + "/a.info",
        "SF:a.c\nFN:1,f\nDA:1,1\nDA:2," + std::string(slow ? "1" : "0") + "\nend_of_record\n");
    responses += R"({"run":")" + run + R"(","method":"GET","url":"http://shop)" + path +
                 R"(","status":200,"latency_ms":)" + (slow ? "200" : "10") + "}\n";
  }
  folder.write("prog/v1/responses.jsonl", responses);
  folder.write(
      "prog/v1/traces.json",
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":)"
      R"({"stringValue":"shop"}}]},"scopeSpans":[{"spans":[{"traceId":)"
      R"("0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"GET seat","kind":2,)"
      R"("startTimeUnixNano":"1000","endTimeUnixNano":"2000","attributes":[)"
      R"({"key":"http.request.method","value":{"stringValue":"GET"}},)"
      R"({"key":"http.route","value":{"stringValue":"/seats/{seat}"}}]}]}]}]})");
  folder.write("prog/v1/ground_truth.json",
               R"({"suite":"small","lines":[{"file":"a.c","line":2}]})");
  const auto figures = evaluate_corpora({folder.path()}, {"tarantula"}, 1);
  ASSERT_TRUE(figures) << to_string(figures.error());
  EXPECT_EQ(figures->versions, 1U);
  EXPECT_NEAR(row(*figures, "small", "tarantula").figure("line_top1").value, 100, 1e-9);
}

TEST(EvaluateCorpora, SkipsVersionsThatCannotBeMeasured) {
  const Folder folder;
  write_version(folder, "prog/v1");
  write_version(folder, "prog/v2");
  folder.write("prog/v2/matrix.txt", "1 1 1 1 +\n1 0 1 0 +\n1 0 0 0 +\n");  // nothing fails
  write_version(folder, "prog/v3");
  folder.write("prog/v3/ground_truth.json", R"({"lines":[{"file":"a.c","line":99}]})");
  write_version(folder, "prog/v4");
  folder.write("prog/v4/ground_truth.json", "{\"lines\":[{\"file\":\"a.c\",\"line\":\"x\"}]}");
  const auto figures = evaluate_corpora({folder.path()}, {"tarantula"}, 2);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->versions, 1U);
  EXPECT_EQ(figures->skipped, 3U);
  ASSERT_EQ(figures->problems.size(), 1U);
  EXPECT_THAT(to_string(figures->problems[0]), HasSubstr("prog/v4/ground_truth.json"));
}

TEST(EvaluateCorpora, SaysWhenThereIsNothingToMeasure) {
  const Folder folder;
  folder.write("x.txt", "x");
  EXPECT_THAT(to_string(evaluate_corpora({folder.path()}, {"tarantula"}, 1).error()),
              HasSubstr("holds no faulty version"));
  EXPECT_FALSE(evaluate_corpora({folder.path("nosuch")}, {"tarantula"}, 1));
}

// Function figures of the development corpora as tools/reference_eval.py printed them (numpy, an
// implementation of its own; its `candidate` and `posterior` are our posterior and posterior-runs):
// suite, formula, n, function Top-1/3/5 and MFR.
struct Reference {
  const char* suite;
  const char* formula;
  std::size_t n;
  double top1, top3, top5, mfr;
};
constexpr Reference kReference[] = {
    {"all", "posterior", 208, 51.2, 80.8, 85.6, 3.19},
    {"bugscpp", "posterior", 5, 0.0, 40.0, 40.0, 17.8},
    {"jsoncpp", "posterior", 134, 54.1, 81.7, 85.1, 3.01},
    {"quixbugs", "posterior", 12, 83.3, 100.0, 100.0, 1.25},
    {"siemens", "posterior", 57, 42.1, 78.1, 87.7, 2.75},
    {"programs", "posterior", 6, 48.7, 77.9, 84.7, 4.8},
    {"all", "dstar2", 208, 38.8, 67.1, 78.8, 4.11},
    {"all", "dstar2 max+vote", 208, 43.0, 72.7, 80.3, 3.68},
    {"all", "dstar2 vote", 208, 44.7, 68.9, 77.9, 3.95},
    {"all", "ochiai", 208, 38.3, 66.5, 77.5, 4.24},
    {"all", "ochiai max+vote", 208, 42.5, 71.2, 78.8, 3.83},
    {"all", "ochiai vote", 208, 44.2, 68.9, 76.9, 4.07},
    {"all", "op2", 208, 35.5, 65.7, 79.8, 3.94},
    {"all", "op2 max+vote", 208, 41.6, 72.7, 81.2, 3.45},
    {"all", "op2 vote", 208, 42.3, 69.4, 79.3, 3.97},
    {"all", "posterior-runs", 208, 48.8, 77.9, 84.1, 3.4},
    {"all", "tarantula", 208, 28.6, 53.2, 66.5, 6.78},
    {"bugscpp", "dstar2", 5, 3.0, 8.9, 14.9, 19.4},
    {"bugscpp", "dstar2 max+vote", 5, 20.0, 40.0, 40.0, 16.0},
    {"bugscpp", "dstar2 vote", 5, 20.0, 20.0, 40.0, 26.6},
    {"bugscpp", "ochiai", 5, 3.0, 8.9, 14.9, 19.4},
    {"bugscpp", "ochiai max+vote", 5, 20.0, 40.0, 40.0, 16.0},
    {"bugscpp", "ochiai vote", 5, 20.0, 20.0, 40.0, 26.6},
    {"bugscpp", "op2", 5, 3.0, 8.9, 14.9, 19.4},
    {"bugscpp", "op2 max+vote", 5, 20.0, 40.0, 40.0, 15.8},
    {"bugscpp", "op2 vote", 5, 20.0, 40.0, 40.0, 27.0},
    {"bugscpp", "posterior-runs", 5, 0.0, 20.0, 20.0, 17.4},
    {"bugscpp", "tarantula", 5, 3.0, 8.9, 14.9, 19.4},
    {"jsoncpp", "dstar2", 134, 33.7, 64.4, 77.0, 4.24},
    {"jsoncpp", "dstar2 max+vote", 134, 39.2, 71.8, 78.4, 3.68},
    {"jsoncpp", "dstar2 vote", 134, 40.3, 66.7, 79.9, 3.71},
    {"jsoncpp", "ochiai", 134, 33.7, 63.6, 75.0, 4.43},
    {"jsoncpp", "ochiai max+vote", 134, 39.2, 69.5, 76.1, 3.89},
    {"jsoncpp", "ochiai vote", 134, 40.3, 66.7, 78.4, 3.89},
    {"jsoncpp", "op2", 134, 34.8, 66.1, 79.0, 3.88},
    {"jsoncpp", "op2 max+vote", 134, 43.7, 73.3, 79.9, 3.29},
    {"jsoncpp", "op2 vote", 134, 43.3, 68.2, 81.3, 3.68},
    {"jsoncpp", "posterior-runs", 134, 51.9, 80.6, 85.8, 3.07},
    {"jsoncpp", "tarantula", 134, 19.7, 43.7, 57.8, 8.27},
    {"quixbugs", "dstar2", 12, 84.0, 97.9, 100.0, 1.25},
    {"quixbugs", "dstar2 max+vote", 12, 83.3, 100.0, 100.0, 1.17},
    {"quixbugs", "dstar2 vote", 12, 83.3, 100.0, 100.0, 1.17},
    {"quixbugs", "ochiai", 12, 84.0, 97.9, 100.0, 1.25},
    {"quixbugs", "ochiai max+vote", 12, 83.3, 100.0, 100.0, 1.17},
    {"quixbugs", "ochiai vote", 12, 83.3, 100.0, 100.0, 1.17},
    {"quixbugs", "op2", 12, 84.0, 97.9, 100.0, 1.25},
    {"quixbugs", "op2 max+vote", 12, 83.3, 100.0, 100.0, 1.17},
    {"quixbugs", "op2 vote", 12, 83.3, 100.0, 100.0, 1.17},
    {"quixbugs", "posterior-runs", 12, 83.3, 100.0, 100.0, 1.25},
    {"quixbugs", "tarantula", 12, 83.6, 96.7, 100.0, 1.29},
    {"siemens", "dstar2", 57, 44.4, 71.9, 84.2, 3.07},
    {"siemens", "dstar2 max+vote", 57, 45.6, 71.9, 84.2, 3.15},
    {"siemens", "dstar2 vote", 57, 49.1, 71.9, 71.9, 3.1},
    {"siemens", "ochiai", 57, 42.7, 71.9, 84.2, 3.09},
    {"siemens", "ochiai max+vote", 57, 43.9, 71.9, 84.2, 3.17},
    {"siemens", "ochiai vote", 57, 47.4, 71.9, 71.9, 3.13},
    {"siemens", "op2", 57, 29.5, 62.7, 82.9, 3.29},
    {"siemens", "op2 max+vote", 57, 29.8, 68.4, 84.2, 3.2},
    {"siemens", "op2 vote", 57, 33.3, 68.4, 73.7, 3.2},
    {"siemens", "posterior-runs", 57, 38.6, 71.9, 82.5, 3.38},
    {"siemens", "tarantula", 57, 40.1, 70.2, 84.2, 3.32},
    {"programs", "tarantula", 6, 41.4, 62.6, 71.2, 6.58},
    {"programs", "posterior-runs", 6, 43.2, 71.0, 74.3, 5.47},
    {"programs", "ochiai", 6, 46.3, 68.0, 74.0, 5.72},
    {"programs", "ochiai vote", 6, 55.8, 70.7, 75.9, 6.68},
    {"programs", "ochiai max+vote", 6, 51.9, 74.5, 78.4, 5.05},
    {"programs", "dstar2", 6, 46.7, 68.1, 74.4, 5.68},
    {"programs", "dstar2 vote", 6, 56.2, 70.7, 76.2, 6.63},
    {"programs", "dstar2 max+vote", 6, 52.3, 74.8, 78.8, 5.01},
    {"programs", "op2", 6, 42.0, 64.8, 74.4, 5.57},
    {"programs", "op2 vote", 6, 51.6, 72.0, 76.8, 6.65},
    {"programs", "op2 max+vote", 6, 48.0, 72.8, 79.0, 4.82},
    // By a numpy script of its own.
    {"all", "oracle", 208, 41.3, 68.9, 80.7, 3.73},
    {"programs", "oracle", 6, 50.8, 69.0, 74.9, 5.33},
};

TEST(EvaluateCorpora, PrintsTheFiguresOfTheReferenceOnTheDevelopmentCorpora) {
  const std::string corpus = CULPRIT_SOURCE_DIR "/../shared/data/corpora/dev.tar.xz";
  if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "../shared/data/corpora is not there";
  const auto figures = evaluate_corpora({corpus}, default_formulas(), 0);
  ASSERT_TRUE(figures) << to_string(figures.error());
  EXPECT_EQ(figures->versions, 208U);
  EXPECT_EQ(figures->skipped, 8U);
  for (const Reference& want : kReference) {
    const Score& got = row(*figures, want.suite, want.formula);
    EXPECT_EQ(got.n, want.n);
    EXPECT_NEAR(got.figure("function_top1").value, want.top1, 0.0501)
        << want.suite << " " << want.formula;
    EXPECT_NEAR(got.figure("function_top3").value, want.top3, 0.0501)
        << want.suite << " " << want.formula;
    EXPECT_NEAR(got.figure("function_top5").value, want.top5, 0.0501)
        << want.suite << " " << want.formula;
    EXPECT_NEAR(got.figure("function_mfr").value, want.mfr, 0.00501)
        << want.suite << " " << want.formula;
  }
  // Too sure at the top: of the 49 functions with 0.99 or more of the score, 28 are at fault
  // (numpy).
  const Calibration& shares = figures->evaluation.calibrations.front();
  EXPECT_EQ(shares.formula, "posterior");
  EXPECT_NEAR(shares.brier, 0.758, 0.0005);
  EXPECT_EQ(shares.bins.back().n, 49U);
  EXPECT_NEAR(shares.bins.back().at_fault, 0.571, 0.0005);
  EXPECT_FALSE(shares.calibrated);
  // And the lines of the default, which have a prior that functions have not.
  const Score& pooled = row(*figures, "all", "posterior");
  EXPECT_NEAR(pooled.figure("line_top1").value, 15.5, 0.0501);
  EXPECT_NEAR(pooled.figure("line_top3").value, 32.8, 0.0501);
  EXPECT_NEAR(pooled.figure("line_top5").value, 43.6, 0.0501);
  const Score& bound = row(*figures, "all", "oracle");
  EXPECT_NEAR(bound.figure("line_top1").value, 9.9, 0.0501);
  EXPECT_NEAR(bound.figure("line_top3").value, 26.0, 0.0501);
  EXPECT_NEAR(bound.figure("line_top5").value, 37.1, 0.0501);
  EXPECT_NEAR(bound.figure("line_mfr").value, 25.75, 0.00501);
}

}  // namespace
}  // namespace culprit
