#include <array>

#include "base/text.h"
#include "config/policy.h"
#include "label/body_rules.h"

namespace culprit {

namespace {

template <class Value>
bool between(std::string_view text, double low, double high, Value& target) {
  const std::optional<double> value = parse_double(text);
  if (!value || *value < low || *value > high) return false;
  target = static_cast<Value>(*value);
  return true;
}

bool positive(std::string_view text, double& target) { return between(text, 1e-6, 1e6, target); }

bool between(std::string_view text, double low, double high, std::optional<double>& target) {
  double value = 0;
  if (!between(text, low, high, value)) return false;
  target = value;
  return true;
}

bool whole(std::string_view text, std::size_t& target) {
  const std::optional<std::uint64_t> value = parse_u64(text);
  if (value) target = *value;
  return value.has_value();
}

bool above_zero(std::string_view text, std::size_t& target) {
  std::size_t value = 0;
  if (!whole(text, value) || value == 0) return false;
  target = value;
  return true;
}

bool yes_or_no(std::string_view text, bool& target) {
  const bool yes = text == "true" || text == "yes" || text == "1";
  if (!yes && text != "false" && text != "no" && text != "0") return false;
  target = yes;
  return true;
}

template <class Value, std::size_t kSize>
bool one_of(std::string_view text,
            const std::array<std::pair<std::string_view, Value>, kSize>& names, auto& target) {
  for (const auto& [name, value] : names) {
    if (equal_ignoring_case(text, name)) {
      target = value;
      return true;
    }
  }
  return false;
}

constexpr std::array<std::pair<std::string_view, Level>, 4> kLevels = {
    {{"line", Level::kLine},
     {"function", Level::kFunction},
     {"file", Level::kFile},
     {"service", Level::kService}}};
constexpr std::array<std::pair<std::string_view, RollUp>, 3> kRollUps = {
    {{"max", RollUp::kMax}, {"vote", RollUp::kVote}, {"max+vote", RollUp::kMaxVote}}};

// FROM=TO, where TO stays below the folder with the source code.
bool rewrite(std::string_view text, std::vector<PathRewrite>& target) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  const auto bare = [](std::string_view path) {
    std::string clean = clean_path(path);
    while (clean.size() > 1 && clean.ends_with('/')) clean.pop_back();
    return clean;
  };
  PathRewrite row{bare(text.substr(0, equals)), bare(text.substr(equals + 1))};
  if (row.to == ".") row.to.clear();
  if (row.from.empty() || row.to.starts_with('/') || climbs(row.to)) return false;
  target.push_back(std::move(row));
  return true;
}

// "code,performance"
bool red_levels(std::string_view text, GatePolicy& policy) {
  GatePolicy wanted = policy;
  wanted.red_service = wanted.red_database = wanted.red_performance = wanted.red_code = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string level = lower(trim(text.substr(0, end)));
    bool* const red = level == "service"       ? &wanted.red_service
                      : level == "database"    ? &wanted.red_database
                      : level == "performance" ? &wanted.red_performance
                      : level == "code"        ? &wanted.red_code
                                               : nullptr;
    if (red == nullptr) return false;
    *red = true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  policy = std::move(wanted);
  return policy.red_service || policy.red_database || policy.red_performance || policy.red_code;
}

// "2/3"
bool share_of_reruns(std::string_view text, GatePolicy& policy) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const auto fails = parse_u64(text.substr(0, slash));
  const auto runs = parse_u64(text.substr(slash + 1));
  if (!fails || !runs || *fails == 0 || *runs < *fails || *runs > 1000) return false;
  policy.rerun_fails = *fails;
  policy.reruns = *runs;
  return true;
}

using Text = std::string_view;

