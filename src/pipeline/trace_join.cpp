#include "pipeline/trace_join.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "label/endpoint.h"
#include "readers/record_values.h"

namespace culprit {

namespace {

constexpr double kNsPerMs = 1e6;

// `ms` later, or earlier where it is negative; times of damaged input may be out of range.
std::int64_t shifted(std::int64_t time_ns, double ms) {
  constexpr double kFarthestNs = 4e18;
  const double ns = std::clamp(ms * kNsPerMs, -kFarthestNs, kFarthestNs);
  std::int64_t result = 0;
  if (!__builtin_add_overflow(time_ns, static_cast<std::int64_t>(ns), &result)) return result;
  return ns < 0 ? std::numeric_limits<std::int64_t>::min()
                : std::numeric_limits<std::int64_t>::max();
}

struct Endpoint {
  std::string_view method;  // empty: not told, fits any
  std::string_view path;    // of a URL, without query, or a route
};

// "GET /x", "GET:/x" and "{GET}/x", or only "/x": how tracers name spans of requests.
Endpoint endpoint_of_name(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {};
  std::string_view method = trim(name.substr(0, slash));
  if (method.ends_with(':')) {
    method.remove_suffix(1);
  } else if (method.starts_with('{') && method.ends_with('}')) {
    method = method.substr(1, method.size() - 2);
  }
  if (!consists_of(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    if (!method.empty()) return {};
  }
  return {method, name.substr(slash)};
}

Endpoint endpoint_of(const SpanFacts& span) {
  Endpoint endpoint = endpoint_of_name(span.operation);
  if (!span.http_path.empty()) endpoint.path = span.http_path;
  if (!span.http_method.empty()) endpoint.method = span.http_method;
  return endpoint;
}

// {id}, :id, <id> or *
bool is_hole(std::string_view segment) {
  return segment.starts_with('{') || segment.starts_with(':') || segment.starts_with('<') ||
         segment == "*";
}

// A URL's path as sent, without a slash at its end.
std::string_view plain_path(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(std::min(url.find('/', scheme + 3), url.size()));
  }
  while (url.size() > 1 && url.ends_with('/')) url.remove_suffix(1);
  return url.empty() ? std::string_view("/") : url;
}

// The path with ids as {}, and `*` for a route's holes, which take any segment.
std::string shape_of(std::string_view url) {
  std::string_view path = plain_path(url);
  std::string shape;
  for (;;) {
    const std::string_view segment = path.substr(0, path.find('/'));
    shape += is_hole(segment) ? "*" : endpoint_template(segment);
    if (segment.size() == path.size()) return shape;
    shape += '/';
    path.remove_prefix(segment.size() + 1);
  }
}

bool has_holes(std::string_view shape) { return shape.find('*') != std::string_view::npos; }

bool shapes_fit(std::string_view a, std::string_view b) {
  for (;;) {
    const std::string_view one = a.substr(0, a.find('/'));
    const std::string_view other = b.substr(0, b.find('/'));
    if (one != other && one != "*" && other != "*") return false;
    const bool ends = one.size() == a.size();
    if (ends != (other.size() == b.size())) return false;
    if (ends) return true;
    a.remove_prefix(one.size() + 1);
    b.remove_prefix(other.size() + 1);
  }
}

// Requests that carry no trace id, by the shapes of their paths and by time.
class Untraced {
 public:
  explicit Untraced(std::span<const Request> requests) : requests_(requests) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const Request& request = requests[i];
      const std::string_view path = path_of(request);
      if (!request.trace.empty() || !request.time_ns || path.empty()) continue;
      const std::int64_t to = shifted(*request.time_ns, request.latency_ms.value_or(0));
      groups_[shape_of(path)].push_back({*request.time_ns, to, to, i});
    }
    for (auto& [shape, group] : groups_) {
      std::stable_sort(group.begin(), group.end(),
                       [](const Entry& a, const Entry& b) { return a.from_ns < b.from_ns; });
      for (std::size_t i = 1; i < group.size(); ++i) {
        group[i].latest_ns = std::max(group[i].latest_ns, group[i - 1].latest_ns);
      }
    }
  }

  // Calls take(index) for the requests to `endpoint` that were under way in from..to, until it
  // returns false.
  template <class Take>
  void at(const Endpoint& endpoint, std::int64_t from_ns, std::int64_t to_ns, Take&& take) {
    const auto [cached, is_new] = groups_of_.try_emplace(std::string(endpoint.path));
    const std::string shape = shape_of(endpoint.path);
    if (is_new) {
      for (const auto& [other, group] : groups_) {
        if (shapes_fit(shape, other)) cached->second.push_back({&group, has_holes(other)});
      }
    }
    for (const auto& [group, holes] : cached->second) {
      auto later = std::upper_bound(
          group->begin(), group->end(), to_ns,
          [](std::int64_t time, const Entry& entry) { return time < entry.from_ns; });
      while (later != group->begin()) {
        const Entry& entry = *--later;
        if (entry.latest_ns < from_ns) break;
        if (entry.to_ns < from_ns) continue;
        const Request& request = requests_[entry.request];
        if (!request.method.empty() && !endpoint.method.empty() &&
            !equal_ignoring_case(request.method, endpoint.method)) {
          continue;
        }
        const bool exact = !holes && !has_holes(shape);
        if (exact && plain_path(path_of(request)) != plain_path(endpoint.path)) continue;
        if (!take(entry.request)) return;
      }
    }
  }

 private:
  struct Entry {
    std::int64_t from_ns;
    std::int64_t to_ns;
    std::int64_t latest_ns;  // end of the last to end of this one and those before it
    std::size_t request;
  };
  struct Fitting {
    const std::vector<Entry>* group;
    bool holes;
  };

