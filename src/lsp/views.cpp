#include "lsp/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "score/fingerprint.h"
#include "writers/phrases.h"
#include "writers/readable_name.h"

namespace culprit::lsp {

namespace {

constexpr std::size_t kMostRelated = 5;
constexpr double kLeastHeat = 0.0005;  // what rounds to 0 is not sent
constexpr double kLeastHint = 0.01;    // nor are lines marked that are hardly suspicious

std::string score_of(const Ranked& row) {
  return row.probability ? percent(*row.probability) : fmt::format("{:.3g}", row.score);
}

std::string rank_of(const Ranked& row) { return "#" + ranks(row.best_rank, row.worst_rank); }

bool skipped(const Counts& counts) {
  return counts.ef * counts.passing() < counts.ep * counts.failing();
}

std::string name_of(const Ranked& row) { return printable(title(row.code), 200); }

// Names in code spans cannot end them.
std::string as_code(std::string name) {
  std::replace(name.begin(), name.end(), '`', '\'');
  return "`" + name + "`";
}

std::string cluster_text(const FailureCluster& cluster) {
  const std::string& endpoint = cluster.signature.endpoint;
  return fmt::format("{}{}, {} of {} runs", endpoint.empty() ? "" : printable(endpoint, 200) + ": ",
                     cluster.signature.kind, cluster.runs.size(), cluster.endpoint_runs);
}

// The reason of a run's outcome, by its name.
std::string why_failed(const Report& report, const std::string& run) {
  for (const RunRecord& record : report.runs) {
    if (record.name == run) return one_line(record.outcome.reason, 200);
  }
  return {};
}

// Calls `tell(cluster, row)` for each cluster whose ranking has the function, where it is shown.
template <class Tell>
void for_each_cluster(const CodeEvidence& evidence, const Ranked& row, Tell tell) {
  const std::size_t position = evidence.position_of(row);
  if (position >= evidence.clusters.size()) return;
  for (const auto& [cluster, there] : evidence.clusters[position]) {
    const FailureCluster& found = evidence.report.clusters[cluster];
    tell(found, found.ranking.rows[there]);
  }
}

// Nothing where the gate did not confirm the failure that the function is suspected of.
const Confirmed* confirmed_of(const CodeEvidence& evidence, const Ranked& row) {
  const std::size_t position = evidence.position_of(row);
  return position < evidence.confirmed.size() ? evidence.confirmed[position].get() : nullptr;
}

std::string in_words(const CodeEvidence& evidence, const Confirmed& confirmed) {
  const std::string& endpoint = evidence.report.clusters[confirmed.cluster].signature.endpoint;
  return fmt::format("the gate confirmed the failure{}: {}",
                     endpoint.empty() ? "" : " of " + printable(endpoint, 200),
                     printable(confirmed.why, 300));
}

// The language that Markdown colours a signature in.
std::string_view language_of(std::string_view file) {
  return file.ends_with(".java") ? "java" : file.ends_with(".kt") ? "kotlin" : "cpp";
}

// As the source writes it; empty: it was not parsed.
std::string signature_text(const Ranked& row, bool markdown) {
  if (!row.facts || row.facts->signature.empty()) return {};
  const std::string signature = printable(row.facts->signature, 1000);
  // A fence in it would end the fence around it.
  const bool fenced = markdown && signature.find("```") == std::string::npos;
  std::string text = fenced ? fmt::format("```{}\n{}\n```\n", language_of(row.line.file), signature)
                            : signature + "\n";
  if (row.facts->approximate) text += "(approximate: what it includes was not found)\n";
  return markdown ? text + "\n" : text;
}

// Which failing runs lead to the function, cluster by cluster, the span of each that failed first,
// and where errors arise.
Json related_of(const View& view, const Ranked& row) {
  Json related = Json::array();
  const auto add = [&](std::uint32_t line, const std::string& message) {
    const auto range = range_of(view.text, line);
    if (!range || related.size() == kMostRelated) return;
    related.push_back(
        {{"location", {{"uri", view.file.uri}, {"range", to_json(*range)}}}, {"message", message}});
  };
  // Where the span says that it was, else at the function's own line.
  const auto add_span = [&](const TraceStep& span, const Ranked& there, const std::string& run) {
    const std::string message =
        fmt::format("first failing span of {}: {} in {}", printable(run),
                    printable(span.operation, 200), printable(span.service, 200));
    const FileEvidence* const file =
        span.line == 0 ? nullptr : view.evidence.file_of(span.service, span.file);
    if (file == nullptr) return add(there.line.first_line, message);
    if (file == &view.file) return add(span.line, message);
    if (related.size() == kMostRelated) return;
    const Position at{span.line - 1, 0};
    related.push_back({{"location", {{"uri", file->uri}, {"range", to_json(Range{at, at})}}},
                       {"message", message}});
  };
  if (row.raised) {
    add(row.line.first_line, evidence(row));
  }
  for_each_cluster(view.evidence, row, [&](const FailureCluster& cluster, const Ranked& there) {
    const std::string& run = cluster.runs.front();
    add(there.line.first_line,
        fmt::format("{} in {}, such as {} ({}): {}", rank_of(there), cluster_text(cluster),
                    printable(run), why_failed(view.evidence.report, run), evidence(there)));
    if (!cluster.trace.empty() && cluster.trace.back().error) {
      add_span(cluster.trace.back(), there, run);
    }
  });
  return related;
}

// Calls `tell` for each function of the file that is shown as suspicious.
template <class Tell>
void for_each_shown(const View& view, Tell tell) {
  if (!view.evidence.report.undecided.empty()) return;
  for (const std::size_t position : view.file.rows) {
    if (position < view.evidence.shown) tell(view.evidence.row(position));
  }
}

const LineEvidence* line_evidence(const FileEvidence& file, std::uint32_t line) {
  const auto found =
      std::lower_bound(file.lines.begin(), file.lines.end(), line,
                       [](const LineEvidence& a, std::uint32_t number) { return a.line < number; });
  return found != file.lines.end() && found->line == line ? &*found : nullptr;
}

std::string hover_text(const View& view, const Ranked* row, const LineEvidence* line,
                       bool markdown) {
  const auto code = [&](const std::string& name) { return markdown ? as_code(name) : name; };
  const std::string end = markdown ? "\n\n" : "\n";
  std::string text;
  std::vector<std::pair<std::string, Counts>> rows;
  const auto executed = [](std::uint32_t number) {
    return fmt::format("line {} executed", number);
  };
  if (row != nullptr) {
    text += signature_text(*row, markdown) + code(name_of(*row));
    if (!row->code.service.empty()) text += " in " + code(printable(row->code.service));
    text +=
        end +
        fmt::format("{} · {} of {} · formula {}", score_of(*row), rank_of(*row),
                    view.evidence.report.ranking.elements, view.evidence.report.ranking.formula) +
        end;
    if (row->in_change) text += "changed by what `base` or `diff` names" + end;
    if (row->last_change) {
      text += fmt::format("line {} is as it is {}", row->line.first_line,
                          culprit::in_words(*row->last_change)) +
              end;
    }
    if (const Confirmed* const confirmed = confirmed_of(view.evidence, *row)) {
      text += in_words(view.evidence, *confirmed) + end;
    }
    if (line == nullptr || line->line != row->line.first_line) {
      rows.emplace_back(executed(row->line.first_line) + " (most suspicious)", row->counts);
    }
  }
  if (line != nullptr) rows.emplace_back(executed(line->line), line->counts);
  if (markdown) text += "| | failing | passing |\n|---|--:|--:|\n";
  for (const auto& [what, counts] : rows) {
    const std::string failing = share(counts.ef, counts.failing());
    const std::string passing = share(counts.ep, counts.passing());
    text += markdown ? fmt::format("| {} | {} | {} |\n", what, failing, passing)
                     : fmt::format("{}: failing {}, passing {}\n", what, failing, passing);
  }
  text += markdown ? "\n" : "";
  if (line != nullptr) text += fmt::format("heat of this line {:.2f}", line->heat) + end;
  if (row == nullptr) return text;
  for_each_cluster(view.evidence, *row, [&](const FailureCluster& cluster, const Ranked& there) {
    const std::string where = cluster_text(cluster);
    text += fmt::format("{}{} in {}\n", markdown ? "- " : "", rank_of(there),
                        markdown ? as_code(where) : where);
  });
  return text;
}

}  // namespace

std::optional<Range> range_of(const EditedText& text, std::uint32_t recorded) {
  const auto line = text.now(recorded);
  if (!line) return std::nullopt;
  const std::string_view whole = text.lines()[*line];
  const std::size_t first = std::min(whole.find_first_not_of(" \t"), whole.size());
  const std::size_t last = whole.find_last_not_of(" \t");
  const std::size_t end = last == std::string_view::npos ? whole.size() : last + 1;
  return Range{{*line, utf16_length(whole.substr(0, first))},
               {*line, utf16_length(whole.substr(0, end))}};
}

Json diagnostics_of(const View& view) {
  constexpr int kWarning = 2;
  constexpr int kInformation = 3;
  Json list = Json::array();
  for_each_shown(view, [&](const Ranked& row) {
    const auto range = range_of(view.text, row.line.first_line);
    if (!range) return;
    const Confirmed* const confirmed = confirmed_of(view.evidence, row);
    const std::string_view rule = confirmed == nullptr   ? "CL1004"
                                  : confirmed->new_cause ? "CL1002"
                                                         : "CL1001";
    list.push_back(
        {{"range", to_json(*range)},
         {"severity", confirmed == nullptr ? kInformation : kWarning},
         {"source", "culprit"},
         {"code", rule},
         {"message",
          fmt::format(
              "{} is suspicious: {} · {} of {}; {}{}", name_of(row), score_of(row), rank_of(row),
              view.evidence.report.ranking.elements, evidence(row),
              confirmed == nullptr ? std::string() : "; " + in_words(view.evidence, *confirmed))},
         {"relatedInformation", related_of(view, row)},
         {"data",
          {{"score", row.probability.value_or(row.score)},
           {"rank", row.best_rank},
           {"element", element_of(row)},
           {"fingerprint", ranked_fingerprint(row)},
           {"confirmed", confirmed != nullptr}}}});
  });
  return list;
}

Json lenses_of(const View& view) {
  Json list = Json::array();
  for_each_shown(view, [&](const Ranked& row) {
    const std::uint32_t first = first_line_of(row);
    const auto range = range_of(view.text, first == 0 ? row.line.first_line : first);
    if (!range) return;
    const Counts& counts = row.counts;
    const std::string failing = skipped(counts) ? "skipped by " + share(counts.nf, counts.failing())
                                                : share(counts.ef, counts.failing());
    Json target = {{"uri", view.file.uri}, {"element", element_of(row)}};
    if (row.facts && !row.facts->signature.empty()) target["signature"] = row.facts->signature;
    const bool confirmed = confirmed_of(view.evidence, row) != nullptr;
    list.push_back({{"range", to_json(*range)},
                    {"command",
                     {{"title", fmt::format("{} · {} · {} failing{}", score_of(row), rank_of(row),
                                            failing, confirmed ? " · confirmed" : "")},
                      {"command", "culprit.explain"},
                      {"arguments", Json::array({target})}}}});
  });
  return list;
}

Json hover_of(const View& view, std::uint32_t line, bool markdown) {
  const std::uint32_t recorded = view.text.recorded(line);
  if (recorded == 0) return nullptr;
  const LineEvidence* const here = line_evidence(view.file, recorded);
  const Ranked* const row = view.evidence.function_at(view.file, recorded);
  if (here == nullptr && row == nullptr) return nullptr;
  Json hover = {{"contents",
                 {{"kind", markdown ? "markdown" : "plaintext"},
                  {"value", hover_text(view, row, here, markdown)}}}};
  if (const auto range = range_of(view.text, recorded)) hover["range"] = to_json(*range);
  return hover;
}

Json hints_of(const View& view, const Range& range) {
  Json list = Json::array();
  for (std::uint32_t line = range.start.line;
       line <= range.end.line && line < view.text.lines().size(); ++line) {
    const std::uint32_t recorded = view.text.recorded(line);
    const LineEvidence* const here = recorded == 0 ? nullptr : line_evidence(view.file, recorded);
    if (here == nullptr || here->heat < kLeastHint) continue;
    list.push_back(
        {{"position", {{"line", line}, {"character", utf16_length(view.text.lines()[line])}}},
         {"label", evidence(here->counts)},
         {"paddingLeft", true}});
  }
  return list;
}

Json heat_of(const View& view) {
  Json list = Json::array();
  if (!view.evidence.report.undecided.empty()) return list;
  for (std::uint32_t line = 0; line < view.text.lines().size(); ++line) {
    const std::uint32_t recorded = view.text.recorded(line);
    const LineEvidence* const here = recorded == 0 ? nullptr : line_evidence(view.file, recorded);
    if (here == nullptr || here->heat < kLeastHeat) continue;
    list.push_back({line, std::round(here->heat * 1000) / 1000});
  }
  return list;
}

Json listed_row(const CodeEvidence& evidence, std::size_t position, const Json& location) {
  const Ranked& row = evidence.row(position);
  const bool parsed = row.facts && !row.facts->signature.empty();
  return {{"rank", ranks(row.best_rank, row.worst_rank)},
          {"score", score_of(row)},
          {"name", name_of(row)},
          {"service", row.code.service},
          {"element", element_of(row)},
          {"signature", parsed ? Json(row.facts->signature) : Json(nullptr)},
          {"confirmed", confirmed_of(evidence, row) != nullptr},
          {"evidence", culprit::evidence(row)},
          {"location", location}};
}

Json failing_runs(const Report& report) {
  Json list = Json::array();
  for (const FailureCluster& cluster : report.clusters) {
    for (const std::string& run : cluster.runs) {
      list.push_back({{"run", run},
                      {"reason", why_failed(report, run)},
                      {"cluster", cluster.fingerprint},
                      {"endpoint", cluster.signature.endpoint},
                      {"kind", cluster.signature.kind}});
    }
  }
  return list;
}

}  // namespace culprit::lsp
