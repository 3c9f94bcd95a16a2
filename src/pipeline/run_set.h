// A run set: the files of a folder or archive, read into one spectrum with its results and traces.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "config/policy.h"
#include "culprit/report.h"
#include "culprit/request.h"
#include "culprit/spectrum.h"
#include "label/label.h"
#include "label/routes.h"
#include "model/span_store.h"
#include "pipeline/raised_lines.h"
#include "pipeline/run_windows.h"

namespace culprit {

struct RunSet {
  Spectrum spectrum;
  std::vector<RunFacts> runs;  // as spectrum.runs()
  std::vector<Request> requests;
  RequestJoin join;  // of them with the runs
  SpanStore spans;
  std::vector<std::string> unmapped_services;           // of the spans, see join_services()
  Routes routes;                                        // of requests that services say they served
  std::map<std::uint32_t, ExceptionOrigin> exceptions;  // by line, as coverage tells of them
  std::map<std::string, std::string> run_of_trace;      // for traces that lie in a run's folder
  std::vector<InputRecord> inputs;
  std::size_t excluded_files = 0;  // source files the policy leaves out
  std::vector<Error> problems;
};

using Progress = std::function<void(std::size_t done, std::size_t of)>;

// Reads the files below `folder` ("" for all of them) of `tree`. Where things are says the policy's
// patterns, or by convention:
//   {run}/{service}/<coverage>   {run}/<coverage>   <coverage with runs inside>   <file as a run>
//   {run}/<results>   <results whose rows name their run>   {run}/<traces>   traces/<traces>
// A file's format is known by its content, not by its name. What a build left (.gcno, ...) may lie
// anywhere, also in the folders of `build`, which come from open_build(); below build/ is nothing
// else.
[[nodiscard]] RunSet read_run_set(const FileTree& tree, std::string_view folder,
                                  const Policy& policy, unsigned jobs,
                                  std::span<const FileTree> build = {},
                                  const Progress& progress = {});

// Whether a report of some service is there.
[[nodiscard]] bool has_coverage(const Spectrum& spectrum, RunId run);

// Keeps the first three of each kind of problem, then says how many more there are.
[[nodiscard]] std::vector<Error> folded(std::vector<Error> problems);

}  // namespace culprit
