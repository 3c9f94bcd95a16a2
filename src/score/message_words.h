// What failure messages say in words: functions that are named by the same words are at fault more
// often. Text retrieval beside the spectrum, as in Le, Oentaryo, Lo, "Information retrieval and
// spectrum based bug localization: better together", FSE 2015; derived in spectra/README.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/spectrum.h"

namespace culprit {

// The words of a name or a message, stemmed, each once, sorted: "spent_cents(Order)" gives cent,
// order, spent. Numbers, words under three letters and those that every message has are none.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

// By line, the log of how much more often than others it is at fault when faults lie, with `share`,
// in functions in proportion to how well their names fit `messages`. Empty where no word of them is
// in a name.
[[nodiscard]] std::vector<double> message_shifts(const Spectrum& spectrum,
                                                 std::span<const std::string> messages,
                                                 double share);

}  // namespace culprit
