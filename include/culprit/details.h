// What views of a whole report show beside the answer: everything ranked, who executed what, how
// other formulas rank it, the failing requests with their traces, the service graph and the source.
// Filled with Query::details. All of it is bounded, and says what was left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "culprit/counts.h"
#include "culprit/ranking.h"

namespace culprit {

// One executable line, for views of the source.
struct LineHeat {
  std::uint32_t line = 0;
  Counts counts;
  double heat = 0;  // in [0, 1]: its score against the highest of all lines; 0 where it is not
                    // suspicious at all
};

struct FileHeat {
  std::string service;
  std::string file;             // as reports spell it
  std::vector<LineHeat> lines;  // by number
  std::string source = {};      // path of the file where it was found below Query::source
  // Its text as `lines` number it, where the setting `commit` names a commit that has another than
  // the file now.
  std::optional<std::string> recorded = {};
};

struct SourceFile {
  std::string service;
  std::string file;  // as reports spell it
  std::string path;  // below Query::source
  std::string text;
};

// How suspicious lines are for one failure cluster: those that its failing runs executed, that are
// hot, or whose counts of passing runs are others than in Report::heat. All others are cold, and no
// failing run of the cluster executed them.
struct ClusterHeat {
  std::size_t cluster = 0;      // position in Report::clusters
  std::vector<FileHeat> files;  // by service, then file
};

// Which runs executed which functions. A run's `cells` has a character a column:
//   '-' not executed, 'f' executed but not at the column's line, 'x' there too,
//   '?' no report of its service
struct ExecutionMatrix {
  struct Column {
    std::size_t function = 0;  // position in ReportDetails::functions
    std::uint32_t line = 0;    // its most suspicious one: rankings of clusters may name others

    auto operator<=>(const Column&) const = default;
  };
  struct Run {
    std::string name;
    bool failed = false;
    std::optional<std::size_t> cluster;  // position in Report::clusters
    std::string cells;
  };
  std::vector<Column> columns;  // of the first rows of the ranking, then of each cluster's
  std::vector<Run> runs;        // by cluster, failing ones first
  std::size_t left_out = 0;     // runs
};

// How formulas rank the first functions: best and worst rank, by formula.
struct FormulaComparison {
  std::vector<std::string> formulas;  // titles
  struct Row {
    std::size_t function = 0;  // position in ReportDetails::functions
    std::vector<std::pair<std::size_t, std::size_t>> ranks;
  };
  std::vector<Row> rows;
};

// One span of a failing run's trace.
struct SpanRecord {
  std::uint32_t depth = 0;  // below its root
  std::string service;
  std::string operation;
  double start_ms = 0;  // after the trace's first span
  double duration_ms = 0;
  bool error = false;
  int http_status = 0;  // 0: none
  // Position in ReportDetails::functions of the code that it leads to: where the span itself says
  // so, with the line; else the most suspicious function of its service that the run executed.
  std::optional<std::size_t> function;
  std::uint32_t line = 0;  // 0: the span names none
};

struct FailingRequest {
  std::string run;
  std::optional<std::size_t> cluster;  // position in Report::clusters
  std::string reason;                  // why the run failed
  std::string method;                  // of its worst request; all empty where it has none
  std::string url;
  std::optional<int> status;
  std::optional<double> latency_ms;
  std::string error;
  std::string body;  // its start
  std::string trace;
  std::vector<SpanRecord> spans;  // parents before children, in order of their start
  std::size_t spans_left_out = 0;
};

// The service graph in layers: callers left of those they call, where calls make no circle.
struct ServiceLayout {
  struct Place {
    std::string service;
    double layer = 0;  // from 0
    double row = 0;    // from 0
  };
  struct Route {
    std::size_t caller = 0, callee = 0;              // positions in `places`
    std::vector<std::pair<double, double>> through;  // (layer, row), between the two
  };
  std::vector<Place> places;  // by name
  std::vector<Route> routes;  // as Report::calls
  double layers = 0, rows = 0;
};

struct ReportDetails {
  Ranking functions;               // every function, or the first of very many
  std::vector<std::size_t> sizes;  // executable lines, by row of `functions`
  std::size_t functions_left_out = 0;
  std::vector<SourceFile> sources;   // by service, then file; with Query::source
  std::size_t sources_left_out = 0;  // files that would make the report too large
  std::vector<ClusterHeat> heat;     // where there are several clusters; the largest ones first
  std::size_t heat_left_out = 0;     // clusters that would make the report too large
  ExecutionMatrix matrix;
  FormulaComparison formulas;
  std::vector<FailingRequest> requests;  // some of each cluster, in the order of clusters
  std::size_t requests_left_out = 0;
  ServiceLayout services;
};

}  // namespace culprit
