#include "pipeline/failing_requests.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "pipeline/line_finder.h"
#include "pipeline/run_symptoms.h"
#include "score/fuse.h"

namespace culprit {

namespace {

constexpr std::size_t kRequests = 200;
constexpr std::size_t kRequestsOfCluster = 8;
constexpr std::size_t kSpansOfTrace = 500;
constexpr std::size_t kBodyBytes = 4096;

// A span's place in the order of a waterfall.
struct Placed {
  std::uint32_t span = 0;
  std::uint32_t depth = 0;
};

// Parents before their children, in order of their start. Spans in a circle come to no root, and
// are left out.
std::vector<Placed> in_order(const TraceTree& tree) {
  const auto later = [&](std::uint32_t a, std::uint32_t b) {
    return tree.spans[a]->start_ns > tree.spans[b]->start_ns;
  };
  std::vector<Placed> open;
  const auto push = [&](std::span<const std::uint32_t> of, std::uint32_t depth) {
    std::vector<std::uint32_t> spans(of.begin(), of.end());
    std::stable_sort(spans.begin(), spans.end(), later);
    for (const std::uint32_t span : spans) open.push_back({span, depth});
  };
  std::vector<std::uint32_t> roots;
  for (std::uint32_t i = 0; i < tree.spans.size(); ++i) {
    if (tree.parents[i] == TraceTree::kNone) roots.push_back(i);
  }
  push(roots, 0);
  std::vector<Placed> order;
  while (!open.empty() && order.size() < tree.spans.size()) {
    const Placed next = open.back();
    open.pop_back();
    order.push_back(next);
    push(tree.children_of(next.span), next.depth + 1);
  }
  return order;
}

// Where in the ranking of functions a span leads.
class CodeOfSpans {
 public:
  CodeOfSpans(const Spectrum& spectrum, const Ranking& functions)
      : spectrum_(spectrum), lines_(spectrum) {
    for (std::size_t i = 0; i < functions.rows.size(); ++i) {
      const Ranked& row = functions.rows[i];
      const auto line = lines_.find(row.line.service, row.line.file, row.line.first_line);
      if (!line) continue;
      row_of_function_.emplace(spectrum.lines()[line->value].function.value, i);
      rows_[service_key(row.code.service)].emplace_back(i, *line);
    }
  }

  // The first suspects of these failing runs come before those of all runs, from here on.
  void prefer(const Ranking& ranking) {
    preferred_.clear();
    if (ranking.level != Level::kFunction) return;
    for (const Ranked& row : ranking.rows) {
      const auto line = lines_.find(row.line.service, row.line.file, row.line.first_line);
      if (!line) continue;
      const auto at = row_of_function_.find(spectrum_.lines()[line->value].function.value);
      if (at == row_of_function_.end()) continue;
      preferred_[service_key(row.code.service)].emplace_back(at->second, *line);
    }
  }

  void link(const SpanFacts& span, std::optional<RunId> run, SpanRecord& record) const {
    if (span.code_line != 0 && !span.code_file.empty()) {
      if (const auto line = lines_.find(span.service, span.code_file, span.code_line)) {
        const auto row = row_of_function_.find(spectrum_.lines()[line->value].function.value);
        if (row != row_of_function_.end()) {
          record.function = row->second;
          record.line = span.code_line;
          return;
        }
      }
    }
    if (!run) return;
    const std::string service = service_key(span.service);
    for (const Rows* const rows : {&preferred_, &rows_}) {
      const auto own = rows->find(service);
      if (own == rows->end()) continue;
      for (const auto& [row, line] : own->second) {
        if (!spectrum_.executed(*run, line)) continue;
        record.function = row;
        return;
      }
    }
  }

 private:
  // By service: positions in the ranking with their most suspicious lines, the first suspect first.
  using Rows = std::map<std::string, std::vector<std::pair<std::size_t, LineId>>, std::less<>>;

