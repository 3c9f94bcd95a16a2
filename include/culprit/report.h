// Everything an answer is made of. Writers print it; they compute no scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "culprit/cluster.h"
#include "culprit/counts.h"
#include "culprit/details.h"
#include "culprit/diagnosis.h"
#include "culprit/error.h"
#include "culprit/outcome.h"
#include "culprit/ranking.h"
#include "culprit/verdict.h"

namespace culprit {

// One run of the input, as passed, failed or unknown.
struct RunRecord {
  std::string name;
  Outcome outcome;
  std::size_t reports = 0;           // services that reported in this run
  std::vector<std::string> missing;  // services that report in other runs, not in this one
  bool compared = false;             // takes part in the ranking: has an outcome and a report
};

// What one method and endpoint did; latencies in milliseconds.
struct EndpointRecord {
  std::string method;
  std::string endpoint;
  std::size_t requests = 0;
  std::size_t failed = 0;
  std::size_t slow = 0;
  std::size_t warm_up = 0;  // that do not count
  std::optional<double> median_ms;
  std::optional<double> threshold_ms;                      // nullopt: too few samples, no --slo-ms
  std::vector<std::pair<std::string, std::size_t>> rules;  // reason -> how often it decided
};

// What the traces say of one service.
struct ServiceRecord {
  std::string service;
  double suspicion = 0;   // S: largest signed log Bayes factor among its events
  std::string strongest;  // that event in words: "error in POST /pay"; empty: none
  Counts counts;          // of that event, over traces
  bool covered = false;   // some run has coverage of it
};

// One edge of the service graph that the traces show.
struct CallRecord {
  std::string caller;
  std::string callee;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;  // calls whose callee's span is an error
};

// With --case: a failing run and the passing run that executed most nearly the same lines.
struct CaseComparison {
  std::string run;
  std::string reason;    // why it failed
  std::string passing;   // its nearest passing run
  std::string endpoint;  // that both asked; empty: no passing run asked the same
  std::size_t both = 0;  // lines that both executed
  std::vector<CodeElement> only_failing, only_passing;  // lines that only one of them executed

  bool operator==(const CaseComparison&) const = default;
};

// Files that were read in one format, or not read.
struct InputRecord {
  std::string format;  // name as in `culprit list formats`; "" for files that were not read
  std::string title;
  std::size_t files = 0;
};

struct Report {
  std::string runs_path;  // as the user named it
  std::string case_name;  // --case, or empty
  std::vector<RunRecord> runs;
  std::size_t passed = 0, failed = 0, unknown = 0;
  std::size_t lines = 0, functions = 0, files = 0, services = 0;
  std::size_t excluded_files = 0;  // source files left out as the policy says

  std::optional<CaseComparison> comparison;

  Ranking ranking;
  // Why there is no ranking, in words; empty when there is one. Without failing runs, without
  // passing runs, or without a line that tells the two apart, any order would be one of ties.
  std::string undecided;
  std::optional<Diagnosability> diagnosability;  // nullopt: undecided
  std::vector<Round> rounds;                     // as many as the setting `rounds` allows
  std::optional<Diagnosis> diagnosis;            // with Query::diagnose, unless undecided
  std::vector<ServiceRecord> suspects;           // by suspicion; empty without traces
  std::vector<CallRecord> calls;                 // by caller, then callee
  std::size_t traces = 0;
  std::vector<EndpointRecord> endpoints;

  std::vector<FailureCluster> clusters;     // of all failing runs, largest first
  std::vector<EndpointRuns> endpoint_runs;  // by endpoint
  std::vector<FileHeat> heat;               // with Query::heat; by service, then file
  std::optional<GateVerdict> gate;          // of `culprit gate`
  std::optional<ReportDetails> details;     // with Query::details

  std::vector<InputRecord> inputs;
  std::vector<Error> problems;  // what could not be read, and records that were repaired or skipped
  std::vector<std::string> notes;  // what the reader of the ranking should know
};

// One way out of a line that decides: see Branch.
struct BranchDetail {
  std::uint32_t number = 0;
  bool counting = false;
  Counts counts;
};

// One element in detail, for `explain`.
struct LineDetail {
  CodeElement line;
  Counts counts;
  std::size_t best_rank = 0, worst_rank = 0;  // among all lines
  double score = 0;
  // Terms of the posterior, natural logs; -inf where a hypothesis is ruled out. `commission`: a run
  // that executes it fails with some chance; `per_execution`: each execution does.
  double commission = 0, per_execution = 0, contrast = 0, omission = 0;
  double structure = 0;  // prior of its place in its function
  // Other priors that are known here: "change", "messages".
  std::vector<std::pair<std::string, double>> priors = {};
  double raised = 0;           // failing runs raise an error here; its prior share included
  double function_mass = 0;    // what its function gets from it, traces included
  std::uint32_t part = 0;      // the row of Explanation::parts it belongs to
  std::size_t group_size = 1;  // lines with an identical column, this one included
  std::vector<BranchDetail> branches = {};
  std::string source;          // its text, where the source was given
  std::string statement = {};  // what kind of statement it is, where that was parsed
};

// Lines of one element with one column, which count once in its mass.
struct MassPart {
  std::vector<std::uint32_t> lines;  // their numbers
  double mass = 0;                   // the highest that one of them gives
  double bonus = 0;                  // for their number
};

// How the terms of a line make its score, under the posterior:
//   line     = log(e^(commission + count_weight contrast + commission_prior) +
//                  e^(omission + omission_prior)) + structure + service_shift
// and where errors arise, log(e^line + e^(raised + service_shift))
//   function = log of the sum over `parts` of e^(mass + bonus)
struct Arithmetic {
  bool averaged = false;             // what a function gets is of the mean of e^commission and
                                     // e^per_execution, with its own count weight
  double count_weight = 0;           // of `contrast` in the score of a line
  double function_count_weight = 0;  // and in what its function gets
  double commission_prior = 0;       // log of the prior shares of both hypotheses
  double omission_prior = 0;         // -inf where no omission is possible
  double service_shift = 0;          // what traces add
  bool raised = false;               // errors arise in some line of the element
};

struct Explanation {
  Ranked element;
  Arithmetic arithmetic;
  std::vector<MassPart> parts;    // by their share, for elements above lines under the posterior
  std::vector<LineDetail> lines;  // of the element, by number
  std::vector<RunRecord> failing_executed,
      failing_not_executed;  // runs by its most suspicious line
  std::size_t passing_executed = 0, passing_not_executed = 0;
  std::size_t missing = 0;  // compared runs without a report of its service
};

}  // namespace culprit