constexpr Setting kSettings[] = {
    {"formula", "NAME", "posterior, posterior-runs, or one of `culprit list formulas`",
     [](Policy& p, Text v) {
       p.formula = lower(v);
       return !v.empty();
     }},
    {"roll-up", "max|vote|max+vote", "lines to functions under a formula (default max+vote)",
     [](Policy& p, Text v) { return one_of(v, kRollUps, p.roll_up); }},
    {"level", "line|function|file|service", "what to rank (default function)",
     [](Policy& p, Text v) { return one_of(v, kLevels, p.level); }},
    {"top", "N", "rows to show, 0 for all (default 10)",
     [](Policy& p, Text v) { return whole(v, p.top); }},
    {"exclude", "GLOB", "source files not to rank, such as 'tests/*'; repeatable; none: all",
     [](Policy& p, Text v) {
       if (v == "none") {
         p.exclude.clear();
       } else {
         p.exclude.emplace_back(v);
       }
       return !v.empty();
     }},
    {"path-map", "FROM=TO", "paths of reports below FROM lie below TO of --source DIR; repeatable",
     [](Policy& p, Text v) { return rewrite(v, p.path_map); }},
    {"parse-source", "yes|no",
     "explain, annotate: parse C, C++ and Java for signatures and statements (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.parse_source); }},
    {"commit", "REV",
     "git revision the coverage was built from: --source is then read as it was there",
     [](Policy& p, Text v) {
       p.commit = v;
       return !v.empty();
     }},
    {"blame", "yes|no",
     "say which commit last changed the suspicious lines (default no: it may take seconds)",
     [](Policy& p, Text v) { return yes_or_no(v, p.blame); }},
    {"change-share", "SHARE",
     "prior share of faults that lie in what --base or --diff changes (default 0.5)",
     [](Policy& p, Text v) { return between(v, 0, 0.99, p.change_share); }},
    {"age-weight", "X",
     "weight of a prior of git blame: half as likely at fault each year (default 0: none)",
     [](Policy& p, Text v) { return between(v, 0, 10, p.age_weight); }},
    {"message-share", "SHARE",
     "prior share of faults in functions whose names fit the failure messages (default 0.1)",
     [](Policy& p, Text v) { return between(v, 0, 0.99, p.message_share); }},
    {"jacoco-filters", "yes|no|NAME,...",
     "of .exec leave out what compilers add to the source, as JaCoCo does (default yes); names: "
     "culprit list filters",
     [](Policy& p, Text v) {
       const auto filters = JavaFilterSet::parse(v);
       if (filters) p.jacoco_filters = *filters;
       return filters.has_value();
     }},
    {"jacoco-sessions", "merged|apart",
     "of .exec: take all sessions as the run they lie in, or each as a run called like it",
     [](Policy& p, Text v) {
       p.jacoco_sessions_apart = v == "apart";
       return v == "merged" || v == "apart";
     }},
    {"gcov-lines", "gcov|any-block",
     "of .gcda: count lines as gcov does, or say that one ran where any block of it did",
     [](Policy& p, Text v) {
       p.gcov_any_block = v == "any-block";
       return v == "gcov" || v == "any-block";
     }},
    {"slo-ms", "MS", "latency that is suspicious, in place of its own history",
     [](Policy& p, Text v) {
       double limit = 0;
       if (!between(v, 1e-3, 1e9, limit)) return false;
       p.label.slo_ms = limit;
       return true;
     }},
    {"baseline-samples", "N", "requests an endpoint's history needs (default 20)",
     [](Policy& p, Text v) { return whole(v, p.label.baseline_samples); }},
    {"rare-client-error-share", "SHARE",
     "a 4xx fails where at most this share gives one (default 0.05)",
     [](Policy& p, Text v) { return between(v, 0, 1, p.label.rare_client_error_share); }},
    {"use-verdict", "yes|no", "believe verdicts in the results (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_verdict); }},
    {"use-status", "yes|no", "let HTTP status decide (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_status); }},
    {"use-client-errors", "yes|no",
     "let a 4xx decide where it is rare or not declared (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_client_errors); }},
    {"use-latency", "yes|no", "let slow requests count as partly failed (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_latency); }},
    {"use-retries", "yes|no", "of several attempts of a request count the last (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_retries); }},
    {"fail-when", "body.X==Y", "a response fails by its body, such as 'body.status==0'; repeatable",
     [](Policy& p, Text v) {
       Result<BodyRule> rule = parse_body_rule(v);
       if (rule) p.label.fail_when.push_back(std::move(*rule));
       return rule.has_value();
     }},
    {"warm-up", "N|SECONDS", "leave out the first N requests of each endpoint, or 30s of time",
     [](Policy& p, Text v) {
       if (!v.ends_with('s')) return whole(v, p.label.warm_up_requests);
       return between(v.substr(0, v.size() - 1), 0, 1e6, p.label.warm_up_seconds);
     }},
    {"window-requests", "N", "judge a run of so many by the share that failed (default 50)",
     [](Policy& p, Text v) { return whole(v, p.label.window_requests); }},
    {"prior-a", "X", "Beta prior of runs that meet the fault: failing (default 1)",
     [](Policy& p, Text v) { return positive(v, p.posterior.a); }},
    {"prior-b", "X", "and passing (default 1)",
     [](Policy& p, Text v) { return positive(v, p.posterior.b); }},
    {"prior-a0", "X", "Beta prior of runs that do not meet it: failing (default 0.2)",
     [](Policy& p, Text v) { return between(v, 1e-6, 1e6, p.posterior.a0); }},
    {"prior-b0", "X", "and passing (default 1)",
     [](Policy& p, Text v) { return positive(v, p.posterior.b0); }},
    {"omission", "SHARE",
     "prior share of faults that show as code no longer executed (default 0.1)",
     [](Policy& p, Text v) { return between(v, 0, 0.999, p.posterior.omission); }},
    {"count-weight", "X", "weight of execution counts in the posterior (default 3)",
     [](Policy& p, Text v) { return between(v, 0, 1e6, p.posterior.count_weight); }},
    {"structure-weight", "X", "weight of a line's place in its function (default 1)",
     [](Policy& p, Text v) { return between(v, 0, 10, p.posterior.structure); }},
    {"raised-share", "SHARE",
     "prior share of faults that lie where traces say an error arose (default 0.4)",
     [](Policy& p, Text v) { return between(v, 0, 0.99, p.posterior.raised_share); }},
    {"group-exponent", "X", "how the mass of n lines with one column grows: n^X (default 0.25)",
     [](Policy& p, Text v) { return between(v, 0, 1, p.posterior.group_exponent); }},
    {"trace-weight", "X", "share of the traces' log odds that reaches the code (default 0.3)",
     [](Policy& p, Text v) { return between(v, 0, 10, p.trace.weight); }},
    {"trace-floor", "SHARE",
     "probability spread over all services, whatever traces say (default 0.1)",
     [](Policy& p, Text v) { return between(v, 0.001, 1, p.trace.floor); }},
    {"levels", "LEVEL,...",
     "what makes the gate red: code, performance, database, service (default code)",
     [](Policy& p, Text v) { return red_levels(v, p.gate); }},
    {"confirm", "K/N", "a failure is confirmed when K of N reruns fail (default 2/3)",
     [](Policy& p, Text v) { return share_of_reruns(v, p.gate); }},
    {"min-failing", "N", "failing runs that statistics alone need (default 2)",
     [](Policy& p, Text v) { return above_zero(v, p.gate.min_failing); }},
    {"alpha", "P", "largest p that confirms, of Fisher's one-sided test (default 0.01)",
     [](Policy& p, Text v) { return between(v, 0, 1, p.gate.alpha); }},
    {"correction", "none|bh",
     "bh: alpha by Benjamini and Hochberg over the clusters (default none)",
     [](Policy& p, Text v) {
       p.gate.correct = equal_ignoring_case(v, "bh");
       return p.gate.correct || equal_ignoring_case(v, "none");
     }},
    {"max-ambiguity", "N", "functions that may lead together and still be named (default 10)",
     [](Policy& p, Text v) { return above_zero(v, p.gate.max_ambiguity); }},
    {"min-probability", "P", "from where on a function counts as a cause (default 0.5)",
     [](Policy& p, Text v) { return between(v, 0, 1, p.gate.min_probability); }},
    {"unattributed", "warn|fail", "failures that the change does not explain (default warn)",
     [](Policy& p, Text v) {
       p.gate.unattributed_fails = equal_ignoring_case(v, "fail");
       return p.gate.unattributed_fails || equal_ignoring_case(v, "warn");
     }},
    {"trace-skew-ms", "MS",
     "how far clocks are apart where a trace is joined to a request by time (default 10)",
     [](Policy& p, Text v) { return between(v, 0, 1e6, p.trace.skew_ms); }},
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

Result<void> apply_setting(Policy& policy, std::string_view name, std::string_view value,
                           std::string_view origin) {
  std::vector<std::string_view> names;
  for (const Setting& setting : kSettings) {
    if (setting.name == name) {
      if (setting.apply(policy, value)) return {};
      return fail(error_in(origin, "`" + printable(value) + "` is not what `" + std::string(name) +
                                       "` takes: " + std::string(setting.value)));
    }
    names.push_back(setting.name);
  }
  const auto near = nearest(name, names);
  return fail(error_in(origin, "there is no setting `" + printable(name) + "`",
                       near ? "did you mean `" + std::string(*near) + "`?" : ""));
}

}  // namespace culprit
