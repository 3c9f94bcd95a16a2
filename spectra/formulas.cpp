// The table of all formulas. The equations are in the headers by family; vectors.csv has values for
// each of them that other tools computed.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "culprit/formula.h"
#include "spectra/correlation.h"
#include "spectra/diagnosis.h"
#include "spectra/notation.h"
#include "spectra/similarity.h"

namespace culprit {

namespace {

using namespace equations;

constexpr bool kOneSided = true;
constexpr bool kTwoSided = false;  // what failing runs never execute may rank first

constexpr std::string_view kNaish = "Naish, Lee, Ramamohanarao, TOSEM 20(3) 2011";
constexpr std::string_view kWong = "Wong, Qi, Zhao, Cai, COMPSAC 2007";
constexpr std::string_view kDStar = "Wong, Debroy, Gao, Li, IEEE Trans. Reliability 63(1) 2014";
constexpr std::string_view kSurvey =
    "Choi, Cha, Tappert, JSCI 8(1) 2010; compared with D* in Wong et al. 2014";
constexpr std::string_view kYoo = "Yoo, SSBSE 2012";
constexpr std::string_view kLucia =
    "Tan, Kumar, Srivastava, KDD 2002; Lucia et al., JSEP 26(2) 2014";

template <Equation kEquation>
constexpr Formula row(std::string_view name, std::string_view title, std::string_view aliases,
                      std::string_view expression, std::string_view source, bool one_sided) {
  return {name,
          title,
          aliases,
          expression,
          source,
          one_sided,
          value_of<kEquation>,
          values_of<kEquation>};
}

constexpr auto kFormulas = std::to_array<Formula>({
    row<&ample>("ample", "Ample", "", "abs(ef/(ef+nf) - ep/(ep+np))",
                "Dallmeier, Lindig, Zeller, ECOOP 2005; Abreu et al., PRDC 2006", kTwoSided),
    row<&ample2>("ample2", "Ample2", "riskdifference youden", "ef/(ef+nf) - ep/(ep+np)", kNaish,
                 kOneSided),
    row<&anderberg>("anderberg", "Anderberg", "sokalsneath2", "ef / (ef + 2 (nf+ep))",
                    "Anderberg 1973; Naish, Lee, Ramamohanarao, TOSEM 20(3) 2011", kOneSided),
    row<&arithmetic_mean>("arithmeticmean", "Arithmetic mean", "maxwell-pilliner",
                          "2 (ef np - nf ep) / ((ef+ep) (nf+np) + (ef+nf) (ep+np))", kNaish,
                          kOneSided),
    row<&barinel>("barinel", "Barinel, one fault", "barinelmle",
                  "h^ep (1-h)^ef, h = ep/(ef+ep); 0 where ef = 0",
                  "Abreu, Zoeteweij, van Gemund, ASE 2009", kOneSided),
    row<&baroni_urbani_buser>("baroniurbanibuser", "Baroni-Urbani and Buser", "",
                              "(sqrt(ef np) + ef) / (sqrt(ef np) + ef + ep + nf)", kSurvey,
                              kOneSided),
    row<&binary>("binary", "Binary", "er5c", "1 where ef > 0 and nf = 0, else 0", kNaish,
                 kOneSided),
    row<&braun_banquet>("braunbanquet", "Braun-Banquet", "", "ef / max(ef+nf, ef+ep)", kSurvey,
                        kOneSided),
    row<&cbi_importance>(
        "cbiimportance", "CBI Importance", "cbilog",
        "2 / (1/cbiincrease + log(ef+nf)/log(ef)); 0 where cbiincrease or log(ef) is not positive",
        "Liblit et al., PLDI 2005", kOneSided),
    row<&cbi_increase>("cbiincrease", "CBI Increase", "cbiinc",
                       "ef/(ef+ep) - (ef+nf)/(ef+nf+ep+np)", "Liblit et al., PLDI 2005", kOneSided),
    row<&chi_square>("chisquare", "Chi-square", "pearsonchi2",
                     "N (ef np - nf ep)^2 / ((ef+ep) (nf+np) (ef+nf) (ep+np)), N = ef+nf+ep+np",
                     "Wong, Wei, Qi, Zhao, ICST 2008", kTwoSided),
    row<&cohen>("cohen", "Cohen", "kappa cohenkappa",
                "2 (ef np - nf ep) / ((ef+ep) (ep+np) + (ef+nf) (nf+np))", kNaish, kOneSided),
    row<&confidence>("confidence", "Confidence", "overlapcoefficient simpsonoverlap",
                     "max(ef/(ef+ep), ef/(ef+nf))", kLucia, kOneSided),
    row<&conviction>("conviction", "Conviction", "", "(ef+ep) (ep+np) / ((ef+nf+ep+np) ep)", kLucia,
                     kOneSided),
    row<&crosstab>("crosstab", "Crosstab", "crosstabsigned",
                   "+-chisquare / (ef+nf+ep+np), the sign of ef np - nf ep",
                   "Wong, Wei, Qi, Zhao, ICST 2008", kOneSided),
    row<&dennis>("dennis", "Dennis", "", "(ef np - nf ep) / sqrt((ef+nf+ep+np) (ef+ep) (ef+nf))",
                 kSurvey, kOneSided),
    row<&dice>("dice", "Dice (twice Jaccard)", "", "2 ef / (ef+nf+ep)", kNaish, kOneSided),
    row<&drt>("drt", "DRT", "", "ef / (1 + ep/(ef+nf+ep+np))", "Chaim et al.; Jaguar", kOneSided),
    row<&dstar2>("dstar2", "D*2", "dstar d* d^2", "ef^2 / (nf+ep)", kDStar, kOneSided),
    row<&dstar3>("dstar3", "D*3", "d^3", "ef^3 / (nf+ep)", kDStar, kOneSided),
    row<&euclid>("euclid", "Euclid", "euclidean", "sqrt(ef+np)", kNaish, kOneSided),
    row<&fleiss>("fleiss", "Fleiss", "",
                 "(4 (ef np - nf ep) - (nf-ep)^2) / ((2 ef + nf + ep) + (2 np + nf + ep))", kNaish,
                 kOneSided),
    row<&fossum>("fossum", "Fossum", "", "(ef+nf+ep+np) (ef-0.5)^2 / ((ef+ep) (ef+nf))", kSurvey,
                 kOneSided),
    row<&geometric_mean>("geometricmean", "Geometric mean", "phi mcc yulephi phicoefficient",
                         "(ef np - nf ep) / sqrt((ef+ep) (nf+np) (ef+nf) (ep+np))", kNaish,
                         kOneSided),
    row<&goodman>("goodman", "Goodman-Kruskal", "goodmankruskal",
                  "(2 ef - nf - ep) / (2 ef + nf + ep)", kNaish, kOneSided),
    row<&gower>("gower", "Gower", "", "(ef+np) / sqrt((ef+nf) (ef+ep) (nf+np) (ep+np))", kSurvey,
                kOneSided),
    row<&gp02>("gp02", "GP02", "", "2 (ef + sqrt(np)) + sqrt(ep)", kYoo, kOneSided),
    row<&gp03>("gp03", "GP03", "", "sqrt(abs(ef^2 - sqrt(ep)))", kYoo, kOneSided),
    row<&gp13>("gp13", "GP13", "", "ef (1 + 1/(2 ep + ef)); 0 where ef = 0", kYoo, kOneSided),
    row<&gp19>("gp19", "GP19", "", "ef sqrt(abs(ep - ef + nf - np))", kYoo, kOneSided),
    row<&hamann>("hamann", "Hamann", "", "(ef+np-nf-ep) / (ef+nf+ep+np)", kNaish, kOneSided),
    row<&hamming>("hamming", "Hamming", "hammingetc lee manhattan", "ef + np", kNaish, kOneSided),
    row<&harmonic_mean>(
        "harmonicmean", "Harmonic mean", "",
        "(ef np - nf ep) ((ef+ep) (nf+np) + (ef+nf) (ep+np)) / ((ef+ep) (nf+np) (ef+nf) (ep+np))",
        kNaish, kOneSided),
    row<&hyperbolic>(
        "hyperbolic", "Hyperbolic", "",
        "1/(0.375 + nf/(ef+nf)) + 0.711/(0.768 + ep/(ef+ep)); 0 where ef+ep = 0 or ef+nf = 0",
        "Naish et al.; FLITSR", kOneSided),
    row<&ideal>("ideal", "Ideal", "", "ef/(ef+ep) where nf = 0, else 0", "GZoltar", kOneSided),
    row<&information_gain>(
        "informationgain",
        "Information gain", "mutualinformation",
        "sum over the cells x of x/N log2(N x / (row sum * column sum)), N = ef+nf+ep+np", kLucia,
        kTwoSided),
    row<&interest>("interest", "Interest", "lift", "(ef+nf+ep+np) ef / ((ef+ep) (ef+nf))", kLucia,
                   kOneSided),
    row<&jaccard>("jaccard", "Jaccard", "tanimoto", "ef / (ef+nf+ep)",
                  "Jaccard 1901; Chen et al. (Pinpoint), DSN 2002", kOneSided),
    row<&kulczynski1>("kulczynski1", "Kulczynski1", "", "ef / (nf+ep)", kNaish, kOneSided),
    row<&kulczynski2>("kulczynski2", "Kulczynski2", "", "(ef/(ef+nf) + ef/(ef+ep)) / 2", kNaish,
                      kOneSided),
    row<&laplace>("laplace", "Laplace", "", "(ef+1) / (ef+ep+2)", kLucia, kOneSided),
    row<&m1>("m1", "M1", "sokalsneath3", "(ef+np) / (nf+ep)", kNaish, kOneSided),
    row<&m2>("m2", "M2", "", "ef / (ef + np + 2 (nf+ep))", kNaish, kOneSided),
    row<&mcconnaughey>("mccon", "McConnaughey", "mcconnaughey",
                       "(ef^2 - nf ep) / ((ef+nf) (ef+ep))", "McConnaughey; Jaguar", kOneSided),
    row<&michael>("michael", "Michael", "", "4 (ef np - nf ep) / ((ef+np)^2 + (ep+nf)^2)", kSurvey,
                  kOneSided),
    row<&minus>("minus", "Minus", "",
                "f/(f+p) - (1-f)/((1-f)+(1-p)), f = ef/(ef+nf), p = ep/(ep+np)",
                "Xu, Zhang, Chan, Tse et al. 2013; Jaguar", kOneSided),
    row<&mountford>("mountford", "Mountford", "", "ef / (ef (ep+nf) / 2 + ep nf)", kSurvey,
                    kOneSided),
    row<&ochiai>("ochiai", "Ochiai", "cosine ochiai1 otsuka", "ef / sqrt((ef+nf) (ef+ep))",
                 "Ochiai 1957; Abreu, Zoeteweij, van Gemund, PRDC 2006", kOneSided),
    row<&ochiai2>("ochiai2", "Ochiai2", "", "ef np / sqrt((ef+ep) (nf+np) (ef+nf) (ep+np))", kNaish,
                  kOneSided),
    row<&odds_ratio>("oddsratio", "Odds ratio", "", "ef np / (nf ep)", kLucia, kOneSided),
    row<&op1>("op1", "Op1", "naish1 o er1a", "np where nf = 0, else -1", kNaish, kOneSided),
    row<&op2>("op2", "Op2", "naish2 op opt er1b", "ef - ep / (ep+np+1)", kNaish, kOneSided),
    row<&overlap>("overlap", "Overlap", "overlapnaish", "ef / min(ef, nf, ep)", kNaish, kOneSided),
    row<&pair_scoring>("pairscoring", "Pair scoring", "", "ef (2 np + ep)", "SFLKit", kOneSided),
    row<&piatetsky_shapiro>("piatetskyshapiro", "Piatetsky-Shapiro", "leverage novelty",
                            "ef/N - (ef+ep) (ef+nf) / N^2, N = ef+nf+ep+np", kLucia, kOneSided),
    row<&recall>("recall", "Recall", "gzoltarsbi tpr", "ef / (ef+nf)",
                 "GZoltar, under the name SBI", kOneSided),
    row<&rogers_tanimoto>("rogerstanimoto", "Rogers-Tanimoto", "rogertanimoto rogersandtanimoto",
                          "(ef+np) / (ef + np + 2 (nf+ep))", kNaish, kOneSided),
    row<&rogot1>("rogot1", "Rogot1", "", "(ef/(2 ef + nf + ep) + np/(2 np + nf + ep)) / 2", kNaish,
                 kOneSided),
    row<&rogot2>("rogot2", "Rogot2", "", "(ef/(ef+ep) + ef/(ef+nf) + np/(np+ep) + np/(np+nf)) / 4",
                 kNaish, kOneSided),
    row<&russell_rao>("russellrao", "Russell-Rao", "russelrao russelandrao support",
                      "ef / (ef+nf+ep+np)", kNaish, kOneSided),
    row<&sbi>("sbi", "SBI", "qe precision ppv", "ef / (ef+ep)",
              "Liblit et al., PLDI 2005 (Failure); Yu, Jones, Harrold, ICSE 2008", kOneSided),
    row<&scott>("scott", "Scott", "scottpi",
                "(4 (ef np - nf ep) - (nf-ep)^2) / ((2 ef + nf + ep) (2 np + nf + ep))", kNaish,
                kOneSided),
    row<&simple_matching>("simplematching", "Simple matching", "smc rand accuracy",
                          "(ef+np) / (ef+nf+ep+np)", kNaish, kOneSided),
    row<&sokal>("sokal", "Sokal", "sokalsneath1", "2 (ef+np) / (2 (ef+np) + nf + ep)", kNaish,
                kOneSided),
    row<&sorensen_dice>("sorensendice", "Sorensen-Dice", "sorensen sorensondice f1",
                        "2 ef / (2 ef + nf + ep)", kNaish, kOneSided),
    row<&tarantula>("tarantula", "Tarantula", "", "ef/(ef+nf) / (ef/(ef+nf) + ep/(ep+np))",
                    "Jones, Harrold, ASE 2005", kOneSided),
    row<&tarwid>("tarwid", "Tarwid", "",
                 "(N ef - (ef+nf) (ef+ep)) / (N ef + (ef+nf) (ef+ep)), N = ef+nf+ep+np", kSurvey,
                 kOneSided),
    row<&wong1>("wong1", "Wong1", "", "ef", kWong, kOneSided),
    row<&wong2>("wong2", "Wong2", "", "ef - ep", kWong, kOneSided),
    row<&wong3>("wong3", "Wong3", "",
                "ef - h, h = ep to 2, 2 + 0.1 (ep-2) to 10, 2.8 + 0.001 (ep-10) beyond", kWong,
                kOneSided),
    row<&yule_q>("yuleq", "Yule Q", "", "(ef np - nf ep) / (ef np + nf ep)", kLucia, kOneSided),
    row<&yule_y>("yuley", "Yule Y", "colligation",
                 "(sqrt(ef np) - sqrt(nf ep)) / (sqrt(ef np) + sqrt(nf ep))", kLucia, kOneSided),
    row<&zoltar>("zoltar", "Zoltar", "", "ef / (ef + nf + ep + 10000 nf ep / ef)",
                 "Gonzalez 2007 (the Zoltar tool set)", kOneSided),
});

constexpr bool sorted_by_name() {
  return std::adjacent_find(kFormulas.begin(), kFormulas.end(),
                            [](const Formula& a, const Formula& b) { return a.name >= b.name; }) ==
         kFormulas.end();
}
static_assert(sorted_by_name(), "and no name twice");

// Takes the first of the blank-separated words off `words`; empty when there is none left.
std::string_view cut_word(std::string_view& words) {
  const std::size_t end = std::min(words.find(' '), words.size());
  const std::string_view word = words.substr(0, end);
  words.remove_prefix(std::min(end + 1, words.size()));
  return word;
}

}  // namespace

std::span<const Formula> formulas() { return kFormulas; }

Result<const Formula*> find_formula(std::string_view name) {
  // The posteriors are no functions of four counts and so have no row, but `--formula` takes them.
  std::vector<std::string_view> names = {"posterior", "posterior-runs"};
  for (const Formula& formula : kFormulas) {
    std::string_view left = formula.aliases;
    for (std::string_view known = formula.name; !known.empty(); known = cut_word(left)) {
      if (equal_ignoring_case(known, name)) return &formula;
      names.push_back(known);
    }
  }
  const std::string folded = lower(name);
  const auto near = nearest(folded, names);
  return fail(error_in("--formula", "there is no formula `" + printable(name) + "`",
                       (near ? "did you mean `" + std::string(*near) + "`? " : std::string()) +
                           "`culprit list formulas` shows them all"));
}

}  // namespace culprit
