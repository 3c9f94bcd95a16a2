#include "gate/baseline.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "score/clusters.h"
#include "score/fingerprint.h"

namespace culprit {

namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view kSchema = "culprit.baseline/1";
constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
constexpr std::size_t kRemembered = 1000;

std::optional<std::string> text_of(const Json& row, const char* key) {
  const auto at = row.find(key);
  if (at == row.end()) return std::nullopt;
  if (!at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

std::optional<std::size_t> count_of(const Json& row, const char* key) {
  const auto at = row.find(key);
  if (at == row.end() || !at->is_number_unsigned()) return std::nullopt;
  const auto value = at->get<std::uint64_t>();
  // More is a damaged file, and would overflow sums.
  if (value > (std::uint64_t{1} << 40)) return std::nullopt;
  return static_cast<std::size_t>(value);
}

// What is wrong with the row, or empty.
std::string take_cluster(const Json& row, Baseline& baseline) {
  KnownCluster known;
  const auto endpoint = text_of(row, "endpoint");
  const auto kind = text_of(row, "kind");
  const auto fails = count_of(row, "fails");
  if (!endpoint || !kind || !fails) return "`endpoint`, `kind` or `fails` is missing or wrong";
  known.signature = {*endpoint, *kind, text_of(row, "service").value_or(""),
                     text_of(row, "operation").value_or("")};
  known.fails = *fails;
  const std::string fingerprint = text_of(row, "fp").value_or("");
  if (fingerprint_of(known.signature) != fingerprint) {
    return "`fp` is not the fingerprint of the fields beside it";
  }
  if (const auto top = row.find("top"); top != row.end()) {
    if (!top->is_array()) return "`top` is no list";
    for (const Json& cause : *top) {
      const auto known_as = cause.is_object() ? text_of(cause, "fp") : std::nullopt;
      if (!known_as) return "`top` has an entry without `fp`";
      known.top.push_back(
          {*known_as, text_of(cause, "name").value_or(""), text_of(cause, "body").value_or("")});
    }
    std::sort(known.top.begin(), known.top.end());
  }
  KnownCluster& kept = baseline.clusters[fingerprint];
  if (kept.fails < known.fails || kept.signature.kind.empty()) kept = std::move(known);
  return {};
}

std::string take_row(const Json& row, Baseline& baseline) {
  if (!row.is_object()) return "is no object";
  if (row.contains("fp")) return take_cluster(row, baseline);
  const auto endpoint = text_of(row, "endpoint");
  const auto runs = count_of(row, "runs");
  if (!endpoint || !runs) return "is neither an endpoint with `runs` nor a cluster with `fp`";
  std::size_t& kept = baseline.runs[*endpoint];
  kept = std::max(kept, *runs);
  return {};
}

// The version of a first line that is not ours: "culprit.baseline/7".
std::optional<std::string> other_version(const Json& row) {
  const auto schema = row.is_object() ? text_of(row, "schema") : std::nullopt;
  if (!schema || !schema->starts_with("culprit.baseline/")) return std::nullopt;
  return schema;
}

}  // namespace

std::size_t Baseline::runs_of(const std::string& endpoint) const {
  const auto at = runs.find(endpoint);
  return at == runs.end() ? 0 : at->second;
}

Result<Baseline> read_baseline(const Input& input) {
  const std::string anew =
      "restore it from version control, or make it anew: delete it and run "
      "`culprit gate RUNS --baseline FILE --update-baseline`";
  if (input.bytes.size() > kMaxBytes) {
    return fail(error_in(input.path, "is larger than 64 MiB, the most a baseline may be", anew));
  }
  Baseline baseline;
  LineReader lines(input);
  bool begun = false;
  bool ended = false;
  while (const auto line = lines.next()) {
    if (trim(*line).empty()) continue;
    if (line->starts_with("<<<<<<<") || line->starts_with(">>>>>>>") ||
        line->starts_with("=======")) {
      return fail(lines.error(*line, "holds the markers of a merge conflict",
                              "keep the lines of both sides and drop the markers"));
    }
    const Json row = Json::parse(*line, nullptr, false);
    if (!begun) {
      if (row.is_discarded() || !row.is_object() || !row.contains("schema")) {
        return fail(
            lines.error(*line, "this is no baseline: its first line names no schema", anew));
      }
      const auto version = other_version(row);
      if (version && *version != kSchema) {
        return fail(lines.error(*line,
                                "the baseline is `" + printable(*version) +
                                    "`, of another version; this culprit reads `" +
                                    std::string(kSchema) + "`",
                                "use the culprit that wrote it"));
      }
      if (!version) return fail(lines.error(*line, "this is no baseline", anew));
      begun = true;
      continue;
    }
    if (row.is_discarded()) return fail(lines.error(*line, "this line is no JSON", anew));
    if (row.is_object() && row.contains("end")) {
      ended = true;
      continue;
    }
    if (row.is_object() && row.contains("schema")) continue;  // a merge may leave it twice
    if (const std::string wrong = take_row(row, baseline); !wrong.empty()) {
      return fail(lines.error(*line, "a row of the baseline: " + wrong, anew));
    }
  }
  if (!begun) return fail(error_in(input.path, "is empty, no baseline", anew));
  if (!ended) return fail(error_in(input.path, "is cut short: its last line is missing", anew));
  return baseline;
}

std::string to_text(const Baseline& baseline) {
  const auto line = [](const OrderedJson& row) {
    return row.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
  };
  std::string text = line({{"schema", kSchema}});
  for (const auto& [endpoint, runs] : baseline.runs) {
    text += line({{"endpoint", endpoint}, {"runs", runs}});
  }
  for (const auto& [fingerprint, cluster] : baseline.clusters) {
    OrderedJson top = OrderedJson::array();
    for (const KnownCause& cause : cluster.top) {
      OrderedJson entry = {{"fp", cause.fingerprint}, {"name", cause.name}};
      if (!cause.body.empty()) entry["body"] = cause.body;
      top.push_back(std::move(entry));
    }
    text += line({{"fp", fingerprint},
                  {"endpoint", cluster.signature.endpoint},
                  {"kind", cluster.signature.kind},
                  {"service", cluster.signature.service},
                  {"operation", cluster.signature.operation},
                  {"fails", cluster.fails},
                  {"top", std::move(top)}});
  }
  return text + line({{"end", kSchema}});
}

void add_to_baseline(Baseline& baseline, const Report& report, const GatePolicy& policy) {
  for (const EndpointRuns& row : report.endpoint_runs) baseline.runs[row.endpoint] += row.runs;
  for (const FailureCluster& cluster : report.clusters) {
    KnownCluster& known = baseline.clusters[cluster.fingerprint];
    known.signature = cluster.signature;
    known.fails += cluster.runs.size();
    for (const Ranked& row : cluster.ranking.rows) {
      if (row.probability.value_or(0) < policy.min_probability) continue;
      KnownCause cause{ranked_fingerprint(row), row.code.name, row.body};
      const auto same = std::find_if(known.top.begin(), known.top.end(), [&](const KnownCause& k) {
        return k.fingerprint == cause.fingerprint;
      });
      if (same == known.top.end()) {
        known.top.push_back(std::move(cause));
      } else {
        *same = std::move(cause);
      }
    }
    std::sort(known.top.begin(), known.top.end());
  }
  std::map<std::string, double> scales;
  for (auto& [endpoint, runs] : baseline.runs) {
    if (runs <= kRemembered) continue;
    scales[endpoint] = static_cast<double>(kRemembered) / static_cast<double>(runs);
    runs = kRemembered;
  }
  for (auto at = baseline.clusters.begin(); at != baseline.clusters.end();) {
    const auto scale = scales.find(at->second.signature.endpoint);
    if (scale != scales.end()) {
      at->second.fails = static_cast<std::size_t>(
          std::llround(static_cast<double>(at->second.fails) * scale->second));
    }
    at = at->second.fails == 0 ? baseline.clusters.erase(at) : std::next(at);
  }
}

}  // namespace culprit
