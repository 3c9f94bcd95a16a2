#include "pipeline/explaining_away.h"

#include <optional>
#include <string>

#include "base/text.h"
#include "pipeline/line_finder.h"
#include "pipeline/run_set.h"

namespace culprit {

namespace {

// Names of runs that a round holds.
constexpr std::size_t kTold = 10;

// Sets the failing runs aside that `suspect` explains, and returns how many those are.
std::size_t set_aside(const Spectrum& spectrum, const Ranked& suspect,
                      std::vector<Outcome>& outcomes) {
  const std::optional<LineId> line = line_id(spectrum, suspect.line);
  if (!line) return 0;
  const Counts& counts = suspect.counts;
  const bool executing = counts.ef * counts.passing() >= counts.ep * counts.failing();
  std::size_t explained = 0;
  for (std::uint32_t run = 0; run < outcomes.size(); ++run) {
    if (outcomes[run].verdict != Verdict::kFailed || !spectrum.tells_of({run}, *line)) continue;
    if (spectrum.executed({run}, *line) != executing) continue;
    outcomes[run].verdict = Verdict::kUnknown;
    ++explained;
  }
  return explained;
}

}  // namespace

ExplainedAway explain_away(const Spectrum& spectrum, const Ranking& first,
                           std::vector<Outcome> compared, std::size_t rounds,
                           const RankAgain& rank) {
  ExplainedAway result;
  const Ranking* suspects = &first;
  const auto end = [&](const std::string& why) {
    if (result.rounds.empty()) return;
    result.end = plural(result.rounds.size(), "round") + " and no more: " + why;
  };
  while (result.rounds.size() < rounds && !suspects->rows.empty()) {
    if (set_aside(spectrum, suspects->rows.front(), compared) == 0) {
      end("the last one's first suspect explains none of its failing runs");
      break;
    }
    Round round;
    for (std::uint32_t run = 0; run < compared.size(); ++run) {
      if (compared[run].verdict != Verdict::kFailed || !has_coverage(spectrum, {run})) continue;
      if (++round.failing <= kTold) round.runs.push_back(spectrum.runs()[run]);
    }
    if (round.failing == 0) {
      end("no failing run is left unexplained");
      break;
    }
    round.ranking = rank(compared);
    if (round.ranking.rows.empty()) {
      end("nothing tells the " + plural(round.failing, "failing run") +
          " left from passing ones better than chance");
      break;
    }
    result.rounds.push_back(std::move(round));
    suspects = &result.rounds.back().ranking;
  }
  return result;
}

}  // namespace culprit
