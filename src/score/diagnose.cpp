#include "score/diagnose.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/text.h"
#include "score/barinel.h"
#include "score/columns.h"

namespace culprit {

namespace {

// Of a fault in one of the groups, before anything was run: a fault in a thousand, as the papers
// have it.
constexpr double kPrior = 1e-3;

constexpr std::size_t kBits = Spectrum::kRunsPerBlock;

// The runs as they are explained, by block.
struct Verdicts {
  std::vector<std::uint64_t> failed, passed;
};

Verdicts verdicts_of(const Evidence& evidence) {
  const Spectrum& spectrum = evidence.spectrum;
  Verdicts verdicts;
  for (std::size_t block = 0; block < spectrum.blocks(); ++block) {
    const Jury::Block& jury = evidence.jury.blocks()[block];
    std::uint64_t failed = jury.failed;
    for (std::size_t bit = 0; bit < kBits; ++bit) {
      const bool soft = (jury.soft >> bit & 1) != 0;
      if (soft && evidence.jury.weights()[block * kBits + bit] >= 0.5) {
        failed |= std::uint64_t{1} << bit;
      }
    }
    const std::uint64_t reporting = reporting_runs(spectrum, block);
    verdicts.failed.push_back(failed & reporting);
    verdicts.passed.push_back(jury.all() & ~failed & reporting);
  }
  return verdicts;
}

std::size_t size_of(const std::vector<std::uint64_t>& runs) {
  std::size_t size = 0;
  for (const std::uint64_t word : runs) size += static_cast<std::size_t>(std::popcount(word));
  return size;
}

struct Group {
  std::uint32_t number = 0;
  std::vector<std::uint32_t> lines;
};

// Groups that failing runs executed, the most suspicious first.
std::vector<Group> suspects(const Evidence& evidence, const Verdicts& verdicts) {
  std::vector<Group> groups;
  for (std::uint32_t line = 0; line < evidence.groups.size(); ++line) {
    const std::uint32_t number = evidence.groups[line];
    if (number == groups.size()) groups.push_back({number, {}});
    groups[number].lines.push_back(line);
  }
  std::erase_if(groups, [&](const Group& group) {
    for (std::size_t block = 0; block < verdicts.failed.size(); ++block) {
      const std::uint64_t word = evidence.spectrum.words(block)[group.lines.front()];
      if ((word & verdicts.failed[block]) != 0) return false;
    }
    return true;
  });
  const Formula& ochiai = **find_formula("ochiai");
  std::vector<double> suspicion(evidence.groups.size());
  for (const Group& group : groups) {
    suspicion[group.number] = ochiai.value(evidence.counts[group.lines.front()]);
  }
  std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
    return suspicion[a.number] > suspicion[b.number];
  });
  return groups;
}

// Each failing run's groups, by their position; runs that executed none are counted.
std::vector<BitSet> conflicts_of(const Spectrum& spectrum, const Verdicts& verdicts,
                                 std::span<const Group> groups, std::size_t& without) {
  std::vector<BitSet> conflicts;
  for (std::size_t block = 0; block < verdicts.failed.size(); ++block) {
    const std::span<const std::uint64_t> words = spectrum.words(block);
    for (std::uint64_t rest = verdicts.failed[block]; rest != 0; rest &= rest - 1) {
      const std::uint64_t run = rest & ~(rest - 1);
      BitSet conflict((groups.size() + 63) / 64);
      bool any = false;
      for (std::size_t i = 0; i < groups.size(); ++i) {
        if ((words[groups[i].lines.front()] & run) == 0) continue;
        conflict[i / 64] |= std::uint64_t{1} << i % 64;
        any = true;
      }
      if (any) {
        conflicts.push_back(std::move(conflict));
      } else {
        ++without;
      }
    }
  }
  return conflicts;
}

// The first groups, and of later ones those that a failing run needs because it executed none.
void keep_first(std::vector<Group>& groups, std::size_t most, const Spectrum& spectrum,
                const Verdicts& verdicts) {
  if (groups.size() <= most) return;
  std::vector<std::uint64_t> open = verdicts.failed;
  std::vector<Group> kept;
  for (Group& group : groups) {
    bool needed = false;
    for (std::size_t block = 0; block < open.size(); ++block) {
      const std::uint64_t word = spectrum.words(block)[group.lines.front()];
      needed = needed || (open[block] & word) != 0;
      open[block] &= ~word;
    }
    if (kept.size() < most || needed) kept.push_back(std::move(group));
  }
  groups = std::move(kept);
}

FaultRuns runs_of(const Spectrum& spectrum, const Verdicts& verdicts, std::span<const Group> groups,
                  std::span<const std::uint32_t> set) {
  FaultRuns runs;
  runs.failed.resize(std::size_t{1} << set.size());
  runs.passed.resize(runs.failed.size());
  for (std::size_t block = 0; block < verdicts.failed.size(); ++block) {
    const std::span<const std::uint64_t> words = spectrum.words(block);
    for (std::size_t executed = 1; executed < runs.failed.size(); ++executed) {
      std::uint64_t mask = ~std::uint64_t{0};
      for (std::size_t j = 0; j < set.size(); ++j) {
        const std::uint64_t word = words[groups[set[j]].lines.front()];
        mask &= (executed >> j & 1) != 0 ? word : ~word;
      }
      runs.failed[executed] += std::popcount(mask & verdicts.failed[block]);
      runs.passed[executed] += std::popcount(mask & verdicts.passed[block]);
    }
  }
  return runs;
}

