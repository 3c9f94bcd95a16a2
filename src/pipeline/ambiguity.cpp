#include "pipeline/ambiguity.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/demangle.h"
#include "base/text.h"
#include "pipeline/line_finder.h"
#include "score/diagnosability.h"

namespace culprit {

namespace {

constexpr std::size_t kBits = Spectrum::kRunsPerBlock;
// Functions of a group that a report holds.
constexpr std::size_t kTold = 20;

using Runs = std::vector<std::uint64_t>;  // a bit each, by block

// Runs with an outcome that executed one of the lines.
Runs executing(const Evidence& evidence, std::span<const std::uint32_t> lines) {
  Runs runs;
  for (std::size_t block = 0; block < evidence.spectrum.blocks(); ++block) {
    std::uint64_t any = 0;
    for (const std::uint32_t line : lines) any |= evidence.spectrum.words(block)[line];
    runs.push_back(any & evidence.jury.blocks()[block].all());
  }
  return runs;
}

// Runs by the endpoint they asked.
struct AskedRuns {
  std::size_t runs = 0;
  std::string example;
};

class Endpoints {
 public:
  Endpoints(const Spectrum& spectrum, std::span<const RunSymptom> symptoms) : spectrum_(spectrum) {
    for (const RunSymptom& symptom : symptoms) symptom_of_[symptom.run] = &symptom;
  }

  // The endpoint that most of `runs` asked; of several the first by name.
  [[nodiscard]] std::pair<std::string, AskedRuns> most_asked(const Runs& runs) const {
    std::map<std::string, AskedRuns> by_endpoint;
    for_each(runs, [&](const std::string& run, const std::string& endpoint) {
      AskedRuns& asked = by_endpoint[endpoint];
      if (asked.runs++ == 0) asked.example = run;
    });
    std::pair<std::string, AskedRuns> most;
    for (const auto& [endpoint, asked] : by_endpoint) {
      if (asked.runs > most.second.runs) most = {endpoint, asked};
    }
    return most;
  }

  [[nodiscard]] std::size_t count(const Runs& runs, const std::string& endpoint) const {
    std::size_t count = 0;
    for_each(runs, [&](const std::string&, const std::string& asked) {
      count += asked == endpoint ? 1 : 0;
    });
    return count;
  }

 private:
  template <class Tell>
  void for_each(const Runs& runs, Tell tell) const {
    for (std::size_t block = 0; block < runs.size(); ++block) {
      for (std::uint64_t rest = runs[block]; rest != 0; rest &= rest - 1) {
        const std::string& run =
            spectrum_.runs()[block * kBits + static_cast<std::size_t>(std::countr_zero(rest))];
        const auto symptom = symptom_of_.find(run);
        if (symptom == symptom_of_.end()) continue;
        for (const std::string& endpoint : symptom->second->endpoints) tell(run, endpoint);
      }
    }
  }

  const Spectrum& spectrum_;
  std::map<std::string_view, const RunSymptom*> symptom_of_;
};

// Without scope and parameters: the place that stands beside it tells the rest.
std::string name_of(const AmbiguousFunction& function) {
  return function.code.name.empty() ? function.code.file
                                    : std::string(base_name(function.code.name));
}

// "total (src/a.cc:3, 5)"
std::string described(const AmbiguousFunction& function) {
  std::string lines;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, function.lines.size()); ++i) {
    lines += (i == 0 ? "" : ", ") + std::to_string(function.lines[i]);
  }
  if (function.lines.size() > 3) lines += ", ...";
  const std::string where = function.code.file + ":" + lines;
  return function.code.name.empty() ? where : name_of(function) + " (" + where + ")";
}

// "3 runs of GET /quotes (such as 17-quote)", or where each run is its own endpoint, as tests are,
// "1 run (test_a)".
std::string in_words(const std::pair<std::string, AskedRuns>& asked) {
  const AskedRuns& runs = asked.second;
  if (runs.runs == 1) return "1 run (" + runs.example + ")";
  return plural(runs.runs, "run") + " of " + asked.first + " (such as " + runs.example + ")";
}

// Weights of runs that partly failed add up to fractions.
std::string in_digits(double runs) {
  return runs == std::floor(runs) ? fmt::format("{:.0f}", runs) : fmt::format("{:.1f}", runs);
}