  static std::string_view path_of(const Request& request) {
    if (request.url.find('/') != std::string::npos) return request.url;
    return request.endpoint.starts_with('/') ? request.endpoint : std::string_view();
  }

  std::span<const Request> requests_;
  std::map<std::string, std::vector<Entry>> groups_;
  std::unordered_map<std::string, std::vector<Fitting>> groups_of_;  // by a span's path
};

// The span that a client of the system saw: the first to begin, of those that tell an endpoint.
const TraceSpan* entry_of(const TraceTree& tree) {
  const TraceSpan* entry = nullptr;
  for (const TraceSpan* span : tree.spans) {
    if (endpoint_of(*span->facts).path.empty()) continue;
    const bool is_earlier =
        entry == nullptr || span->start_ns < entry->start_ns ||
        (span->start_ns == entry->start_ns && span->duration_ns > entry->duration_ns);
    if (is_earlier) entry = span;
  }
  return entry;
}

}  // namespace

TraceJoin join_traces(std::span<const TraceTree> trees, std::span<const Request> requests,
                      std::map<std::string, std::string> run_of_trace, double skew_ms) {
  TraceJoin join;
  join.run_of_trace = std::move(run_of_trace);
  join.traces = trees.size();
  if (trees.empty()) return join;

  std::unordered_set<std::string_view> carried;
  for (const Request& request : requests) carried.insert(request.trace);
  Untraced untraced(requests);
  std::map<std::size_t, std::size_t> claims;  // request -> traces that may be its
  for (const TraceTree& tree : trees) {
    const std::string_view trace = tree.trace;
    if (carried.contains(trace)) {
      ++join.by_id;
      continue;
    }
    if (join.run_of_trace.contains(std::string(trace))) {
      ++join.by_place;
      continue;
    }
    const TraceSpan* const entry = entry_of(tree);
    if (entry == nullptr) {
      ++join.without_endpoint;
      continue;
    }
    std::vector<std::size_t> fitting;
    bool one_run = true;
    const double duration_ms = static_cast<double>(entry->duration_ns) / kNsPerMs;
    untraced.at(endpoint_of(*entry->facts), shifted(entry->start_ns, -skew_ms),
                shifted(entry->start_ns, duration_ms + skew_ms), [&](std::size_t request) {
                  fitting.push_back(request);
                  one_run = requests[request].run == requests[fitting.front()].run;
                  return one_run;
                });
    const bool told = fitting.size() == 1 || (one_run && !fitting.empty());
    if (!told) {
      ++(fitting.empty() ? join.in_no_request : join.in_several_runs);
      continue;
    }
    const std::string& run = requests[fitting.front()].run;
    if (fitting.size() == 1) {
      ++claims[fitting.front()];
      join.request_of_trace.emplace(trace, fitting.front());
    } else if (run.empty()) {
      ++join.in_several_runs;
      continue;
    }
    ++join.by_endpoint;
    if (!run.empty()) join.run_of_trace.emplace(trace, run);
  }
  // A request has one trace: of several that may be its, nobody knows which.
  std::erase_if(join.request_of_trace, [&](const auto& joined) {
    const auto& [trace, request] = joined;
    if (claims[request] < 2) return false;
    if (requests[request].run.empty()) {
      --join.by_endpoint;
      ++join.in_several_runs;
    }
    return true;
  });
  return join;
}

std::string in_words(const TraceJoin& join, double skew_ms) {
  const auto traces = [](std::size_t n) {
    return std::to_string(n) + (n == 1 ? " trace" : " traces");
  };
  std::string text;
  if (join.lost() != 0) {
    std::string why;
    const auto add = [&](std::size_t n, std::string_view reason) {
      if (n == 0) return;
      why += (why.empty() ? "" : ", ") + std::to_string(n) + " " + std::string(reason);
    };
    add(join.in_no_request, "with no request to their endpoint at their time");
    add(join.in_several_runs, "with several");
    add(join.without_endpoint, "without an endpoint");
    text = std::to_string(join.lost()) + " of " + traces(join.traces) +
           " could not be joined to a run (" + why + ")";
  }
  if (join.by_endpoint != 0) {
    text += (text.empty() ? "" : "; ") + traces(join.by_endpoint) +
            (join.by_endpoint == 1 ? " was" : " were") +
            " joined by endpoint and time, clocks taken to differ by at most " + shortest(skew_ms) +
            " ms";
  }
  return text;
}

TraceWeights trace_weights(const TraceJoin& join, std::span<const Request> requests,
                           std::span<const RunFacts> runs, const Labels& labels) {
  TraceWeights weights;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Outcome& outcome = labels.requests[i];
    if (requests[i].trace.empty() || outcome.verdict == Verdict::kUnknown) continue;
    weights[requests[i].trace] = outcome.weight;
  }
  for (const auto& [trace, request] : join.request_of_trace) {
    const Outcome& outcome = labels.requests[request];
    if (outcome.verdict != Verdict::kUnknown) weights.try_emplace(trace, outcome.weight);
  }
  std::map<std::string_view, const Outcome*> outcomes;
  for (std::size_t i = 0; i < runs.size(); ++i) outcomes[runs[i].name] = &labels.runs[i];
  for (const auto& [trace, run] : join.run_of_trace) {
    const auto at = outcomes.find(run);
    if (at == outcomes.end() || at->second->verdict == Verdict::kUnknown) continue;
    weights.try_emplace(trace, at->second->weight);
  }
  return weights;
}

}  // namespace culprit
