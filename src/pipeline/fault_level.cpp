#include "pipeline/fault_level.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "base/text.h"
#include "score/run_lines.h"

namespace culprit {

namespace {

// Share of a cluster's runs that has to show a thing for the cluster to be of it.
constexpr double kMost = 0.5;
// How many standard errors the counts of a line have to be higher in slow runs.
constexpr double kGrown = 3;
constexpr std::size_t kSlowRuns = 3;

// What stores say of themselves: parts of messages, and packages that exceptions are of.
constexpr auto kStoreWords = std::to_array<std::string_view>({"database is locked",
                                                              "database table is locked",
                                                              "deadlock",
                                                              "lock wait timeout",
                                                              "could not serialize",
                                                              "too many connections",
                                                              "remaining connection slots",
                                                              "sqlstate",
                                                              "sqlite_busy",
                                                              "sqlexception",
                                                              "jdbcconnectionexception",
                                                              "cannotgetjdbcconnection",
                                                              "hikaripool",
                                                              "mongotimeout",
                                                              "mongosocket",
                                                              "mongowriteexception",
                                                              "serverselectionerror",
                                                              "redisconnection",
                                                              "jedisconnection",
                                                              "redis.exceptions",
                                                              "psycopg2.operationalerror",
                                                              "sqlalchemy.exc.operationalerror",
                                                              "communications link failure",
                                                              "ora-0",
                                                              "wiredtiger",
                                                              "cassandra.driver",
                                                              "nohostavailable",
                                                              "connection pool exhausted",
                                                              "disk i/o error"});
// What callers say of a service that is not there.
constexpr auto kUnreachableWords = std::to_array<std::string_view>(
    {"connection refused", "connectexception", "connecterror", "no route to host",
     "name or service not known", "unknownhostexception", "could not resolve", "econnrefused",
     "unavailable", "connection reset", "cannot be reached", "no such host"});

template <std::size_t kSize>
std::string_view said(std::string_view text, const std::array<std::string_view, kSize>& words) {
  const std::string small = lower(text);
  for (const std::string_view word : words) {
    if (small.find(word) != std::string::npos) return word;
  }
  return {};
}

// One thing that runs show, with how many do and the words of one of them.
struct Sign {
  std::size_t runs = 0;
  std::string words;

  void add(std::string one) {
    if (runs++ == 0) words = std::move(one);
  }
};

struct Signs {
  Sign unreachable;
  Sign store;
};

// The error spans of a run's traces, told apart by what is behind them.
void read_traces(const LevelFacts& facts, std::size_t run, Signs& signs) {
  std::optional<std::string> unreachable;
  std::optional<std::string> store;
  for (const std::size_t at : facts.traces_of_run[run]) {
    const TraceTree& tree = facts.trees[at];
    for (std::uint32_t i = 0; i < tree.spans.size(); ++i) {
      const SpanFacts& span = tree.facts(i);
      if (!span.error) continue;
      const bool asks = span.kind == SpanKind::kClient || span.kind == SpanKind::kProducer;
      const std::string_view store_word = said(span.error_text, kStoreWords);
      if (asks && !span.store.empty()) {
        store = store.value_or("a call of " + span.service + " to " + span.store + " failed");
      } else if (!store_word.empty()) {
        store = store.value_or(span.service + " says \"" + one_line(span.error_text, 80) + "\"");
      } else if (asks && span.http_status == 0 && tree.children_of(i).empty()) {
        const std::string_view word = said(span.error_text, kUnreachableWords);
        unreachable = unreachable.value_or(
            span.service + " got no answer to " + span.operation +
            (word.empty() ? std::string() : " (" + one_line(span.error_text, 80) + ")"));
      }
    }
  }
  if (unreachable) signs.unreachable.add(std::move(*unreachable));
  if (store) signs.store.add(std::move(*store));
}

// Services whose report the cluster's runs lack, though passing runs of the endpoint have it.
std::string missing_report(const Report& report, std::span<const std::size_t> failing,
                           std::span<const std::size_t> passing) {
  std::map<std::string_view, std::pair<std::size_t, std::size_t>> missing;
  for (const std::size_t run : failing) {
    for (const std::string& service : report.runs[run].missing) ++missing[service].first;
  }
  for (const std::size_t run : passing) {
    for (const std::string& service : report.runs[run].missing) ++missing[service].second;
  }
  for (const auto& [service, counts] : missing) {
    const auto [lacking, passing_lacking] = counts;
    if (static_cast<double>(lacking) < kMost * static_cast<double>(failing.size())) continue;
    // A report that as many passing runs lack tells nothing.
    if (lacking * passing.size() <= passing_lacking * failing.size()) continue;
    return "no report of " + (service.empty() ? "the service" : std::string(service)) + " in " +
           std::to_string(lacking) + " of " + plural(failing.size(), "failing run") + ", in " +
           std::to_string(passing_lacking) + " of " + plural(passing.size(), "passing run");
  }
  return {};
}

// Of log2(1 + count) of each line over some runs.
struct LogCounts {
  double runs = 0;
  std::vector<double> sum, squares;

