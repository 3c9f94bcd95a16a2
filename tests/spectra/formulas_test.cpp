#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "culprit/formula.h"

namespace culprit {
namespace {

using testing::HasSubstr;

constexpr double kInf = std::numeric_limits<double>::infinity();

double value(std::string_view name, const Counts& counts) {
  const Result<const Formula*> formula = find_formula(name);
  if (!formula) throw std::runtime_error(to_string(formula.error()));
  return (*formula)->value(counts);
}

std::vector<std::string> words(std::string_view text) {
  std::istringstream in{std::string(text)};
  return {std::istream_iterator<std::string>(in), {}};
}

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream in(CULPRIT_SOURCE_DIR "/spectra/" + file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

struct Vector {
  std::string where;
  std::string formula;
  Counts counts;
  double expected = 0;
};

double number(const std::string& text) {
  if (text == "inf") return kInf;
  if (text == "-inf") return -kInf;
  return parse_double(text).value();
}

std::vector<Vector> vectors() {
  std::vector<Vector> result;
  for (const std::string& line : lines_of("vectors.csv")) {
    if (line.starts_with("formula,")) continue;
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    if (cells.size() != 6) throw std::runtime_error("not a row of six cells: " + line);
    result.push_back({line,
                      cells[0],
                      {number(cells[1]), number(cells[2]), number(cells[3]), number(cells[4])},
                      number(cells[5])});
  }
  return result;
}

bool close(double a, double b) {
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

TEST(Vectors, EveryRowIsReproducedTo12Digits) {
  for (const Vector& v : vectors()) {
    const Result<const Formula*> formula = find_formula(v.formula);
    ASSERT_TRUE(formula) << v.where;
    EXPECT_EQ((*formula)->name, v.formula) << "an alias: " << v.where;
    EXPECT_TRUE(close((*formula)->value(v.counts), v.expected))
        << v.where << " but is " << (*formula)->value(v.counts);
  }
}

TEST(Vectors, EveryFormulaHasFifteenDifferentOnes) {
  std::map<std::string, std::set<std::vector<double>>> counted;
  for (const Vector& v : vectors()) {
    counted[v.formula].insert({v.counts.ef, v.counts.ep, v.counts.nf, v.counts.np});
  }
  for (const Formula& formula : formulas()) {
    EXPECT_EQ(counted[std::string(formula.name)].size(), 15U) << formula.name;
  }
  EXPECT_EQ(counted.size(), formulas().size()) << "a row names a formula that is not there";
}

TEST(Catalogue, NamesAreSortedAndLowerCase) {
  const auto all = formulas();
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].name, lower(all[i].name));
    EXPECT_FALSE(all[i].title.empty() || all[i].expression.empty() || all[i].source.empty())
        << all[i].name;
    EXPECT_TRUE(i == 0 || all[i - 1].name < all[i].name) << all[i].name;
  }
}

TEST(Catalogue, NoNameOrAliasIsTakenTwice) {
  std::set<std::string> taken = {"posterior"};
  for (const Formula& formula : formulas()) {
    EXPECT_TRUE(taken.emplace(formula.name).second) << formula.name;
    for (const std::string& alias : words(formula.aliases)) {
      EXPECT_EQ(alias, lower(alias));
      EXPECT_TRUE(taken.insert(alias).second) << formula.name << ' ' << alias;
    }
  }
}

TEST(Catalogue, EveryNameAndAliasFindsItsFormulaInAnyCase) {
  for (const Formula& formula : formulas()) {
    std::vector<std::string> names = words(formula.aliases);
    names.emplace_back(formula.name);
    for (std::string name : names) {
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      const Result<const Formula*> found = find_formula(name);
      ASSERT_TRUE(found) << name;
      EXPECT_EQ((*found)->name, formula.name) << name;
    }
  }
}

TEST(Catalogue, OpTwoAndDStarAnswerToTheNamesInUse) {
  EXPECT_EQ((*find_formula("Naish2"))->name, "op2");
  EXPECT_EQ((*find_formula("DStar"))->name, "dstar2");
  EXPECT_EQ((*find_formula("BarinelMLE"))->name, "barinel");
}

TEST(Catalogue, UnknownNameSuggestsTheNearest) {
  const Result<const Formula*> found = find_formula("Ochia");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().place.path, "--formula");
  EXPECT_EQ(found.error().what, "there is no formula `Ochia`");
  EXPECT_EQ(found.error().hint, "did you mean `ochiai`? `culprit list formulas` shows them all");
  EXPECT_THAT(find_formula("posterio").error().hint, HasSubstr("`posterior`"));
}

