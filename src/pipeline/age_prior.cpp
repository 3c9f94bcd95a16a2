#include "pipeline/age_prior.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>

#include "base/text.h"
#include "source/history.h"
#include "source/line_moves.h"
#include "source/path_map.h"
#include "source/source_text.h"

namespace culprit {

namespace {

constexpr std::size_t kMostFiles = 32;
constexpr std::chrono::seconds kLongest{5};
constexpr double kYear = 365.25 * 24 * 3600;
constexpr double kLeast = 1.0 / 16;

// By line of `file` as the coverage numbers it.
std::vector<std::int64_t> times_of(const History& history, const std::string& file,
                                   bool is_recorded, SourceText& now) {
  std::vector<std::int64_t> times = history.change_times(file);
  if (is_recorded || times.empty()) return times;
  // The coverage is of what is on disk: lines that are not committed are as new as can be.
  const std::optional<std::string> text = now.text(file);
  const std::optional<std::string> committed = history.text(file);
  if (!text || !committed) return {};
  const LineMoves moves(*text, *committed);
  const auto lines = static_cast<std::size_t>(std::count(text->begin(), text->end(), '\n')) + 1;
  std::vector<std::int64_t> moved;
  for (std::uint32_t line = 1; line <= lines; ++line) {
    const auto there = moves.after(line);
    const bool known = there && *there <= times.size();
    moved.push_back(known ? times[*there - 1] : history.time_s());
  }
  return moved;
}

}  // namespace

std::vector<double> age_shifts(const Query& query, const Policy& policy, const Spectrum& spectrum,
                               const Ranking& first, std::vector<std::string>& notes) {
  if (query.source.empty()) {
    notes.emplace_back(
        "age-weight needs --source DIR, a git checkout: the age of code is not known");
    return {};
  }
  const bool is_recorded = !policy.commit.empty();
  const Result<History> history = History::open(query.source, is_recorded ? policy.commit : "HEAD");
  Result<PathMap> map = PathMap::open(query.source, policy.path_map);
  if (!history || !map) {
    notes.push_back("the age of code is not known: " +
                    one_line(to_string(history ? map.error() : history.error()), 400));
    return {};
  }
  if (history->is_shallow()) {
    notes.emplace_back(
        "the age of code is not known: the clone is shallow: fetch its history (git "
        "fetch --unshallow, or `fetch-depth: 0`)");
    return {};
  }
  std::vector<ReportedFile> reported;
  for (const File& file : spectrum.files()) {
    reported.push_back({spectrum.services()[file.service.value], file.path});
  }
  map->match(reported);
  SourceText now(query.source);
  const auto started = std::chrono::steady_clock::now();
  std::map<std::string, std::vector<std::int64_t>> times;
  for (const Ranked& row : first.rows) {
    const std::string* const file = map->find({row.line.service, row.line.file});
    if (file == nullptr || times.contains(*file)) continue;
    if (times.size() == kMostFiles) break;
    if (std::chrono::steady_clock::now() - started > kLongest) {
      notes.push_back("git blame took over 5 s: of files from " + printable(*file, 400) +
                      " on the age is not known");
      break;
    }
    times[*file] = times_of(*history, *file, is_recorded, now);
  }
  std::vector<double> shifts(spectrum.lines().size());
  std::vector<double> weights(shifts.size());
  double sum = 0;
  double known = 0;
  for (std::uint32_t i = 0; i < shifts.size(); ++i) {
    const Line& line = spectrum.lines()[i];
    const ReportedFile& name = reported[line.file.value];
    const std::string* const file = map->find({name.service, name.path});
    const auto at = file == nullptr ? times.end() : times.find(*file);
    if (at == times.end() || line.number == 0 || line.number > at->second.size()) continue;
    const auto age = static_cast<double>(history->time_s() - at->second[line.number - 1]) / kYear;
    weights[i] = std::clamp(std::exp2(-age), kLeast, 1.0);
    sum += weights[i];
    ++known;
  }
  if (known == 0) {
    notes.emplace_back("the age of code is not known: git tracks none of the suspicious files");
    return {};
  }
  for (std::uint32_t i = 0; i < shifts.size(); ++i) {
    if (weights[i] > 0) shifts[i] = policy.age_weight * std::log(weights[i] * known / sum);
  }
  return shifts;
}

}  // namespace culprit