  [[nodiscard]] double mean(std::size_t line) const { return sum[line] / runs; }
  // The squared standard error of the mean; a run alone is taken for as uncertain as one doubling.
  [[nodiscard]] double error(std::size_t line) const {
    if (runs < 2) return 1;
    const double mean_of = mean(line);
    return std::max(squares[line] / runs - mean_of * mean_of, 0.0) / (runs - 1);
  }
};

LogCounts log_counts(const Spectrum& spectrum, std::span<const std::size_t> runs) {
  constexpr std::size_t kMaxRuns = 500;  // more tell nothing more
  LogCounts counts;
  counts.sum.resize(spectrum.lines().size());
  counts.squares.resize(spectrum.lines().size());
  for (const std::size_t run : runs.subspan(0, std::min(runs.size(), kMaxRuns))) {
    ++counts.runs;
    for_each_line(spectrum, {static_cast<std::uint32_t>(run)}, [&](const RunLine& line) {
      if (!line.executed) return;
      const double value = std::log2(1 + static_cast<double>(line.count.value_or(1)));
      counts.sum[line.line.value] += value;
      counts.squares[line.line.value] += value * value;
    });
  }
  return counts;
}

class LevelFinder {
 public:
  LevelFinder(const LevelFacts& facts, Report& report) : facts_(facts), report_(report) {
    for (std::size_t i = 0; i < facts.set.runs.size(); ++i) {
      run_at_.emplace(facts.set.runs[i].name, i);
    }
    for (const RunSymptom& symptom : facts.symptoms) {
      if (symptom.signature) continue;
      for (const std::string& endpoint : symptom.endpoints) {
        passing_[endpoint].push_back(run_at_.at(symptom.run));
      }
    }
  }

  void find(FailureCluster& cluster) {
    std::vector<std::size_t> failing;
    for (const std::string& run : cluster.runs) failing.push_back(run_at_.at(run));
    const std::vector<std::size_t>& passing = passing_[cluster.signature.endpoint];
    const auto is = [&](FaultLevel level, std::string evidence) {
      cluster.level = level;
      cluster.level_evidence = std::move(evidence);
    };
    Signs signs;
    for (const std::size_t run : failing) read_traces(facts_, run, signs);
    const auto most = [&](const Sign& sign) {
      return static_cast<double>(sign.runs) >= kMost * static_cast<double>(failing.size());
    };
    const auto in_runs = [&](const Sign& sign) {
      return sign.words + ", in " + std::to_string(sign.runs) + " of " +
             plural(failing.size(), "failing run");
    };
    if (std::string missing = missing_report(report_, failing, passing); !missing.empty()) {
      return is(FaultLevel::kService, std::move(missing));
    }
    if (most(signs.unreachable)) return is(FaultLevel::kService, in_runs(signs.unreachable));
    if (most(signs.store)) return is(FaultLevel::kDatabase, in_runs(signs.store));
    if (cluster.signature.kind == "latency" || cluster.signature.kind == "timeout") {
      return slow(cluster, failing, passing, is);
    }
    if (cluster.signature.kind == "no-response") {
      return is(FaultLevel::kUnknown, "no response came, and no trace or report tells why");
    }
    const bool covered = std::any_of(failing.begin(), failing.end(), [&](std::size_t run) {
      return report_.runs[run].reports != 0;
    });
    if (!covered && facts_.trees.empty()) {
      return is(FaultLevel::kUnknown, "the failing runs have neither coverage nor traces");
    }
    is(FaultLevel::kCode, "every service answered, no store failed, and what came was wrong (" +
                              cluster.signature.kind + ")");
  }