TEST(Catalogue, NameUnlikeAllOthersIsToldWhereTheyAreListed) {
  EXPECT_EQ(find_formula("qqqqqqqqqqqq").error().hint, "`culprit list formulas` shows them all");
  EXPECT_FALSE(find_formula(""));
  EXPECT_FALSE(find_formula("tarantula "));
  EXPECT_FALSE(find_formula("cosine ochiai1"));
}

// README.md has the table of formulas once more, for people.
TEST(Readme, TableHasTheRowsOfTheCatalogue) {
  const std::vector<std::string> lines = lines_of("README.md");
  auto line = std::find(lines.begin(), lines.end(), "| name | equation | source | one-sided |");
  ASSERT_GT(lines.end() - line, 2);
  std::vector<std::string> rows;
  for (line += 2; line != lines.end() && line->starts_with('|'); ++line) rows.push_back(*line);
  std::vector<std::string> expected;
  for (const Formula& formula : formulas()) {
    expected.push_back("| `" + std::string(formula.name) + "` | " +
                       std::string(formula.expression) + " | " + std::string(formula.source) +
                       " | " + (formula.one_sided ? "yes" : "no") + " |");
  }
  EXPECT_THAT(rows, testing::ElementsAreArray(expected));
}

std::vector<Counts> grid() {
  const std::vector<double> sizes = {0,  1e-9,  0.25,         1,    2,   3, 10,
                                     11, 46341, 4294967296.0, 1e15, 1e19};
  std::vector<Counts> result;
  for (const double ef : sizes) {
    for (const double ep : sizes) {
      for (const double nf : sizes) {
        for (const double np : sizes) result.push_back({ef, ep, nf, np});
      }
    }
  }
  return result;
}

TEST(Values, AreNeverNaN) {
  for (const Formula& formula : formulas()) {
    for (const Counts& c : grid()) {
      ASSERT_FALSE(std::isnan(formula.value(c)))
          << formula.name << " of " << c.ef << ' ' << c.ep << ' ' << c.nf << ' ' << c.np;
    }
  }
}

TEST(Values, OfManyAreThoseOfEach) {
  const std::vector<Counts> counts = grid();
  for (const Formula& formula : formulas()) {
    std::vector<double> values(counts.size(), -12345);
    formula.values(counts, values);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      ASSERT_EQ(values[i], formula.value(counts[i])) << formula.name << " at " << i;
    }
    formula.values({}, {});
  }
}

// Four failing runs, three of which execute it; six passing runs, one of which does.
constexpr Counts kTypical = {3, 1, 1, 5};

TEST(Ochiai, ByHand) { EXPECT_DOUBLE_EQ(value("ochiai", kTypical), 3 / std::sqrt(4.0 * 4.0)); }

TEST(Tarantula, ByHand) { EXPECT_DOUBLE_EQ(value("tarantula", kTypical), 0.75 / (0.75 + 1.0 / 6)); }

TEST(Tarantula, WithoutPassingRunsIsOneForWhatAFailingRunExecutes) {
  EXPECT_EQ(value("tarantula", {3, 0, 0, 0}), 1);
  EXPECT_EQ(value("tarantula", {1, 0, 7, 0}), 1);
  EXPECT_EQ(value("tarantula", {0, 0, 7, 0}), 0);
}

TEST(Op2, ByHand) {
  EXPECT_DOUBLE_EQ(value("op2", kTypical), 3 - 1.0 / 7);
  EXPECT_EQ(value("op2", {2, 0, 0, 0}), 2);
}

TEST(DStar2, ByHand) {
  EXPECT_DOUBLE_EQ(value("dstar2", kTypical), 9.0 / 2);
  EXPECT_EQ(value("dstar2", {3, 0, 0, 9}), kInf) << "the perfect suspect ranks first";
  EXPECT_EQ(value("dstar2", {0, 0, 0, 9}), 0);
}

