#include "writers/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/utf16.h"
#include "score/fingerprint.h"
#include "writers/phrases.h"

namespace culprit {

namespace {

// Below it a suspect is hardly worth a warning, however high its rank.
constexpr double kWorthAWarning = 0.1;
// How far down the ranking of a cluster an element is said to be suspected by it.
constexpr std::size_t kNearTheTop = 3;

enum RuleRow : std::uint8_t { kNewFailure, kNewCause, kKnownFailure, kSuspect, kWithoutPlace };

void place_finding(const Ranked& row, Finding& finding) {
  finding.code = &row;
  finding.subject = printable(title(row.code), 200);
  finding.path = path_of(row);
  finding.line = row.line.first_line;
  finding.first_line = row.code.first_line;
  finding.last_line = row.code.last_line;
  if (row.source_place && row.source_place->line != 0) {
    finding.line = row.source_place->line;
    finding.first_line = row.source_place->first_line;
    finding.last_line = row.source_place->last_line;
  }
  if (!row.source_place || row.source_place->column == 0 || row.source.empty()) return;
  std::uint32_t units = 0;
  for_each_utf16_unit(row.source, [&](std::uint16_t) { ++units; });
  finding.column = row.source_place->column;
  finding.end_column = finding.column + static_cast<std::uint32_t>(row.source.size());
  finding.end_column_utf16 = finding.column + units;
}

std::string score_of(const Ranked& row, std::string_view formula) {
  return row.probability ? percent(*row.probability)
                         : fmt::format("{} {:.4g}", printable(formula), row.score);
}

// "executed by failing 6/6, passing 19/103 runs".
std::string seen_in(const Ranked& row, const Report& report) {
  if (row.line.file.empty()) return evidence(row, report);
  return row.raised ? evidence(row) + " runs" : "executed by " + evidence(row) + " runs";
}

std::string rates_of(const ClusterVerdict& verdict) {
  std::string text = fmt::format("{} of {} failed", verdict.fails, plural(verdict.runs, "run"));
  if (verdict.baseline_runs != 0) {
    text +=
        fmt::format(", {} of {} in the baseline", verdict.baseline_fails, verdict.baseline_runs);
  }
  return text;
}

class GateFindings {
 public:
  explicit GateFindings(const Report& report) : report_(report) {
    for (const ClusterVerdict& verdict : report.gate->clusters) {
      if (verdict.cluster < report.clusters.size()) add(verdict);
    }
  }

  std::vector<Finding> take() { return std::move(findings_); }

 private:
  void add(const ClusterVerdict& verdict) {
    const FailureCluster& cluster = report_.clusters[verdict.cluster];
    const bool elsewhere = cluster.level != FaultLevel::kUnknown &&
                           cluster.level != FaultLevel::kCode && !verdict.fails_gate;
    const bool known = verdict.novelty == Novelty::kKnown;
    if (elsewhere || verdict.suspects.empty() || !verdict.uninformative.empty()) {
      return add_without_place(verdict, cluster);
    }
    std::size_t best = verdict.suspects.front().code.best_rank;
    for (const Suspect& suspect : verdict.suspects) best = std::min(best, suspect.code.best_rank);
    bool first = true;
    for (const Suspect& suspect : verdict.suspects) {
      if (!first && known && !suspect.new_cause) continue;
      first = false;
      add(verdict, cluster, suspect, suspect.code.best_rank == best);
    }
  }

  void add(const ClusterVerdict& verdict, const FailureCluster& cluster, const Suspect& suspect,
           bool leads) {
    const std::string fingerprint =
        suspect.fingerprint.empty() ? ranked_fingerprint(suspect.code) : suspect.fingerprint;
    const std::string key = suspect.code.code.service + '\x1f' + fingerprint;
    const auto [at, added] = found_.try_emplace(key, findings_.size());
    if (!added) return findings_[at->second].clusters.push_back(&cluster);
    const bool known = verdict.novelty == Novelty::kKnown;
    Finding finding;
    place_finding(suspect.code, finding);
    finding.fingerprint = fingerprint;
    finding.relation = suspect.relation;
    finding.clusters = {&cluster};
    finding.verdict = &verdict;
    finding.rule = &rules()[suspect.new_cause || verdict.novelty == Novelty::kNewCause ? kNewCause
                            : known ? kKnownFailure
                                    : kNewFailure];
    finding.level = level_of(verdict, suspect, leads);
    finding.title = fmt::format("{}: suspect {}", printable(cluster.signature.endpoint, 100),
                                ranks(suspect.code.best_rank, suspect.code.worst_rank));
    const std::string_view sure = known               ? ""
                                  : verdict.confirmed ? " and confirmed"
                                                      : ", not confirmed";
    finding.message = fmt::format("suspect {} ({}) of a failure that is {}{}: {} ({}); {}",
                                  ranks(suspect.code.best_rank, suspect.code.worst_rank),
                                  score_of(suspect.code, cluster.ranking.formula),
                                  in_words(verdict.novelty), sure, in_words(cluster.signature),
                                  rates_of(verdict), seen_in(suspect.code, report_));
    if (const auto relation = in_words(suspect.relation); !relation.empty()) {
      finding.message += "; " + std::string(relation);
    }
    findings_.push_back(std::move(finding));
  }

