// The formats in which a spectrum goes to other tools: one row each, read by `culprit convert`.
//
// The matrices know tests that passed or failed, and elements: runs without an outcome or a report,
// and what tells services apart, are lost on the way. Hits JSONL keeps everything but weights.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/report.h"
#include "culprit/spectrum.h"

namespace culprit {

struct LabelledSpectrum {
  const Spectrum& spectrum;
  std::span<const RunRecord> runs;  // as spectrum.runs()
};

struct ExchangeFile {
  std::string_view name;  // in the folder that the format is; empty: the format is one file
  std::string (*content)(const LabelledSpectrum& labelled);
  bool needs_counts = false;  // written only where execution counts are known
};

struct ExchangeFormat {
  std::string_view name;
  std::string_view title;
  std::vector<ExchangeFile> files;
  bool matrix = false;

  [[nodiscard]] bool is_folder() const { return !files.front().name.empty(); }
};

[[nodiscard]] std::span<const ExchangeFormat> exchange_formats();
[[nodiscard]] const ExchangeFormat* find_exchange_format(std::string_view name);

// What the format cannot say of this spectrum, in words.
[[nodiscard]] std::vector<std::string> lost_in(const ExchangeFormat& format,
                                               const LabelledSpectrum& labelled);

// Rows of the formats.
std::string gzoltar_spectra(const LabelledSpectrum& labelled);
std::string gzoltar_matrix(const LabelledSpectrum& labelled);
std::string gzoltar_counts(const LabelledSpectrum& labelled);
std::string gzoltar_tests(const LabelledSpectrum& labelled);
std::string tcm(const LabelledSpectrum& labelled);
std::string hits_jsonl(const LabelledSpectrum& labelled);

}  // namespace culprit
