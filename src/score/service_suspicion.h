// How much the traces blame each service.
//
// Every span is searched for events: `slow` (self time), `gap` (client longer than its server),
// `err` (deepest erroring span), `miss` (a child that is nearly always there is not), `new` (an
// operation no passing trace has). An event is an element with counts over traces; its signed log
// Bayes factor says how much better two failure rates explain the counts than one. A service's
// suspicion is the largest factor among its events. See spectra/README.md for the derivation.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "culprit/counts.h"
#include "score/trace_tree.h"

namespace culprit {

enum class TraceEvent { kSlow, kGap, kError, kMissing, kNew };
[[nodiscard]] std::string_view name_of(TraceEvent event);

struct ServiceEvent {
  TraceEvent event = TraceEvent::kError;
  std::string operation;
  Counts counts;            // over traces that have an outcome
  double bayes_factor = 0;  // signed, natural log; of a gap, the caller's event carries 0.7 of it
};

struct ServiceSuspicion {
  std::string service;
  double suspicion = 0;  // S(service): largest Bayes factor of its events; 0 when it has none
  std::vector<ServiceEvent> events;  // strongest first
};

// Trace id -> probability that the trace failed. Traces that are not listed have no outcome: they
// count for nothing.
using TraceWeights = std::unordered_map<std::string, double>;

// A trace that has an outcome, with the probability that it failed.
struct WeighedTrace {
  const TraceTree* tree;
  double failed;
};
[[nodiscard]] std::vector<WeighedTrace> traces_with_outcome(std::span<const TraceTree> trees,
                                                            const TraceWeights& failed);

// By trace: the services that have an event in it.
[[nodiscard]] std::vector<std::set<std::string_view>> eventful_services(
    std::span<const WeighedTrace> traces);

// The events of traces, found once, for any choice of the failing ones. What it is made of stays.
class EventTable {
 public:
  // Of the traces in `failed`. Those that pass are the baseline.
  EventTable(std::span<const TraceTree> trees, const TraceWeights& failed);
  EventTable(EventTable&&) noexcept;
  EventTable& operator=(EventTable&&) noexcept;
  ~EventTable();

  // As suspect_services(), where `failed` has all traces that pass, and some of those that fail.
  [[nodiscard]] std::vector<ServiceSuspicion> suspect(const TraceWeights& failed) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One row per service that appears in the traces, most suspicious first, equal ones by name.
[[nodiscard]] std::vector<ServiceSuspicion> suspect_services(std::span<const TraceTree> trees,
                                                             const TraceWeights& failed);

// log m(ef, nf) + log m(ep, np) - log m(ef + ep, nf + np), all Beta priors 0.5: positive when
// failing traces have the event more often, negative when passing ones do, 0 when one rate explains
// the counts at least as well.
[[nodiscard]] double signed_bayes_factor(const Counts& counts);

}  // namespace culprit
