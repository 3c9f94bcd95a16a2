#include "readers/traces_eadro.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "readers/dom_document.h"
#include "readers/folded_warnings.h"
#include "readers/record_values.h"
#include "readers/trace_ids.h"

namespace culprit {

namespace dom = simdjson::dom;

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr double kNsPerUnit = 1000;
constexpr std::size_t kMaxPairBytes = 300;  // longer names have more cuts than anyone means

bool is_second(std::string_view key) { return key.size() == 10 && consists_of(key, kDigits); }

class Eadro {
 public:
  Eadro(const Input& input, Sink& sink)
      : input_(input), sink_(sink), document_(input, sink), warnings_(input.path, sink) {}

  Result<void> read() {
    const auto root = document_.parse();
    if (!root) return fail(root.error());
    dom::object seconds;
    if (root->get_object().get(seconds)) {
      return fail(error_in(input_.path, "not an object of seconds"));
    }
    find_services(seconds);
    for (const auto& [key, pairs] : seconds) {
      ++records_;
      const TimeReading time = is_second(key) ? read_time(key) : TimeReading{};
      dom::object calls;
      if (!time.ns || pairs.get_object().get(calls)) {
        skipped("not a second with calls", key);
        continue;
      }
      second(key, *time.ns, calls);
    }
    warnings_.finish(records_);
    return {};
  }

 private:
  void find_services(dom::object seconds) {
    std::set<std::string_view> names;
    for (const auto& [key, pairs] : seconds) {
      dom::object calls;
      if (pairs.get_object().get(calls)) continue;
      for (const auto& [pair, latencies] : calls) {
        if (pair.size() <= kMaxPairBytes) names.insert(pair);
      }
    }
    const std::vector<std::string_view> pairs(names.begin(), names.end());
    const auto sides = split_pairs(pairs);
    for (std::size_t i = 0; i < pairs.size(); ++i) sides_[pairs[i]] = sides[i];
  }

  void second(std::string_view key, std::int64_t from_ns, dom::object calls) {
    const std::string trace = trace_id(key);
    sink_.run(trace);
    sink_.window({TimeSpan{from_ns, from_ns + kNsPerSecond - 1}, {}, true});
    for (const auto& [pair, latencies] : calls) {
      const auto sides = sides_.find(pair);
      dom::array list;
      if (sides == sides_.end() || sides->second.second.empty() ||
          latencies.get_array().get(list)) {
        skipped("not two services with a list of latencies", pair);
        continue;
      }
      for (const dom::element latency : list) {
        double value = 0;
        if (latency.get_double().get(value) || !(value >= 0) || value > 1e12) {
          skipped("a latency that is no number", pair);
          continue;
        }
        Span span;
        span.trace = trace;
        span.id = span_id(std::to_string(++spans_));
        span.service = sides->second.second;
        span.operation = "called by " + std::string(sides->second.first);
        span.kind = SpanKind::kServer;
        span.start_ns = from_ns;
        span.duration_ns = static_cast<std::int64_t>(std::llround(value * kNsPerUnit));
        sink_.span(std::move(span));
      }
    }
  }

  void skipped(std::string_view kind, std::string_view key) {
    warnings_.skipped(kind, [&] {
      return error_in(input_.path, std::string(kind) + ": " + printable(key, 60) + "; left out");
    });
  }

  const Input& input_;
  Sink& sink_;
  DomDocument document_;
  FoldedWarnings warnings_;
  std::map<std::string_view, std::pair<std::string_view, std::string_view>> sides_;
  std::size_t records_ = 0;
  std::size_t spans_ = 0;
};

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> split_pairs(
    const std::vector<std::string_view>& pairs) {
  const auto for_each_cut = [](std::string_view pair, auto&& visit) {
    for (std::size_t at = pair.find('-', 1); at != std::string_view::npos && at + 1 < pair.size();
         at = pair.find('-', at + 1)) {
      visit(pair.substr(0, at), pair.substr(at + 1));
    }
  };
  struct Seen {
    std::size_t calling = 0;
    std::size_t called = 0;

    [[nodiscard]] std::size_t times() const { return calling + called; }
    [[nodiscard]] std::size_t both() const { return calling != 0 && called != 0 ? 1 : 0; }
  };
  std::map<std::string_view, Seen> seen;  // as a side of some cut
  for (const std::string_view pair : pairs) {
    for_each_cut(pair, [&](std::string_view caller, std::string_view callee) {
      ++seen[caller].calling;
      ++seen[callee].called;
    });
  }
  std::vector<std::pair<std::string_view, std::string_view>> sides;
  for (const std::string_view pair : pairs) {
    std::array<std::size_t, 3> best{};
    sides.emplace_back();
    for_each_cut(pair, [&](std::string_view caller, std::string_view callee) {
      const Seen& a = seen[caller];
      const Seen& b = seen[callee];
      const std::array<std::size_t, 3> worth{std::min(a.times(), b.times()), a.both() + b.both(),
                                             std::min(caller.size(), callee.size())};
      if (worth <= best) return;
      best = worth;
      sides.back() = {caller, callee};
    });
  }
  return sides;
}

bool accepts_eadro(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && !head.json_lines && !head.keys.empty() &&
         std::all_of(head.keys.begin(), head.keys.end(),
                     [](const std::string& key) { return is_second(key); });
}

Result<void> read_eadro(const Input& input, Sink& sink) { return Eadro(input, sink).read(); }

}  // namespace culprit