// The example of Wong, Debroy, Gao, Li 2014, four failing and eight passing runs: counts from its
// coverage table, D*2 and D*3 as its Table 1 prints them.
TEST(DStar3, AgreesWithThePaperThatDefinesIt) {
  struct Row {
    double ef, ep, squared, cubed;
  };
  for (const Row& row :
       {Row{4, 8, 2.0, 8.0}, Row{4, 7, 2.29, 9.14}, Row{1, 5, 0.13, 0.13}, Row{3, 2, 3.0, 9.0},
        Row{1, 1, 0.25, 0.25}, Row{2, 1, 1.33, 2.67}, Row{0, 1, 0.0, 0.0}}) {
    const Counts counts = {row.ef, row.ep, 4 - row.ef, 8 - row.ep};
    EXPECT_NEAR(value("dstar2", counts), row.squared, 0.0051);
    EXPECT_NEAR(value("dstar3", counts), row.cubed, 0.0051);
  }
}

TEST(Barinel, NoOtherChanceMakesTheOutcomesLikelier) {
  for (const Counts& c :
       {kTypical, Counts{2, 10, 0, 0}, Counts{5, 2, 0, 8}, Counts{2.5, 1.5, 0, 0}}) {
    double best = 0;
    for (int step = 0; step <= 10000; ++step) {
      const double unharmed = step / 10000.0;
      best = std::max(best, std::pow(unharmed, c.ep) * std::pow(1 - unharmed, c.ef));
    }
    EXPECT_GE(value("barinel", c), best * (1 - 1e-12));
    EXPECT_NEAR(value("barinel", c), best, best * 1e-6);
  }
}

TEST(ChiSquare, IsTheSumOverTheFourCells) {
  for (const Counts& c : {kTypical, Counts{2, 4, 3, 11}, Counts{50000, 70000, 30000, 850000}}) {
    const auto cell = [&](double observed, double row, double column) {
      const double expected = row * column / c.total();
      return (observed - expected) * (observed - expected) / expected;
    };
    const double skipped = c.nf + c.np;
    const double sum = cell(c.ef, c.executed(), c.failing()) +
                       cell(c.ep, c.executed(), c.passing()) + cell(c.nf, skipped, c.failing()) +
                       cell(c.np, skipped, c.passing());
    EXPECT_NEAR(value("chisquare", c), sum, 1e-10 * sum);
    EXPECT_NEAR(value("crosstab", c), sum / c.total(), 1e-10);
    EXPECT_NEAR(value("crosstab", {c.ep, c.ef, c.np, c.nf}), -sum / c.total(), 1e-10);
  }
}

// As the manual of ELKI defines them over P(executed), P(failed) and P(both).
TEST(Associations, ByHandFromProbabilities) {
  constexpr double kBoth = 0.3, kExecuted = 0.4, kFailed = 0.4;
  constexpr double kOdds = 0.3 * 0.5 / (0.1 * 0.1);
  EXPECT_NEAR(value("interest", kTypical), kBoth / (kExecuted * kFailed), 1e-12);
  EXPECT_NEAR(value("piatetskyshapiro", kTypical), kBoth - kExecuted * kFailed, 1e-12);
  EXPECT_NEAR(value("conviction", kTypical), kExecuted * (1 - kFailed) / 0.1, 1e-12);
  EXPECT_NEAR(value("oddsratio", kTypical), kOdds, 1e-12);
  EXPECT_NEAR(value("yuleq", kTypical), (kOdds - 1) / (kOdds + 1), 1e-12);
  EXPECT_NEAR(value("yuley", kTypical), (std::sqrt(kOdds) - 1) / (std::sqrt(kOdds) + 1), 1e-12);
}

// GZoltar's "SBI" as it computed these.
TEST(Recall, IsWhatGZoltarCallsSbi) {
  EXPECT_EQ(value("recall", {2, 4, 3, 11}), 0.4);
  EXPECT_EQ(value("recall", {1, 20, 1, 78}), 0.5);
  EXPECT_EQ(value("recall", {2, 10, 0, 0}), 1);
  EXPECT_EQ(value("recall", {50000, 70000, 30000, 850000}), 0.625);
}

