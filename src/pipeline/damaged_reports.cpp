#include "pipeline/damaged_reports.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace culprit {

namespace {

// Reports of so many other runs are asked; one may itself tell of less than others.
constexpr std::size_t kAsked = 5;

// The file's place in the run: equal for files of two runs that are named alike.
using Position = std::pair<std::string, std::string>;  // service, path without the run's name
Position position_of(const PlacedFile& file) {
  std::string path = file.path;
  const std::size_t run = file.run.empty() ? std::string::npos : path.find(file.run);
  if (run != std::string::npos) path.replace(run, file.run.size(), "\n");
  return {file.service, std::move(path)};
}

// With what is wrong with the file, where that was said already.
void say(FileResult& result, const std::string& path, const std::string& what) {
  if (result.problems.empty()) {
    result.problems.push_back(error_in(path, what));
  } else {
    result.problems.back().what += "; " + what;
  }
}

bool is_report(const FileResult& result) {
  const Reader* const reader = result.format.empty() ? nullptr : find_reader(result.format);
  return reader != nullptr && is_one_report(*reader);
}

}  // namespace

void lose_damaged_reports(std::span<const PlacedFile> files, std::span<FileResult> results,
                          const RunReader& reader, Spectrum::Builder& builder) {
  if (std::ranges::none_of(results, &FileResult::damaged)) return;
  std::map<Position, std::vector<std::size_t>> good;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> of_run;  // and service
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!is_report(results[i])) continue;
    of_run[{files[i].run, files[i].service}].push_back(i);
    if (!results[i].damaged) good[position_of(files[i])].push_back(i);
  }
  std::map<Position, RunReader::Sources> known;
  for (std::size_t i = 0; i < files.size(); ++i) {
    FileResult& result = results[i];
    if (!result.damaged) continue;
    const Position position = position_of(files[i]);
    const auto alike = good.find(position);
    if (alike == good.end()) {
      // Whatever it was, it may be no report at all.
      if (!result.report.empty()) {
        say(result, files[i].path,
            "what else the run did in this service is not known, for no other run has this file");
      }
      continue;
    }
    const auto [would_tell, added] = known.try_emplace(position);
    if (added) {
      for (std::size_t n = 0; n < std::min(kAsked, alike->second.size()); ++n) {
        would_tell->second.merge(reader.sources(files[alike->second[n]]));
      }
    }
    // What a part of it, or a report of another format, told all the same.
    RunReader::Sources told;
    const std::string& format = results[alike->second.front()].format;
    for (const std::size_t other : of_run[{files[i].run, files[i].service}]) {
      if (other == i || results[other].format != format) told.merge(reader.sources(files[other]));
    }
    std::size_t lost = 0;
    for (const auto& [service, path] : would_tell->second) {
      if (told.contains({service, path})) continue;
      builder.lose(files[i].run, service, path);
      ++lost;
    }
    if (lost == 0) continue;
    say(result, files[i].path,
        "what the run did in " + plural(lost, "source file") + " is not known");
  }
}

}  // namespace culprit