  // Failures that began while a service or a store was failing, and of whose own nothing is wrong,
  // follow from it: a later request finds no order where the earlier one could not be taken.
  void find_followers() {
    for (FailureCluster& cluster : report_.clusters) {
      if (cluster.level != FaultLevel::kCode || !is_about_state(cluster)) continue;
      for (const FailureCluster& other : report_.clusters) {
        const bool outage =
            other.level == FaultLevel::kService || other.level == FaultLevel::kDatabase;
        if (!outage || other.runs.size() < cluster.runs.size()) continue;
        const auto began = first_time(other);
        const auto follows = first_time(cluster);
        if (!began || !follows || *follows < *began) continue;
        cluster.level = other.level;
        cluster.level_evidence = "began after " + other.signature.endpoint + " failed for " +
                                 (other.level == FaultLevel::kService ? "a service" : "a store") +
                                 " (" + other.fingerprint.substr(0, 15) +
                                 "), and may be what that left behind";
        break;
      }
    }
  }

 private:
  // A refusal or a wrong answer, not a crash: what a missing earlier change looks like.
  static bool is_about_state(const FailureCluster& cluster) {
    return cluster.signature.kind == "http-4xx" || cluster.signature.kind == "assertion" ||
           cluster.signature.kind == "body";
  }

  std::optional<std::int64_t> first_time(const FailureCluster& cluster) const {
    const std::set<std::string_view> runs(cluster.runs.begin(), cluster.runs.end());
    std::optional<std::int64_t> first;
    for (const Request& request : facts_.set.requests) {
      if (!request.time_ns || !runs.contains(request.run)) continue;
      first = std::min(first.value_or(*request.time_ns), *request.time_ns);
    }
    return first;
  }

  // The line whose executions grew most surely, and at least twofold.
  std::optional<std::uint32_t> grown(std::span<const std::size_t> failing,
                                     std::span<const std::size_t> passing) const {
    const Spectrum& spectrum = facts_.set.spectrum;
    // One slow run may be the one that also has more to do.
    if (failing.size() < kSlowRuns || passing.empty()) return std::nullopt;
    const LogCounts slow = log_counts(spectrum, failing);
    const LogCounts usual = log_counts(spectrum, passing);
    std::optional<std::uint32_t> line;
    double surest = kGrown;
    for (std::uint32_t i = 0; i < slow.sum.size(); ++i) {
      const double more = slow.mean(i) - usual.mean(i);
      const double error = std::sqrt(slow.error(i) + usual.error(i));
      if (more < 1 || more <= surest * error) continue;
      if (error > 0) surest = more / error;
      line = i;
    }
    return line;
  }

  template <class Is>
  void slow(const FailureCluster& cluster, std::span<const std::size_t> failing,
            std::span<const std::size_t> passing, Is is) const {
    if (cluster.signature.kind == "timeout" && cluster.ranking.rows.empty()) {
      return is(FaultLevel::kUnknown, "no answer came in time, and no coverage tells why");
    }
    const Spectrum& spectrum = facts_.set.spectrum;
    if (!spectrum.has_counts()) {
      return is(FaultLevel::kPerformance,
                "the runs were slow, and nothing was wrong with the answers");
    }
    if (const auto line = grown(failing, passing)) {
      const CodeElement code = spectrum.element(Level::kLine, *line);
      return is(FaultLevel::kCode, "the slow runs execute " + code.file + ":" +
                                       std::to_string(code.first_line) +
                                       " more than twice as often as others of this endpoint");
    }
    is(FaultLevel::kPerformance,
       failing.size() < kSlowRuns
           ? "slow, and nothing was wrong with the answers; too few slow runs to compare their code"
           : "the slow runs execute the same code as often as the others");
  }

  const LevelFacts& facts_;
  Report& report_;
  std::map<std::string_view, std::size_t> run_at_;
  std::map<std::string, std::vector<std::size_t>> passing_;  // by endpoint
};

}  // namespace

void find_levels(const LevelFacts& facts, Report& report) {
  LevelFinder finder(facts, report);
  for (FailureCluster& cluster : report.clusters) finder.find(cluster);
  finder.find_followers();
}

}  // namespace culprit