std::string request_to_split(const Evidence& evidence, const Diagnosability& group,
                             std::span<const std::uint32_t> lines,
                             std::span<const std::uint32_t> first,
                             std::span<const std::uint32_t> second, const Endpoints& endpoints) {
  const AmbiguousFunction& a = group.top_group[0];
  const AmbiguousFunction& b = group.top_group[1];
  const bool namesakes = name_of(a) == name_of(b);
  const Counts& counts = evidence.counts[lines.front()];
  const bool more = group.top_functions > 2;
  std::string text = described(a) + " and " + described(b);
  if (more) text += ", with " + plural(group.top_functions - 2, "more function") + ",";
  text += fmt::format(
      " are executed by the same runs, {} failing and {} passing; a request or test that "
      "reaches one without the other{} would tell them apart",
      in_digits(counts.ef), in_digits(counts.ep), more ? "s" : "");

  const Runs in_a = executing(evidence, first);
  const Runs in_b = executing(evidence, second);
  Runs only_a, only_b, neither;
  const Runs together = executing(evidence, lines.first(1));
  for (std::size_t block = 0; block < in_a.size(); ++block) {
    only_a.push_back(in_a[block] & ~in_b[block]);
    only_b.push_back(in_b[block] & ~in_a[block]);
    neither.push_back(evidence.jury.blocks()[block].all() & ~in_a[block] & ~in_b[block]);
  }
  const auto near_a = endpoints.most_asked(only_a);
  const auto near_b = endpoints.most_asked(only_b);
  const bool first_is_nearer = near_a.second.runs >= near_b.second.runs;
  const auto& nearer = first_is_nearer ? near_a : near_b;
  if (nearer.second.runs != 0) {
    text += "; " + in_words(nearer) + (nearer.second.runs == 1 ? " enters " : " enter ") +
            (namesakes ? (first_is_nearer ? "the former" : "the latter")
                       : name_of(first_is_nearer ? a : b)) +
            " at other lines and not " +
            (namesakes ? "the other" : name_of(first_is_nearer ? b : a));
  }
  const auto usual = endpoints.most_asked(together);
  const std::size_t reach_neither = endpoints.count(neither, usual.first);
  if (usual.second.runs > 1 && reach_neither != 0) {
    text += "; " + plural(reach_neither, "run") + " of " + usual.first +
            (reach_neither == 1 ? " reaches neither" : " reach neither");
  }
  return text;
}

}  // namespace

Diagnosability diagnosability_of(const Evidence& evidence, const Ranking& ranking,
                                 std::span<const RunSymptom> symptoms) {
  const Spectrum& spectrum = evidence.spectrum;
  Diagnosability result = diagnosability(evidence);
  std::map<std::uint32_t, std::vector<std::uint32_t>> lines_of;  // of the group, by function
  std::vector<std::uint32_t> order;                              // functions
  const auto id_of = [&](const CodeElement& line) { return line_id(spectrum, line); };
  const std::optional<LineId> top = id_of(ranking.rows.front().line);
  if (!top) return result;
  const std::uint32_t group = evidence.groups[top->value];
  std::vector<std::uint32_t> lines;
  for (std::uint32_t line = 0; line < evidence.groups.size(); ++line) {
    if (evidence.groups[line] != group) continue;
    lines.push_back(line);
    lines_of[spectrum.owner({line}, Level::kFunction)].push_back(line);
  }
  const auto add = [&](std::uint32_t function) {
    const bool known = std::find(order.begin(), order.end(), function) != order.end();
    if (!known && lines_of.contains(function)) order.push_back(function);
  };
  for (const Ranked& row : ranking.rows) {
    if (const auto line = id_of(row.line)) add(spectrum.owner(*line, Level::kFunction));
  }
  for (const auto& [function, of_group] : lines_of) {
    if (order.size() < kTold) add(function);
  }
  result.top_functions = lines_of.size();
  result.top_lines = lines.size();
  for (const std::uint32_t function : order) {
    if (result.top_group.size() == kTold) break;
    AmbiguousFunction one{spectrum.element(Level::kFunction, function), {}};
    for (const std::uint32_t line : lines_of[function]) {
      one.lines.push_back(spectrum.lines()[line].number);
    }
    result.top_group.push_back(std::move(one));
  }
  if (result.top_group.size() < 2) return result;
  std::vector<std::uint32_t> first, second;  // all lines of the two
  for (std::uint32_t line = 0; line < spectrum.lines().size(); ++line) {
    const std::uint32_t function = spectrum.owner({line}, Level::kFunction);
    if (function == order[0]) first.push_back(line);
    if (function == order[1]) second.push_back(line);
  }
  result.to_split =
      request_to_split(evidence, result, lines, first, second, Endpoints(spectrum, symptoms));
  return result;
}

}  // namespace culprit
