#include "score/service_suspicion.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "score/beta.h"
#include "score/trace_tree.h"

namespace culprit {

namespace {

constexpr double kPrior = 0.5;          // of all Beta priors of an event's rate
constexpr double kCallerShare = 0.7;    // of a gap's evidence: the network's callee gets all of it
constexpr double kOutlier = 3;          // robust standard deviations
constexpr double kSigmaFloor = 0.15;    // in log time: a sixth is never an outlier's scale
constexpr double kOffsetUs = 50;        // keeps the log of very short times calm
constexpr double kMadToSigma = 1.4826;  // for a normal distribution
constexpr double kAlwaysThere = 0.9;    // share of parents with a child that is then missed
constexpr std::size_t kMinSamples = 5;  // fewer make no baseline
constexpr double kPassingBelow = 0.5;   // failed-probability of traces that make baselines

struct Operation {
  std::string_view service;
  std::string_view name;

  auto operator<=>(const Operation&) const = default;
};

// What a span is compared with: others of its operation, called from the same operation.
struct Context {
  Operation operation;
  std::string_view parent;

  auto operator<=>(const Context&) const = default;
};

struct Element {
  TraceEvent event = TraceEvent::kError;
  Operation operation;
  bool is_caller = false;  // the caller's side of a gap

  auto operator<=>(const Element&) const = default;
};

double log_time(std::int64_t time_ns) {
  return std::log(static_cast<double>(time_ns) / 1000 + kOffsetUs);
}

std::int64_t duration_of(const TraceSpan& span) {
  return std::max<std::int64_t>(span.duration_ns, 0);
}

std::int64_t end_of(const TraceSpan& span) {
  const std::int64_t duration = duration_of(span);
  const std::int64_t latest = std::numeric_limits<std::int64_t>::max() - duration;
  return span.start_ns > latest ? std::numeric_limits<std::int64_t>::max()
                                : span.start_ns + duration;
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

// How long something takes in passing traces, in log time.
class Baseline {
 public:
  void add(std::int64_t time_ns) { samples_.push_back(log_time(time_ns)); }

  void freeze() {
    if (samples_.size() < kMinSamples) return;
    center_ = median(samples_);
    for (double& sample : samples_) sample = std::abs(sample - *center_);
    sigma_ = std::max(kMadToSigma * median(samples_), kSigmaFloor);
    samples_ = {};
  }

  [[nodiscard]] bool is_outlier(std::int64_t time_ns) const {
    return center_ && (log_time(time_ns) - *center_) / sigma_ > kOutlier;
  }

 private:
  std::vector<double> samples_;
  std::optional<double> center_;
  double sigma_ = kSigmaFloor;
};

struct Habits {
  Baseline self_time;
  Baseline gap;
  std::size_t spans = 0;
  std::map<Operation, std::size_t> children;  // spans that have such a child
};

class TraceReading {
 public:
  explicit TraceReading(const TraceTree& tree) : tree_(tree) {}

  [[nodiscard]] std::size_t size() const { return tree_.spans.size(); }
  [[nodiscard]] const TraceSpan& span(std::size_t i) const { return *tree_.spans[i]; }
  [[nodiscard]] const SpanFacts& facts(std::size_t i) const { return tree_.facts(i); }

  [[nodiscard]] Operation operation(std::size_t i) const {
    return {facts(i).service, facts(i).operation};
  }
  [[nodiscard]] Context context(std::size_t i) const {
    const std::uint32_t parent = tree_.parents[i];
    return {operation(i), parent == TraceTree::kNone ? std::string_view()
                                                     : std::string_view(facts(parent).operation)};
  }
  [[nodiscard]] std::set<Operation> children(std::size_t i) const {
    std::set<Operation> result;
    for (const std::uint32_t child : tree_.children_of(i)) result.insert(operation(child));
    return result;
  }
  [[nodiscard]] bool has_erroring_child(std::size_t i) const {
    const auto children = tree_.children_of(i);
    return std::any_of(children.begin(), children.end(),
                       [&](std::uint32_t child) { return facts(child).error; });
  }

  // Duration less the union of the children: they overlap, and exceed their parent when clocks
  // differ.
  [[nodiscard]] std::int64_t self_time(std::size_t i) const {
    std::vector<std::pair<std::int64_t, std::int64_t>> busy;
    for (const std::uint32_t child : tree_.children_of(i)) {
      const std::int64_t from = std::max(span(child).start_ns, span(i).start_ns);
      const std::int64_t to = std::min(end_of(span(child)), end_of(span(i)));
      if (from < to) busy.emplace_back(from, to);
    }
    std::sort(busy.begin(), busy.end());
    std::int64_t self = duration_of(span(i));
    std::int64_t covered = std::numeric_limits<std::int64_t>::min();
    for (const auto& [from, to] : busy) {
      if (to <= covered) continue;
      self -= to - std::max(from, covered);
      covered = to;
    }
    return std::max<std::int64_t>(self, 0);
  }

  // The server side of the call that span `i` is the client side of. Tracers that tell no kinds
  // still have client spans: those whose only child is in another service.
  [[nodiscard]] std::optional<std::size_t> server_of(std::size_t i) const {
    const std::span<const std::uint32_t> children = tree_.children_of(i);
    const SpanKind kind = facts(i).kind;
    const bool may_call =
        kind == SpanKind::kClient || (kind == SpanKind::kUnknown && children.size() == 1);
    if (!may_call) return std::nullopt;
    std::optional<std::size_t> server;
    for (const std::uint32_t child : children) {
      const bool is_server =
          facts(child).kind == SpanKind::kServer ||
          (facts(child).kind == SpanKind::kUnknown && facts(child).service != facts(i).service);
      if (!is_server || (kind == SpanKind::kUnknown && facts(child).service == facts(i).service)) {
        continue;
      }
      if (server) return std::nullopt;  // retried: no one server to compare with
      server = child;
    }
    return server;
  }

  [[nodiscard]] std::int64_t gap(std::size_t client, std::size_t server) const {
    return std::max<std::int64_t>(duration_of(span(client)) - duration_of(span(server)), 0);
  }

 private:
  const TraceTree& tree_;
};

// What passing traces look like, and how another trace differs.
class PassingTraces {
 public:
  void learn(const TraceReading& trace) {
    for (std::size_t i = 0; i < trace.size(); ++i) {
      Habits& habits = habits_[trace.context(i)];
      ++habits.spans;
      for (const Operation& child : trace.children(i)) ++habits.children[child];
      if (const auto server = trace.server_of(i)) {
        habits_[trace.context(*server)].gap.add(trace.gap(i, *server));
      } else {
        habits.self_time.add(trace.self_time(i));
      }
      operations_.insert(trace.operation(i));
    }
  }

  void freeze() {
    for (auto& [context, habits] : habits_) {
      habits.self_time.freeze();
      habits.gap.freeze();
    }
  }

  [[nodiscard]] std::set<Element> events(const TraceReading& trace) const {
    std::set<Element> found;
    for (std::size_t i = 0; i < trace.size(); ++i) {
      const Operation operation = trace.operation(i);
      if (trace.facts(i).error && !trace.has_erroring_child(i)) {
        found.insert({TraceEvent::kError, operation});
      }
      if (!operations_.contains(operation)) found.insert({TraceEvent::kNew, operation});
      const auto server = trace.server_of(i);
      if (server) {
        const Habits* callee = habits(trace.context(*server));
        if (callee != nullptr && callee->gap.is_outlier(trace.gap(i, *server))) {
          found.insert({TraceEvent::kGap, trace.operation(*server)});
          found.insert({TraceEvent::kGap, operation, /*is_caller=*/true});
        }
      }
      const Habits* own = habits(trace.context(i));
      if (own == nullptr) continue;
      // A client span's self time is its gap.
      if (!server && own->self_time.is_outlier(trace.self_time(i))) {
        found.insert({TraceEvent::kSlow, operation});
      }
      add_missing(*own, trace.children(i), found);
    }
    return found;
  }

 private:
  [[nodiscard]] const Habits* habits(const Context& context) const {
    const auto found = habits_.find(context);
    return found == habits_.end() ? nullptr : &found->second;
  }

  static void add_missing(const Habits& habits, const std::set<Operation>& children,
                          std::set<Element>& found) {
    if (habits.spans < kMinSamples) return;
    for (const auto& [child, count] : habits.children) {
      const double share = static_cast<double>(count) / static_cast<double>(habits.spans);
      if (share >= kAlwaysThere && !children.contains(child)) {
        found.insert({TraceEvent::kMissing, child});
      }
    }
  }

  std::map<Context, Habits> habits_;
  std::set<Operation> operations_;
};

// nullopt: the trace has no outcome.
std::optional<double> weight_of(const TraceWeights& failed, std::string_view trace) {
  const auto found = failed.find(std::string(trace));
  if (found == failed.end() || std::isnan(found->second)) return std::nullopt;
  return std::clamp(found->second, 0.0, 1.0);
}

PassingTraces passing_of(std::span<const WeighedTrace> traces) {
  PassingTraces passing;
  for (const WeighedTrace& trace : traces) {
    if (trace.failed < kPassingBelow) passing.learn(TraceReading(*trace.tree));
  }
  passing.freeze();
  return passing;
}

}  // namespace

std::string_view name_of(TraceEvent event) {
  switch (event) {
    case TraceEvent::kSlow:
      return "slow";
    case TraceEvent::kGap:
      return "gap";
    case TraceEvent::kError:
      return "err";
    case TraceEvent::kMissing:
      return "miss";
    case TraceEvent::kNew:
      return "new";
  }
  return "";
}

std::vector<WeighedTrace> traces_with_outcome(std::span<const TraceTree> trees,
                                              const TraceWeights& failed) {
  std::vector<WeighedTrace> result;
  for (const TraceTree& tree : trees) {
    if (const auto weight = weight_of(failed, tree.trace)) result.push_back({&tree, *weight});
  }
  return result;
}

std::vector<std::set<std::string_view>> eventful_services(std::span<const WeighedTrace> traces) {
  const PassingTraces passing = passing_of(traces);
  std::vector<std::set<std::string_view>> result;
  for (const WeighedTrace& trace : traces) {
    std::set<std::string_view>& services = result.emplace_back();
    for (const Element& element : passing.events(TraceReading(*trace.tree))) {
      if (!element.is_caller) services.insert(element.operation.service);
    }
  }
  return result;
}

double signed_bayes_factor(const Counts& counts) {
  const double factor = beta_marginal(counts.ef, counts.nf, kPrior, kPrior) +
                        beta_marginal(counts.ep, counts.np, kPrior, kPrior) -
                        beta_marginal(counts.executed(), counts.nf + counts.np, kPrior, kPrior);
  // Counts that one rate explains better speak neither for nor against; with the sign of the other
  // direction they would even accuse.
  if (!(factor > 0)) return 0;
  const double failing = counts.ef > 0 ? counts.ef / counts.failing() : 0;
  const double passing = counts.ep > 0 ? counts.ep / counts.passing() : 0;
  return failing > passing ? factor : -factor;
}

struct EventTable::State {
  struct Row {
    std::string_view trace;
    std::vector<std::uint32_t> elements;
  };
  std::set<std::string_view> services;
  std::map<Element, std::uint32_t> elements;
  std::vector<Row> rows;
};

EventTable::EventTable(std::span<const TraceTree> trees, const TraceWeights& failed)
    : state_(std::make_unique<State>()) {
  for (const TraceTree& tree : trees) {
    for (const TraceSpan* span : tree.spans) state_->services.insert(span->facts->service);
  }
  const std::vector<WeighedTrace> traces = traces_with_outcome(trees, failed);
  const PassingTraces passing = passing_of(traces);
  for (const WeighedTrace& trace : traces) {
    State::Row row{trace.tree->trace, {}};
    for (const Element& element : passing.events(TraceReading(*trace.tree))) {
      const auto next = static_cast<std::uint32_t>(state_->elements.size());
      row.elements.push_back(state_->elements.try_emplace(element, next).first->second);
    }
    state_->rows.push_back(std::move(row));
  }
}

EventTable::EventTable(EventTable&&) noexcept = default;
EventTable& EventTable::operator=(EventTable&&) noexcept = default;
EventTable::~EventTable() = default;

std::vector<ServiceSuspicion> EventTable::suspect(const TraceWeights& failed) const {
  std::vector<Counts> counts(state_->elements.size());
  double all_failed = 0;
  double all_passed = 0;
  for (const State::Row& row : state_->rows) {
    const auto weight = weight_of(failed, row.trace);
    if (!weight) continue;
    all_failed += *weight;
    all_passed += 1 - *weight;
    for (const std::uint32_t element : row.elements) {
      counts[element].ef += *weight;
      counts[element].ep += 1 - *weight;
    }
  }
  std::map<std::string_view, std::vector<ServiceEvent>> events;
  for (const std::string_view service : state_->services) events[service];
  for (const auto& [element, number] : state_->elements) {
    Counts& of_element = counts[number];
    if (of_element.executed() == 0) continue;
    of_element.nf = std::max(all_failed - of_element.ef, 0.0);
    of_element.np = std::max(all_passed - of_element.ep, 0.0);
    const double share = element.is_caller ? kCallerShare : 1;
    events[element.operation.service].push_back({element.event, std::string(element.operation.name),
                                                 of_element,
                                                 share * signed_bayes_factor(of_element)});
  }

  std::vector<ServiceSuspicion> result;
  for (auto& [service, of_service] : events) {
    // The map had them sorted by kind and operation: that order is kept among equals.
    std::stable_sort(of_service.begin(), of_service.end(),
                     [](const ServiceEvent& a, const ServiceEvent& b) {
                       return a.bayes_factor > b.bayes_factor;
                     });
    const double suspicion = of_service.empty() ? 0 : of_service.front().bayes_factor;
    result.push_back({std::string(service), suspicion, std::move(of_service)});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const ServiceSuspicion& a, const ServiceSuspicion& b) {
                     return a.suspicion > b.suspicion;
                   });
  return result;
}

std::vector<ServiceSuspicion> suspect_services(std::span<const TraceTree> trees,
                                               const TraceWeights& failed) {
  return EventTable(trees, failed).suspect(failed);
}

}  // namespace culprit
