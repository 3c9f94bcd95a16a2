#include "writers/exchange.h"

#include <algorithm>
#include <array>

namespace culprit {

namespace {

const std::array<ExchangeFormat, 3> kFormats = {{
    {"gzoltar",
     "GZoltar's text matrix, a folder",
     {{"spectra.csv", gzoltar_spectra},
      {"matrix.txt", gzoltar_matrix},
      {"counts.txt", gzoltar_counts, true},
      {"tests.csv", gzoltar_tests}},
     true},
    {"tcm", "a test coverage matrix in one file, as FLITSR takes it", {{"", tcm}}, true},
    {"hits", "hits as JSON lines, with services, functions and branches", {{"", hits_jsonl}}},
}};

std::string runs_that(std::size_t count, const std::string& what) {
  return std::to_string(count) + (count == 1 ? " run " : " runs ") + what;
}

}  // namespace

std::span<const ExchangeFormat> exchange_formats() { return kFormats; }

const ExchangeFormat* find_exchange_format(std::string_view name) {
  const auto format = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const ExchangeFormat& f) { return f.name == name; });
  return format == kFormats.end() ? nullptr : &*format;
}

std::vector<std::string> lost_in(const ExchangeFormat& format, const LabelledSpectrum& labelled) {
  std::size_t left_out = 0;
  std::size_t partly = 0;
  std::size_t missing = 0;
  for (const RunRecord& run : labelled.runs) {
    partly += run.outcome.weight > 0 && run.outcome.weight < 1 ? 1 : 0;
    left_out += run.compared ? 0 : 1;
    missing += run.compared && !run.missing.empty() ? 1 : 0;
  }
  std::vector<std::string> notes;
  if (partly != 0) {
    notes.push_back(
        runs_that(partly, "partly failed: written as failed or passed, without weight"));
  }
  if (!format.matrix) return notes;
  if (left_out != 0) {
    notes.push_back(runs_that(left_out, "without outcome or without coverage: left out"));
  }
  if (labelled.spectrum.services().size() > 1) {
    notes.emplace_back("the format knows no services: each became the first folder of its files");
    if (missing != 0) {
      notes.push_back(
          runs_that(missing, "without the report of a service: written as not executed there"));
    }
  }
  if (!labelled.spectrum.branches().empty()) {
    notes.emplace_back("branch outcomes are left out: hits keeps them");
  }
  return notes;
}

}  // namespace culprit
