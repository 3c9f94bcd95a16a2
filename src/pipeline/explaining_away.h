// Several faults in one ranking: what the first suspect leaves unexplained is ranked again.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "culprit/diagnosis.h"
#include "culprit/outcome.h"
#include "culprit/spectrum.h"

namespace culprit {

// A ranking for other outcomes; without rows where nothing discriminates, or no better than chance.
using RankAgain = std::function<Ranking(std::span<const Outcome>)>;

struct ExplainedAway {
  std::vector<Round> rounds;
  std::string end;  // why there are not as many as asked for; empty where there are, or none
};

// At most `rounds` of them, none where the first suspect of `first` explains every failing run or
// none. Its most suspicious line explains the failing runs that executed it, or where not executing
// it is the evidence, those that did not; runs that do not tell of the line stay.
[[nodiscard]] ExplainedAway explain_away(const Spectrum& spectrum, const Ranking& first,
                                         std::vector<Outcome> compared, std::size_t rounds,
                                         const RankAgain& rank);

}  // namespace culprit