std::vector<std::uint32_t> functions_of(const Spectrum& spectrum, const Group& group) {
  std::vector<std::uint32_t> functions;
  for (const std::uint32_t line : group.lines) {
    functions.push_back(spectrum.owner({line}, Level::kFunction));
  }
  std::sort(functions.begin(), functions.end());
  functions.erase(std::unique(functions.begin(), functions.end()), functions.end());
  return functions;
}

struct Weighed {
  const std::vector<std::uint32_t>* set;
  Health health;
  double log_mass;     // likelihood and prior
  double log_sum = 0;  // of this and others in the same functions
};

double log_add(double a, double b) {
  const double high = std::max(a, b);
  return high + std::log1p(std::exp(std::min(a, b) - high));
}

// The likeliest set for each set of functions, the likeliest first.
std::vector<Weighed> weigh_sets(const Evidence& evidence, const Verdicts& verdicts,
                                std::span<const Group> groups, const HittingSets& found) {
  std::vector<std::vector<std::uint32_t>> functions;
  for (const Group& group : groups) functions.push_back(functions_of(evidence.spectrum, group));
  std::map<std::vector<std::vector<std::uint32_t>>, Weighed> best;
  for (const std::vector<std::uint32_t>& set : found.sets) {
    Weighed one{&set, likeliest_health(runs_of(evidence.spectrum, verdicts, groups, set)), 0};
    one.log_mass = one.health.log_likelihood +
                   static_cast<double>(set.size()) * std::log(kPrior / (1 - kPrior));
    std::vector<std::vector<std::uint32_t>> where;
    for (const std::uint32_t element : set) where.push_back(functions[element]);
    std::sort(where.begin(), where.end());
    const auto [at, added] = best.try_emplace(std::move(where), one);
    Weighed& known = at->second;
    known.log_sum = added ? one.log_mass : log_add(known.log_sum, one.log_mass);
    if (one.log_mass > known.log_mass) {
      one.log_sum = known.log_sum;
      known = one;
    }
  }
  std::vector<Weighed> weighed;
  for (auto& [where, one] : best) weighed.push_back(std::move(one));
  // What differs by rounding errors only is a tie, and goes by its elements.
  const auto key = [](const Weighed& one) {
    return std::pair(-std::round(one.log_sum * 1e8), *one.set);
  };
  std::sort(weighed.begin(), weighed.end(),
            [&](const Weighed& a, const Weighed& b) { return key(a) < key(b); });
  return weighed;
}

DiagnosedFault fault_in(const Evidence& evidence, const Group& group, double health) {
  const Spectrum& spectrum = evidence.spectrum;
  const std::uint32_t line = group.lines.front();
  const std::uint32_t function = spectrum.owner({line}, Level::kFunction);
  return {.code = spectrum.element(Level::kFunction, function),
          .line = spectrum.element(Level::kLine, line),
          .counts = evidence.counts[line],
          .lines = group.lines.size(),
          .functions = functions_of(spectrum, group).size(),
          .health = health};
}

std::vector<std::string> bounds_hit(const HittingSets& found, std::size_t groups,
                                    const DiagnosisBound& bound) {
  std::vector<std::string> hit;
  if (groups > bound.groups) {
    hit.push_back("searched the first " + std::to_string(bound.groups) + " of " +
                  plural(groups, "ambiguity group") + " by Ochiai");
  }
  for (const std::size_t size : found.cut) {
    hit.push_back("weighed the first " + std::to_string(bound.search.sets_per_size) + " sets of " +
                  plural(size, "fault"));
  }
  if (found.stopped_at != 0) {
    hit.push_back("stopped after " + std::to_string(bound.search.steps) + " steps, at sets of " +
                  plural(found.stopped_at, "fault"));
  }
  return hit;
}

}  // namespace

Diagnosis diagnose(const Evidence& evidence, const DiagnosisBound& bound) {
  const Spectrum& spectrum = evidence.spectrum;
  const Verdicts verdicts = verdicts_of(evidence);
  Diagnosis diagnosis;
  diagnosis.failing = size_of(verdicts.failed);
  diagnosis.passing = size_of(verdicts.passed);
  diagnosis.largest = bound.search.largest;
  std::vector<Group> groups = suspects(evidence, verdicts);
  const std::size_t known = groups.size();
  keep_first(groups, bound.groups, spectrum, verdicts);
  const std::vector<BitSet> conflicts =
      conflicts_of(spectrum, verdicts, groups, diagnosis.unexplained);
  diagnosis.failing -= diagnosis.unexplained;
  const HittingSets found = minimal_hitting_sets(conflicts, groups.size(), bound.search);
  diagnosis.found = found.sets.size();
  diagnosis.bounds = bounds_hit(found, known, bound);
  const std::vector<Weighed> weighed = weigh_sets(evidence, verdicts, groups, found);
  if (weighed.empty()) return diagnosis;
  double total = weighed.front().log_sum;
  for (std::size_t i = 1; i < weighed.size(); ++i) total = log_add(total, weighed[i].log_sum);
  for (const Weighed& one : weighed) {
    if (diagnosis.candidates.size() == bound.candidates) break;
    DiagnosisCandidate candidate;
    candidate.share = std::exp(one.log_sum - total);
    candidate.log_likelihood = one.health.log_likelihood;
    for (std::size_t j = 0; j < one.set->size(); ++j) {
      candidate.faults.push_back(fault_in(evidence, groups[(*one.set)[j]], one.health.of[j]));
    }
    diagnosis.candidates.push_back(std::move(candidate));
  }
  if (weighed.size() > bound.candidates) {
    diagnosis.bounds.push_back("told the likeliest " + std::to_string(bound.candidates) + " of " +
                               std::to_string(weighed.size()));
  }
  return diagnosis;
}

}  // namespace culprit
