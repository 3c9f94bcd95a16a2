// Figures of `culprit eval`.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "score/oracle.h"
#include "writers/table.h"
#include "writers/writers.h"

namespace culprit {

namespace {

struct Column {
  std::string_view figure;
  std::string_view heading;
};

// What people compare; CSV and JSON have every figure.
constexpr Column kShown[] = {{"function_top1", "function Top-1"},
                             {"function_top3", "Top-3"},
                             {"function_top5", "Top-5"},
                             {"function_mfr", "MFR"},
                             {"line_top1", "line Top-1"},
                             {"line_top3", "Top-3"},
                             {"line_top5", "Top-5"},
                             {"line_mfr", "MFR"},
                             {"exam", "EXAM"}};

std::string number(double value, const Figure& figure) {
  return fmt::format("{:.{}f}", value, figure.decimals);
}

const Figure& figure_of(std::string_view name) { return figures()[figure_index(name)]; }

// "+2.9 [+0.5, +5.5]" of a difference.
std::string signed_interval(const Estimate& estimate, const Figure& figure) {
  return fmt::format("{:+.{}f} [{:+.{}f}, {:+.{}f}]", estimate.value, figure.decimals, estimate.low,
                     figure.decimals, estimate.high, figure.decimals);
}

bool is_difference(const Score& score) { return !score.against.empty(); }

std::string differences_as_text(const Evaluation& evaluation, const Style& style) {
  constexpr std::string_view kCompared[] = {"function_top1", "function_top3", "function_top5",
                                            "line_top5"};
  std::string against;
  Table table({"suite", "formula", ">n", ">function Top-1", ">Top-3", ">Top-5", ">line Top-5"});
  for (const Score& score : evaluation.scores) {
    if (!is_difference(score)) continue;
    against = score.against;
    std::vector<std::string> row = {score.suite, score.formula, std::to_string(score.n)};
    for (const std::string_view name : kCompared) {
      row.push_back(signed_interval(score.figure(name), figure_of(name)));
    }
    table.add(std::move(row));
  }
  if (against.empty()) return "";
  return "\nHow much higher than " + against + ", version by version, with 95 % intervals:\n\n" +
         table.text(style.color, style.width, 1);
}

std::string calibrations_as_text(const Evaluation& evaluation, const Style& style) {
  std::string text;
  for (const Calibration& c : evaluation.calibrations) {
    text += fmt::format(
        "\nOf the functions given a share by {}, how many are at fault (Brier score {:.3f}; equal "
        "shares for all: {:.3f}):\n\n",
        c.formula, c.brier, c.brier_of_equal_shares);
    Table table({"share", ">functions", ">mean share", ">at fault", ">95 % interval", ""});
    for (const ReliabilityBin& bin : c.bins) {
      table.add({fmt::format("{:g} to {:g}", bin.low, bin.high), std::to_string(bin.n),
                 fmt::format("{:.3f}", bin.mean_share), fmt::format("{:.3f}", bin.at_fault),
                 fmt::format("[{:.3f}, {:.3f}]", bin.least, bin.most),
                 bin.fits()                  ? ""
                 : bin.mean_share > bin.most ? "too sure"
                                             : "not sure enough"});
    }
    text += table.text(style.color, style.width, 0) +
            (c.calibrated ? "calibrated: its shares can be read as probabilities\n"
                          : "not calibrated: its shares are scores, not probabilities\n");
  }
  return text;
}

}  // namespace

std::string scores_as_text(const Evaluation& evaluation, const Style& style) {
  std::vector<std::string> headings = {"suite", "formula", ">n"};
  for (const Column& column : kShown) headings.push_back(">" + std::string(column.heading));
  Table table(std::move(headings));
  for (const Score& score : evaluation.scores) {
    if (is_difference(score)) continue;
    std::vector<std::string> row = {score.suite, score.formula, std::to_string(score.n)};
    for (const Column& column : kShown) {
      row.push_back(number(score.figure(column.figure).value, figure_of(column.figure)));
    }
    table.add(std::move(row));
  }
  const bool has_oracle = std::any_of(evaluation.scores.begin(), evaluation.scores.end(),
                                      [](const Score& score) { return score.formula == kOracle; });
  return table.text(style.color, style.width, 1) +
         inked(
             "Top-N: % of versions with a faulty function (line) among the first N, ties as "
             "expectation. MFR: mean rank of the first.\nEXAM: % of lines read until then. all: "
             "every version counts the same; programs: every program does.",
             Ink::kDim, style.color) +
         (has_oracle ? inked("\noracle: the best that a formula of failing and passing executions "
                             "could do by best lines, chosen for\neach version knowing the fault.",
                             Ink::kDim, style.color)
                     : "") +
         "\n" + differences_as_text(evaluation, style) + calibrations_as_text(evaluation, style);
}

std::string scores_as_csv(const Evaluation& evaluation, const Style&) {
  std::string text = "suite,formula,against,n";
  for (const Figure& figure : figures()) {
    text += fmt::format(",{0},{0}_low,{0}_high", figure.name);
  }
  text += "\n";
  for (const Score& score : evaluation.scores) {
    text += fmt::format("{},{},{},{}", score.suite, score.formula, score.against, score.n);
    for (std::size_t i = 0; i < score.figures.size(); ++i) {
      const Figure& figure = figures()[i];
      const Estimate& estimate = score.figures[i];
      text += fmt::format(",{},{},{}", number(estimate.value, figure), number(estimate.low, figure),
                          number(estimate.high, figure));
    }
    text += "\n";
  }
  return text;
}

std::string scores_as_json(const Evaluation& evaluation, const Style&) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Score& score : evaluation.scores) {
    nlohmann::ordered_json row;
    row["suite"] = score.suite;
    row["formula"] = score.formula;
    if (is_difference(score)) row["against"] = score.against;
    row["n"] = score.n;
    for (std::size_t i = 0; i < score.figures.size(); ++i) {
      const Figure& figure = figures()[i];
      const Estimate& estimate = score.figures[i];
      const auto rounded = [&](double value) { return std::stod(number(value, figure)); };
      row[std::string(figure.name)] = rounded(estimate.value);
      row[std::string(figure.name) + "_interval"] = {rounded(estimate.low), rounded(estimate.high)};
    }
    rows.push_back(std::move(row));
  }
  for (const Calibration& c : evaluation.calibrations) {
    nlohmann::ordered_json bins = nlohmann::ordered_json::array();
    for (const ReliabilityBin& bin : c.bins) {
      bins.push_back({{"low", bin.low},
                      {"high", bin.high},
                      {"n", bin.n},
                      {"mean_share", bin.mean_share},
                      {"at_fault", bin.at_fault},
                      {"at_fault_interval", {bin.least, bin.most}}});
    }
    rows.push_back({{"suite", "calibration"},
                    {"formula", c.formula},
                    {"n", c.versions},
                    {"brier", c.brier},
                    {"brier_of_equal_shares", c.brier_of_equal_shares},
                    {"calibrated", c.calibrated},
                    {"bins", std::move(bins)}});
  }
  const nlohmann::ordered_json json = {{"schema", "culprit.scores/1"}, {"scores", std::move(rows)}};
  return json.dump(1) + "\n";
}

std::string scores_as_markdown(const Evaluation& evaluation, const Style&) {
  std::string text =
      "| suite | ranking | n | function Top-1/3/5 % | mean rank | line Top-1/3/5 % |\n"
      "|---|---|---|---|---|---|\n";
  for (const Score& score : evaluation.scores) {
    if (is_difference(score)) continue;
    const auto three = [&](const std::string& level) {
      const auto cell = [&](const char* n) {
        const std::string name = level + "_top" + n;
        return number(score.figure(name).value, figure_of(name));
      };
      return cell("1") + " / " + cell("3") + " / " + cell("5");
    };
    text += fmt::format(
        "| {} | {} | {} | {} | {} | {} |\n", score.suite, score.formula, score.n, three("function"),
        number(score.figure("function_mfr").value, figure_of("function_mfr")), three("line"));
  }
  return text;
}

}  // namespace culprit
