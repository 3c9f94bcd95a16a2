// The library's front door: from a run set to a report.
//
//   culprit::Query query;
//   query.runs = "nightly/";                 // a folder, an archive, or one file
//   query.settings = {{"level", "function"}, {"top", "5"}};
//   culprit::Result<culprit::Report> report = culprit::localize(query);
//
// Safe to call from several threads at once. Nothing is written, nothing in the input is executed.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "culprit/annotation.h"
#include "culprit/error.h"
#include "culprit/report.h"

namespace culprit {

struct Query {
  std::string runs;       // folder, archive or file
  std::string manifest;   // a culprit.toml to use instead of the one in `runs`; empty: none
  std::string openapi;    // what the API declares (OpenAPI, JSON or YAML); empty: not known
  std::string case_name;  // a failing run, its trace, or a cluster by its fingerprint, to be
                          // compared with the passing runs; empty: all failing runs
  // Folders or archives with what the build of the covered program left (.gcno, .class, .jar),
  // where `runs` does not hold it.
  std::vector<std::string> build;
  std::string source;  // folder with the source code, for the text of lines; empty: none
  // What may be at fault because it is new: the changes of `source`'s repository since the revision
  // `base`, or those of the file `diff`; both empty: nothing is known of changes.
  std::string base;
  std::string diff;
  bool diagnose = false;  // fill Report::diagnosis
  bool heat = false;      // fill Report::heat
  bool details = false;   // fill Report::details and Report::heat
  // Fill Ranked::facts, for which the source is parsed: the files of so many first rows of the
  // ranking, and of the rankings of clusters.
  std::size_t facts = 0;
  unsigned jobs = 0;  // threads; 0: as many as the machine has
  // Settings by name, as `culprit rank --help` lists them and culprit.toml spells them; later ones
  // win, all of them win over culprit.toml.
  std::vector<std::pair<std::string, std::string>> settings;
  // Called from worker threads, one at a time, with the number of units done and known so far.
  std::function<void(std::size_t done, std::size_t of)> progress;
  // Called by localize() before source is parsed, which may take seconds, with all but the facts.
  std::function<void(const Report& report)> ranked = {};
};

// Errors: `runs` cannot be read, holds no usable run, `case_name` names no failing run, a setting
// is wrong. What is wrong with single files is in Report::problems.
[[nodiscard]] Result<Report> localize(const Query& query);

// A report whose ranking holds every element, and the details of the one `target` names: a function
// (its name, or an unambiguous part of it) or `file:line`. Errors also: no such element, or
// several.
[[nodiscard]] Result<std::pair<Report, Explanation>> explain(const Query& query,
                                                             const std::string& target);

// A report with the heat of all lines, and the files that `request` names, or those of the most
// suspicious functions: as many as the setting `top` says, without it 3, or fewer that have 95 % of
// the probability. Errors also: no such file.
// A report that is undecided comes with no files.
[[nodiscard]] Result<std::pair<Report, Annotation>> annotate(const Query& query,
                                                             const AnnotationRequest& request);

}  // namespace culprit