  const Spectrum& spectrum_;
  LineFinder lines_;
  Rows preferred_, rows_;
  std::unordered_map<std::uint32_t, std::size_t> row_of_function_;
};

void add_trace(const TraceTree& tree, RunId run, const CodeOfSpans& code, FailingRequest& request) {
  request.trace = tree.trace;
  if (tree.spans.empty()) return;
  std::int64_t first = tree.spans.front()->start_ns;
  for (const TraceSpan* const span : tree.spans) first = std::min(first, span->start_ns);
  for (const Placed& placed : in_order(tree)) {
    if (request.spans.size() == kSpansOfTrace) break;
    const TraceSpan& span = *tree.spans[placed.span];
    const SpanFacts& facts = *span.facts;
    SpanRecord record{.depth = placed.depth,
                      .service = facts.service,
                      .operation = facts.operation,
                      .start_ms = static_cast<double>(span.start_ns - first) / 1e6,
                      .duration_ms = static_cast<double>(span.duration_ns) / 1e6,
                      .error = facts.error,
                      .http_status = facts.http_status,
                      .function = {}};
    code.link(facts, run, record);
    request.spans.push_back(std::move(record));
  }
  request.spans_left_out = tree.spans.size() - request.spans.size();
}

}  // namespace

void add_failing_requests(const CaseStudy& study, ReportDetails& details) {
  const RunSet& set = *study.run_set;
  const Report& report = study.report;
  CodeOfSpans code(set.spectrum, details.functions);
  const auto worst = worst_requests(set, study.labels);
  const auto traces = traces_of_runs(set, study.join, study.trees);
  std::unordered_map<std::string_view, std::size_t> run_at;
  for (std::size_t i = 0; i < set.runs.size(); ++i) run_at.emplace(set.runs[i].name, i);
  for (std::size_t cluster = 0; cluster < report.clusters.size(); ++cluster) {
    code.prefer(report.clusters[cluster].ranking);
    std::size_t taken = 0;
    std::vector<std::string> runs = report.clusters[cluster].runs;
    if (report.comparison) {  // the case that was asked for is among those shown
      std::stable_partition(runs.begin(), runs.end(),
                            [&](const std::string& run) { return run == report.comparison->run; });
    }
    for (const std::string& name : runs) {
      const auto at = run_at.find(name);
      if (at == run_at.end() || taken == kRequestsOfCluster ||
          details.requests.size() == kRequests) {
        ++details.requests_left_out;
        continue;
      }
      const std::size_t run = at->second;
      FailingRequest failing;
      failing.run = name;
      failing.cluster = cluster;
      failing.reason = study.labels.runs[run].reason;
      std::vector<std::size_t> candidates = traces[run];
      if (worst[run]) {
        const Request& request = set.requests[*worst[run]];
        failing.method = request.method;
        failing.url = request.url.empty() ? request.endpoint : request.url;
        failing.status = request.status;
        failing.latency_ms = request.latency_ms;
        failing.error = request.error;
        failing.body = request.body.substr(0, kBodyBytes);
        const auto own = std::find_if(candidates.begin(), candidates.end(), [&](std::size_t i) {
          return study.trees[i].trace == request.trace;
        });
        if (own != candidates.end()) candidates = {*own};
      }
      // Without an id in the request: the first trace that shows an error, else the first.
      const auto shows_error = [&](std::size_t i) {
        const auto& spans = study.trees[i].spans;
        return std::any_of(spans.begin(), spans.end(),
                           [](const TraceSpan* s) { return s->facts->error; });
      };
      auto chosen = std::find_if(candidates.begin(), candidates.end(), shows_error);
      if (chosen == candidates.end()) chosen = candidates.begin();
      if (chosen != candidates.end()) {
        add_trace(study.trees[*chosen], {static_cast<std::uint32_t>(run)}, code, failing);
      }
      ++taken;
      details.requests.push_back(std::move(failing));
    }
  }
}

}  // namespace culprit
