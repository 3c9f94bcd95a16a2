// What a change under test says before any run does: code that is new is at fault more often.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "culprit/error.h"
#include "culprit/ranking.h"
#include "culprit/spectrum.h"
#include "model/changes.h"

namespace culprit {

// Of the file `diff`, else since the revision `base` of the repository around `source` ("": the
// working folder), up to `commit` where that is given. nullopt: both are empty.
[[nodiscard]] Result<std::optional<Changes>> changes_of(const std::string& source,
                                                        const std::string& base,
                                                        const std::string& diff,
                                                        const std::string& commit = "");

// By line, whether the change touches it. Where it touches no executable line of a function that it
// is in, all lines of that function.
[[nodiscard]] std::vector<bool> changed_lines(const Spectrum& spectrum, const Changes& changes);

// By line, the log of how much more often than others it is at fault: changed lines together have
// `share` of the faults, each the same. Empty where none or all are changed.
[[nodiscard]] std::vector<double> change_shifts(const std::vector<bool>& changed, double share);

// Fills in Ranked::in_change.
void mark_changed(const Spectrum& spectrum, const std::vector<bool>& changed, Ranking& ranking);

}  // namespace culprit