TEST(Formulas, LargeCountsDoNotOverflow) {
  const Counts c = {50000, 70000, 30000, 850000};
  EXPECT_NEAR(value("ochiai", c), 50000 / std::sqrt(80000.0) / std::sqrt(120000.0), 1e-12);
  EXPECT_NEAR(value("dstar2", c), 25000, 1e-9);
  EXPECT_NEAR(value("zoltar", c), 50000 / (150000 + 10000.0 * 30000 * 70000 / 50000), 1e-15);
}

// Half the weight of a run at every place: formulas of degree 0 must not notice.
TEST(Formulas, RatiosAreTheSameForFractionalCounts) {
  const Counts half = {1.5, 0.5, 0.5, 2.5};
  for (const char* name : {"ochiai", "ochiai2", "tarantula", "jaccard", "sbi", "kulczynski2",
                           "ample", "geometricmean", "cohen", "scott", "rogot2", "minus"}) {
    EXPECT_NEAR(value(name, half), value(name, kTypical), 1e-15) << name;
  }
}

TEST(Op2, RisesWithEfAndFallsWithEp) {
  constexpr double kFailing = 7;
  constexpr double kPassing = 900;
  const auto op2 = [&](double ef, double ep) {
    return value("op2", {ef, ep, kFailing - ef, kPassing - ep});
  };
  for (double ef = 0; ef <= kFailing; ++ef) {
    for (double ep = 0; ep < kPassing; ++ep) {
      ASSERT_GT(op2(ef, ep), op2(ef, ep + 1));
    }
    // One more failing run outweighs any number of passing ones.
    ASSERT_TRUE(ef == kFailing || op2(ef + 1, kPassing) > op2(ef, 0)) << ef;
  }
}

// One-sided: all failing runs and no passing one beats the reverse. The others see no difference.
// (With one failing run of ten gp03 prefers the reverse: it is the mask that makes it usable
// there.)
TEST(OneSided, IsWhatTellsFailingRunsFromPassingOnes) {
  for (const Formula& formula : formulas()) {
    for (const auto& [failing, passing] : {std::pair{3.0, 7.0}, {5.0, 12.0}, {6.0, 4.0}}) {
      const double suspect = formula.value({failing, 0, 0, passing});
      const double reverse = formula.value({0, passing, failing, 0});
      if (formula.one_sided) {
        EXPECT_GT(suspect, reverse) << formula.name;
      } else {
        EXPECT_DOUBLE_EQ(suspect, reverse) << formula.name;
      }
    }
  }
}

int order(double a, double b) {
  return close(a, b) || std::abs(a - b) < 1e-12 ? 0 : a < b ? -1 : 1;
}

TEST(RankEquivalence, HoldsWithinEachClassOnRandomCounts) {
  const std::vector<std::vector<const char*>> classes = {
      {"simplematching", "sokal", "rogerstanimoto", "hamming", "hamann", "euclid", "m1", "wong2"},
      {"tarantula", "sbi", "cbiincrease", "conviction", "interest", "tarwid"},
      {"jaccard", "sorensendice", "dice", "anderberg", "kulczynski1", "goodman"},
      {"russellrao", "wong1", "recall"},
      {"kulczynski2", "mccon"},
      {"op1", "ideal"},
      {"op2", "gp13"},
      {"geometricmean", "crosstab"},
      {"scott", "rogot1"},
      {"ample2", "piatetskyshapiro"},
      {"yuleq", "yuley"},
  };
  std::mt19937 random(20240611);
  const auto draw = [&](int from, int to) {
    return static_cast<double>(std::uniform_int_distribution(from, to)(random));
  };
  for (int trial = 0; trial < 2000; ++trial) {
    const double failing = draw(1, 9);
    const double passing = draw(1, 20);
    Counts pair[2];
    for (Counts& c : pair) {
      c.ef = draw(1, static_cast<int>(failing));
      c.ep = draw(0, static_cast<int>(passing));
      c.nf = failing - c.ef;
      c.np = passing - c.ep;
    }
    for (const auto& names : classes) {
      const int expected = order(value(names[0], pair[0]), value(names[0], pair[1]));
      for (const char* name : names) {
        ASSERT_EQ(order(value(name, pair[0]), value(name, pair[1])), expected)
            << name << " and " << names[0] << ": " << pair[0].ef << ' ' << pair[0].ep << " against "
            << pair[1].ef << ' ' << pair[1].ep << " of " << failing << ' ' << passing;
      }
    }
  }
}

}  // namespace
}  // namespace culprit
