// From counts to a ranking.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "culprit/formula.h"
#include "culprit/outcome.h"
#include "culprit/ranking.h"
#include "culprit/spectrum.h"
#include "model/policy.h"
#include "score/counts.h"
#include "score/posterior.h"

namespace culprit {

// Everything a formula may know of a spectrum under one labelling, computed once.
struct Evidence {
  const Spectrum& spectrum;
  Jury jury;
  std::vector<Counts> counts;               // by line
  std::vector<std::uint32_t> groups;        // by line: see column_groups
  std::vector<std::uint32_t> count_groups;  // by line: see count_column_groups
};

[[nodiscard]] Evidence weigh(const Spectrum& spectrum, std::span<const Outcome> outcomes);

// What is known of lines before any run is compared, of the posterior.
struct LinePrior {
  std::string_view name;       // "change"
  std::vector<double> shifts;  // by line, added to its log mass
};

struct Method {
  const Formula* formula = nullptr;   // nullptr: the posterior
  RollUp roll_up = RollUp::kMaxVote;  // of a formula; the posterior has its own
  PosteriorPolicy posterior;
  std::vector<double> service_shifts;  // by service, added to the log mass of its lines; or empty
  std::vector<ErrorLine> errors = {};  // for the posterior
  std::vector<LinePrior> priors = {};
};

struct Scores {
  std::vector<double> lines;
  std::vector<double> elements;  // of the level asked for
};

// The name of the posterior that a method uses: "posterior" or "posterior-runs".
[[nodiscard]] std::string_view posterior_name(const PosteriorPolicy& policy);
// The model a posterior's name means; empty: the name is no posterior's.
[[nodiscard]] std::optional<PosteriorPolicy::Model> posterior_model(std::string_view name);
// The groups that count once in the mass of an element under the posterior, and their exponent.
[[nodiscard]] std::span<const std::uint32_t> mass_groups(const Evidence& evidence,
                                                         const PosteriorPolicy& policy);
[[nodiscard]] double mass_exponent(const Evidence& evidence, const PosteriorPolicy& policy);

// The log mass of chance alone, by which all runs that tell of a line fail at one rate: what blames
// the line says nothing unless its log mass is above.
[[nodiscard]] double chance_mass(const Counts& counts, const PosteriorPolicy& policy);
// Whether the runs that execute the line, or where failing runs skip it those that do not, fail as
// if by a rate of their own. How often they execute it is not asked.
[[nodiscard]] bool beats_chance(const Counts& counts, const PosteriorPolicy& policy);

// Under a one-sided formula lines without a failing run come after all others.
[[nodiscard]] Scores score(const Evidence& evidence, const Method& method, Level level);

// The `top` first elements, 0 for all.
[[nodiscard]] Ranking rank(const Evidence& evidence, const Method& method, Level level,
                           std::size_t top);

}  // namespace culprit
