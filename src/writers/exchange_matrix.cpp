// Spectra as matrices of tests and elements.
#include <cstdint>
#include <string>
#include <vector>

#include "readers/gzoltar_names.h"
#include "score/run_lines.h"
#include "writers/exchange.h"

namespace culprit {

namespace {

// A name that stays on its line.
std::string on_one_line(std::string name) {
  for (char& c : name) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return name;
}

std::string element_name(const Spectrum& spectrum, LineId line) {
  const CodeElement code = spectrum.element(Level::kLine, line.value);
  const bool prefix = spectrum.services().size() > 1 && !code.service.empty();
  return on_one_line(format_gzoltar_element(
      {prefix ? code.service + '/' + code.file : code.file, code.name, code.first_line}));
}

// The runs that a matrix can tell of: those with an outcome and a report.
std::vector<RunId> tests_of(const LabelledSpectrum& labelled) {
  std::vector<RunId> tests;
  for (std::uint32_t run = 0; run < labelled.runs.size(); ++run) {
    if (labelled.runs[run].compared) tests.push_back({run});
  }
  return tests;
}

bool failed(const LabelledSpectrum& labelled, RunId run) {
  return labelled.runs[run.value].outcome.verdict == Verdict::kFailed;
}

template <class Cell>
std::string dense_rows(const LabelledSpectrum& labelled, Cell cell) {
  std::string text;
  for (const RunId run : tests_of(labelled)) {
    for_each_line(labelled.spectrum, run, [&](const RunLine& line) {
      text += cell(line);
      text += ' ';
    });
    text += failed(labelled, run) ? "-\n" : "+\n";
  }
  return text;
}

}  // namespace

std::string gzoltar_spectra(const LabelledSpectrum& labelled) {
  std::string text = "name\n";
  for (std::uint32_t line = 0; line < labelled.spectrum.lines().size(); ++line) {
    text += element_name(labelled.spectrum, {line}) + '\n';
  }
  return text;
}

std::string gzoltar_matrix(const LabelledSpectrum& labelled) {
  return dense_rows(labelled, [](const RunLine& line) { return line.executed ? "1" : "0"; });
}

std::string gzoltar_counts(const LabelledSpectrum& labelled) {
  return dense_rows(labelled,
                    [](const RunLine& line) { return std::to_string(line.count.value_or(0)); });
}

std::string gzoltar_tests(const LabelledSpectrum& labelled) {
  std::string text = "name,outcome,runtime,stacktrace\n";
  for (const RunId run : tests_of(labelled)) {
    text += on_one_line(labelled.runs[run.value].name);
    text += failed(labelled, run) ? ",FAIL,0,\n" : ",PASS,0,\n";
  }
  return text;
}

std::string tcm(const LabelledSpectrum& labelled) {
  std::string text = "#tests\n";
  const std::vector<RunId> tests = tests_of(labelled);
  for (const RunId run : tests) {
    text += on_one_line(labelled.runs[run.value].name);
    text += failed(labelled, run) ? " FAILED\n" : " PASSED\n";
  }
  text += "\n#uuts\n";
  for (std::uint32_t line = 0; line < labelled.spectrum.lines().size(); ++line) {
    text += element_name(labelled.spectrum, {line}) + '\n';
  }
  text += "\n#matrix\n";
  for (const RunId run : tests) {
    std::string row;
    for_each_line(labelled.spectrum, run, [&](const RunLine& line) {
      if (!line.executed) return;
      if (!row.empty()) row += ' ';
      row += std::to_string(line.line.value) + ' ' + std::to_string(line.count.value_or(1));
    });
    text += row + '\n';
  }
  return text;
}

}  // namespace culprit
