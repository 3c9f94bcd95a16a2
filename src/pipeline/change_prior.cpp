#include "pipeline/change_prior.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "base/file_tree.h"
#include "base/text.h"
#include "source/changes.h"

namespace culprit {

Result<std::optional<Changes>> changes_of(const std::string& source, const std::string& base,
                                          const std::string& diff, const std::string& commit) {
  if (base.empty() && diff.empty()) return std::nullopt;
  if (!base.empty() && !diff.empty()) {
    return fail(error_in("--base", "and --diff both say what changed", "give one of them"));
  }
  Result<Changes> changes = fail(Error{});
  if (diff.empty()) {
    changes = changes_since(source.empty() ? "." : source, base, commit);
  } else {
    const Result<std::string> text = read_file(diff);
    if (!text) return fail(text.error());
    changes = changes_of_diff({diff, *text});
  }
  if (!changes) return fail(changes.error());
  return std::move(*changes);
}

std::vector<bool> changed_lines(const Spectrum& spectrum, const Changes& changes) {
  std::vector<bool> changed(spectrum.lines().size());
  std::vector<bool> touched(spectrum.functions().size());  // in lines that do not execute
  for (std::uint32_t f = 0; f < spectrum.files().size(); ++f) {
    const std::string& reported = spectrum.files()[f].path;
    const auto change =
        std::find_if(changes.files.begin(), changes.files.end(), [&](const ChangedFile& file) {
          return ends_with_path(reported, file.path) || ends_with_path(file.path, reported);
        });
    if (change == changes.files.end()) continue;
    for (const auto& [from, to] : change->lines) {
      bool executable = false;
      for (std::uint32_t i = 0; i < changed.size(); ++i) {
        const Line& line = spectrum.lines()[i];
        if (line.file.value != f || line.number < from || line.number > to) continue;
        changed[i] = executable = true;
      }
      if (executable) continue;
      for (std::uint32_t i = 0; i < touched.size(); ++i) {
        const Function& function = spectrum.functions()[i];
        if (function.file.value != f || function.first_line == 0) continue;
        touched[i] = touched[i] || (function.first_line <= to &&
                                    std::max(function.first_line, function.last_line) >= from);
      }
    }
  }
  std::vector<bool> has_changed(touched.size());
  for (std::uint32_t i = 0; i < changed.size(); ++i) {
    if (changed[i]) has_changed[spectrum.owner({i}, Level::kFunction)] = true;
  }
  for (std::uint32_t i = 0; i < changed.size(); ++i) {
    const std::uint32_t function = spectrum.owner({i}, Level::kFunction);
    if (touched[function] && !has_changed[function]) changed[i] = true;
  }
  return changed;
}

std::vector<double> change_shifts(const std::vector<bool>& changed, double share) {
  const auto lines = static_cast<double>(changed.size());
  const auto touched = static_cast<double>(std::count(changed.begin(), changed.end(), true));
  if (touched == 0 || touched == lines || share == 0) return {};
  const double in = std::log(share * lines / touched);
  const double out = std::log((1 - share) * lines / (lines - touched));
  std::vector<double> shifts;
  for (const bool line : changed) shifts.push_back(line ? in : out);
  return shifts;
}

void mark_changed(const Spectrum& spectrum, const std::vector<bool>& changed, Ranking& ranking) {
  using Key = std::tuple<std::string, std::string, std::string, std::uint32_t>;
  const auto key = [](const CodeElement& code) {
    return Key{code.service, code.file, code.name, code.first_line};
  };
  std::set<Key> owners;
  for (std::uint32_t i = 0; i < changed.size(); ++i) {
    if (changed[i])
      owners.insert(key(spectrum.element(ranking.level, spectrum.owner({i}, ranking.level))));
  }
  for (Ranked& row : ranking.rows) row.in_change = owners.contains(key(row.code));
}

}  // namespace culprit
