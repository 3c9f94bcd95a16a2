// Figures of `culprit eval`.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "writers/table.h"
#include "writers/writers.h"

namespace culprit {

namespace {

constexpr std::array<std::string_view, 12> kColumns = {
    "suite",         "formula",       "n",
    "line_top1",     "line_top3",     "line_top5",
    "line_mfr",      "function_top1", "function_top3",
    "function_top5", "function_mfr",  "exam"};

std::string one(double value) { return fmt::format("{:.1f}", value); }
std::string two(double value) { return fmt::format("{:.2f}", value); }

std::array<std::string, 12> cells(const Score& s) {
  return {s.suite,
          s.formula,
          std::to_string(s.n),
          one(s.line_top[0]),
          one(s.line_top[1]),
          one(s.line_top[2]),
          two(s.line_mfr),
          one(s.function_top[0]),
          one(s.function_top[1]),
          one(s.function_top[2]),
          two(s.function_mfr),
          two(s.exam)};
}

}  // namespace

std::string scores_as_text(std::span<const Score> scores, const Style& style) {
  Table table({"suite", "formula", ">n", ">line Top-1", ">Top-3", ">Top-5", ">MFR",
               ">function Top-1", ">Top-3", ">Top-5", ">MFR", ">EXAM"});
  for (const Score& score : scores) {
    const auto row = cells(score);
    table.add({row.begin(), row.end()});
  }
  return table.text(style.color, style.width, 1) +
         inked(
             "Top-N: % of versions with a faulty line (function) among the first N, ties as "
             "expectation. MFR: mean rank of the first.\nEXAM: % of lines read until then. all: "
             "every version counts the same; programs: every program does.",
             Ink::kDim, style.color) +
         "\n";
}

std::string scores_as_csv(std::span<const Score> scores, const Style&) {
  std::string text = fmt::format("{}\n", fmt::join(kColumns, ","));
  for (const Score& score : scores) text += fmt::format("{}\n", fmt::join(cells(score), ","));
  return text;
}

std::string scores_as_json(std::span<const Score> scores, const Style&) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Score& score : scores) {
    const auto row = cells(score);
    nlohmann::ordered_json object;
    object["suite"] = score.suite;
    object["formula"] = score.formula;
    object["n"] = score.n;
    for (std::size_t i = 3; i < row.size(); ++i)
      object[std::string(kColumns[i])] = std::stod(row[i]);
    rows.push_back(std::move(object));
  }
  return rows.dump(1) + "\n";
}

}  // namespace culprit