  static FindingLevel level_of(const ClusterVerdict& verdict, const Suspect& suspect, bool leads) {
    const bool known = verdict.novelty == Novelty::kKnown && !suspect.new_cause;
    if (verdict.suppressed || known || !verdict.confirmed) return FindingLevel::kNote;
    if (leads) return verdict.fails_gate ? FindingLevel::kError : FindingLevel::kWarning;
    const bool likely =
        verdict.fails_gate && suspect.code.probability.value_or(1) >= kWorthAWarning;
    return likely ? FindingLevel::kWarning : FindingLevel::kNote;
  }

  void add_without_place(const ClusterVerdict& verdict, const FailureCluster& cluster) {
    Finding finding;
    finding.rule = &rules()[kWithoutPlace];
    const bool quiet =
        verdict.suppressed || verdict.novelty == Novelty::kKnown || !verdict.confirmed;
    finding.level = quiet ? FindingLevel::kNote : FindingLevel::kWarning;
    finding.subject = printable(cluster.signature.endpoint, 200);
    finding.title = finding.subject + ": no code to blame";
    finding.fingerprint = cluster.fingerprint;
    finding.clusters = {&cluster};
    finding.verdict = &verdict;
    finding.message =
        fmt::format("{}, {}, {}", in_words(cluster.signature).substr(finding.subject.size() + 1),
                    in_words(verdict.novelty), rates_of(verdict));
    if (!cluster.level_evidence.empty()) {
      finding.message += fmt::format("; level {}: {}", name_of(cluster.level),
                                     one_line(cluster.level_evidence, 300));
    }
    const std::string& why =
        verdict.uninformative.empty() ? cluster.undecided : verdict.uninformative;
    if (!why.empty()) finding.message += "; " + one_line(why, 300);
    findings_.push_back(std::move(finding));
  }

  const Report& report_;
  std::map<std::string, std::size_t> found_;
  std::vector<Finding> findings_;
};

std::vector<Finding> of_ranking(const Report& report) {
  std::vector<Finding> findings;
  for (const Ranked& row : report.ranking.rows) {
    Finding finding;
    place_finding(row, finding);
    finding.rule = &rules()[kSuspect];
    const bool leads = row.best_rank == report.ranking.rows.front().best_rank;
    finding.level = leads || row.probability.value_or(0) >= kWorthAWarning ? FindingLevel::kWarning
                                                                           : FindingLevel::kNote;
    finding.fingerprint = ranked_fingerprint(row);
    const std::string rank = ranks(row.best_rank, row.worst_rank);
    finding.title = plural(report.failed, "failing run") + ": suspect " + rank;
    finding.message = fmt::format("suspect {} of {} ({}), {}", rank, report.ranking.elements,
                                  score_of(row, report.ranking.formula), seen_in(row, report));
    for (const FailureCluster& cluster : report.clusters) {
      for (const Ranked& suspect : cluster.ranking.rows) {
        if (suspect.best_rank > kNearTheTop) break;
        if (suspect.code == row.code) finding.clusters.push_back(&cluster);
      }
    }
    if (!finding.clusters.empty()) {
      finding.message += "; " + in_words(finding.clusters.front()->signature);
      if (finding.clusters.size() > 1) {
        finding.message +=
            " (and " + plural(finding.clusters.size() - 1, "other cluster") + " of failures)";
      }
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

std::string below_the_root(std::string_view path) {
  const std::string clean = clean_path(path);
  if (clean.starts_with('/') || (clean.size() > 1 && clean[1] == ':')) return {};
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= clean.size();) {
    const std::size_t end = std::min(clean.find('/', at), clean.size());
    const std::string_view part = std::string_view(clean).substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return {};
    } else {
      parts.pop_back();
    }
  }
  std::string text;
  for (const std::string_view part : parts) text += (text.empty() ? "" : "/") + std::string(part);
  return text;
}

std::string path_of(const Ranked& row) {
  return below_the_root(row.source_place ? row.source_place->path : row.line.file);
}

std::string_view name_of(FindingLevel level) {
  return level == FindingLevel::kError     ? "error"
         : level == FindingLevel::kWarning ? "warning"
                                           : "note";
}

std::string Finding::text() const { return subject + ": " + message; }

std::vector<Finding> findings_of(const Report& report) {
  return report.gate ? GateFindings(report).take() : of_ranking(report);
}

std::string in_words(const FailureSignature& signature) {
  const std::string subject =
      signature.endpoint.empty() ? "a run" : printable(signature.endpoint, 200);
  std::string text = subject + " fails with " + printable(signature.kind);
  if (!signature.service.empty()) {
    text += ", first in " + printable(signature.service);
    if (!signature.operation.empty()) text += " (" + printable(signature.operation, 200) + ")";
  }
  return text;
}

std::string_view in_words(Relation relation) {
  switch (relation) {
    case Relation::kNoChange:
      return "";
    case Relation::kChanged:
      return "changed";
    case Relation::kReached:
      return "reached from the change";
    case Relation::kUnrelated:
      return "unrelated to the change";
  }
  return "";
}

std::string_view in_words(Novelty novelty) {
  switch (novelty) {
    case Novelty::kNew:
      return "new";
    case Novelty::kWorse:
      return "worse than in the baseline";
    case Novelty::kNewCause:
      return "known, with a new cause";
    case Novelty::kKnown:
      return "known";
  }
  return "";
}

}  // namespace culprit
